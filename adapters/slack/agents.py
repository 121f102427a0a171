"""Slack's own stop button in a thread that is a session of an agent."""

from __future__ import annotations

import contextlib
from typing import Any

from slack_bolt.app.async_app import AsyncApp

from adapters.chat.aside import soon
from adapters.slack.escaping import escaped, mrkdwn
from adapters.slack.front import Front
from adapters.slack.heard import place_of
from adapters.slack.identity import Identity
from adapters.slack.people import People
from adapters.slack.places import Place
from core.errors import Conflict, NotFound
from core.session import keys
from core.session.models import Turn


def install(app: AsyncApp, front: Front, people: People) -> None:
    """Listen to the stop button."""

    async def on_stopped(event: dict[str, Any], identity: Identity) -> None:
        place = place_of(event, identity)
        stopped = await _stopped(front, place)
        if any(turn.actor.id != place.actor.id for turn in stopped):
            who = people.name(identity, place.user)
            soon("slack_stop_not_said", _say(front, place, who, len(stopped)))

    app.event("agent_session_stopped")(on_stopped)


async def _stopped(front: Front, place: Place) -> list[Turn]:
    """Cancel all that waits or runs in the thread; those that were cancelled by this."""
    known = await front.links.known(place.thread_key()) if place.thread else None
    if known is None:
        return []
    stopped = []
    # From the end, so that none begins while those before it are stopped.
    for turn in reversed(await front.desk.turns(keys.session_id(known))):
        if not turn.state.ended:
            with contextlib.suppress(Conflict, NotFound):
                stopped.append(await front.desk.cancel(turn.session_id, turn.id))
    return stopped


async def _say(front: Front, place: Place, who: str, count: int) -> None:
    """Somebody stopped what others had asked for: those may want to know who it was."""
    what = "what was under way" if count == 1 else f"{count} instructions"
    markup = f"{escaped(who, 200) or 'Somebody here'} stopped {what} in this thread."
    api = await front.apis.of(place.team, place.enterprise)
    await api.call(
        "chat.postMessage",
        channel=place.channel,
        thread_ts=place.thread,
        text=markup,
        blocks=[{"type": "section", "text": mrkdwn(markup)}],
    )

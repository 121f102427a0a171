"""Reactions to results: a check mark approves versions, a cross of the author takes our message
away."""

from __future__ import annotations

import contextlib
from typing import Any

from slack_bolt.app.async_app import AsyncApp

from adapters.chat.aside import soon
from adapters.slack.approvals import show_approvals
from adapters.slack.front import Front
from adapters.slack.heard import place_of
from adapters.slack.identity import Identity
from adapters.slack.places import Place
from adapters.slack.refusals import SlackRefusal
from core.errors import NotFound
from core.session.links import MessageLink

APPROVING = frozenset(("white_check_mark", "heavy_check_mark", "ballot_box_with_check"))
REMOVING = frozenset(("x", "negative_squared_cross_mark"))


def install(app: AsyncApp, front: Front) -> None:
    """Listen to reactions on our own messages."""

    async def on_added(event: dict[str, Any], identity: Identity) -> None:
        await _heard(front, event, identity, added=True)

    async def on_removed(event: dict[str, Any], identity: Identity) -> None:
        await _heard(front, event, identity, added=False)

    app.event("reaction_added")(on_added)
    app.event("reaction_removed")(on_removed)


async def take_away(front: Front, place: Place, ts: str) -> None:
    """Delete a message of ours. One that is gone already is no error. Raises as calls do."""
    api = await front.apis.of(place.team, place.enterprise)
    try:
        await api.call("chat.delete", channel=place.channel, ts=ts)
    except SlackRefusal as refused:
        if refused.slack_error != "message_not_found":
            raise
    await front.links.unlink(place.message_key(ts))


async def _heard(front: Front, event: dict[str, Any], identity: Identity, *, added: bool) -> None:
    name = event.get("reaction")
    if event.get("item_user") != identity.bot_user or name not in APPROVING | REMOVING:
        return
    place = place_of(event, identity)
    link = await front.links.linked(place.message_key(place.message))
    if link is None:
        return
    if name in APPROVING:
        await _judge(front, place, link, approves=added)
    elif added and await _wrote(front, place, link):
        soon("slack_message_not_deleted", take_away(front, place, place.message))


async def _judge(front: Front, place: Place, link: MessageLink, *, approves: bool) -> None:
    person = await _participant(front, place, link.session)
    if person is None:
        return
    judged = front.links.approve if approves else front.links.unapprove
    for version in link.versions:
        await judged(link.session, version, person)
    if link.versions:
        soon("slack_approvals_not_shown", show_approvals(front, place, link))


async def _participant(front: Front, place: Place, session: str) -> str | None:
    """The person as an actor of the session; None for somebody who took no part in it.

    An event of a reaction does not tell to which company a person belongs, the turns do.
    """
    if await front.links.took_part(place.actor.id, session):
        return place.actor.id
    with contextlib.suppress(NotFound):
        for turn in await front.desk.turns(session):
            if _user_in(turn.actor.id) == place.user:
                return turn.actor.id
    return None


async def _wrote(front: Front, place: Place, link: MessageLink) -> bool:
    """Whether the person asked for what the message shows."""
    with contextlib.suppress(NotFound):
        turn = await front.desk.turn(link.session, link.turn)
        return _user_in(turn.actor.id) == place.user
    return False


def _user_in(actor: str) -> str:
    return actor.rpartition(":")[2] if actor.startswith("slack:") else ""

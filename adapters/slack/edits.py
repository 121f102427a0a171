"""Messages that people change or delete: a turn that still waits follows them.

What has run stays. For new words a version beside it is offered, behind a button.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_bolt.app.async_app import AsyncApp

from adapters.chat.edits import check_length, dropped, keep_sibling
from adapters.slack import buttons
from adapters.slack.escaping import plain
from adapters.slack.front import Front
from adapters.slack.heard import Heard, heard, text_in
from adapters.slack.identity import Identity
from adapters.slack.people import People
from adapters.slack.telling import tell_soon
from core.session import keys
from core.session.models import Turn

_OFFER = "Your message had already been carried out. Make a version of the new words?"


def install(app: AsyncApp, front: Front, people: People) -> None:
    """Listen to changes; before the listener to all messages."""

    async def on_changed(event: dict[str, Any], identity: Identity) -> None:
        now, before = _mapping(event, "message"), _mapping(event, "previous_message")
        if now.get("subtype") == "tombstone":
            await _deleted(front, identity, event, before)
        elif _edited(now, before):
            said = heard(_placed(now, event), identity)
            if said is not None:
                await _changed(front, people, identity, said, _moment(now))

    async def on_deleted(event: dict[str, Any], identity: Identity) -> None:
        await _deleted(front, identity, event, _mapping(event, "previous_message"))

    app.event({"type": "message", "subtype": "message_changed"})(on_changed)
    app.event({"type": "message", "subtype": "message_deleted"})(on_deleted)


async def _changed(
    front: Front, people: People, identity: Identity, said: Heard, moment: str
) -> None:
    turn = await _turn_of(front, said)
    if turn is None or turn.actor.id != said.place.actor.id:
        return
    text = said.words(identity, people)
    if text == turn.text:
        return
    check_length(front, text)
    if not turn.state.ended and await _followed(front, turn, text, said):
        return
    if text:
        await _offer(front, turn, text, said, moment)


async def _followed(front: Front, turn: Turn, text: str, said: Heard) -> bool:
    """Whether the turn still waited, and now asks for the new words."""

    def follow(waiting: Turn) -> Turn:
        own = tuple(ref for ref in waiting.pending if "linked" not in ref.where)
        return waiting.model_copy(update={"text": text, "pending": (*own, *said.linked)})

    if not text and not turn.pending and not said.linked:
        return await dropped(front, turn)
    return await front.desk.amend(turn.session_id, turn.id, follow) is not None


async def _offer(front: Front, turn: Turn, text: str, said: Heard, moment: str) -> None:
    """Offer a version of the new words, once for each time that they were changed."""
    note = await keep_sibling(front, turn, text, f"{said.key}|{moment}")
    button = {
        "type": "button",
        "action_id": buttons.SIBLING,
        "text": plain("Make a version", 75),
        "value": note,
    }
    more = [{"type": "actions", "elements": [button]}]
    tell_soon(front, said.place, _OFFER, more=more, once=note)


async def _deleted(
    front: Front, identity: Identity, event: Mapping[str, Any], before: Mapping[str, Any]
) -> None:
    said = heard(_placed(before, event), identity)
    turn = await _turn_of(front, said) if said is not None else None
    if turn is not None and not turn.state.ended:
        await dropped(front, turn)


async def _turn_of(front: Front, said: Heard) -> Turn | None:
    known = await front.links.known(said.place.thread_key())
    return await front.desk.claimed(keys.session_id(known), said.key) if known else None


def _edited(now: Mapping[str, Any], before: Mapping[str, Any]) -> bool:
    """Whether the author has changed the words; previews of links change a message too."""
    return bool(_moment(now)) and text_in(now, "text") != text_in(before, "text")


def _moment(message: Mapping[str, Any]) -> str:
    """When it was edited last; empty: never."""
    return text_in(_mapping(message, "edited"), "ts")


def _placed(message: Mapping[str, Any], event: Mapping[str, Any]) -> dict[str, Any]:
    """A message inside an event, with what only the event around it tells."""
    told = {name: event[name] for name in ("channel", "channel_type") if name in event}
    return {**message, **told, "type": "message"}


def _mapping(event: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = event.get(name)
    return value if isinstance(value, Mapping) else {}

"""Buttons under our messages: each press is one turn, or says why not.

What makes or moves pictures is a turn in the session of that thread and stands in the queue before
Slack has its answer, like any reply.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from adapters.chat.deeds import agreement, asked_already, cancel_turn, check_stands
from adapters.chat.edits import kept_sibling
from adapters.slack import buttons
from adapters.slack.accepting import accept
from adapters.slack.access import refused, turn_of, version_of
from adapters.slack.answering import kindly
from adapters.slack.bringing import ask_where
from adapters.slack.front import Front
from adapters.slack.identity import Identity
from adapters.slack.interactions import Press, press_of
from adapters.slack.places import Place
from adapters.slack.repeating import repeat
from core.errors import Conflict, NotFound

Deed = Callable[[Front, Press], Awaitable[None]]


def install(app: AsyncApp, front: Front) -> None:
    deeds: dict[str, Deed] = {
        buttons.CANCEL: cancel,
        buttons.TRANSPARENT: _saying("transparent"),
        buttons.VARIATIONS: _saying("variations"),
        buttons.UNDO: undo,
        buttons.AGAIN: again,
        buttons.OFFER: agree,
        buttons.SIBLING: sibling,
        buttons.SHOW_HERE: show,
    }
    for action, deed in deeds.items():
        on(app, front, action, deed)


def on(app: AsyncApp, front: Front, action: str, deed: Deed) -> None:
    """Do a deed when somebody uses the element with that name."""

    async def used(ack: AsyncAck, body: dict[str, Any], identity: Identity) -> None:
        press = press_of(body, identity)
        async with kindly(front, press.place):
            await deed(front, press)
        await ack()

    app.action(action)(used)


async def say(front: Front, press: Press, words: str, vid: str, **more: Any) -> None:
    """Accept a turn of these words on a version of the thread."""
    version, session = await version_of(front, press, vid)
    await accept(
        front,
        press.place,
        thread=session.thread,
        event_keys=press.keys(words),
        text=words,
        acts_on=version.id,
        **more,
    )


async def cancel(front: Front, press: Press) -> None:
    """Stop a turn; one that was stopped already is no news."""
    turn, _ = await turn_of(front, press, press.value)
    await cancel_turn(front, turn)


async def undo(front: Front, press: Press) -> None:
    """Go back behind the version, as long as it is where the thread stands."""
    version, session = await version_of(front, press, press.value)
    keys = press.keys("undo", whoever=True)
    try:
        await check_stands(front, version, session)
    except Conflict:
        if await asked_already(front, session.id, keys):
            return
        raise
    await accept(front, press.place, thread=session.thread, event_keys=keys, text="undo")


async def again(front: Front, press: Press) -> None:
    """The same once more."""
    turn, session = await turn_of(front, press, press.value)
    await repeat(front, press.place, turn, session, press.keys("again"))


async def agree(front: Front, press: Press) -> None:
    """The same, and another model may do it: the one that was offered."""
    turn, session = await turn_of(front, press, press.value)
    yes = agreement(turn)
    await repeat(front, press.place, turn, session, press.keys("agree"), options=yes)


async def sibling(front: Front, press: Press) -> None:
    """A version of the words as they were edited, of the picture that the old ones were about.

    The offer was made to their author alone, who may stand beside the thread when pressing it.
    """
    edited = await kept_sibling(front, "slack", press.value)
    if edited is None:
        raise NotFound("That offer is too old.", hint="Write the new words as a reply.")
    turn = await front.desk.turn(edited.session, edited.turn)
    there = Place.of(turn.place)
    if (turn.actor.id, there.home) != (press.place.actor.id, press.place.home):
        raise refused(press)
    session = await front.desk.session(edited.session)
    place = there.model_copy(update={"answer_url": press.place.answer_url})
    await repeat(front, place, turn, session, press.keys("sibling"), words=edited.text)


async def show(front: Front, press: Press) -> None:
    """Ask in which channel the version shall be shown."""
    version, _ = await version_of(front, press, press.value)
    await ask_where(front, press, version)


def _saying(words: str) -> Deed:
    async def said(front: Front, press: Press) -> None:
        await say(front, press, words, press.value)

    return said

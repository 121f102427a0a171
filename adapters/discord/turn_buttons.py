"""Buttons that begin, stop or repeat a turn."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from adapters.chat.deeds import agreement, asked_already, cancel_turn, check_stands
from adapters.chat.edits import kept_sibling
from adapters.discord.accepting import accept
from adapters.discord.access import check_may_stop, from_elsewhere, turn_of, version_of
from adapters.discord.answering import taken_up
from adapters.discord.front import Front
from adapters.discord.places import Place
from adapters.discord.presses import Press, leave
from adapters.discord.repeating import repeat
from core.errors import Conflict, NotFound


async def say(front: Front, press: Press, words: str, vid: str, **more: Any) -> None:
    """Accept a turn of these words on a version, and acknowledge it."""
    version, session = await version_of(front, press, vid)
    turn = await accept(
        front,
        press.asker,
        thread=session.thread,
        event_keys=press.keys(words),
        text=words,
        acts_on=version.id,
        **more,
    )
    await taken_up(front, press.interaction, turn)


def saying(words: str) -> Callable[[Front, Press], Awaitable[None]]:
    """A button that says these words of the version that it names."""

    async def said(front: Front, press: Press) -> None:
        await say(front, press, words, press.ref)

    return said


async def cancel(front: Front, press: Press) -> None:
    """Stop a turn; one that was stopped already is no news."""
    turn, _ = await turn_of(front, press, press.ref)
    await check_may_stop(front, press.asker, turn)
    await cancel_turn(front, turn)
    await leave(press)


async def undo(front: Front, press: Press) -> None:
    """Go back behind the version, as long as it is where the session stands."""
    version, session = await version_of(front, press, press.ref)
    keys = press.keys("undo", whoever=True)
    if not await asked_already(front, session.id, keys):
        await check_stands(front, version, session)
    turn = await accept(front, press.asker, thread=session.thread, event_keys=keys, text="undo")
    await taken_up(front, press.interaction, turn)


async def again(front: Front, press: Press) -> None:
    """The same once more."""
    turn, session = await turn_of(front, press, press.ref)
    new = await repeat(front, press.asker, turn, session, press.keys("again"))
    await taken_up(front, press.interaction, new)


async def agree(front: Front, press: Press) -> None:
    """The same, and another model may do it: the one that was offered."""
    turn, session = await turn_of(front, press, press.ref)
    keys, yes = press.keys("agree"), agreement(turn)
    new = await repeat(front, press.asker, turn, session, keys, options=yes)
    await taken_up(front, press.interaction, new)


async def sibling(front: Front, press: Press) -> None:
    """A version of the words as they were edited, of the picture that the old ones were about.

    The offer stands where everybody sees it, and is for the author of the words alone.
    """
    edited = await kept_sibling(front, "discord", press.ref)
    if edited is None:
        raise NotFound("That offer is too old.", hint="Write the new words as a reply.")
    turn = await front.desk.turn(edited.session, edited.turn)
    there, here = Place.of(turn.place), press.place
    if (there.home, there.channel) != (here.home, here.channel):
        raise from_elsewhere(press)
    if turn.actor.id != here.actor.id:
        raise Conflict("Those are somebody else's words.", hint="Write your own as a reply.")
    session = await front.desk.session(edited.session)
    keys = press.keys("sibling")
    new = await repeat(front, press.asker, turn, session, keys, words=edited.text)
    await taken_up(front, press.interaction, new)

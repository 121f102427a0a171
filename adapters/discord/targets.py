"""What a menu on a message is about: a version of ours, or the pictures in anybody's message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import discord

from adapters.discord.accepting import accept
from adapters.discord.answering import taken_up, whisper_soon, words_of
from adapters.discord.asking import TOGETHER_SECONDS, asker_of, keys_of
from adapters.discord.front import Front
from adapters.discord.places import Asker, Place
from adapters.discord.references import pictures_in
from adapters.discord.starting import thread_for
from core.errors import BadInput, EaselError
from core.instruction.plan import TurnOptions
from core.session.models import FileRef, Turn


@dataclass(frozen=True)
class Target:
    """`thread` is the thread key of the session that its turns go to; `version` the id of the
    version that the message shows, else `pending` are its pictures."""

    message: str
    thread: str
    version: str | None = None
    pending: tuple[FileRef, ...] = ()


async def target_of(
    front: Front, interaction: discord.Interaction[Any], message: discord.Message
) -> Target:
    """Raises BadInput when there is no picture."""
    place, id = asker_of(interaction).place, str(message.id)
    link = await front.links.linked(place.message_key(id))
    if link is not None and link.versions:
        session = await front.desk.session(link.session)
        return Target(id, session.thread, version=link.versions[-1])
    pictures, _ = pictures_in(message)
    if link is not None or not pictures:
        raise BadInput(
            "There is no picture in that message.",
            hint="Choose me on a message with a PNG, JPEG or WebP file.",
        )
    pictures = pictures[: front.limits.max_files]
    thread = await _same_for_a_double_click(front, place, id, await thread_for(front, place))
    return Target(id, thread, pending=pictures)


async def do_to(
    front: Front,
    interaction: discord.Interaction[Any],
    target: Target,
    deed: str,
    words: str,
    options: TurnOptions | None = None,
) -> None:
    """One turn for each picture, acknowledged as one.

    The first is the response to the interaction; the others are replies to the message with the
    pictures, where Easel may write by itself.
    """
    asker = asker_of(interaction)
    each: list[tuple[FileRef, ...]] = [(ref,) for ref in target.pending] or [()]
    first, *others = each

    async def one(number: int, asker: Asker, pending: Sequence[FileRef]) -> Turn:
        return await accept(
            front,
            asker,
            thread=target.thread,
            event_keys=keys_of(interaction, f"{deed}:{number}", target.version or ""),
            text=words,
            pending=pending,
            acts_on=target.version,
            options=options,
            paused=number == 0,
        )

    turn = await one(0, asker, first)
    try:
        for number, pending in enumerate(others if asker.place.present else (), start=1):
            await one(number, _beside(asker, target.message), pending)
    except EaselError as problem:
        whisper_soon(front, asker.place, words_of(problem))
    await taken_up(front, interaction, turn)


async def _same_for_a_double_click(front: Front, place: Place, message: str, thread: str) -> str:
    """The thread key, or that of the same person's other click on the message a moment ago."""
    name = f"discord:chosen:{message}:{place.user}"
    if await front.kept.set(name, thread, seconds=TOGETHER_SECONDS, fresh=True):
        return thread
    return await front.kept.get(name) or thread


def _beside(asker: Asker, message: str) -> Asker:
    place = asker.place.model_copy(update={"interaction": "", "token": "", "message": message})
    return replace(asker, place=place)

"""In which session a command's turn is, and how it is begun.

In a thread it is the thread's session. In a channel each command has a session of its own, and a
plain message of a direct conversation goes on with the newest one there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import discord

from adapters.discord.accepting import accept
from adapters.discord.answering import taken_up
from adapters.discord.asking import keys_of
from adapters.discord.front import Front
from adapters.discord.places import Asker, Place
from core.errors import BadInput
from core.instruction.plan import TurnOptions
from core.session import keys
from core.session.models import FileRef, Turn


async def begin(
    front: Front,
    interaction: discord.Interaction[Any],
    asker: Asker,
    deed: str,
    *,
    text: str,
    pending: Sequence[FileRef] = (),
    options: TurnOptions | None = None,
) -> Turn:
    """Accept the turn of a command that brings its own words or pictures, and acknowledge it."""
    place = asker.place
    thread = await thread_for(front, place)
    turn = await accept(
        front,
        asker,
        thread=thread,
        event_keys=keys_of(interaction, deed, ""),
        text=text,
        pending=pending,
        options=options,
    )
    if _is_conversation(place):
        await front.links.alias(place.thread_key(), thread)
    await taken_up(front, interaction, turn)
    return turn


async def go_on(
    front: Front,
    interaction: discord.Interaction[Any],
    asker: Asker,
    deed: str,
    *,
    text: str,
    options: TurnOptions | None = None,
) -> Turn:
    """The same for a command without a picture: it is about where the session here stands.

    Raises BadInput where there is no picture.
    """
    thread = await session_here(front, asker.place)
    if thread is None or not await has_picture(front, thread):
        raise BadInput(
            "There is no picture here yet to do that to.",
            hint="Attach one to the command, or choose me in the menu of a message: Apps.",
        )
    turn = await accept(
        front,
        asker,
        thread=thread,
        event_keys=keys_of(interaction, deed, ""),
        text=text,
        options=options,
    )
    await taken_up(front, interaction, turn)
    return turn


async def has_picture(front: Front, thread: str) -> bool:
    """Whether the session with a thread key stands at a picture."""
    return (await front.desk.session(keys.session_id(thread))).head is not None


async def session_here(front: Front, place: Place) -> str | None:
    """The thread key of the session of a thread or direct conversation, if there is one."""
    if place.present and (place.parent or not place.guild):
        return await front.links.known(place.thread_key())
    return None


async def thread_for(front: Front, place: Place) -> str:
    """The thread key for what an interaction brings along."""
    if place.present and place.parent:
        return await front.links.known(place.thread_key()) or place.thread_key()
    return place.thread_key(place.interaction)


def _is_conversation(place: Place) -> bool:
    return place.present and not place.guild

"""The same turn once more: tried again, with a model that was offered, or with other words.

What it took is taken again: its words, its wishes, its pictures, whether they were fetched by then
or still lie with the platform.
"""

from __future__ import annotations

from typing import TypedDict

from adapters.chat.front import ChatFront
from core.instruction.plan import TurnOptions
from core.session import keys
from core.session.models import FileRef, Turn
from core.turns.request import IncomingFile


class OnceMore(TypedDict):
    """What is asked for again, in the terms of a request."""

    text: str
    pending: tuple[FileRef, ...]
    files: tuple[IncomingFile, ...]
    acts_on: str | None
    options: TurnOptions
    brings: str | None


async def once_more(
    front: ChatFront,
    turn: Turn,
    *,
    words: str | None = None,
    acts_on: str | None = None,
    options: TurnOptions | None = None,
) -> OnceMore:
    """What a turn like `turn` takes, except for what is given. Raises Unavailable."""
    subject, with_files = (acts_on, True) if acts_on else _taken(turn)
    return OnceMore(
        text=words or turn.means or turn.text,
        pending=turn.pending,
        files=await _files(front, turn) if with_files else (),
        acts_on=subject,
        options=turn.options.under(options or TurnOptions()),
        brings=turn.brings,
    )


def _taken(turn: Turn) -> tuple[str | None, bool]:
    """The version that a turn acted on, and whether the pictures attached to it are needed too.

    A picture that was attached and acted on is a version by now.
    """
    if turn.acts_on:
        return turn.acts_on, True
    subject = turn.subject if turn.subject and keys.version_number(turn.subject) else None
    if subject is None or subject not in turn.versions:
        return subject, True
    return (subject, False) if len(turn.inputs) == 1 else (None, True)


async def _files(front: ChatFront, turn: Turn) -> tuple[IncomingFile, ...]:
    names = (*turn.names, *("" for _ in turn.inputs))
    found = [
        IncomingFile(name=name, data=await front.desk.asset_bytes(asset.sha256))
        for name, asset in zip(names, turn.inputs, strict=False)
    ]
    return tuple(found)

"""What stands behind an open dialog: kept with us, since what a client sends back can be forged.

The dialog carries only the name of its note, and the note says whose dialog it is.
"""

from __future__ import annotations

import secrets
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from adapters.chat.front import ChatFront

_SECONDS = 24 * 3600
_LONGEST_NAME = 64

N = TypeVar("N", bound=BaseModel)


async def keep_note(front: ChatFront, platform: str, note: BaseModel) -> str:
    """Keep a note for a day; gives its name, which can't be guessed. Raises Unavailable."""
    name = secrets.token_urlsafe(24)
    await front.kept.set(_kept_as(platform, name), note.model_dump_json(), seconds=_SECONDS)
    return name


async def kept_note(front: ChatFront, platform: str, name: object, kind: type[N]) -> N | None:
    """The note with a name that came back from a client; None when it is none of ours, or old."""
    if not isinstance(name, str) or not 0 < len(name) <= _LONGEST_NAME:
        return None
    raw = await front.kept.get(_kept_as(platform, name))
    try:
        return kind.model_validate_json(raw) if raw else None
    except ValidationError:
        return None


def _kept_as(platform: str, name: str) -> str:
    return f"{platform}:dialog:{name}"

"""Messages that people change or delete: a turn that still waits follows them.

What has run stays. New words for it are kept behind a button that makes a version of them.
"""

from __future__ import annotations

import contextlib
import hashlib

from pydantic import BaseModel, ConfigDict, ValidationError

from adapters.chat.front import ChatFront
from core.errors import Conflict, NotFound, TooLarge
from core.session.models import Turn

_SECONDS = 7 * 24 * 3600.0


class Sibling(BaseModel):
    """What stands behind the button."""

    model_config = ConfigDict(frozen=True)

    session: str
    turn: str
    text: str


async def keep_sibling(front: ChatFront, turn: Turn, text: str, about: str) -> str:
    """Keep new words of a turn; gives the name of the note, the same for the same change.

    `about` names the change: the message and when it was edited.
    """
    note = hashlib.sha256(f"{about}|{text}".encode()).hexdigest()[:24]
    kept = Sibling(session=turn.session_id, turn=turn.id, text=text).model_dump_json()
    await front.kept.set(_name(turn.platform, note), kept, seconds=_SECONDS)
    return note


async def kept_sibling(front: ChatFront, platform: str, note: str) -> Sibling | None:
    """What a note means; None when it is none of ours, or too old."""
    raw = await front.kept.get(_name(platform, note))
    try:
        return Sibling.model_validate_json(raw) if raw else None
    except ValidationError:
        return None


async def dropped(front: ChatFront, turn: Turn) -> bool:
    """Whether a turn is no more, because it still waited."""
    with contextlib.suppress(Conflict, NotFound):
        return (await front.desk.drop(turn.session_id, turn.id)).state.ended
    return False


def check_length(front: ChatFront, text: str) -> None:
    """Raises TooLarge for words that are more than an instruction."""
    if len(text) > front.limits.max_prompt:
        raise TooLarge(
            f"That instruction has {len(text):,} characters.",
            hint=f"Keep it to {front.limits.max_prompt:,}.",
            code="prompt_too_long",
        )


def _name(platform: str, note: str) -> str:
    return f"{platform}:sibling:{note}"

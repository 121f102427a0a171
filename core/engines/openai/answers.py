"""What comes back from OpenAI, whichever API drew it, and how its parts are read.

Everything here is hostile until it was checked: a field of another type counts as absent.
"""

from __future__ import annotations

import binascii
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from core.engines.openai.faults import Fault

_MAX_NOTES = 20
_MAX_NOTE = 500

Told = Mapping[str, Any]
Preview = Callable[[int, bytes], Awaitable[None]]


class CallFailed(Exception):
    """A call that brought no picture."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


@dataclass(frozen=True)
class Answer:
    """One drawn picture as it came, unchecked.

    `tokens` are (text in, image in, image out) of the image model; None: the provider did not say.
    `talk` are (in, out) tokens of the language model in front of it, where there is one.
    """

    data: bytes
    tokens: tuple[int, int, int] | None
    seed: int | None = None
    notes: tuple[str, ...] = ()
    snapshot: str | None = None
    quality: str | None = None
    conversation: str | None = None
    talk: tuple[int, int] | None = None


def decoded(encoded: Any) -> bytes:
    """The bytes of a base64 field. Raises ValueError when it holds none."""
    if not isinstance(encoded, str) or not encoded:
        raise ValueError("no picture in the answer")
    return binascii.a2b_base64(encoded, strict_mode=True)


def tokens_of(usage: Told) -> tuple[int, int, int] | None:
    """(text in, image in, image out); inputs without details count as text."""
    if not usage:
        return None
    details = part(usage, "input_tokens_details")
    image_in = whole(details.get("image_tokens")) or 0
    text_in = whole(details.get("text_tokens"))
    if text_in is None:
        text_in = max(0, (whole(usage.get("input_tokens")) or 0) - image_in)
    return text_in, image_in, whole(usage.get("output_tokens")) or 0


def fault_in(error: Told) -> Fault:
    """What an error body says, wherever it stands."""
    named = part(error, "moderation_details").get("categories")
    return Fault(
        message=words(error.get("message")),
        code=words(error.get("code")),
        param=words(error.get("param")),
        type=words(error.get("type")),
        hint=words(error.get("hint")),
        categories=texts(named),
    )


def notes_of(value: Any) -> tuple[str, ...]:
    """Notes for the person, as many and as long as people read."""
    return tuple(note[:_MAX_NOTE] for note in texts(value))


def texts(value: Any) -> tuple[str, ...]:
    named = value[:_MAX_NOTES] if isinstance(value, list) else []
    return tuple(text for text in named if isinstance(text, str))


def part(source: Told, name: str) -> Told:
    """An object within another; empty where there is none."""
    found = source.get(name)
    return found if isinstance(found, Mapping) else {}


def whole(value: Any) -> int | None:
    fits = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return value if fits else None


def words(value: Any) -> str:
    return value if isinstance(value, str) else ""

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


def tokens_of(usage: Any) -> tuple[int, int, int] | None:
    """(text in, image in, image out); inputs without details count as text."""
    if usage is None:
        return None
    details = getattr(usage, "input_tokens_details", None)
    image_in = whole(getattr(details, "image_tokens", None)) or 0
    text_in = whole(getattr(details, "text_tokens", None))
    if text_in is None:
        text_in = max(0, (whole(getattr(usage, "input_tokens", None)) or 0) - image_in)
    return text_in, image_in, whole(getattr(usage, "output_tokens", None)) or 0


def notes_of(value: Any) -> tuple[str, ...]:
    """Notes for the person, as many and as long as people read."""
    notes = value if isinstance(value, list) else []
    return tuple(note[:_MAX_NOTE] for note in notes if isinstance(note, str))[:_MAX_NOTES]


def whole(value: Any) -> int | None:
    fits = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return value if fits else None


def words(value: Any) -> str:
    return value if isinstance(value, str) else ""


def categories_of(error: Any) -> tuple[str, ...]:
    """Names of what a safety system objected to, where an error (model or mapping) tells them."""
    named = _field(_field(error, "moderation_details"), "categories")
    return tuple(words(name) for name in named[:_MAX_NOTES]) if isinstance(named, list) else ()


def _field(source: Any, name: str) -> Any:
    return source.get(name) if isinstance(source, Mapping) else getattr(source, name, None)

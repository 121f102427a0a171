"""What people filled into dialogs, looked at again: a client may send anything."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.chat import enlarging
from core.engines.port import ModelCard
from core.errors import BadInput

WORDS, SCALE, MODEL, FILES, CHANNEL = "words", "scale", "model", "files", "channel"
"""Names of inputs."""


class InInput(BadInput):
    """Something filled in that won't do. `name` is the input that it is about."""

    def __init__(self, name: str, message: str, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.name = name


def instruction(typed: object, most: int) -> str:
    """The words of an instruction of at most so many characters. Raises InInput."""
    words = typed.strip() if isinstance(typed, str) else ""
    if not words:
        raise InInput(WORDS, "Say what shall change.")
    if len(words) > most:
        raise InInput(WORDS, f"Keep it to {most:,} characters.")
    return words


def scale_words(chosen: object) -> str:
    """What is said in a turn for a scale. Raises InInput."""
    words = enlarging.words_for(chosen) if isinstance(chosen, str) else None
    if words is None:
        raise InInput(SCALE, "Choose how much larger.")
    return words


def enlarging_model(chosen: object, cards: Sequence[ModelCard]) -> str | None:
    """The id of a model that enlarges; None for the usual one. Raises InInput."""
    if not isinstance(chosen, str) or chosen == enlarging.USUAL:
        return None
    if chosen not in {card.id for card in enlarging.upscalers(cards)}:
        raise InInput(MODEL, "That model can't be had just now.", "Choose another.")
    return chosen

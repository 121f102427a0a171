"""How much larger, and by which model: the choices of the dialog that enlarges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adapters.chat.values import Scale
from core.engines.port import ModelCard

WORDS: Mapping[Scale, str] = {"2x": "2x", "4x": "4x", "4k": "to 4K"}
"""What is said in a turn for each."""

LABELS: Mapping[Scale, str] = {
    "2x": "2× larger",
    "4x": "4× larger",
    "4k": "To 4K (3840 pixels on the long side)",
}
USUAL = "usual"
"""The choice of no model."""

_MOST_MODELS = 99
_VALUE_LETTERS = 150


def scale_of(words: str) -> Scale:
    """The choice that words mean; the smallest when they mean none."""
    return next((name for name in WORDS if WORDS[name].lower() == words.lower()), "2x")


def words_for(choice: str) -> str | None:
    """What is said for a choice; None when it is none."""
    return next((words for name, words in WORDS.items() if name == choice), None)


def upscalers(cards: Sequence[ModelCard]) -> list[ModelCard]:
    """The models that enlarge and can be had."""
    able = [card for card in cards if card.usable and "upscale" in card.capabilities.operations]
    return [card for card in able if len(card.id) <= _VALUE_LETTERS][:_MOST_MODELS]

"""Options of the menus in dialogs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

from adapters.chat.enlarging import LABELS, USUAL, WORDS
from adapters.chat.values import Scale
from adapters.slack.escaping import plain
from core.engines.port import ModelCard
from core.engines.wording import price_words


def scale_options() -> list[dict[str, Any]]:
    return [option(LABELS[name], name) for name in get_args(Scale) if name in WORDS]


def model_options(cards: Sequence[ModelCard]) -> list[dict[str, Any]]:
    usual = option("The usual one", USUAL)
    return [usual, *(option(f"{card.title}, {price_words(card)}", card.id) for card in cards)]


def option(words: str, value: str) -> dict[str, Any]:
    return {"text": plain(words, 75), "value": value}

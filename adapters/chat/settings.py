"""What is decided for a channel on every platform: the choices that all have, and their words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adapters.chat.filled_in import InInput
from core.engines.catalog import Catalog
from core.engines.operations import draws
from core.engines.port import ModelCard
from core.errors import EaselError

MODEL, QUALITY, WHO, LISTEN = "model", "quality", "who", "listen"
"""Inputs."""

LEFT = "left"
"""The choice of deciding nothing here."""

LABELS: Mapping[str, str] = {
    MODEL: "Which model draws, unless somebody names one?",
    QUALITY: "In which quality?",
    WHO: "Who may ask me for pictures?",
    LISTEN: "Which replies in a thread are for me?",
}
SHORT: Mapping[str, str] = {
    MODEL: "Model",
    QUALITY: "Quality",
    WHO: "Who may ask",
    LISTEN: "Replies for me",
}
"""What each is called where it is only told."""

QUALITIES: Mapping[str, str] = {
    "auto": "As the model thinks best",
    "low": "Low: quick and cheap",
    "medium": "Medium",
    "high": "High",
    "xhigh": "Very high",
    "max": "The highest",
}
REPLIES: Mapping[str, str] = {
    "all": "Every reply, no mention needed",
    "mention": "Only those that mention me",
}
USUAL_QUALITY = "Whatever the model usually does"


def eligible(cards: Sequence[ModelCard], most_letters: int) -> list[ModelCard]:
    """The models that draw and can be had, and whose ids a menu of the platform can carry."""
    return [card for card in cards if card.usable and draws(card) and len(card.id) <= most_letters]


def model_title(catalog: Catalog, name: str | None) -> str:
    """What people call a model; None is the one that draws where nobody has decided."""
    try:
        return (catalog.find(name) if name else catalog.choose("generate").card).title
    except EaselError:
        return f"{name} (can't be had just now)" if name else "None is set up"


def knows_quality(card: ModelCard, quality: str | None) -> bool:
    """Whether a model can be asked for a quality; None: for none in particular."""
    return quality in (None, "auto", *card.capabilities.qualities)


def check_quality(catalog: Catalog, model: str | None, quality: str | None) -> None:
    """Raises InInput when the model that was chosen does not know the quality."""
    card = next((card for card in catalog.cards() if card.id == model), None)
    if card is None or knows_quality(card, quality):
        return
    qualities = card.capabilities.qualities
    known = [words for name, words in QUALITIES.items() if name in qualities]
    if not known:
        raise InInput(QUALITY, f"{card.title} has one quality only.", "Leave this undecided.")
    raise InInput(QUALITY, f"{card.title} does not know that.", f"Choose from: {', '.join(known)}.")

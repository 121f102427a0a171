"""What is offered while somebody types into an option of a command.

It is an offer: what is typed without it is looked at when the command comes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine, Iterable
from typing import Any

import discord
import structlog
from discord.app_commands import Choice

from adapters.chat.enlarging import LABELS, WORDS, upscalers
from adapters.chat.words import one_line
from adapters.discord.accepting import rules_of
from adapters.discord.asking import asker_of
from adapters.discord.front import Front
from core.engines.operations import draws
from core.engines.port import ModelCard
from core.engines.wording import price_words
from core.errors import BadInput, EaselError
from core.instruction.plan import TurnOptions

Completing = Callable[[discord.Interaction[Any], str], Coroutine[Any, Any, list[Choice[str]]]]

log = structlog.get_logger(__name__)

_MOST, _LETTERS = 25, 100
_SIZES = {
    "1:1": "Square, 1:1",
    "3:2": "Landscape, 3:2",
    "2:3": "Portrait, 2:3",
    "4:3": "Landscape, 4:3",
    "3:4": "Portrait, 3:4",
    "4:5": "Portrait, 4:5 (feeds)",
    "16:9": "Wide, 16:9 (screens)",
    "9:16": "Tall, 9:16 (phones, stories)",
    "21:9": "Very wide, 21:9 (banners)",
    "1024x1024": "1024 × 1024 px",
    "1536x1024": "1536 × 1024 px",
    "1024x1536": "1024 × 1536 px",
    "2048x2048": "2048 × 2048 px",
    "3840x2160": "3840 × 2160 px (4K)",
}
_STYLES = (
    "photograph",
    "studio product photograph",
    "watercolour",
    "oil painting",
    "pencil sketch",
    "ink line drawing",
    "flat vector illustration",
    "3D render",
    "isometric illustration",
    "pixel art",
    "anime",
    "comic book",
    "children's book illustration",
    "vintage travel poster",
    "paper cut-out",
    "claymation",
    "stained glass",
    "cyberpunk",
    "art nouveau",
    "minimalist",
)
_RATIO = re.compile(r"([0-9]{1,4}(?:\.[0-9]{1,3})?) ?[:/] ?([0-9]{1,4}(?:\.[0-9]{1,3})?)")
_PIXELS = re.compile(r"([0-9]{1,5})(?: ?[x×*] ?([0-9]{1,5}))?(?: ?px)?")
_NAMED = ("square", "portrait", "landscape", "auto")


def drawing_models(front: Front) -> Completing:
    """Models that draw and are allowed in the channel."""
    return _models(front, lambda cards: [card for card in cards if card.usable and draws(card)])


def enlarging_models(front: Front) -> Completing:
    """Models that enlarge."""
    return _models(front, upscalers)


async def sizes(interaction: discord.Interaction[Any], typed: str) -> list[Choice[str]]:
    """Common shapes and sizes, and what was typed if it is one."""
    found = [
        Choice(name=words, value=value)
        for value, words in _SIZES.items()
        if typed.strip().lower() in f"{value} {words}".lower()
    ]
    try:
        size_wish(typed)
    except BadInput:
        return found[:_MOST]
    own = [Choice(name=one_line(typed, _LETTERS), value=typed[:_LETTERS])]
    return ([] if typed in _SIZES else own) + found[: _MOST - 1]


async def scales(interaction: discord.Interaction[Any], typed: str) -> list[Choice[str]]:
    """How much larger."""
    return [
        Choice(name=LABELS[scale], value=words)
        for scale, words in WORDS.items()
        if typed.strip().lower() in f"{words} {LABELS[scale]}".lower()
    ]


async def styles(interaction: discord.Interaction[Any], typed: str) -> list[Choice[str]]:
    """Looks that many ask for; any other words do as well."""
    wanted = typed.strip().lower()
    found = [style for style in _STYLES if wanted in style.lower()]
    own = [one_line(typed, _LETTERS)] if wanted and wanted not in map(str.lower, found) else []
    return [Choice(name=style, value=style) for style in (*own, *found)][:_MOST]


def size_wish(said: str) -> TurnOptions:
    """What an option "size" asks for: a shape ("3:2"), pixels ("1536x1024"), or a name.

    Raises BadInput.
    """
    words = said.strip().lower()
    if words in _NAMED:
        return TurnOptions(size=words)
    ratio, pixels = _RATIO.fullmatch(words), _PIXELS.fullmatch(words)
    if ratio and float(ratio[1]) and float(ratio[2]):
        return TurnOptions(ar=f"{ratio[1]}:{ratio[2]}")
    if pixels and int(pixels[1]) and int(pixels[2] or 1):
        return TurnOptions(size=f"{pixels[1]}x{pixels[2] or pixels[1]}")
    raise BadInput(
        f"I don't know the size “{one_line(said, 40)}”.",
        hint="Choose one from the list, or type a shape such as 3:2 or pixels such as 1536x1024.",
    )


def _models(front: Front, able: Callable[[list[ModelCard]], list[ModelCard]]) -> Completing:
    async def offered(interaction: discord.Interaction[Any], typed: str) -> list[Choice[str]]:
        try:
            rules = await rules_of(front, asker_of(interaction).place)
        except EaselError as problem:
            log.warning("discord_models_not_offered", detail=problem.admin or problem.message)
            return []
        known = able(front.catalog.within(rules.models or ()).cards())
        cards = [card for card in known if len(card.id) <= _LETTERS]
        return [_choice(card) for card in _matching(cards, typed)[:_MOST]]

    return offered


def _matching(cards: Iterable[ModelCard], typed: str) -> list[ModelCard]:
    """Those whose name begins so first, then those that have it somewhere in their name."""
    wanted = typed.strip().lower()
    ranked: list[tuple[int, ModelCard]] = []
    for card in cards:
        names = [name.lower() for name in (card.id, card.title, *card.aliases)]
        if any(name.startswith(wanted) for name in names):
            ranked.append((0, card))
        elif any(wanted in name for name in names):
            ranked.append((1, card))
    return [card for _, card in sorted(ranked, key=lambda pair: pair[0])]


def _choice(card: ModelCard) -> Choice[str]:
    return Choice(name=one_line(f"{card.title}, {price_words(card)}", _LETTERS), value=card.id)

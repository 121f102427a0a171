"""What can be decided for a channel or a workspace: the choices, and their words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from adapters.chat import settings
from adapters.chat.settings import (
    LEFT,
    LISTEN,
    MODEL,
    QUALITIES,
    QUALITY,
    REPLIES,
    SHORT,
    USUAL_QUALITY,
    WHO,
    model_title,
)
from adapters.slack.escaping import plain
from adapters.slack.options import option
from core.engines.catalog import Catalog
from core.engines.port import ModelCard
from core.engines.wording import price_words
from core.policy.rules import Rules

CHOICES: Mapping[str, Mapping[str, str]] = {
    QUALITY: QUALITIES,
    WHO: {
        "everyone": "Everyone",
        "members": "Members of this workspace, nobody from outside",
        "admins": "Admins of the workspace",
    },
    LISTEN: REPLIES,
}
_USUALLY: Mapping[str, str] = {
    QUALITY: USUAL_QUALITY,
    WHO: CHOICES[WHO]["everyone"],
    LISTEN: CHOICES[LISTEN]["all"],
}
_ENGINES: Mapping[str, str] = {
    "openai": "OpenAI",
    "replicate": "Replicate",
    "compatible": "Servers of your own",
    "studio": "Offline studio",
}
_MOST_OPTIONS, _MOST_GROUPS = 100, 100
_LONGEST_ID = 120


def inputs_of(channel: str) -> tuple[str, ...]:
    """What can be decided there. In a direct conversation everything that is said is for us."""
    return (MODEL, QUALITY) if channel.startswith("D") else (MODEL, QUALITY, WHO, LISTEN)


def decided(rules: Rules, name: str) -> str | None:
    """What rules say about one of the inputs; None: nothing."""
    options = rules.options
    found = {
        MODEL: options.model,
        QUALITY: options.quality,
        WHO: rules.who,
        LISTEN: rules.listen,
    }
    return found[name]


def eligible(cards: Sequence[ModelCard]) -> list[ModelCard]:
    """The models that draw and can be had."""
    return settings.eligible(cards, _LONGEST_ID)


def options_of(name: str, left: str) -> list[dict[str, Any]]:
    """The options of an input other than the model; `left` says what deciding nothing means."""
    return [option(left, LEFT), *(option(words, each) for each, words in CHOICES[name].items())]


def model_groups(cards: Sequence[ModelCard], chosen: str | None, left: str) -> list[dict[str, Any]]:
    """The models by who offers them. One that was chosen before can be kept, come what may."""
    groups = [_group("Not decided here", [option(left, LEFT)])]
    able = eligible(cards)
    shown: set[str] = set()
    for engine in list(dict.fromkeys(card.engine for card in able))[: _MOST_GROUPS - 2]:
        own = [card for card in able if card.engine == engine][:_MOST_OPTIONS]
        shown |= {card.id for card in own}
        groups.append(_group(_ENGINES.get(engine, engine.capitalize()), [_of(c) for c in own]))
    if chosen is not None and chosen not in shown:
        there = next((_of(card) for card in able if card.id == chosen), None)
        lost = option(f"{chosen[:40]} (can't be had just now)", chosen)
        groups.append(_group("Chosen before", [there or lost]))
    return groups


def in_words(rules: Rules, catalog: Catalog) -> dict[str, str]:
    """What rules come to, by a short label; plain words."""
    told = {}
    for name in (MODEL, QUALITY, WHO, LISTEN):
        value = decided(rules, name)
        if name == MODEL:
            told[SHORT[name]] = model_title(catalog, value)
        else:
            told[SHORT[name]] = CHOICES[name][value] if value else _USUALLY[name]
    return told


def usual(name: str, catalog: Catalog) -> str:
    """What holds where not even the workspace has decided; plain words."""
    return model_title(catalog, None) if name == MODEL else _USUALLY[name]


def _of(card: ModelCard) -> dict[str, Any]:
    return option(f"{card.title}, {price_words(card)}", card.id)


def _group(label: str, options: list[dict[str, Any]]) -> dict[str, Any]:
    return {"label": plain(label, 75), "options": options}

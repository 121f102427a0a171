"""One line when a request clearly fits another model better than the one that drew it.

Said seldom: the words must be plain, the model that was chosen known to be weak just there, and
another one ready that is not. An ordinary request gets no advice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.engines.needs import short_name
from core.engines.port import ModelCard, Operation

LONG_LETTERING = 3
"""More quoted words than this are long for a model that letters only labels well."""

Test = Callable[[ModelCard], bool]
_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class _Rule:
    """`said` of the words, `weak` of the chosen model, `strong` of another; then `line` is told.

    `does` is what the other model must be able to do, None for the operation itself; `first` are
    the models that come before others.
    """

    operations: frozenset[Operation]
    said: Callable[[str], bool]
    weak: Test
    strong: Test
    line: str
    does: Operation | None = None
    first: tuple[str, ...] = ()


def better_fit(
    prompt: str, operation: Operation, chosen: ModelCard, cards: Sequence[ModelCard]
) -> str | None:
    """The line for a request that `chosen` draws, or None."""
    view = " ".join(prompt[:_LONGEST].lower().split())
    for rule in _RULES:
        if operation not in rule.operations or not rule.weak(chosen) or not rule.said(view):
            continue
        other = _other(rule, operation, chosen, cards)
        if other is not None:
            return rule.line.format(title=other.title, id=other.id, chosen=chosen.title)
    return None


def _other(
    rule: _Rule, operation: Operation, chosen: ModelCard, cards: Sequence[ModelCard]
) -> ModelCard | None:
    does = rule.does or operation
    fit = [
        card
        for card in cards
        if card.usable
        and card.id != chosen.id
        and does in card.capabilities.operations
        and not card.capabilities.edits_only_own
        and rule.strong(card)
    ]
    return min(fit, key=lambda card: _place(card, rule.first), default=None)


def _place(card: ModelCard, first: tuple[str, ...]) -> int:
    name = short_name(card)
    return first.index(name) if name in first else len(first)


def _matches(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda view: compiled.search(view) is not None


_QUOTED = re.compile(r"[“\"]([^“”\"]{1,400})[”\"]")
_WORD = re.compile(r"\w+")


def _letters_much(view: str) -> bool:
    return any(len(_WORD.findall(quote)) > LONG_LETTERING for quote in _QUOTED.findall(view))


_EXACT = _matches(
    r"\b(?:exact(?:ly)?|precise(?:ly)?|pixel[- ]perfect|"
    r"only (?:here|inside|this (?:area|spot|part)|the (?:painted )?(?:area|spot))|"
    r"nothing (?:else|outside)|(?:don't|do not) touch|"
    r"stay inside)\b"
)
_IN_A_LOOK = _matches(
    r"\b(?:variations?|variants?|takes)\b.{0,40}\b(?:look|style|mood)\b|"
    r"\b(?:in|with) (?:the|exactly the|this) same (?:look|style|mood) as (?:this|the) "
    r"(?:picture|image|photo)\b"
)
_CLEAR = _matches(
    r"\b(?:transparent (?:background|png)|alpha channel|rgba|see-through background)\b"
)
_SEE_THROUGH = _matches(r"\b(?:glass|smoke|veil|lace|translucent|soap bubbles?|hair|fur)\b")
_ABSTRACT = _matches(
    r"^(?:(?:please|draw|paint|create|generate|make|imagine|me|an?|the|some|of|large|bold|colou?rful|"
    r"dark|vivid|minimal(?:ist)?)\b[ ,]*){0,6}(?:abstract (?:art|artwork|paintings?|expression|"
    r"composition|picture|image|piece|canvas)|surreal|dreamlike|dreamscape|expressionis|"
    r"(?:the |a )?(?:feeling|emotion|mood|sense) of)\b|\bsurprise me\b"
)
_ORDERED = _matches(r"\b(?:logos?|icons?|products?|labels?|packaging|advert|on the wall|pattern)\b")
_PRINTED = _matches(
    r"\b(?:for (?:large[- ]format |high[- ]quality )?print(?:ing)?|print[- ](?:quality|ready|"
    r"resolution|size)|large[- ]format print|[0-9]{3} ?dpi|a[0-3] (?:print|poster))\b"
)

_DRAWN: frozenset[Operation] = frozenset({"generate", "edit"})
_NEW: frozenset[Operation] = frozenset({"generate"})

_RULES = (
    _Rule(
        frozenset({"inpaint"}),
        _EXACT,
        lambda card: card.capabilities.mask != "true",
        lambda card: card.capabilities.mask == "true",
        "{title} draws inside the painted area and nowhere else: add “--model {id}” to try it.",
        first=("flux-fill-dev",),
    ),
    _Rule(
        frozenset({"edit", "vary"}),
        _IN_A_LOOK,
        lambda card: card.capabilities.reads_words,
        lambda card: not card.capabilities.reads_words,
        "For takes that keep a picture's look, {title} works from the picture alone: say "
        "“variations --model {id}”.",
        does="vary",
        first=("flux-redux-dev",),
    ),
    _Rule(
        _NEW,
        lambda view: _CLEAR(view) and _SEE_THROUGH(view),
        lambda card: card.capabilities.alpha != "native",
        lambda card: card.capabilities.alpha == "native",
        "{title} draws true transparency, also through glass and hair: add “--model {id}”.",
        first=("gpt-image-1.5",),
    ),
    _Rule(
        _NEW,
        _CLEAR,
        lambda card: card.capabilities.alpha == "none",
        lambda card: card.capabilities.alpha == "native",
        "{title} draws transparency itself, so nothing has to be cut out: add “--model {id}”.",
        first=("gpt-image-1.5",),
    ),
    _Rule(
        _DRAWN,
        _letters_much,
        lambda card: card.traits.lettering in ("short", "poor"),
        lambda card: card.traits.lettering == "good" and card.capabilities.reads_words,
        "{title} is better than {chosen} at more than three words: add “--model {id}”.",
    ),
    _Rule(
        _NEW,
        lambda view: _ABSTRACT(view) and not _ORDERED(view),
        lambda card: card.traits.rendering == "literal",
        lambda card: card.traits.rendering == "free" and card.capabilities.reads_words,
        "{title} takes more liberties than {chosen}, which suits such a picture: add “--model "
        "{id}” to see it.",
        first=("seedream-4.5", "hunyuan-image-2.1"),
    ),
    _Rule(
        _DRAWN,
        _PRINTED,
        lambda card: "upscale" not in card.capabilities.operations,
        lambda card: not card.found,
        "For print, enlarge the finished picture: say “4x --model {id}” ({title}).",
        does="upscale",
        first=("clarity-pro-upscaler", "real-esrgan"),
    ),
)

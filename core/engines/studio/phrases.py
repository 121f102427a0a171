"""Noun phrases: "three small red apples", "the white candle", "a walnut table", "sage wall"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from core.engines.studio import words
from core.engines.studio.lexicon import Token
from core.engines.studio.words import bag

What = Literal["thing", "surface", "backdrop", "it"]

_ENDS = ("stop", "relation", "and", "with", "side", "light", "camera", "text", "transparent",
         "lens", "holds", "light from", "growth", "it")  # fmt: skip
_MOST_CARD_LETTERS = 20
_LONGEST = 40
"""Words in a noun phrase at most."""


@dataclass
class Phrase:
    """A noun phrase as read. Words that it holds but could not use are in `unused`.

    `kind` is empty for a thing that the studio does not know; `word` is then what it was called.
    """

    what: What
    kind: str = ""
    word: str = ""
    count: int | None = None
    definite: bool = False
    plural: bool = False
    colour: str = ""
    material: str = ""
    size: str = ""
    quote: str = ""
    stacked: bool = False
    gradient: bool = False
    sweep: bool = False
    owner: bool = False
    surface: str = ""
    unused: list[str] = field(default_factory=list)

    @property
    def number(self) -> int:
        """How many things are meant; a bare plural means three."""
        if self.kind == "flowers":
            return 1
        if self.count is not None:
            return max(1, min(words.MAX_COUNT, self.count))
        return 3 if self.plural and not self.definite else 1


def phrase_at(
    row: Sequence[Token], at: int, *, standing_on: bool = False, expected: bool = False
) -> tuple[Phrase | None, int]:
    """The noun phrase that starts at `at`, and where it ends; None when there is none.

    `standing_on`: it follows "on", so that a table is what things stand on. `expected`: a noun
    must come here, so that an unknown word is taken for one.
    """
    if at < len(row) and row[at].may("it"):
        return Phrase("it", word=row[at].text), at + 1
    head = _head(row, at)
    modifiers = row[at : head.start]
    phrase = _described(modifiers)
    if head.token is None:
        return _headless(phrase, head.start, standing_on=standing_on, expected=expected)
    phrase.word, phrase.plural = head.token.text, head.token.plural
    phrase.owner = head.token.may("owner")
    _name_what(phrase, head.token, standing_on=standing_on)
    return phrase, head.start + 1


@dataclass(frozen=True)
class _Head:
    """The noun of a phrase and its place; `token` is None when there is none before `start`."""

    token: Token | None
    start: int


def _head(row: Sequence[Token], at: int) -> _Head:
    """The last noun of an unbroken run of words: in "lemon cake" that is the cake."""
    end = at
    while end < min(len(row), at + _LONGEST) and not _breaks(row, end, at):
        end += 1
    heads = [i for i in range(at, end) if _is_head(row[i])]
    if not heads:
        return _Head(None, end)
    best = heads[0]
    for index in heads[1:]:
        if all(_links(token) for token in row[best + 1 : index]) and not row[best].may("owner"):
            best = index
        else:
            break
    return _Head(row[best], best)


def _breaks(row: Sequence[Token], index: int, start: int) -> bool:
    token = row[index]
    if token.may("stack") and index > start:
        return True
    if token.may("count", "the") and index > start and not token.may("noun"):
        return _after_content(row[start:index])
    return token.may(*_ENDS) and not token.may("noun", "backdrop", "ground")


def _after_content(before: Sequence[Token]) -> bool:
    """Whether anything but determiners came before: "the three mugs" is one phrase."""
    return any(not token.may("count", "the", "stack") for token in before)


def _is_head(token: Token) -> bool:
    return token.may("noun", "ground", "backdrop")


def _links(token: Token) -> bool:
    """Words that may stand between two parts of one compound."""
    return token.may("colour", "material", "surface", "size")


def _described(modifiers: Sequence[Token]) -> Phrase:
    phrase = Phrase("thing")
    for token in modifiers:
        _describe(phrase, token)
    return phrase


def _describe(phrase: Phrase, token: Token) -> None:
    if token.may("quote"):
        phrase.quote = token.raw
    elif token.may("stack") or token.text == "stacked":
        phrase.stacked = True
    elif token.may("count"):
        phrase.count = int(token.text) if token.text.isdecimal() else words.COUNTS[token.text]
    elif token.may("the"):
        phrase.definite = True
    elif token.may("size"):
        phrase.size = token.text
    elif token.may("gradient"):
        phrase.gradient = True
    elif token.may("sweep"):
        phrase.sweep = True
    elif token.may("material", "surface", "colour", "noun"):
        _finish(phrase, token)
    elif token.text not in words.IGNORED:
        phrase.unused.append(token.text)


def _finish(phrase: Phrase, token: Token) -> None:
    """A colour or a material; words that are both ("terracotta") count as both."""
    if token.may("surface"):
        phrase.surface = token.text
    if token.may("material"):
        phrase.material = token.text
    if token.may("colour") and not _keeps_colour(phrase, token):
        phrase.colour = token.text
    elif token.may("noun") and not token.may("material"):
        phrase.unused.append(token.text)


def _keeps_colour(phrase: Phrase, token: Token) -> bool:
    """A plain hue after a finer colour adds nothing ("mustard yellow"), nor does a material."""
    return bool(phrase.colour) and (token.may("material") or token.text in _HUES)


_HUES = bag("red orange yellow green blue purple pink brown grey gray white black")


def _name_what(phrase: Phrase, token: Token, *, standing_on: bool) -> None:
    if token.may("backdrop"):
        phrase.what = "backdrop"
    elif token.may("ground") and (standing_on or not token.may("noun")):
        phrase.what = "surface"
        if token.may("surface"):
            phrase.surface = phrase.surface or token.text
    else:
        phrase.kind = token.kind


def _headless(
    phrase: Phrase, end: int, *, standing_on: bool, expected: bool
) -> tuple[Phrase | None, int]:
    """A phrase without a known noun: a surface by its material, or a thing not known."""
    if standing_on and (phrase.surface or phrase.sweep) and not phrase.unused:
        phrase.what = "surface"
        return phrase, end
    if phrase.unused and (expected or phrase.count is not None or phrase.definite):
        phrase.word = _card_word(phrase.unused)
        phrase.plural = phrase.count is not None and phrase.count > 1
        phrase.unused = []
        return phrase, end
    return None, end


def _card_word(unknown: Sequence[str]) -> str:
    """What to print on the card: the last words that fit on it."""
    word = unknown[-1]
    for before in reversed(unknown[:-1]):
        if len(before) + 1 + len(word) > _MOST_CARD_LETTERS:
            break
        word = f"{before} {word}"
    return word[:40]

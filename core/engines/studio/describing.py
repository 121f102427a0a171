"""Describing words of an instruction: colours, materials, sizes, shades and texts in a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.engines.studio import words
from core.engines.studio.lexicon import Token
from core.engines.studio.phrases import Phrase, What
from core.engines.studio.words import bag

SHADES: dict[str, tuple[float, str]] = {
    "lighter": (0.35, "#ffffff"), "brighter": (0.35, "#ffffff"), "paler": (0.45, "#ffffff"),
    "darker": (0.4, "#000000"), "deeper": (0.3, "#000000"),
}  # fmt: skip
_FILLERS = bag(
    "the a an to into be as in of it its colour color look more make material size finish "
    "out that this with have has become instead new please should label text word light "
    "lighting scene picture image only"
)


@dataclass(frozen=True)
class Style:
    """What a row of words asks of a thing's looks; empty where it says nothing."""

    colour: str = ""
    material: str = ""
    size: str = ""
    growth: str = ""
    quote: str = ""
    shade: str = ""

    def __bool__(self) -> bool:
        return any((self.colour, self.material, self.size, self.growth, self.quote, self.shade))

    def in_words(self) -> str:
        """ "navy", "bigger", 'labelled "SALT"'."""
        material = self.material if self.material != self.colour else ""
        label = f'labelled "{self.quote[:40]}"' if self.quote else ""
        parts = (self.colour, material, self.size, self.growth, self.shade, label)
        return " ".join(part for part in parts if part)


def style_of(row: Sequence[Token]) -> Style:
    """The style that a row of words asks for; the last word of a sort wins."""
    found = Style()
    for index, token in enumerate(row):
        if token.may("quote"):
            found = replace(found, quote=token.raw)
        elif token.may("growth"):
            found = replace(found, growth=token.text)
        elif token.text in SHADES:
            found = replace(found, shade=token.text)
        elif token.may("size"):
            found = replace(found, size=token.text)
        elif token.may("text") and index + 1 < len(row) and row[index + 1].raw.isupper():
            found = replace(found, quote=row[index + 1].raw)
        else:
            found = _finish(found, token)
    return found


def merged(phrase: Phrase, rest: Sequence[Token], what: What) -> Phrase:
    """A surface or backdrop phrase with the describing words that follow it laid over."""
    described = replace(phrase, what=what)
    for token in rest:
        if token.may("colour"):
            described.colour = token.text
        if token.may("surface"):
            described.surface = token.text
        described.gradient |= token.may("gradient")
        described.sweep |= token.may("sweep") and token.text != "studio"
    return described


def after_fillers(row: Sequence[Token], at: int) -> int:
    """The next place that holds more than filling words; "the" stays with its noun."""
    while at < len(row) - 1 and row[at].text in _FILLERS and not row[at].may("the", "count", "it"):
        at += 1
    return at


def worth_saying(token: Token) -> bool:
    """Whether a word that had no effect should be named to the person."""
    known = token.may("count", "the", "and", "with", "relation", "it", "stop", "holds")
    return not known and token.text not in words.IGNORED | _FILLERS


def _finish(found: Style, token: Token) -> Style:
    if token.may("material"):
        found = replace(found, material=token.text)
        return replace(found, colour=found.colour or "")
    if token.may("colour") and not token.may("noun"):
        return replace(found, colour=token.text)
    if token.may("colour"):
        return replace(found, colour=found.colour or token.text)
    return found

"""Text to tokens: words and phrases that the studio knows, with what they may mean."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from core.engines.studio import words
from core.engines.studio.kinds import KINDS

_LONGEST_PHRASE = 6
_QUOTED = re.compile(
    r"\"([^\"\n]{1,200})\"|“([^”\n]{1,200})”|(?<!\w)'([^'\n]{1,200})'(?!\w)|«([^»]{1,200})»"
)
_WORD = re.compile(r"\ue000\d+|[^\W_]+(?:['’][^\W_]+)?|[.,;:!?]")
_LENS = re.compile(r"^(\d{2,3})mm$")
_MAX_TEXT = 8_000


@dataclass(frozen=True)
class Token:
    """A word or phrase: `text` lower-cased, `raw` as written.

    `senses` are the readings it can have ("colour", "noun", …); which one holds is decided by its
    neighbours. `kind` is the object it names, `plural` whether it names several.
    """

    text: str
    raw: str
    senses: frozenset[str] = frozenset()
    kind: str = ""
    plural: bool = False

    def may(self, *senses: str) -> bool:
        return any(sense in self.senses for sense in senses)


def tokens(text: str) -> list[Token]:
    """The tokens of a prompt or instruction, quoted texts as single "quote" tokens."""
    quotes: list[str] = []

    def keep(match: re.Match[str]) -> str:
        quotes.append(next(group for group in match.groups() if group is not None))
        return f" \ue000{len(quotes) - 1} "

    plain = _QUOTED.sub(keep, text[:_MAX_TEXT].replace("\ue000", " "))
    plain = plain.replace("-", " ").replace("–", " ").replace("—", " , ").replace("&", " and ")
    raw = _WORD.findall(plain.replace("’", "'"))
    found: list[Token] = []
    at = 0
    while at < len(raw):
        token, used = _token(raw, at, quotes)
        found.append(token)
        at += used
    return found


def colour_value(name: str) -> str:
    """The `#rrggbb` of a colour name, tones included ("light sage green")."""
    if name in words.COLOURS:
        return words.COLOURS[name]
    joined = name.replace(" ", "")
    if joined in words.COLOURS:
        return words.COLOURS[joined]
    tone, _, rest = name.partition(" ")
    share, other = words.TONES[tone]
    return mixed(colour_value(rest), other, share)


def _token(raw: Sequence[str], at: int, quotes: Sequence[str]) -> tuple[Token, int]:
    """The longest known phrase that starts here, and how many words it takes."""
    if raw[at].startswith("\ue000"):
        content = quotes[int(raw[at][1:])]
        return Token("quote", content, frozenset({"quote"})), 1
    lower = [word.lower() for word in raw[at : at + _LONGEST_PHRASE]]
    for length in range(len(lower), 0, -1):
        phrase = " ".join(lower[:length])
        entry = _senses(phrase)
        if entry is not None:
            senses, kind, plural = entry
            return Token(phrase, " ".join(raw[at : at + length]), senses, kind, plural), length
    return _single(raw[at]), 1


def _single(word: str) -> Token:
    lower = word.lower()
    if word in ".,;:!?":
        return Token(word, word, frozenset({"stop"}))
    if lower.endswith("'s") and len(lower) > 2:
        inner = _single_known(lower[:-2])
        senses, kind, plural = inner or (frozenset[str](), "", False)
        return Token(lower[:-2], word, senses | {"owner"}, kind, plural)
    if _LENS.match(lower):
        return Token(lower, word, frozenset({"lens"}))
    if lower.isdecimal() and len(lower) <= 3:
        return Token(lower, word, frozenset({"count"}))
    return Token(lower, word)


def _single_known(word: str) -> tuple[frozenset[str], str, bool] | None:
    return _senses(word)


@lru_cache(maxsize=4096)
def _senses(phrase: str) -> tuple[frozenset[str], str, bool] | None:
    """Readings of a phrase, the kind it names and whether it is a plural; None when unknown."""
    kind, plural = _nouns().get(phrase, ("", False))
    senses = {sense for sense, table in _TABLES.items() if phrase in table}
    if _is_colour(phrase):
        senses.add("colour")
    if kind:
        senses.add("noun")
    return (frozenset(senses), kind, plural) if senses else None


def _is_colour(phrase: str) -> bool:
    if phrase in words.COLOURS or (" " in phrase and phrase.replace(" ", "") in words.COLOURS):
        return True
    tone, _, rest = phrase.partition(" ")
    return bool(rest) and tone in words.TONES and _is_colour(rest)


@lru_cache(maxsize=1)
def _nouns() -> dict[str, tuple[str, bool]]:
    """Every name of every kind, singular and plural."""
    found: dict[str, tuple[str, bool]] = {}
    for name, kind in KINDS.items():
        for word in kind.words:
            found.setdefault(plural(word), (name, True))
            found.setdefault(word, (name, False))
        for word in kind.plurals:
            found[word] = (name, True)
    return found


def plural(word: str) -> str:
    """The regular English plural of a name; "glass of water" bends its first word."""
    head, of, rest = word.partition(" of ")
    if head.endswith(("s", "x", "ch", "sh")) or head in ("tomato", "mango", "potato"):
        bent = head + "es"
    elif head.endswith("y") and head[-2] not in "aeiou":
        bent = head[:-1] + "ies"
    else:
        bent = head + "s"
    return bent + of + rest


def mixed(colour: str, other: str, share: float) -> str:
    """`colour` with `share` of `other` mixed in, both `#rrggbb`."""
    pairs = [(int(colour[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(a * (1 - share) + b * share):02x}" for a, b in pairs)


_TABLES: dict[str, frozenset[str]] = {
    "material": frozenset(words.MATERIALS) | {"clear"},
    "count": frozenset(words.COUNTS),
    "size": frozenset(words.SIZES),
    "growth": frozenset(words.GROWTH),
    "relation": frozenset(words.RELATIONS),
    "side": frozenset(words.SIDES),
    "light": frozenset(words.LIGHTS),
    "camera": frozenset(words.CAMERA),
    "surface": frozenset(words.SURFACES),
    "ground": words.SURFACE_NOUNS,
    "backdrop": words.BACKDROP_NOUNS,
    "sweep": words.SWEEP_WORDS,
    "the": frozenset({
        "the", "this", "that", "these", "those", "my", "its", "their", "all", "every",
    }),
    "and": frozenset({"and", "plus", "as well as"}),
    "with": frozenset({"with", "featuring", "including"}),
    "holds": frozenset({"filled with", "full of", "containing", "holding", "of"}),
    "it": frozenset({
        "it", "them", "that one", "both of them", "everything", "all objects", "all the objects",
        "all of them", "all things", "all items", "each of them",
    }),
    "stack": frozenset({"stack of", "pile of", "tower of"}),
    "text": frozenset({
        "with the word", "with the words", "with the text", "with the label", "with a label",
        "that says", "saying", "says", "reading", "that reads", "labelled", "labeled", "titled",
        "with the title", "with the name", "named", "with label",
        "with text", "label", "the label", "the word", "with the label saying", "called",
        "with a label saying", "with a label that says", "with the letters", "lettered",
        "with a label reading", "with the inscription", "marked",
    }),
    "transparent": frozenset({
        "transparent background", "transparent backdrop", "no background", "isolated",
        "without background", "without a background", "on a transparent background",
        "cut out", "cutout", "with a transparent background", "background transparent",
        "on transparent background", "background removed", "with transparent background",
    }),
    "gradient": frozenset({"gradient", "ombre", "graduated"}),
    "light from": frozenset({
        "from the left", "from the right", "from left", "from right", "on the left side light",
    }),
}  # fmt: skip

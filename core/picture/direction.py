"""Lines of text in the order in which they are drawn: Hebrew runs from right to left.

A small part of the Unicode Bidirectional Algorithm (UAX #9), enough for labels: one base
direction a line, runs without explicit embeddings. Scripts whose letters join are not set here.
"""

from __future__ import annotations

import unicodedata
from itertools import groupby

_MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")


def joins(text: str) -> bool:
    """Whether letters stand in it that change by their neighbours, as in Arabic writing."""
    return any(unicodedata.bidirectional(letter) == "AL" for letter in text)


def drawable(text: str) -> str:
    """The same text composed, without marks that have no shape of their own."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(
        letter
        for letter in composed
        if letter in "\n\t"
        or not (unicodedata.category(letter) in ("Cc", "Cf") or "\ufe00" <= letter <= "\ufe0f")
    )


def visual(line: str) -> str:
    """One line as it is drawn from left to right."""
    sides = [_side(letter) for letter in line]
    if "R" not in sides:
        return line
    base = next(side for side in sides if side in "LR")
    runs = [
        (side, "".join(letter for _, letter in run))
        for side, run in groupby(
            zip(_resolved(sides, base), line, strict=True), key=lambda pair: pair[0]
        )
    ]
    drawn = [_reversed(run) if side == "R" else run for side, run in runs]
    return "".join(reversed(drawn) if base == "R" else drawn)


def _side(letter: str) -> str:
    kind = unicodedata.bidirectional(letter)
    return {"L": "L", "EN": "N", "R": "R", "NSM": "M"}.get(kind, "-")


def _resolved(sides: list[str], base: str) -> list[str]:
    """L or R for each letter: marks follow their letter, what is neutral follows both sides."""
    out: list[str] = []
    for place, side in enumerate(sides):
        before = out[-1] if out else base
        if side == "M":
            out.append(before)
        elif side == "N":
            out.append("L")
        elif side in "LR":
            out.append(side)
        else:
            after = next((later for later in sides[place:] if later in "LRN"), base)
            after = "L" if after == "N" else after
            out.append(before if before == after else base)
    return out


def _reversed(run: str) -> str:
    """Letters in reverse, each with the marks upon it."""
    clusters: list[str] = []
    for letter in run:
        if clusters and unicodedata.combining(letter):
            clusters[-1] += letter
        else:
            clusters.append(letter.translate(_MIRRORED))
    return "".join(reversed(clusters))

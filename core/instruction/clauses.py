"""Where one step may end and the next begin.

A joint is only a chance: pieces between joints that turn out to be prose are put together again
from the person's own text, joint and all, so that splitting never changes a prompt.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.instruction.words import LONGEST_CLAUSE, shadow

MOST_PIECES = 24
"""A text with more is one piece of prose: a page of description, not a list of steps."""

MOST_PARTS = 6
"""Commands that one clause may list with commas and "and"."""

LONGEST_LIST = MOST_PARTS * LONGEST_CLAUSE

_JOINT = re.compile(
    r"(?P<then>\b(?:then|afterwards|after (?:that|this)|finally|lastly)\b)"
    r"|(?P<item>\n {0,8}(?=[-*•·] |\(?[0-9]{1,2}[.)] ))"
    r"|(?P<line>[\n;])|(?P<stop>[.!?](?=[ \n]))"
)
_NUMBERED = re.compile(r" {0,4}\(?1[.)] ")
_INLINE = re.compile(rf"(?P<item> (?=\(?[2-9][.)] ))|{_JOINT.pattern.replace('<item>', '<row>')}")
"""Where a text begins with "1)", the numbers after it begin items on the same line, too."""
_FIRM = ("then", "item", "row")
PART = re.compile(r", and |, & |, | and | & | \+ ")
_AND = re.compile(r"\band$")
_BLANK = " \n,"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text, `start` to `end`. `firm`: a spoken "then" or a list item begins it."""

    start: int
    end: int
    firm: bool


def split_pieces(text: str) -> list[Piece]:
    """The stretches between joints, blank ones left out; one for all when there are too many."""
    view = shadow(text)
    pieces: list[Piece] = []
    start, firm = 0, False
    joints = _INLINE if _NUMBERED.match(view) else _JOINT
    for joint in joints.finditer(view):
        if joint.lastgroup == "stop" and _opens_item(view[start : joint.start()]):
            continue
        piece = _trimmed(view, start, joint.start(), firm, before_then=joint.lastgroup == "then")
        if piece is not None:
            pieces.append(piece)
            firm = False
        firm = firm or joint.lastgroup in _FIRM
        start = joint.end()
        if len(pieces) >= MOST_PIECES:
            return [Piece(0, len(text), firm=False)]
    last = _trimmed(view, start, len(view), firm, before_then=False)
    return [*pieces, last] if last is not None else pieces


def split_parts(text: str) -> list[tuple[int, int]]:
    """Where the parts between commas and "and" stand; empty when it is no short list."""
    if len(text) > LONGEST_LIST:
        return []
    view = shadow(text)
    cuts = list(PART.finditer(view))
    if not 1 <= len(cuts) < MOST_PARTS:
        return []
    starts = [0, *(cut.end() for cut in cuts)]
    ends = [*(cut.start() for cut in cuts), len(text)]
    return list(zip(starts, ends, strict=True))


def _opens_item(stretch: str) -> bool:
    return stretch.strip(" \n(").isdigit() and len(stretch) < 12


def _trimmed(view: str, start: int, end: int, firm: bool, *, before_then: bool) -> Piece | None:
    while start < end and view[start] in _BLANK:
        start += 1
    end = start + len(view[start:end].rstrip(_BLANK))
    if before_then and (_AND.search(view, max(start, end - 4), end) is not None):
        end = start + len(view[start : max(start, end - 3)].rstrip(_BLANK))
    return Piece(start, end, firm) if end > start else None

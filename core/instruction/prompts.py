"""Wishes inside a prompt that are settings, not words to draw.

"a red mug, subject on transparent background, RGBA PNG format" asks for a mug and for true alpha.
Left in the words, "transparent background" makes models paint a checkerboard, so it becomes the
option instead. Only whole stretches between commas go; all other words stay as they were typed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.instruction.recognise.cutout import FILE_TAIL, SUFFIX, TAIL
from core.instruction.words import canonical, shadow

_STRETCH = re.compile(r"[,\n.;]")
_ASPECT = re.compile(
    r"(?:in |as )?(?:an? )?(?:aspect ratio |aspect |ratio )?(?:of )?([0-9]{1,4}(?:\.[0-9]{1,3})?):"
    r"([0-9]{1,4}(?:\.[0-9]{1,3})?)(?: aspect ratio| aspect| ratio| format)?"
)
_LONGEST = 100
_CUTS_OUT = re.compile(
    r"(?:remove|delete|erase|get rid of|lose|drop) (?:the )?(?:background|bg),? (?:but|except|keep|"
    r"leave|leaving|keeping)\b.*|"
    r"transparent(?: background)?,? (?:but|except|keep|leave)\b.*|"
    r"make everything (?:except|but) .{1,80} transparent|everything transparent except .{1,80}|"
    r"(?:cut out|isolate|extract) (?:the|my) (?:[a-z-]{1,20} ){0,2}[a-z-]{1,20}|"
    r"(?:cut|isolate) (?:the|my) (?:[a-z-]{1,20} ){1,2}(?:out|on transparent)"
)
"""Edits that want the background gone, and need a model to know what stays."""


@dataclass(frozen=True, slots=True)
class Tidied:
    """A prompt without its settings. `ar` is "W:H" where a ratio stood among the words."""

    words: str
    transparent: bool = False
    ar: str | None = None


@dataclass(frozen=True, slots=True)
class _Stretch:
    """From `start` (its comma included) to `end`; `words` are what stands after the comma."""

    start: int
    end: int
    words: str


def tidy(prompt: str, *, new: bool) -> Tidied:
    """Take settings out of a prompt; the prompt as it is when there are none.

    `new`: it is for a new picture; then a ratio is a setting too, and "… on a transparent
    background" at the end of a stretch goes. In an edit ("put the mug on a transparent
    background") that would break the sentence, so there the words stay and the wish is noted.
    """
    stretches = _stretches(shadow(prompt))
    clear = [TAIL.fullmatch(stretch.words) is not None for stretch in stretches]
    suffixes = [SUFFIX.search(stretch.words[-_LONGEST:]) for stretch in stretches]
    transparent = any(clear) or any(suffixes) or (not new and _cuts_out(prompt))
    cuts: list[tuple[int, int]] = []
    ratio: str | None = None
    for stretch, is_clear, suffix in zip(stretches, clear, suffixes, strict=True):
        aspect = _ASPECT.fullmatch(stretch.words) if new else None
        if is_clear or (transparent and FILE_TAIL.fullmatch(stretch.words)):
            cuts.append((stretch.start, stretch.end))
        elif aspect is not None and float(aspect[1]) and float(aspect[2]):
            ratio = f"{aspect[1]}:{aspect[2]}"
            cuts.append((stretch.start, stretch.end))
        elif suffix is not None and new:
            cuts.append((stretch.end - len(suffix[0]), stretch.end))
    words = _without(prompt, cuts)
    if not words:
        return Tidied(prompt)
    return Tidied(words, transparent, ratio)


def _cuts_out(prompt: str) -> bool:
    clause = canonical(prompt)
    return clause is not None and _CUTS_OUT.fullmatch(clause.words) is not None


def _stretches(view: str) -> list[_Stretch]:
    marks = [mark.start() for mark in _STRETCH.finditer(view)]
    starts, ends = [0, *marks], [*marks, len(view)]
    found = []
    for index, (start, end) in enumerate(zip(starts, ends, strict=True)):
        after_mark = start + 1 if index else start
        end = after_mark + len(view[after_mark:end].rstrip())
        found.append(_Stretch(start, end, view[after_mark:end].strip()))
    return found


def _without(prompt: str, cuts: list[tuple[int, int]]) -> str:
    if not cuts:
        return prompt
    kept, at = [], 0
    for start, end in cuts:
        kept.append(prompt[at:start])
        at = end
    kept.append(prompt[at:])
    return "".join(kept).strip(" ,;\n")

"""Text set onto a picture: exactly as written, as large as fits, readable on any ground."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.errors import BadInput
from core.picture.adjustments import Anchor, Label
from core.picture.direction import drawable, joins
from core.picture.frame import Adjusted, placed, rgb
from core.picture.layers import over, softened
from core.picture.pixels import Pixels
from core.picture.resample import Plane, linear
from core.picture.typeface import BASELINE, Typeface

_WEIGHT = 600
_LINE = 1.24
_LARGEST = 0.085
"""Of the mean of width and height: the size of a short label."""
_SMALLEST_PX = 9
_MARGIN = 0.045
_MOST_HEIGHT = 0.6
_DARK, _BRIGHT = (17, 19, 24), (255, 255, 255)


@dataclass(frozen=True, slots=True)
class _Setting:
    lines: list[str]
    size: int
    widths: list[int]

    @property
    def height(self) -> int:
        return round(self.size * (1 + _LINE * (len(self.lines) - 1)))


def label(pixels: Pixels, asked: Label) -> Adjusted:
    height, width = pixels.shape[:2]
    margin = max(2, round(_MARGIN * min(width, height)))
    face = Typeface(_WEIGHT)
    text = drawable(asked.text)
    _refuse_unset(text)
    setting = _set(text, width - 2 * margin, _MOST_HEIGHT * height, width, height, face)
    left, top = placed(
        width - 2 * margin - max(setting.widths), height - 2 * margin - setting.height, asked.anchor
    )
    place = _around(setting, left + margin, top + margin, pixels)
    ink = _drawn(setting, left + margin, top + margin, asked.anchor, place, face)
    part = pixels[place]
    colour = rgb(asked.colour) if asked.colour else _contrasting(part, ink)
    out = pixels.copy()
    out[place] = _inked(part, ink, colour, setting.size)
    return out, _missing(text, face)


def _around(setting: _Setting, left: int, top: int, pixels: Pixels) -> tuple[slice, slice]:
    """Rows and columns that letters and their halo can reach."""
    reach = setting.size
    return (
        slice(max(0, top - reach), min(pixels.shape[0], top + setting.height + reach)),
        slice(max(0, left - reach), min(pixels.shape[1], left + max(setting.widths) + reach)),
    )


def _refuse_unset(text: str) -> None:
    if not text.strip():
        raise BadInput("There is no text to set.", hint="Put the words in quotation marks.")
    if joins(text):
        raise BadInput(
            "Writing whose letters join, such as Arabic, can't be set here.",
            hint="Set the words in another script, or let a model draw them.",
        )


def _set(text: str, room: int, tall: float, width: int, height: int, face: Typeface) -> _Setting:
    """Few lines at the largest size at which no word breaks; breaks only where all else fails."""
    largest = max(_SMALLEST_PX, round(_LARGEST * (width + height) / 2))
    for breaks in (False, True):
        size = largest
        while size >= _SMALLEST_PX:
            lines = face.wrapped(text, room, size, breaks=breaks)
            if lines and len(lines) <= _most_lines(text, size / largest, tall / (size * _LINE)):
                lines = _balanced(text, lines, room, size, face)
                return _Setting(lines, size, [face.width(line, size) for line in lines])
            size = min(size - 1, int(size * 0.94))
    raise BadInput(
        f"That text does not fit on {width} x {height} pixels.",
        hint="Write less, or enlarge the picture first.",
    )


def _most_lines(text: str, share: float, room: float) -> float:
    """How many lines are good at a share of the largest size; `room` is how many there can be."""
    good = 2 if share > 0.62 else 3 if share > 0.5 else room
    return min(room, max(good, text.count("\n") + 1))


def _balanced(text: str, lines: list[str], room: int, size: int, face: Typeface) -> list[str]:
    """As many lines, of lengths as even as can be: no last word alone."""
    low, high = room // len(lines), room
    while high - low > max(1, size // 8):
        middle = (low + high) // 2
        tighter = face.wrapped(text, middle, size, breaks=False)
        if tighter is not None and len(tighter) <= len(lines):
            high, lines = middle, tighter
        else:
            low = middle
    return lines


def _drawn(
    setting: _Setting, left: int, top: int, anchor: Anchor, part: tuple[slice, slice],
    face: Typeface,
) -> Plane:  # fmt: skip
    """The letters as coverage, 0 to 1, of a part of the picture."""
    rows, columns = part
    canvas = np.zeros((rows.stop - rows.start, columns.stop - columns.start), np.uint8)
    widest = max(setting.widths)
    for place, (line, wide) in enumerate(zip(setting.lines, setting.widths, strict=True)):
        x = left - columns.start + placed(widest - wide, 0, anchor)[0]
        y = top - rows.start + round((place * _LINE + BASELINE) * setting.size)
        face.draw(canvas, line, (x, y), setting.size, _BRIGHT)
    return canvas.astype(np.float32) / 255


def _contrasting(pixels: Pixels, ink: Plane) -> tuple[int, int, int]:
    """White or near black: what stands out more from the ground around the letters."""
    rows, columns = np.nonzero(ink)
    if not len(rows):
        return _BRIGHT
    part = pixels[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    luminance = linear(part[..., :3]) @ np.array([0.2126, 0.7152, 0.0722], np.float32)
    if part.shape[2] == 4:
        share = part[..., 3].astype(np.float32) / 255
        luminance = luminance * share + (1 - share)  # a clear ground is mostly shown on white
    return _BRIGHT if luminance.mean() < 0.4 else _DARK


def _inked(pixels: Pixels, ink: Plane, colour: tuple[int, int, int], size: int) -> Pixels:
    """Letters over a halo that sets them off from any ground."""
    bright = float(np.array(colour) @ np.array([0.299, 0.587, 0.114])) > 110
    halo_colour = _DARK if bright else _BRIGHT
    body = np.minimum(softened(ink, max(0.8, size * 0.07)) * 2.2, 1)
    halo = 1 - (1 - 0.6 * body) * (1 - np.minimum(0.55, 0.85 * softened(body, size * 0.28)))
    return over(over(pixels, halo_colour, halo), colour, ink)


def _missing(text: str, face: Typeface) -> tuple[str, ...]:
    """A note about letters that the typeface lacks, which it shows as a question mark."""
    lacking = face.missing(text)
    if not lacking:
        return ()
    return (f"The typeface has no {' '.join(lacking)}: a question mark stands there instead",)

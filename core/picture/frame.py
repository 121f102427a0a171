"""Where a picture ends: crop, resize, rotate, flip, trim, pad."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from core.errors import BadInput, TooLarge
from core.picture.adjustments import Anchor, Crop, Flip, Pad, Resize, Rotate, Trim
from core.picture.pixels import Pixels
from core.picture.resample import resized, turned, with_alpha

Adjusted = tuple[Pixels, tuple[str, ...]]

_FAINT = 3
"""Alpha up to this can't be seen."""
_ALIKE = 12
"""How far an empty border may stray from one colour: a JPEG's noise."""


def bounded(width: int, height: int, max_side: int) -> None:
    """Raises TooLarge."""
    if max(width, height) > max_side:
        raise TooLarge(
            f"That would be {width:,} x {height:,} pixels; the longest side can be {max_side:,}.",
            hint="Ask for a smaller size.",
        )


def crop(pixels: Pixels, asked: Crop) -> Adjusted:
    height, width = pixels.shape[:2]
    if asked.aspect:
        wide, high = _frame_in(width, height, asked.aspect)
    else:
        wide, high = asked.width or width, asked.height or height
    if wide > width or high > height:
        raise BadInput(
            f"The picture is {width} x {height} pixels, so {wide} x {high} can't be cut from it.",
            hint="Crop to a smaller size, or enlarge the picture first.",
        )
    left, top = placed(width - wide, height - high, asked.anchor)
    return pixels[top : top + high, left : left + wide], ()


def resize(pixels: Pixels, asked: Resize, max_side: int) -> Adjusted:
    height, width = pixels.shape[:2]
    wide, high = _size_asked(width, height, asked)
    bounded(wide, high, max_side)
    if asked.width is None or asked.height is None or asked.fit == "stretch":
        return resized(pixels, wide, high), ()
    if asked.fit == "contain":
        note = f"The whole picture fits inside {asked.width} x {asked.height} as {wide} x {high}"
        short = (wide, high) != (asked.width, asked.height)
        return resized(pixels, wide, high), (note,) if short else ()
    frame_wide, frame_high = _frame_in(width, height, (wide, high))
    left, top = placed(width - frame_wide, height - frame_high, "center")
    framed = pixels[top : top + frame_high, left : left + frame_wide]
    note = "The sides were cropped to keep the proportions"
    whole = framed.shape == pixels.shape
    return resized(framed, wide, high), () if whole else (note,)


def rotate(pixels: Pixels, asked: Rotate, max_side: int) -> Adjusted:
    quarters, rest = divmod(asked.degrees % 360, 90)
    if math.isclose(rest, 0, abs_tol=1e-6):
        return np.rot90(pixels, -int(quarters)), ()
    height, width = pixels.shape[:2]
    angle = math.radians(asked.degrees)
    across, along = abs(math.cos(angle)), abs(math.sin(angle))
    bounded(
        math.ceil(width * across + height * along),
        math.ceil(width * along + height * across),
        max_side,
    )
    return turned(pixels, asked.degrees), ()


def flip(pixels: Pixels, asked: Flip) -> Adjusted:
    return (pixels[:, ::-1] if asked.axis == "horizontal" else pixels[::-1]), ()


def trim(pixels: Pixels, asked: Trim) -> Adjusted:
    box = box_of(_content(pixels))
    if box is None:
        return pixels, ("The picture is empty all over, so nothing was trimmed",)
    height, width = pixels.shape[:2]
    left, top = max(0, box[0] - asked.margin), max(0, box[1] - asked.margin)
    right, bottom = min(width, box[2] + asked.margin), min(height, box[3] + asked.margin)
    if (left, top, right, bottom) == (0, 0, width, height):
        return pixels, ("There was no empty border to trim",)
    return pixels[top:bottom, left:right], ()


def pad(pixels: Pixels, asked: Pad, max_side: int) -> Adjusted:
    height, width = pixels.shape[:2]
    across = down = asked.pixels or 0
    wide, high = width + 2 * across, height + 2 * down
    if asked.aspect:
        wide, high = _frame_around(wide, high, asked.aspect)
    bounded(wide, high, max_side)
    left, top = (wide - width) // 2, (high - height) // 2
    return grown(pixels, left, top, wide - width - left, high - height - top, asked.colour), ()


def grown(
    pixels: Pixels, left: int, top: int, right: int, bottom: int, colour: str | None = None
) -> Pixels:
    """The picture with a border: transparent (then RGBA) or of a colour."""
    inner = with_alpha(pixels) if colour is None else pixels
    height, width, depth = inner.shape
    canvas = np.zeros((height + top + bottom, width + left + right, depth), np.uint8)
    if colour is not None:
        canvas[...] = (*rgb(colour), 255)[:depth]
    canvas[top : top + height, left : left + width] = inner
    return canvas


def rgb(colour: str) -> tuple[int, int, int]:
    """The three values of `#rrggbb`."""
    red, green, blue = bytes.fromhex(colour[1:])
    return red, green, blue


def placed(spare_width: int, spare_height: int, anchor: Anchor) -> tuple[int, int]:
    """Left and top of something put at an anchor, by the room that it leaves."""
    words = anchor.split()
    left = 0 if "left" in words else spare_width if "right" in words else spare_width // 2
    top = 0 if "top" in words else spare_height if "bottom" in words else spare_height // 2
    return left, top


def box_of(filled: NDArray[np.bool_]) -> tuple[int, int, int, int] | None:
    """Left, top, right and bottom (past the end) of what is filled; None when nothing is."""
    rows, columns = np.flatnonzero(filled.any(1)), np.flatnonzero(filled.any(0))
    if not len(rows):
        return None
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def _content(pixels: Pixels) -> NDArray[np.bool_]:
    """What is not border: visible pixels, or on an opaque picture what differs from its corners."""
    if pixels.shape[2] == 4 and pixels[..., 3].min() < 255:
        return np.asarray(pixels[..., 3] > _FAINT)
    corners = pixels[[0, 0, -1, -1], [0, -1, 0, -1], :3].astype(np.int16)
    distances = np.abs(corners[:, None] - corners[None]).max(-1)
    ground = corners[int((distances <= _ALIKE).sum(1).argmax())]
    strayed = np.zeros(pixels.shape[:2], bool)
    for place in range(3):
        strayed |= np.abs(pixels[..., place].astype(np.int16) - ground[place]) > _ALIKE
    return strayed


def _size_asked(width: int, height: int, asked: Resize) -> tuple[int, int]:
    if asked.factor is not None:
        return _at_least_one(width * asked.factor, height * asked.factor)
    if asked.width is not None and asked.height is not None:
        if asked.fit != "contain":
            return asked.width, asked.height
        scale = min(asked.width / width, asked.height / height)
        return _at_least_one(width * scale, height * scale)
    if asked.width is not None:
        return _at_least_one(asked.width, height * asked.width / width)
    if asked.height is not None:
        return _at_least_one(width * asked.height / height, asked.height)
    return width, height


def _at_least_one(width: float, height: float) -> tuple[int, int]:
    return max(1, round(width)), max(1, round(height))


def _frame_in(width: int, height: int, aspect: tuple[float, float]) -> tuple[int, int]:
    """The largest frame of an aspect within a picture."""
    wide, high = _ratio(aspect)
    return _at_least_one(min(width, height * wide / high), min(height, width * high / wide))


def _frame_around(width: int, height: int, aspect: tuple[float, float]) -> tuple[int, int]:
    """The smallest frame of an aspect that holds a picture."""
    wide, high = _ratio(aspect)
    return _at_least_one(max(width, height * wide / high), max(height, width * high / wide))


def _ratio(aspect: tuple[float, float]) -> tuple[float, float]:
    wide, high = aspect
    if not (0 < wide < 1e6 and 0 < high < 1e6):
        raise BadInput(
            f"{wide:g}:{high:g} is no shape of a picture.", hint="Say a ratio such as 4:5 or 16:9."
        )
    return wide, high

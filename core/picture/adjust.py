"""Exact adjustments carried out: the same pixels in, the same pixels out, and no model asked."""

from __future__ import annotations

import numpy as np

from core.picture import frame, lettering, subject, tone
from core.picture.adjustments import (
    Adjustment,
    Backdrop,
    BlurBackground,
    Convert,
    Crop,
    Flip,
    Label,
    Light,
    Outline,
    Pad,
    Resize,
    Rotate,
    Shadow,
    Sharpen,
    Trim,
)
from core.picture.pixels import Pixels
from core.picture.subject import Cut

__all__ = ["Cut", "adjust"]


def adjust(
    pixels: Pixels, adjustment: Adjustment, *, max_side: int, cut: Cut | None = None
) -> tuple[Pixels, tuple[str, ...]]:
    """The picture adjusted, and what a person should know about it; `pixels` stay as they are.

    `cut` finds the subject of an opaque picture, for the kinds that act on a subject.

    Raises:
        BadInput: what is asked for does not fit this picture.
        TooLarge: a side of the result would be over `max_side`.
    """
    changed, notes = _adjusted(pixels, adjustment, max_side, cut)
    return np.ascontiguousarray(changed), notes


def _adjusted(
    pixels: Pixels, adjustment: Adjustment, max_side: int, cut: Cut | None
) -> frame.Adjusted:
    match adjustment:
        case Crop():
            return frame.crop(pixels, adjustment)
        case Resize():
            return frame.resize(pixels, adjustment, max_side)
        case Rotate():
            return frame.rotate(pixels, adjustment, max_side)
        case Flip():
            return frame.flip(pixels, adjustment)
        case Trim():
            return frame.trim(pixels, adjustment)
        case Pad():
            return frame.pad(pixels, adjustment, max_side)
        case Light():
            return tone.light(pixels, adjustment), ()
        case Sharpen():
            return tone.sharpen(pixels, adjustment), ()
        case BlurBackground():
            return subject.blur_background(pixels, adjustment, cut)
        case Backdrop():
            return subject.backdrop(pixels, adjustment, cut)
        case Shadow():
            return subject.shadow(pixels, adjustment, cut, max_side)
        case Outline():
            return subject.outline(pixels, adjustment, cut, max_side)
        case Label():
            return lettering.label(pixels, adjustment)
        case Convert():
            return pixels, ()

"""Painted areas as others want them.

Easel's own is a PNG that is transparent where a picture is to change, as at OpenAI. Most models
want the opposite in grey: white where it is to change.
"""

from __future__ import annotations

import numpy as np

from core.errors import BadPicture
from core.picture.pixels import Pixels, decode, encode_png

_BAND = 256
"""Rows that are mixed at a time, for memory."""


def white_where_open(mask: bytes) -> bytes:
    """A grey PNG of the same size: white where the mask is clear, black where it is opaque.

    What is partly clear is grey to the same degree, so that soft edges stay soft. A mask without
    transparency is black all over.

    Raises:
        BadPicture: no picture, or a damaged one.
    """
    return encode_png(_open(mask))


def put_back(before: Pixels, after: Pixels, mask: bytes) -> Pixels:
    """The picture after, where the mask is clear, and the picture before everywhere else.

    All of one size, (h, w, 3 or 4). What is partly clear is mixed, in straight alpha. So a model
    that draws the whole frame anew changes no pixel that was not painted.

    Raises:
        BadPicture: the mask is no picture, or of another size.
    """
    clear = _open(mask)
    if clear.shape != before.shape[:2] or after.shape[:2] != before.shape[:2]:
        raise BadPicture("The painted area is of another size than the picture.")
    rgba = before.shape[2] == 4 or after.shape[2] == 4
    out = (_with_alpha(before) if rgba else before).copy()
    for top in range(0, len(out), _BAND):
        rows = slice(top, top + _BAND)
        share = clear[rows, :, None].astype(np.float32) / 255
        new = (_with_alpha(after[rows]) if rgba else after[rows]).astype(np.float32)
        mixed = np.rint(out[rows] + (new - out[rows]) * share).astype(np.uint8)
        np.copyto(out[rows], mixed, where=share > 0)
    return out


def _open(mask: bytes) -> Pixels:
    """How far a mask is clear, (h, w), 255 wholly."""
    pixels = decode(mask)
    if pixels.ndim == 3 and pixels.shape[2] == 4:
        clear: Pixels = np.subtract(255, pixels[..., 3], dtype=np.uint8)
        return clear
    return np.zeros(pixels.shape[:2], np.uint8)


def _with_alpha(pixels: Pixels) -> Pixels:
    if pixels.shape[2] == 4:
        return pixels
    return np.dstack([pixels, np.full(pixels.shape[:2], 255, np.uint8)])

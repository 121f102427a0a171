"""Painted areas as others want them.

Easel's own is a PNG that is transparent where a picture is to change, as at OpenAI. Most models
want the opposite in grey: white where it is to change.
"""

from __future__ import annotations

import numpy as np

from core.picture.pixels import decode, encode_png


def white_where_open(mask: bytes) -> bytes:
    """A grey PNG of the same size: white where the mask is clear, black where it is opaque.

    What is partly clear is grey to the same degree, so that soft edges stay soft. A mask without
    transparency is black all over.

    Raises:
        BadPicture: no picture, or a damaged one.
    """
    pixels = decode(mask)
    if pixels.ndim == 3 and pixels.shape[2] == 4:
        return encode_png(255 - pixels[..., 3])
    return encode_png(np.zeros(pixels.shape[:2], np.uint8))

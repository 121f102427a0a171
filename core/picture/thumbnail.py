"""Small pictures for lists: quick to make, small to send."""

from __future__ import annotations

import cv2
import numpy as np

from core.picture.codec import Pixels, decode, encode

_QUALITY = 80


def thumbnail(data: bytes, side: int) -> bytes:
    """The picture within `side` x `side` pixels as WebP, alpha kept; never enlarged.

    Raises:
        BadPicture: the file can't be read.
    """
    pixels = decode(data)
    height, width = pixels.shape[:2]
    scale = min(1.0, side / max(height, width))
    if scale < 1.0:
        pixels = _smaller(pixels, max(1, round(width * scale)), max(1, round(height * scale)))
    return encode(pixels, "webp", quality=_QUALITY)


def _smaller(pixels: Pixels, width: int, height: int) -> Pixels:
    """Colours count by their alpha, so that clear pixels don't bleed into the edges."""
    values = pixels.astype(np.float32)
    if pixels.shape[2] == 4:
        values[..., :3] *= values[..., 3:] / 255
    small = np.asarray(cv2.resize(values, (width, height), interpolation=cv2.INTER_AREA))
    if pixels.shape[2] == 4:
        small[..., :3] = small[..., :3] / np.maximum(small[..., 3:] / 255, 1e-6)
    return np.clip(np.rint(small), 0, 255).astype(np.uint8)

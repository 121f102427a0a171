"""One colour laid over or under a picture, soft edges, and work in bands of rows.

Bands, because the largest pictures would not fit the memory as floats all at once.
"""

from __future__ import annotations

import cv2
import numpy as np

from core.picture.pixels import Pixels
from core.picture.resample import Plane, bands


def under(pixels: Pixels, colour: tuple[int, int, int], cover: Plane) -> Pixels:
    """RGBA `pixels` over one colour whose alpha, 0 to 1, is `cover`."""
    out = np.empty_like(pixels)
    for band in bands(len(pixels)):
        above = _share(pixels[band])
        _mix(out[band], pixels[band], above, colour, cover[band] * (1 - above))
    return out


def over(pixels: Pixels, colour: tuple[int, int, int], cover: Plane) -> Pixels:
    """One colour whose alpha, 0 to 1, is `cover` over `pixels`."""
    out = np.empty_like(pixels)
    for band in bands(len(pixels)):
        below = _share(pixels[band]) * (1 - cover[band])
        _mix(out[band], pixels[band], below, colour, cover[band])
    return out


def softened(plane: Plane, sigma: float) -> Plane:
    """Blurred, with nothing beyond its edges; at a smaller size where that shows no difference."""
    step = max(1, int(sigma / 4))
    height, width = plane.shape
    size = max(1, width // step), max(1, height // step)
    small = cv2.resize(plane, size, interpolation=cv2.INTER_AREA)
    spread = max(sigma * size[0] / width, 0.3)
    soft = cv2.GaussianBlur(small, (0, 0), spread, borderType=cv2.BORDER_CONSTANT)
    return cv2.resize(soft, (width, height), interpolation=cv2.INTER_LINEAR).astype(np.float32)


def _share(pixels: Pixels) -> Plane:
    """Alpha, 0 to 1."""
    if pixels.shape[2] == 3:
        return np.ones(pixels.shape[:2], np.float32)
    return pixels[..., 3].astype(np.float32) / 255


def _mix(
    out: Pixels, pixels: Pixels, share: Plane, colour: tuple[int, int, int], colour_share: Plane
) -> None:
    alpha = share + colour_share
    weight = np.maximum(alpha, 1e-6)
    for place in range(3):
        mixed = (pixels[..., place] * share + colour[place] * colour_share) / weight
        out[..., place] = np.rint(np.clip(mixed, 0, 255))
    if out.shape[2] == 4:
        out[..., 3] = np.rint(np.clip(alpha, 0, 1) * 255)

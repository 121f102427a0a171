"""Alpha: colours that are sound under clear pixels, and how good a transparency is."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from core.picture.pixels import Pixels

Floats = NDArray[np.float32]

_FILL_SIDE = 1024
_BAND = 128
_SURE = 16
"""Below this alpha a colour can't be seen, and what a file has there is often noise or black."""


def bled(pixels: Pixels) -> Pixels:
    """RGBA with the colours of visible pixels spread over those that are clear; alpha as it was.

    So whatever looks at neighbours (a resize, a network) never mixes hidden black into an edge.
    Averages are pulled up from smaller and smaller pictures: near pixels count most.
    """
    known = pixels[..., 3] >= _SURE
    if known.all() or not known.any():
        return pixels
    step = -(-max(known.shape) // _FILL_SIDE)
    filled = _filled(*_shrunk(pixels, known, step))
    out = pixels.copy()
    for top in range(0, len(known), _BAND * step):
        band = out[top : top + _BAND * step]
        part = np.ascontiguousarray(filled[top // step :][: -(-len(band) // step)])
        size = band.shape[1], band.shape[0]
        wide = np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_LINEAR), np.float32)
        hidden = ~known[top : top + _BAND * step]
        band[..., :3][hidden] = np.rint(wide[hidden]).clip(0, 255)
    return out


def _shrunk(pixels: Pixels, known: NDArray[np.bool_], step: int) -> tuple[Floats, Floats]:
    """Weighed colours and weights at a whole fraction of the size; band by band, for memory."""
    colours, weights = [], []
    for top in range(0, len(known), _BAND * step):
        weight = known[top : top + _BAND * step].astype(np.float32)
        colour = pixels[top : top + _BAND * step, :, :3] * weight[..., None]
        size = -(-weight.shape[1] // step), -(-weight.shape[0] // step)
        colours.append(cv2.resize(colour, size, interpolation=cv2.INTER_AREA))
        weights.append(cv2.resize(weight, size, interpolation=cv2.INTER_AREA))
    return np.concatenate(colours).astype(np.float32), np.concatenate(weights).astype(np.float32)


def limits(alpha: Pixels, width: int, height: int) -> tuple[Pixels, Pixels]:
    """The least and the most that alpha (h, w) may be at another size: what neighbours had.

    Networks and curves overshoot; what is wholly opaque or wholly clear has to stay so.
    """
    around = np.ones((3, 3), np.uint8)
    seen = np.ascontiguousarray(alpha)
    least, most = (
        np.asarray(cv2.resize(found, (width, height), interpolation=cv2.INTER_NEAREST), np.uint8)
        for found in (cv2.erode(seen, around), cv2.dilate(seen, around))
    )
    return least, most


def report(pixels: Pixels, method: str, warnings: tuple[str, ...] = ()) -> dict[str, Any]:
    """What `core.session.models.AlphaReport` keeps of a transparent picture (h, w, 4)."""
    alpha = pixels[..., 3]
    corners = alpha[[0, 0, -1, -1], [0, -1, 0, -1]]
    return {
        "method": method,
        "coverage": round(float((alpha >= 128).mean()), 6),
        "partial": round(float(((alpha > 0) & (alpha < 255)).mean()), 6),
        "corners_clear": bool((corners == 0).all()),
        "warnings": list(warnings),
    }


def is_transparent(pixels: Pixels) -> bool:
    """Whether a picture has alpha that says something: anything not opaque."""
    return pixels.shape[2] == 4 and bool((pixels[..., 3] < 255).any())


def _filled(colour: Floats, weight: Floats) -> Floats:
    """Weighed colours (h, w, 3) divided by their weights, gaps filled from half the size."""
    height, width = weight.shape
    own = colour / np.maximum(weight, 1e-6)[..., None]
    if min(height, width) < 2 or weight.min() >= 1:
        mean = colour.sum((0, 1)) / max(float(weight.sum()), 1e-6)
        return np.where(weight[..., None] > 0, own, mean).astype(np.float32)
    half = (width + 1) // 2, (height + 1) // 2
    small_weight = cv2.resize(weight, half, interpolation=cv2.INTER_AREA)
    small = cv2.resize(colour, half, interpolation=cv2.INTER_AREA)
    lower = _filled(small.astype(np.float32), small_weight.astype(np.float32))
    spread = cv2.resize(lower, (width, height), interpolation=cv2.INTER_LINEAR)
    share = np.minimum(4 * weight, 1)[..., None]
    mixed: Floats = (own * share + spread * (1 - share)).astype(np.float32)
    return mixed

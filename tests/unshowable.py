"""A picture that is refused without showing anything: smooth shapes in the colours of skin, which
the network takes for nakedness (0.99)."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

_SIDE = 256
_COLOURS = ((224, 172, 135), (198, 134, 100), (255, 205, 180), (230, 150, 130))
_SEED = 576


def unshowable(*, clear: bool = False) -> bytes:
    """As PNG; `clear`: with a row of pixels that is half transparent."""
    rng = np.random.default_rng(_SEED)
    y, x = np.mgrid[0:_SIDE, 0:_SIDE] / _SIDE
    picture = np.empty((_SIDE, _SIDE, 3))
    picture[:] = rng.integers(0, 255, 3)
    for _ in range(rng.integers(1, 7)):
        (cx, cy), (rx, ry), turn = rng.random(2), 0.1 + 0.5 * rng.random(2), rng.random() * 3.14
        along = ((x - cx) * np.cos(turn) + (y - cy) * np.sin(turn)) / rx
        across = ((y - cy) * np.cos(turn) - (x - cx) * np.sin(turn)) / ry
        apart = along**2 + across**2
        inside = np.clip((1 - apart) * 12, 0, 1)[..., None]
        light = (0.55 + 0.45 * np.sqrt(np.clip(1 - apart, 0, 1)))[..., None]
        colour = np.array(_COLOURS[rng.integers(4)])
        picture = picture * (1 - inside) + colour * light * inside
    pixels = picture.clip(0, 255).astype(np.uint8)
    alpha = np.full((_SIDE, _SIDE, 1), 255, np.uint8)
    alpha[:1] = 128 if clear else 255
    packed = io.BytesIO()
    Image.fromarray(np.dstack([pixels, alpha]) if clear else pixels).save(packed, "PNG")
    return packed.getvalue()

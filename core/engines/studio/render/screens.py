"""What glows on the screens of laptops and phones: a quiet landscape at dusk."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_RIDGES = ((0.46, 0.05, 3.1, (0.30, 0.16, 0.27)), (0.36, 0.06, 5.3, (0.15, 0.09, 0.2)),
           (0.22, 0.05, 8.7, (0.06, 0.045, 0.12)))  # fmt: skip


def screen(size: int = 256) -> NDArray[np.float32]:
    """Linear radiance, float32 (size, size, 3); row 0 is the bottom."""
    v, u = np.mgrid[0:size, 0:size].astype(np.float32) / size
    sky = np.stack([0.85 - 0.7 * v, 0.42 - 0.2 * v, 0.3 + 0.18 * v], -1)
    sun = np.exp(-(((u - 0.64) ** 2 + (v - 0.58) ** 2) / 0.004))
    picture = sky + sun[..., None] * np.array([0.9, 0.6, 0.3], np.float32)
    for height, swing, waves, colour in _RIDGES:
        line = height + swing * np.sin(u * waves + waves) + swing * 0.5 * np.sin(u * waves * 2.3)
        hill = np.clip((line - v) * size / 2, 0, 1)[..., None]
        picture = picture * (1 - hill) + np.array(colour, np.float32) * hill
    return np.asarray(np.clip(picture, 0, 1.6), np.float32)

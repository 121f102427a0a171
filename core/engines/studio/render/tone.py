"""From linear radiance to the pixels of a picture."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.engines.studio.looks.colour import encoded

Floats = NDArray[np.float32]

_START, _DESATURATE = 0.76, 0.15


def tone_mapped(light: Floats) -> NDArray[np.uint8]:
    """sRGB bytes, (h, w, 3), of exposed linear light.

    The curve is the Khronos PBR Neutral tone mapper (specification of 2024): colours below the
    highlights come out as they are, which is what makes "navy" look navy; highlights are
    compressed and lose colour gently.
    """
    x = np.maximum(light, 0).astype(np.float32)
    low = x.min(axis=-1, keepdims=True)
    offset = np.where(low < 0.08, low - 6.25 * low * low, 0.04)
    x = x - offset
    peak = x.max(axis=-1, keepdims=True)
    room = 1 - _START
    squeezed = 1 - room * room / (np.maximum(peak, _START) + room - _START)
    scaled = x * (squeezed / np.maximum(peak, 1e-6))
    grey = 1 - 1 / (_DESATURATE * (np.maximum(peak, _START) - squeezed) + 1)
    bright = scaled * (1 - grey) + squeezed * grey
    return np.round(encoded(np.where(peak < _START, x, bright)) * 255).astype(np.uint8)

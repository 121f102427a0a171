"""Colours between the three forms used here: `#rrggbb`, sRGB 0..1 and linear light 0..1."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
RGB = tuple[float, float, float]


def linear(hex_colour: str) -> Floats:
    """Linear light, float32 (3,), of an sRGB `#rrggbb` (IEC 61966-2-1)."""
    srgb = np.array([int(hex_colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4).astype(
        np.float32
    )


def encoded(light: Floats) -> Floats:
    """sRGB 0..1 of linear light, any shape, clipped."""
    x = np.clip(light, 0, 1)
    return np.where(x <= 0.0031308, 12.92 * x, 1.055 * np.power(x, 1 / 2.4) - 0.055).astype(
        np.float32
    )


def reflectance(hex_colour: str) -> RGB:
    """What a surface of that colour reflects: linear, kept within what paint can do.

    Nothing real reflects all or none; pure white would blow out and pure black look like a hole.
    """
    r, g, b = np.clip(linear(hex_colour) * 0.86 + 0.004, 0.004, 0.86)
    return float(r), float(g), float(b)

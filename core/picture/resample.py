"""Other sizes and other angles, computed in linear light and with colours weighed by alpha.

So thin bright lines keep their brightness, and colours under clear pixels never bleed into edges.
Channel by channel: the largest pictures would not fit the memory as floats all at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from core.picture.pixels import Pixels

Plane = NDArray[np.floating[Any]]
"""Values of 32 bits."""


def _to_linear() -> Plane:
    coded = np.arange(256) / 255
    low, high = coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4
    return np.where(coded <= 0.04045, low, high).astype(np.float32)


def _to_coded() -> Pixels:
    linear = np.arange(65536) / 65535
    low, high = linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055
    values: Pixels = np.rint(np.where(linear <= 0.0031308, low, high) * 255).astype(np.uint8)
    return values


_BAND = 256
_LINEAR = _to_linear()
_CODED = _to_coded()


def linear(coded: Pixels) -> Plane:
    """sRGB values as light, 0 to 1."""
    return _LINEAR[coded]


def coded(light: Plane) -> Pixels:
    """Light, 0 to 1 (clipped), as sRGB values."""
    out = np.empty(light.shape, np.uint8)
    for band in bands(len(light)):
        out[band] = _CODED[(np.clip(light[band], 0, 1) * 65535 + 0.5).astype(np.uint16)]
    return out


def bands(height: int) -> Iterator[slice]:
    """Rows in pieces, for work that needs many floats a pixel."""
    for top in range(0, height, _BAND):
        yield slice(top, min(top + _BAND, height))


def resized(pixels: Pixels, width: int, height: int) -> Pixels:
    """Averages of areas where the picture shrinks, Lanczos where it grows."""
    before_height, before_width = pixels.shape[:2]
    if (before_width, before_height) == (width, height):
        return pixels

    def scaled(plane: Plane) -> Plane:
        across = _scaled(plane, min(width, before_width), min(height, before_height))
        return _scaled(across, width, height)

    return in_light(pixels, scaled)


def turned(pixels: Pixels, degrees: float) -> Pixels:
    """Turned clockwise on a canvas that holds all of it; RGBA, the corners transparent."""
    height, width = pixels.shape[:2]
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), -degrees, 1.0)
    across, along = abs(matrix[0, 0]), abs(matrix[0, 1])
    wide = int(np.ceil(width * across + height * along - 1e-6))
    high = int(np.ceil(width * along + height * across - 1e-6))
    matrix[:, 2] += (wide - width) / 2, (high - height) / 2

    def warped(plane: Plane) -> Plane:
        return cv2.warpAffine(plane, matrix, (wide, high), flags=cv2.INTER_CUBIC).astype(np.float32)

    return in_light(with_alpha(pixels), warped)


def in_light(pixels: Pixels, change: Callable[[Plane], Plane]) -> Pixels:
    """`change` carried out on each channel as linear light, weighed by alpha where there is one."""
    if pixels.shape[2] == 3:
        return np.dstack([coded(change(linear(pixels[..., place]))) for place in range(3)])
    before = pixels[..., 3].astype(np.float32) / 255
    weight = np.clip(change(before), 0, 1)
    alpha = np.rint(weight * 255).astype(np.uint8)
    np.maximum(weight, 1 / 1024, out=weight)
    colours = []
    for place in range(3):
        light = linear(pixels[..., place])
        light *= before
        changed = change(light)
        changed /= weight
        colours.append(coded(changed))
    return np.dstack([*colours, alpha])


def with_alpha(pixels: Pixels) -> Pixels:
    """RGBA; opaque where there was no alpha."""
    if pixels.shape[2] == 4:
        return pixels
    return np.dstack([pixels, np.full(pixels.shape[:2], 255, np.uint8)])


def _scaled(plane: Plane, width: int, height: int) -> Plane:
    if plane.shape == (height, width):
        return plane
    shrinks = width <= plane.shape[1] and height <= plane.shape[0]
    method = cv2.INTER_AREA if shrinks else cv2.INTER_LANCZOS4
    return cv2.resize(plane, (width, height), interpolation=method).astype(np.float32, copy=False)

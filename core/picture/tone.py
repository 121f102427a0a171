"""Light and sharpness: brightness, contrast, warmth, saturation, sharpen. Alpha stays as it is."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from core.picture.adjustments import Light, Sharpen
from core.picture.pixels import Pixels
from core.picture.resample import Plane, bands, coded, linear

_LUMINANCE = np.array([0.2126, 0.7152, 0.0722], np.float32)
"""How much red, green and blue light count (ITU-R BT.709, as sRGB)."""

_SHARPEST = 1.6
_STEEPEST = 7.0


def light(pixels: Pixels, asked: Light) -> Pixels:
    """White stays white and black stays black, so that nothing is cut off at either end."""
    out = pixels.copy()
    curve = _curve(asked.brightness, asked.contrast)
    out[..., :3] = curve[out[..., :3]]
    if asked.warmth or asked.saturation:
        for band in bands(out.shape[0]):
            out[band, :, :3] = coded(_coloured(linear(out[band, :, :3]), asked))
    return out


def sharpen(pixels: Pixels, asked: Sharpen) -> Pixels:
    """Unsharp mask on brightness alone, so that edges get no coloured seams."""
    height, width = pixels.shape[:2]
    sigma = max(1.0, max(height, width) / 2000)
    strength = asked.amount / 100 * _SHARPEST
    reach = int(np.ceil(3 * sigma))
    size = (2 * reach + 1, 2 * reach + 1)

    def blurred(plane: Plane) -> Plane:
        return cv2.GaussianBlur(plane, size, sigma).astype(np.float32, copy=False)

    def sharper(band: Pixels) -> Pixels:
        grey = band[..., :3].astype(np.float32) @ _LUMINANCE
        if band.shape[2] == 4:
            weight = band[..., 3].astype(np.float32) / 255
            soft = blurred(grey * weight) / np.maximum(blurred(weight), 1e-3)
            detail = (grey - soft) * (weight > 0)
        else:
            detail = grey - blurred(grey)
        changed = band.copy()
        risen = band[..., :3] + strength * detail[..., None]
        changed[..., :3] = np.clip(np.rint(risen), 0, 255)
        return changed

    return _banded(pixels, reach, sharper) if strength else pixels


def _curve(brightness: float, contrast: float) -> Pixels:
    """256 values: a power for brightness; an S for more contrast, a flatter line for less."""
    x = np.arange(256) / 255
    x = x ** (2 ** (-brightness / 80))
    if contrast > 0:
        steep = _STEEPEST * contrast / 100
        half = np.tanh(steep / 4)
        x = 0.5 + 0.5 * np.tanh(steep * (x - 0.5) / 2) / half
    elif contrast < 0:
        x = 0.5 + (x - 0.5) * (1 + 0.9 * contrast / 100)
    return np.rint(np.clip(x, 0, 1) * 255).astype(np.uint8)


def _coloured(rgb: Plane, asked: Light) -> Plane:
    """Warmth trades blue light for red at the same luminance; saturation moves away from grey."""
    if asked.warmth:
        push = asked.warmth / 100 * 0.55
        gains = np.array([2**push, 1.0, 2**-push], np.float32)
        rgb = rgb * (gains / (gains @ _LUMINANCE))
    if asked.saturation:
        grey = (rgb @ _LUMINANCE)[..., None]
        more = asked.saturation / 100
        rgb = grey + (rgb - grey) * np.float32(1 + (0.6 * more if more > 0 else more))
    return rgb.astype(np.float32, copy=False)


def _banded(pixels: Pixels, reach: int, change: Callable[[Pixels], Pixels]) -> Pixels:
    """`change` done band by band, each with the rows around it that its pixels look at."""
    out = np.empty_like(pixels)
    for band in bands(pixels.shape[0]):
        top = max(0, band.start - reach)
        changed = change(pixels[top : band.stop + reach])
        out[band] = changed[band.start - top : band.stop - top]
    return out

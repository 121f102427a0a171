"""What stands behind a subject, told from the border of the picture.

A studio's backdrop is one colour that changes slowly across the picture (light falls off, a cove
curves). So it is a polynomial of the place, of second order, fitted robustly: a subject that
touches the border counts as an outlier.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from core.picture.pixels import Pixels

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]

_ROUNDS = 12
_NEAR = 6.0
"""In units of CIE LAB: what a backdrop's noise and texture may stray."""


@dataclass(frozen=True)
class Backdrop:
    """A backdrop's colour by place. `plain`: the share of the border that it explains.

    `noise`: how far its pixels usually stray from it, in levels of 255.
    """

    terms: NDArray[np.float64]
    plain: float
    noise: float

    def at(self, y: NDArray[np.float64], x: NDArray[np.float64]) -> Floats:
        """RGB (n, 3) at places given as fractions of the height and the width."""
        return np.clip(_powers(y, x) @ self.terms, 0, 255).astype(np.float32)

    def whole(self, height: int, width: int) -> Floats:
        """RGB (h, w, 3) all over a picture."""
        y, x = np.mgrid[0:height, 0:width]
        flat = self.at((y.ravel() + 0.5) / height, (x.ravel() + 0.5) / width)
        return flat.reshape(height, width, 3)


def behind(pixels: Pixels) -> Backdrop:
    """The backdrop of a picture (h, w, 3) of moderate size."""
    height, width = pixels.shape[:2]
    ring = _ring(height, width)
    y, x = np.nonzero(ring)
    colours = pixels[ring].astype(np.float64)
    powers = _powers((y + 0.5) / height, (x + 0.5) / width)
    terms, fits = _fitted(powers, colours)
    strays = np.abs(colours[fits] - powers[fits] @ terms) if fits.any() else np.zeros((1, 3))
    return Backdrop(terms, float(fits.mean()), float(np.median(strays)) * 1.48)


def lab(rgb: NDArray[np.generic]) -> Floats:
    """RGB (h, w, 3), 0 to 255, in CIE LAB."""
    return np.asarray(cv2.cvtColor(rgb.astype(np.float32) / 255, cv2.COLOR_RGB2LAB), np.float32)


def distance(pixels: Pixels, backdrop: Backdrop) -> Floats:
    """How far each pixel is from the backdrop, in units of LAB.

    Darker counts less than coloured: a soft shadow on the backdrop belongs to it.
    """
    apart = lab(pixels) - lab(backdrop.whole(*pixels.shape[:2]))
    lightness = apart[..., 0]
    lightness *= np.where((lightness < 0) & (lightness > -25), np.float32(0.6), np.float32(1))
    return np.asarray(np.linalg.norm(apart, axis=2), np.float32)


def _fitted(
    powers: NDArray[np.float64], colours: NDArray[np.float64]
) -> tuple[NDArray[np.float64], Mask]:
    """Least squares over what fits, again and again, from the border's most frequent colour."""
    codes = (colours // 16).astype(np.int64) @ np.array([256, 16, 1])
    usual = np.bincount(codes).argmax()
    guess = np.median(colours[codes == usual], axis=0)
    terms = np.zeros((powers.shape[1], 3))
    terms[0] = guess
    fits = np.zeros(len(colours), bool)
    for step in range(_ROUNDS):
        apart = lab(colours[None]) - lab(np.clip(powers @ terms, 0, 255)[None])
        reach = _NEAR * max(1.0, 4.0 - step / 2)
        fits = np.asarray(np.linalg.norm(apart[0], axis=1) < reach)
        if fits.sum() < 4 * powers.shape[1]:
            break
        order = 1 if step < 2 else 3 if step < 5 else powers.shape[1]
        found = np.linalg.lstsq(powers[fits][:, :order], colours[fits], rcond=None)[0]
        terms = np.zeros_like(terms)
        terms[:order] = found
    return terms, fits


def _powers(y: NDArray[np.float64], x: NDArray[np.float64]) -> NDArray[np.float64]:
    y, x = 2 * y - 1, 2 * x - 1
    return np.stack([np.ones_like(x), x, y, x * y, x * x, y * y], axis=-1)


def _ring(height: int, width: int) -> Mask:
    """The border of a picture."""
    wide = max(1, round(0.025 * min(height, width)))
    ring = np.ones((height, width), bool)
    ring[wide : height - wide, wide : width - wide] = False
    return ring

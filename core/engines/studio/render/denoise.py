"""Taking the noise out of a path-traced picture, guided by what the surfaces are.

The surfaces' own colours are divided out first, so that textures stay as sharp as they are; what
is left, the light, is smoothed by an edge-avoiding à-trous filter whose stops are the normals, the
own colours and the brightness, the last in proportion to the measured noise (Dammertz et al. 2010;
Schied et al., "Spatiotemporal variance-guided filtering", 2017). The filter is local: what lies
further away than its reach can't change a pixel.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_KERNEL = (0.0625, 0.25, 0.375, 0.25, 0.0625)
_LEAST_OWN = 0.03
_NORMAL_STOP, _OWN_STOP, _LIGHT_STOP = 0.12, 0.2, 7.0
_EDGE_OWN, _EDGE_NORMAL = 0.12, 0.22
_NOISE_REACH = 4.0
_LUMINANCE = np.array([0.2126, 0.7152, 0.0722], np.float32)
_BANDS = 2


@dataclass(frozen=True)
class Guides:
    """`own`: the surfaces' colours, linear; `normals`: mapped to 0..1. Both float32 (h, w, 3)."""

    own: Floats
    normals: Floats


def denoised(light: Floats, variance: Floats, guides: Guides, levels: int = 5) -> Floats:
    """The picture without its noise.

    `light`: mean radiance, float32 (h, w, 3); `variance`: of that mean's luminance, (h, w).
    `levels`: each doubles the reach; 5 levels reach 62 pixels.
    """
    own = np.maximum(guides.own, _LEAST_OWN)
    shared = (_ranges(own) > _EDGE_OWN) | (_ranges(guides.normals) > _EDGE_NORMAL)
    grey = np.maximum(own @ _LUMINANCE, _LEAST_OWN)
    noise = _evened(_floats(variance / grey**2), shared)
    bare, noise = _without_sparks(_floats(light / own), noise)
    features = np.concatenate([guides.normals / _NORMAL_STOP, guides.own / _OWN_STOP], -1)
    planes = [np.ascontiguousarray(features[..., c]) for c in range(features.shape[-1])]
    for level in range(levels):
        bare, noise = _level(bare, noise, planes, 1 << level)
    return np.asarray(_mended(bare, own, shared) * own, np.float32)


def spread(passes_sum: Floats, squares_sum: Floats, passes: int) -> Floats:
    """Variance of the mean luminance of two or more equal passes, (h, w)."""
    mean = passes_sum / passes
    return _floats(np.maximum(squares_sum / passes - mean * mean, 0) / (passes - 1))


def luminance(light: Floats) -> Floats:
    return np.asarray(light @ _LUMINANCE, np.float32)


def _floats(values: NDArray[Any]) -> Floats:
    return np.asarray(values, np.float32)


def _evened(noise: Floats, shared: NDArray[np.bool_]) -> Floats:
    """A few passes tell little of one pixel's noise, so that its surroundings speak too.

    Pixels that two surfaces share stay out: what varies there is which of the two was hit, and
    taken for noise it would let the shadow beside the edge be smoothed away.
    """
    weight = np.where(shared, 1e-3, 1.0).astype(np.float32)
    total = cv2.GaussianBlur(noise * weight, (0, 0), _NOISE_REACH)
    return _floats(total / cv2.GaussianBlur(weight, (0, 0), _NOISE_REACH) + 1e-7)


def _mended(bare: Floats, own: Floats, shared: NDArray[np.bool_]) -> Floats:
    """Pixels that two surfaces share are like neither, so that no filter joins them to any.

    They take their light from the pixels around that lie on one surface, brighter surfaces
    counting for more, as they do in what the pixel shows.
    """
    weight = own * np.where(shared, 1e-3, 1.0).astype(np.float32)[..., None]
    around = cv2.GaussianBlur(bare * weight, (5, 5), 1.0) / cv2.GaussianBlur(weight, (5, 5), 1.0)
    return np.where(shared[..., None], around, bare)


def _ranges(values: Floats) -> Floats:
    """How far the values differ within 3 by 3 pixels, the largest of the channels, (h, w)."""
    square = np.ones((3, 3), np.uint8)
    return _floats((cv2.dilate(values, square) - cv2.erode(values, square)).max(axis=-1))


def _without_sparks(bare: Floats, noise: Floats) -> tuple[Floats, Floats]:
    """Single bright pixels (light that found its way by luck) brought down to their like."""
    bright = luminance(bare)
    middle = cv2.medianBlur(bright, 5)
    around = cv2.GaussianBlur(bright, (0, 0), 1.5)
    limit = np.maximum(middle, around) * 1.6 + 2.0 * np.sqrt(np.maximum(noise, 0)) * 0.5 + 0.02
    factor = np.minimum(1.0, limit / np.maximum(bright, 1e-6))
    return (bare * factor[..., None]).astype(np.float32), (noise * factor**2).astype(np.float32)


def _level(bare: Floats, noise: Floats, features: list[Floats], step: int) -> tuple[Floats, Floats]:
    """One pass of the filter with holes of `step` pixels, in bands on all cores."""
    high, wide = bare.shape[:2]
    pad = 2 * step
    planes = [np.pad(bare[..., c], pad, mode="edge") for c in range(3)]
    bright = sum(float(w) * p for w, p in zip(_LUMINANCE, planes, strict=True))
    wide_noise = np.pad(noise, pad, mode="edge")
    scale = _floats(1.0 / (_LIGHT_STOP * np.sqrt(cv2.GaussianBlur(wide_noise, (5, 5), 0)) + 1e-4))
    stops = [np.pad(f, pad, mode="edge") for f in features]
    tapped = _Tapped(planes, np.asarray(bright, np.float32), wide_noise, scale, stops, pad, wide)
    cuts = np.linspace(0, high, _BANDS + 1).astype(int).tolist()
    with ThreadPoolExecutor(_BANDS) as pool:
        bands = list(pool.map(lambda b: tapped.band(cuts[b], cuts[b + 1], step), range(_BANDS)))
    return np.concatenate([b[0] for b in bands]), np.concatenate([b[1] for b in bands])


@dataclass(frozen=True)
class _Tapped:
    """Padded planes of one level, to be read at shifted places."""

    planes: list[Floats]
    bright: Floats
    noise: Floats
    scale: Floats
    stops: list[Floats]
    pad: int
    wide: int

    def band(self, top: int, bottom: int, step: int) -> tuple[Floats, Floats]:
        """Filtered light (rows, w, 3) and its noise (rows, w) of the rows top..bottom."""
        bright = self._at(self.bright, top, bottom, 0, 0)
        scale = self._at(self.scale, top, bottom, 0, 0)
        stops = [self._at(s, top, bottom, 0, 0) for s in self.stops]
        total = np.zeros_like(bright)
        sums = [np.zeros_like(bright) for _ in range(3)]
        noise = np.zeros_like(bright)
        for dy, dx, share in _taps(step):
            edge = np.abs(self._at(self.bright, top, bottom, dy, dx) - bright) * scale
            for stop, here in zip(self.stops, stops, strict=True):
                gap = self._at(stop, top, bottom, dy, dx) - here
                edge += gap * gap
            weight = np.exp(-edge) * np.float32(share)
            total += weight
            for c in range(3):
                sums[c] += weight * self._at(self.planes[c], top, bottom, dy, dx)
            noise += weight * weight * self._at(self.noise, top, bottom, dy, dx)
        return np.stack([s / total for s in sums], -1), noise / (total * total)

    def _at(self, plane: Floats, top: int, bottom: int, dy: int, dx: int) -> Floats:
        return plane[
            self.pad + top + dy : self.pad + bottom + dy, self.pad + dx : self.pad + dx + self.wide
        ]


def _taps(step: int) -> list[tuple[int, int, float]]:
    """Offsets and shares: 5 by 5 near by, 3 by 3 further out where the light is smooth already."""
    if step <= 2:
        return [
            (dy * step, dx * step, _KERNEL[dy + 2] * _KERNEL[dx + 2])
            for dy in range(-2, 3) for dx in range(-2, 3)
        ]  # fmt: skip
    near = (0.25, 0.5, 0.25)
    return [
        (dy * step, dx * step, near[dy + 1] * near[dx + 1])
        for dy in range(-1, 2) for dx in range(-1, 2)
    ]  # fmt: skip

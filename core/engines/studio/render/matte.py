"""True transparency: how much of each pixel a thing covers, and its colour without the ground's."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_INSIDE, _OUTSIDE = 0.995, 0.005
_BLEED_PIXELS = 3.0


def cut_free(light: Floats, cover: Floats) -> Floats:
    """The things' own light, (h, w, 3), where `light` also holds what is behind their edges.

    `cover`: the covered share of each pixel, (h, w). A pixel on an edge mixes the thing with the
    ground; it takes the colour of the covered pixels around it instead. Where a thing is too
    thin to have any, the ground around is subtracted: F = (C - (1 - a) B) / a.
    """
    inside = (cover >= _INSIDE).astype(np.float32)
    outside = (cover <= _OUTSIDE).astype(np.float32)
    own, certain = _spread(light, inside)
    ground, _ = _spread(light, outside)
    share = np.maximum(cover, 0.05)[..., None]
    unmixed = np.maximum((light - (1 - share) * ground) / share, 0)
    trust = np.clip(certain * 6, 0, 1)[..., None]
    edge = own * trust + unmixed * (1 - trust)
    return np.where(inside[..., None] > 0, light, edge).astype(np.float32)


def assembled(pixels: NDArray[np.uint8], cover: Floats) -> NDArray[np.uint8]:
    """RGBA with straight alpha, (h, w, 4). Colour runs a little past the edge, then is zero, so
    that enlarging the picture draws no dark rim."""
    alpha = np.round(np.clip(cover, 0, 1) * 255).astype(np.uint8)
    near = cv2.dilate((alpha > 0).astype(np.uint8), np.ones((5, 5), np.uint8))
    return np.dstack([pixels * near[..., None], alpha])


def _spread(light: Floats, known: Floats) -> tuple[Floats, Floats]:
    """Known pixels run into their surroundings (normalised convolution), and how surely."""
    weight = cv2.GaussianBlur(known, (0, 0), _BLEED_PIXELS)
    mixed = cv2.GaussianBlur(light * known[..., None], (0, 0), _BLEED_PIXELS)
    own = mixed / np.maximum(weight, 1e-6)[..., None]
    return np.asarray(own, np.float32), np.asarray(weight, np.float32)

"""Procedural textures: wood, stone, cloth, fruit skin. All tile, and follow from their seed.

Every function returns linear reflectance, float32 (size, size, 3).
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

SIZE = 1024


def noise(size: int, cells: tuple[int, int], rng: np.random.Generator) -> Floats:
    """Smooth tiling noise about 0, `cells` (across, down) bumps; float32 (size, size)."""
    across, down = cells
    grid = rng.standard_normal((down, across)).astype(np.float32)
    padded = np.pad(grid, 3, mode="wrap")
    scale = size / max(across, 1), size / max(down, 1)
    big = cv2.resize(
        padded, (round((across + 6) * scale[0]), round((down + 6) * scale[1])),
        interpolation=cv2.INTER_CUBIC,
    )  # fmt: skip
    x, y = round(3 * scale[0]), round(3 * scale[1])
    return np.asarray(big[y : y + size, x : x + size], np.float32)


def clouds(size: int, cells: tuple[int, int], octaves: int, rng: np.random.Generator) -> Floats:
    """Octaves of noise, each half as strong as the one before."""
    total = np.zeros((size, size), np.float32)
    for octave in range(octaves):
        finer = min(cells[0] << octave, size // 2), min(cells[1] << octave, size // 2)
        total += noise(size, finer, rng) / 2**octave
    return total


def planks(
    light: Floats, dark: Floats, seed: int, *, boards: int = 8, size: int = SIZE, gap: float = 0.45
) -> Floats:
    """Boards along x, each cut from its own log: rings, pores, knots of shade, thin joints."""
    rng = np.random.default_rng(seed)
    grain = np.zeros((size, size), np.float32)
    shade = np.zeros((size, size), np.float32)
    rows = np.linspace(0, size, boards + 1).astype(int)
    warp, fine = clouds(size, (2, 7), 4, rng), clouds(size, (4, 180), 3, rng)
    pores = np.clip(noise(size, (46, 480), rng) - 1.05, 0, 1)
    for index in range(boards):
        band = slice(rows[index], rows[index + 1])
        y = np.linspace(0, 1, rows[index + 1] - rows[index], dtype=np.float32)[:, None]
        bow = np.roll(warp[band], int(rng.integers(size)), axis=1)
        rings = (y - rng.uniform(0.2, 0.8)) * rng.uniform(3, 7) + bow * rng.uniform(0.5, 1.0)
        grain[band] = 0.5 + 0.5 * np.sin(rings * 6.283)
        shade[band] = rng.uniform(-0.16, 0.16) + 0.05 * bow
    mix = np.clip(0.22 + 0.4 * grain**1.5 + 0.16 * fine + shade, 0, 1)[..., None]
    wood = light * (1 - mix) + dark * mix
    wood *= (1 - 0.45 * pores)[..., None]
    if gap > 0:
        wood *= _joints(size, rows, gap)
    return np.asarray(wood, np.float32)


def marble(base: Floats, vein: Floats, seed: int, size: int = SIZE) -> Floats:
    rng = np.random.default_rng(seed)
    drift = clouds(size, (3, 3), 5, rng)
    second = clouds(size, (5, 4), 4, rng)
    lines = 1 - np.clip(np.abs(drift + 0.35 * second) / 0.16, 0, 1)
    thin = 1 - np.clip(np.abs(second - 0.3 + 0.4 * drift) / 0.05, 0, 1)
    cloud = np.clip(0.5 + 0.3 * clouds(size, (2, 2), 3, rng), 0, 1)
    mix = np.clip(0.55 * lines**1.6 * cloud + 0.5 * thin**2 * cloud + 0.1 * cloud, 0, 1)
    return np.asarray(base * (1 - mix[..., None]) + vein * mix[..., None], np.float32)


def concrete(base: Floats, seed: int, size: int = SIZE) -> Floats:
    rng = np.random.default_rng(seed)
    blotch = clouds(size, (3, 3), 6, rng)
    pits = np.clip(noise(size, (190, 190), rng) - 2.1, 0, 1) * 1.2
    tone = 1 + 0.085 * blotch + 0.05 * noise(size, (420, 420), rng) - 0.6 * pits
    return np.asarray(base * np.clip(tone, 0.2, 1.5)[..., None], np.float32)


def slate(base: Floats, seed: int, size: int = SIZE) -> Floats:
    rng = np.random.default_rng(seed)
    layers = clouds(size, (3, 9), 6, rng)
    edge = np.clip(np.abs(np.gradient(layers, axis=0)) * 22, 0, 1)
    tone = 1 + 0.22 * layers - 0.35 * edge + 0.08 * noise(size, (300, 300), rng)
    return np.asarray(base * np.clip(tone, 0.3, 2.0)[..., None], np.float32)


def cloth(base: Floats, seed: int, *, threads: int = 128, size: int = SIZE) -> Floats:
    """A plain weave with slubs: uneven threads, as linen has them."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:size, 0:size].astype(np.float32) * (threads / size)
    warp = np.abs(np.sin(np.pi * x)) * (0.75 + 0.25 * np.sin(np.pi * (y + np.floor(x))))
    weft = np.abs(np.sin(np.pi * y)) * (0.75 + 0.25 * np.cos(np.pi * (x + np.floor(y))))
    slub = 0.12 * noise(size, (threads, 6), rng) + 0.12 * noise(size, (6, threads), rng)
    tone = 0.74 + 0.24 * np.maximum(warp, weft) + slub * 0.55
    return np.asarray(base * np.clip(tone, 0.3, 1.25)[..., None], np.float32)


def terrazzo(base: Floats, seed: int, size: int = SIZE) -> Floats:
    rng = np.random.default_rng(seed)
    ground = base * (1 + 0.03 * clouds(size, (6, 6), 3, rng))[..., None]
    chips = np.array(
        [[0.45, 0.24, 0.16], [0.1, 0.12, 0.13], [0.62, 0.5, 0.33], [0.2, 0.28, 0.25]], np.float32
    )
    for _ in range(420):
        centre = rng.integers(0, size, 2)
        corners = centre + rng.normal(0, rng.uniform(4, 14), (5, 2))
        hull = cv2.convexHull(corners.astype(np.int32))
        colour = chips[rng.integers(len(chips))] * rng.uniform(0.8, 1.2)
        cv2.fillConvexPoly(ground, hull, tuple(float(c) for c in colour), cv2.LINE_AA)
    return np.asarray(ground, np.float32)


def grainy(base: Floats, seed: int, *, strength: float, size: int = SIZE) -> Floats:
    """Sand and soil: grains over soft clouds."""
    rng = np.random.default_rng(seed)
    tone = 1 + strength * (noise(size, (330, 330), rng) + 0.6 * clouds(size, (5, 5), 4, rng))
    return np.asarray(base * np.clip(tone, 0.25, 1.8)[..., None], np.float32)


def grass(base: Floats, seed: int, size: int = SIZE) -> Floats:
    rng = np.random.default_rng(seed)
    blades = noise(size, (260, 40), rng) + noise(size, (300, 70), rng)
    tone = 1 + 0.32 * blades + 0.2 * clouds(size, (6, 6), 3, rng)
    tint = np.stack([1 + 0.1 * blades, np.ones_like(blades), 1 - 0.1 * blades], -1)
    return np.asarray(base * np.clip(tone, 0.2, 2)[..., None] * np.clip(tint, 0.6, 1.4), np.float32)


def apple_skin(base: Floats, seed: int, size: int = 512) -> Floats:
    """Streaks from pole to pole, paler about the stem, with fine freckles. v runs up the fruit."""
    rng = np.random.default_rng(seed)
    v = np.linspace(0, 1, size, dtype=np.float32)[:, None]
    blush = base * 0.35 + np.array([0.62, 0.52, 0.16], np.float32) * 0.65
    streak = clouds(size, (70, 3), 3, rng) * 0.5 + clouds(size, (5, 2), 3, rng) * 0.7
    pale = np.clip((v - 0.8) * 4.2 + 0.26 * streak - 0.18, 0, 0.85)
    pale = np.maximum(pale, np.clip((0.16 - v) * 4 + 0.1 * streak, 0, 0.7))[..., None]
    skin = base * (1 + 0.16 * streak)[..., None] * (1 - pale) + blush * pale
    freckles = np.clip(noise(size, (120, 90), rng) - 1.9, 0, 1)[..., None]
    return np.asarray(np.clip(skin + freckles * 0.22, 0.003, 0.85), np.float32)


def peel(base: Floats, seed: int, size: int = 512) -> Floats:
    """Citrus: even colour, tiny pores."""
    rng = np.random.default_rng(seed)
    pores = np.clip(noise(size, (150, 110), rng) - 0.9, 0, 1)
    tone = 1 + 0.05 * clouds(size, (4, 4), 3, rng) - 0.16 * pores
    return np.asarray(np.clip(base * tone[..., None], 0.003, 0.85), np.float32)


def mottled(base: Floats, seed: int, *, strength: float = 0.12, size: int = 512) -> Floats:
    """Hand-made unevenness, for clay, leather and leaves."""
    rng = np.random.default_rng(seed)
    tone = 1 + strength * clouds(size, (6, 6), 5, rng)
    return np.asarray(np.clip(base * tone[..., None], 0.003, 0.86), np.float32)


def _joints(size: int, rows: NDArray[np.int_], depth: float) -> Floats:
    """Dark lines between boards, factor per pixel (size, 1, 1)."""
    line = np.ones(size, np.float32)
    for row in rows[:-1]:
        line[row % size] = 1 - depth
        line[(row - 1) % size] = 1 - depth * 0.6
    return line[:, None, None]

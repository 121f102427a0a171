"""Laptops, phones, headphone-like things: what has a screen or a lens."""

from __future__ import annotations

import numpy as np

from core.engines.studio.meshes.geometry import Mesh, joined, lathe, rounded, rounded_box
from core.engines.studio.meshes.parts import Part


def laptop() -> list[Part]:
    """Open at 108 degrees, the screen on."""
    base = rounded_box(31, 22, 1.25, 0.55).moved(z=0.15)
    lid = rounded_box(31, 0.7, 21, 0.3).moved(y=0.2)
    glass = _face(29.6, 19.0).moved(z=0.9, y=-0.17)
    bezel = rounded_box(30.2, 0.05, 20.2, 0.02).moved(y=-0.14, z=0.4)
    opened = [_opened(mesh) for mesh in (lid, glass, bezel)]
    keys = joined([_key(row, column) for row in range(5) for column in range(14)])
    space = rounded_box(12.2, 1.45, 0.16, 0.07).moved(x=-0.5, y=0.05, z=1.37)
    pad = rounded_box(10.4, 6.2, 0.05, 0.02).moved(y=-6.6, z=1.38)
    return [
        Part(joined([base, opened[0], pad])), Part(opened[1], "screen"),
        Part(joined([opened[2], keys, space]), "black plastic"),
    ]  # fmt: skip


def phone() -> list[Part]:
    """Leaning back a little on a small stand, the screen on."""
    body = rounded_box(7.2, 0.85, 15.0, 0.4, steps=6)
    glass = _face(6.7, 14.5).moved(y=-0.44, z=0.25)
    lens = lathe(rounded([(0, 0, 0), (0.8, 0, 0.1), (0.8, 0.25, 0.1), (0, 0.25, 0)]))
    camera = lens.turned(-90, "x").moved(x=2.2, y=0.42, z=12.8)
    stand = rounded_box(6.0, 3.4, 1.1, 0.4, steps=5).moved(y=0.6)
    tilted = [mesh.turned(-12, "x").moved(y=-0.6, z=0.72) for mesh in (body, glass, camera)]
    return [
        Part(tilted[0]), Part(tilted[1], "screen"), Part(joined([tilted[2], stand]),
                                                         "black plastic"),
    ]  # fmt: skip


def camera() -> list[Part]:
    """A small photo camera, its lens to the front."""
    body = rounded_box(12.4, 4.2, 7.2, 0.7, steps=6)
    top = rounded_box(11.6, 3.8, 1.5, 0.5).moved(z=7.0)
    finder = rounded_box(3.4, 3.2, 1.9, 0.5).moved(z=8.0)
    barrel = lathe(
        rounded([
            (0, 0, 0), (3.0, 0, 0.2), (3.1, 2.2, 0.3), (2.8, 2.4, 0.2), (2.8, 4.6, 0.3),
            (2.45, 4.7, 0.2), (2.2, 3.4, 0.2), (1.9, 3.3, 0.1), (0, 3.2, 0),
        ])
    ).turned(90, "x").moved(y=-2.0, z=3.7)  # fmt: skip
    lens = lathe([(1.95, 3.4), (1.4, 3.75), (0.7, 3.9), (0, 3.95)]).turned(90, "x")
    dial = lathe(rounded([(0, 0, 0), (1.0, 0, 0.1), (1.0, 0.7, 0.15), (0, 0.7, 0)]), segments=32)
    return [
        Part(body), Part(joined([top, finder, dial.moved(x=4.4, z=8.4)]), "steel"),
        Part(barrel, "black plastic"), Part(lens.moved(y=-2.0, z=3.7), "lens"),
    ]  # fmt: skip


def _opened(mesh: Mesh) -> Mesh:
    """The lid's place: its foot at the base's rear edge, leaning back."""
    return mesh.turned(-18, "x").moved(y=10.7, z=1.15)


def _key(row: int, column: int) -> Mesh:
    width = 1.72
    x = (column - 6.5) * 2.0
    return rounded_box(width, 1.45, 0.16, 0.07, steps=2).moved(x=x, y=1.75 + row * 1.72, z=1.37)


def _face(width: float, height: float) -> Mesh:
    """An upright sheet that looks to the front (-y), its texture upright."""
    corners = np.array(
        [[-width / 2, 0, 0], [width / 2, 0, 0], [width / 2, 0, height], [-width / 2, 0, height]],
        np.float32,
    )
    uv = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
    normals = np.tile(np.array([[0, -1, 0]], np.float32), (4, 1))
    return Mesh(corners, normals, uv, np.array([[0, 1, 2], [0, 2, 3]], np.uint32))

"""Fruit, vegetables and cakes."""

from __future__ import annotations

import numpy as np

from core.engines.studio.meshes.geometry import (
    Floats,
    Mesh,
    blob,
    joined,
    lathe,
    measured_normals,
    patch,
    rounded,
    smooth,
    sweep,
)
from core.engines.studio.meshes.parts import Part


def apple() -> list[Part]:
    flesh = lathe(
        smooth([
            (0, 0.9), (0.5, 0.62), (1.1, 0.2), (1.75, 0.05), (2.55, 0.75), (3.3, 2.1), (3.75, 3.9),
            (3.7, 5.2), (3.1, 6.45), (2.1, 7.05), (1.2, 6.95), (0.6, 6.45), (0.2, 5.95), (0, 5.85),
        ], steps=7)
    )  # fmt: skip
    stem = _stem([(0, 0, 5.7), (0.1, 0, 6.9), (0.45, 0.1, 8.1)], 0.16)
    leaf = _leaf(2.6, 1.1).turned(-25, "y").turned(30).moved(0.25, 0.05, 7.3)
    return [Part(_lobed(flesh, 5, 0.035)), Part(stem, "bark"), Part(leaf, "leaf")]


def lemon() -> list[Part]:
    """Lying on its side."""
    peel = lathe(
        smooth([
            (0, -4.5), (0.35, -4.42), (0.62, -4.1), (0.95, -3.7), (1.8, -2.95), (2.55, -1.7),
            (2.8, 0), (2.55, 1.7), (1.8, 2.9), (0.95, 3.5), (0.55, 3.75), (0.3, 3.85), (0, 3.87),
        ], steps=7)
    )  # fmt: skip
    return [Part(peel.turned(83, "y").moved(z=2.82))]


def orange() -> list[Part]:
    peel = blob(3.8, lambda d: _dimpled(d, 0.95))
    scar = lathe(rounded([(0, 0, 0), (0.42, 0, 0.1), (0.36, 0.16, 0.1), (0, 0.2, 0)]), segments=10)
    return [Part(_standing(peel)), Part(scar.moved(z=6.85), "bark")]


def pear() -> list[Part]:
    flesh = lathe(
        smooth([
            (0, 0.5), (0.6, 0.3), (1.4, 0.03), (2.5, 0.7), (3.35, 2.3), (3.4, 3.9), (2.8, 5.6),
            (2.0, 7.1), (1.55, 8.4), (1.2, 9.3), (0.65, 9.75), (0.2, 9.65), (0, 9.5),
        ], steps=7)
    )  # fmt: skip
    stem = _stem([(0, 0, 9.4), (0.1, 0, 10.4), (0.6, 0.1, 11.5)], 0.15)
    return [Part(flesh), Part(stem, "bark")]


def tomato() -> list[Part]:
    flesh = _lobed(_standing(blob(3.6, lambda d: _dimpled(d, 0.82))), 6, 0.03)
    leaves = [
        _leaf(1.9, 0.5).turned(18, "y").turned(angle).moved(z=5.45) for angle in range(0, 360, 72)
    ]
    stem = _stem([(0, 0, 5.2), (0.1, 0, 6.3)], 0.15)
    return [Part(flesh), Part(joined([*leaves, stem]), "leaf")]


def pumpkin() -> list[Part]:
    flesh = _lobed(_standing(blob(9.0, lambda d: _dimpled(d, 0.74))), 12, 0.1)
    stem = _stem([(0, 0, 11.2), (0.2, 0, 13.6), (1.4, 0.3, 15.8)], 0.85)
    return [Part(flesh), Part(stem, "bark")]


def egg() -> list[Part]:
    def shape(d: Floats) -> Floats:
        narrow = 1 - 0.12 * d[:, 2]
        return np.stack([d[:, 0] * narrow, d[:, 1] * narrow, d[:, 2] * 1.28], -1)

    return [Part(_standing(blob(2.2, shape)))]


def banana() -> list[Part]:
    angles = np.linspace(-1.05, 1.05, 24)
    spine = [(9.5 * np.sin(a), 9.5 * (np.cos(a) - 0.62), 1.75) for a in angles]
    radii = 1.72 * np.clip(1 - np.abs(np.linspace(-1, 1, 24)) ** 4, 0.16, 1)
    return [Part(sweep(spine, radii, sides=10)), Part(_banana_tips(spine), "bark")]


def cherry() -> list[Part]:
    fruit = _standing(blob(1.15, lambda d: _dimpled(d, 0.92)))
    stem = _stem([(0, 0, 1.95), (0.35, 0.1, 3.8), (1.3, 0.2, 5.4)], 0.07)
    return [Part(fruit), Part(stem, "leaf")]


def donut() -> list[Part]:
    dough = _torus(4.1, 1.85, flat=0.86)
    icing = _torus(4.1, 1.93, flat=0.86)
    edge = 1.75 + 0.22 * np.sin(np.arctan2(icing.vertices[:, 1], icing.vertices[:, 0]) * 7)
    keep = (icing.vertices[:, 2] > edge)[icing.faces].all(axis=1)
    top = Mesh(icing.vertices, icing.normals, icing.uv, icing.faces[keep])
    return [Part(dough, "crust"), Part(top)]


def cake() -> list[Part]:
    """A layered cake under frosting, with cherries."""
    stand = lathe(rounded([(0, 0, 0), (12.5, 0, 0.3), (12.8, 0.8, 0.4), (0, 0.85, 0)]))
    frosting = lathe(
        rounded([
            (0, 0.86, 0), (9.9, 0.86, 0.4), (10.2, 1.5, 0.6), (10.0, 4.8, 0.3), (10.2, 5.2, 0.3),
            (10.0, 9.6, 1.2), (0, 10.0, 0),
        ])
    )  # fmt: skip
    berry = _standing(blob(0.95, lambda d: d, rings=20))
    swirls, cherries = [], []
    for angle in range(0, 360, 45):
        swirls.append(_swirl().moved(x=7.6, z=9.7).turned(angle))
        cherries.append(berry.moved(x=7.6, z=11.0).turned(angle))
    return [
        Part(stand, "porcelain"),
        Part(joined([frosting, *swirls])),
        Part(joined(cherries), "berry"),
    ]


def cupcake() -> list[Part]:
    cup = lathe(rounded([(0, 0, 0), (2.6, 0, 0.2), (3.7, 4.4, 0.2), (0, 4.6, 0)]), segments=144)
    folded = _lobed(cup, 24, 0.03)
    frosting = [
        _swirl().scaled(2.55 - 0.62 * step, None, 1.35).moved(z=4.4 + 1.25 * step)
        for step in range(3)
    ]
    berry = _standing(blob(0.9, lambda d: d, rings=20)).moved(z=8.9)
    return [Part(folded, "paper cup"), Part(joined(frosting)), Part(berry, "berry")]


def _stem(points: list[tuple[float, float, float]], radius: float) -> Mesh:
    line = smooth(points)
    return sweep(line, np.linspace(radius, radius * 1.25, len(line)).tolist(), sides=10)


def _leaf(length: float, width: float) -> Mesh:
    """A pointed leaf along +x, folded along its middle."""

    def surface(u: np.ndarray, v: np.ndarray) -> np.ndarray:
        across = (v - 0.5) * width * np.sin(np.pi * u**0.8)
        return np.stack(
            [u * length, across, 0.25 * np.sin(u * 2.4) * length * 0.4 + np.abs(across) * 0.5], -1
        )

    return patch(surface, 16, 9)


def _dimpled(d: Floats, squash: float) -> Floats:
    """A sphere pressed flat by `squash`, with a dimple at the top."""
    dimple = 0.12 * np.exp(-(((1 - d[:, 2]) / 0.05) ** 1.0)) * (d[:, 2] > 0)
    return np.stack([d[:, 0], d[:, 1], d[:, 2] * squash - dimple], -1)


def _standing(mesh: Mesh) -> Mesh:
    return mesh.moved(z=-float(mesh.vertices[:, 2].min()))


def _lobed(mesh: Mesh, lobes: int, depth: float) -> Mesh:
    """Drawn in along `lobes` meridians by the fraction `depth` of the radius."""
    angle = np.arctan2(mesh.vertices[:, 1], mesh.vertices[:, 0])
    factor = 1 - depth * (1 - np.abs(np.sin(angle * lobes / 2)))
    points = mesh.vertices.copy()
    points[:, :2] *= factor[:, None]
    return Mesh(points, measured_normals(points, mesh.faces), mesh.uv, mesh.faces)


def _torus(radius: float, tube: float, flat: float) -> Mesh:
    """A ring lying on z = 0."""
    angle = np.linspace(-np.pi / 2, 1.5 * np.pi, 49)
    profile = [(radius + tube * np.cos(a), (tube * np.sin(a) + tube) * flat) for a in angle]
    return lathe(profile)


def _swirl() -> Mesh:
    """A piped rosette, radius 1.5, height 1.6."""
    cone = lathe(
        smooth(
            [(0, 0), (1.3, 0), (1.5, 0.35), (1.1, 0.8), (0.75, 1.2), (0.25, 1.6), (0, 1.65)],
            steps=3,
        )
    )
    return _lobed(cone, 8, 0.16)


def _banana_tips(spine: list[tuple[float, float, float]]) -> Mesh:
    ends = [
        lathe(rounded([(0, -0.5, 0), (0.34, -0.5, 0.1), (0.3, 0.5, 0.1), (0, 0.5, 0)]), segments=8)
        .turned(90, "y").turned(angle).moved(*point)
        for point, angle in ((spine[0], 60.0), (spine[-1], -60.0))
    ]  # fmt: skip
    return joined(ends)

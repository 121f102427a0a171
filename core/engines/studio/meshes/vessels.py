"""What holds something: mugs, bowls, plates, bottles, vases, jars, glasses, pots."""

from __future__ import annotations

import numpy as np

from core.engines.studio.meshes.geometry import Mesh, joined, lathe, rounded, smooth, sweep
from core.engines.studio.meshes.parts import Part


def mug() -> list[Part]:
    """A straight mug with a thick glaze, filled with coffee."""
    wall = lathe(
        rounded([
            (0, 0.15, 0), (3.3, 0.15, 0.1), (3.45, 0, 0.15), (3.95, 0, 0.9), (4.1, 1.2, 1.5),
            (4.1, 9.45, 0.4), (3.72, 9.45, 0.4), (3.68, 1.4, 0.9), (0, 1.0, 0),
        ])
    )  # fmt: skip
    handle = sweep(
        smooth([(3.9, 0, 7.9), (5.2, 0, 8.25), (6.55, 0, 7.2), (6.6, 0, 4.9), (5.6, 0, 3.0),
                (3.9, 0, 2.4)]),
        0.5, flat=1.45,
    )  # fmt: skip
    return [Part(joined([wall, handle])), Part(_disc(3.71, 8.3), "coffee")]


def teacup() -> list[Part]:
    """A wide cup on its saucer, with tea."""
    wall = lathe(
        rounded([
            (0, 1.3, 0), (2.3, 1.3, 0.2), (2.45, 1.0, 0.3), (2.8, 1.7, 1.2), (4.3, 4.2, 3),
            (4.75, 7.1, 0.3), (4.5, 7.1, 0.3), (4.05, 4.4, 3), (2.2, 1.9, 1.2), (0, 1.7, 0),
        ])
    )  # fmt: skip
    handle = sweep(
        smooth([(4.35, 0, 6.3), (5.6, 0, 6.7), (6.4, 0, 5.6), (5.7, 0, 4.0), (3.9, 0, 3.4)]),
        0.34, flat=1.3,
    )  # fmt: skip
    saucer = lathe(_dish(7.2, 1.5, 0.35))
    return [Part(joined([wall, handle, saucer])), Part(_disc(4.42, 6.2), "tea")]


def bowl() -> list[Part]:
    return [
        Part(
            lathe(
                rounded([
                    (0, 0.3, 0), (3.6, 0.3, 0.2), (3.8, 0, 0.3), (4.3, 0.3, 0.6), (8.3, 2.4, 3),
                    (9.4, 5.8, 0.35), (9.05, 5.8, 0.35), (7.9, 2.8, 3), (4.4, 1.15, 2),
                    (0, 0.95, 0),
                ], steps=10)
            )
        )
    ]  # fmt: skip


def plate() -> list[Part]:
    return [Part(lathe(_dish(13.0, 2.2, 0.5), segments=128))]


def bottle() -> list[Part]:
    """A wine bottle with its cork."""
    glass = lathe(
        smooth([
            (0, 0.9), (1.6, 0.7), (2.9, 0.08), (3.5, 0.25), (3.72, 1.1), (3.75, 3), (3.75, 10),
            (3.75, 17.2), (3.55, 19.4), (2.5, 21.4), (1.62, 23.2), (1.42, 25), (1.4, 28),
            (1.4, 28.6), (1.62, 28.75), (1.64, 29.6), (1.5, 29.8), (1.05, 29.85), (0.98, 29.6),
            (0.95, 28), (0, 27.9),
        ], steps=6)
    )  # fmt: skip
    cork = lathe(rounded([(0, 28.1, 0), (0.97, 28.1, 0.1), (0.99, 30.7, 0.2), (0, 30.75, 0)]))
    return [Part(glass), Part(cork, "cork")]


def vase() -> list[Part]:
    return [
        Part(
            lathe(
                smooth([
                    (0, 0.3), (2.6, 0.25), (3.2, 0.05), (3.7, 0.5), (5.4, 4.5), (6.4, 9.5),
                    (6.0, 14), (4.3, 18.2), (2.7, 20.6), (2.35, 22), (2.75, 23.6), (3.15, 24.2),
                    (3.05, 24.45), (2.75, 24.3), (2.3, 23.2), (2.0, 22), (2.35, 20.4), (4.0, 17.8),
                    (5.6, 13), (5.6, 9), (4, 3), (0, 1),
                ], steps=7)
            )
        )
    ]  # fmt: skip


def jar() -> list[Part]:
    """A kitchen jar with a lid and a knob."""
    body = lathe(
        rounded([
            (0, 0.2, 0), (4.2, 0.2, 0.1), (4.35, 0, 0.2), (5.0, 0.2, 0.8), (5.2, 1.2, 1.2),
            (5.2, 10.8, 1.2), (4.7, 12.1, 0.5), (4.45, 12.2, 0.2), (4.4, 11, 0.3), (0, 11, 0),
        ])
    )  # fmt: skip
    lid = lathe(
        rounded([
            (0, 12.22, 0), (4.9, 12.22, 0.15), (5.0, 12.6, 0.3), (4.7, 13.0, 0.4), (2.4, 13.5, 1.5),
            (0.75, 13.7, 0.3), (0.7, 14.3, 0.3), (1.25, 14.9, 0.5), (1.1, 15.6, 0.5), (0, 15.75, 0),
        ])
    )  # fmt: skip
    return [Part(joined([body, lid]))]


def tumbler() -> list[Part]:
    """A drinking glass of water."""
    glass = lathe(
        rounded([
            (0, 0, 0), (2.9, 0, 0.3), (3.15, 0.4, 0.5), (3.7, 10.6, 0.12), (3.52, 10.6, 0.12),
            (2.95, 1.2, 0.5), (0, 1.1, 0),
        ])
    )  # fmt: skip
    return [Part(glass)]


def wine_glass() -> list[Part]:
    return [
        Part(
            lathe(
                smooth([
                    (0, 0.15), (2.4, 0.12), (3.45, 0.02), (3.6, 0.14), (3.3, 0.34), (1.5, 0.75),
                    (0.55, 1.6), (0.4, 4), (0.42, 8), (0.9, 9.2), (2.9, 10.8), (4.0, 13.2),
                    (4.05, 16), (3.45, 19.6), (3.3, 20.9), (3.25, 21), (3.2, 20.9), (3.33, 19.5),
                    (3.9, 16), (3.85, 13.3), (2.8, 11.1), (1.0, 9.8), (0, 9.6),
                ], steps=6)
            )
        )
    ]  # fmt: skip


def teapot() -> list[Part]:
    body = lathe(
        smooth([
            (0, 0.25), (3.6, 0.2), (4.3, 0.02), (4.7, 0.5), (6.8, 3.2), (7.6, 6.6), (6.6, 10),
            (4.4, 11.9), (3.6, 12.3), (3.5, 12.7), (2.2, 13.6), (0.9, 14.1), (0.65, 14.6),
            (1.2, 15.3), (1.05, 16.1), (0, 16.4),
        ], steps=7)
    )  # fmt: skip
    spout = sweep(
        smooth([(-5.8, 0, 4.6), (-8.2, 0, 5.5), (-9.6, 0, 8.4), (-10.9, 0, 11.4)]),
        np.linspace(1.7, 0.72, 25).tolist(), flat=1.0,
    )  # fmt: skip
    handle = sweep(
        smooth([(5.9, 0, 10.3), (8.4, 0, 11.3), (10.5, 0, 9.3), (10.2, 0, 6.2), (7.0, 0, 3.9)]),
        0.52, flat=1.4,
    )  # fmt: skip
    return [Part(joined([body, spout, handle]))]


def pitcher() -> list[Part]:
    body = lathe(
        smooth([
            (0, 0.2), (3.8, 0.15), (4.4, 0.05), (4.9, 0.6), (6.2, 4.5), (6.3, 9), (5.0, 14),
            (4.2, 17.5), (4.6, 20.8), (4.75, 21.2), (4.6, 21.4), (4.4, 21.2), (3.95, 17.5),
            (4.7, 14), (5.9, 9), (5.6, 4.5), (3.5, 1), (0, 0.8),
        ], steps=7)
    )  # fmt: skip
    return [Part(joined([_pulled_lip(body), _pitcher_handle()]))]


def flower_pot() -> list[Part]:
    return [Part(pot_wall()), Part(_disc(5.6, 9.4), "soil")]


def pot_wall() -> Mesh:
    """The wall of a plant pot, 11.5 cm high, rim radius 6.6 cm; open at the top."""
    return lathe(
        rounded([
            (0, 0, 0), (4.3, 0, 0.4), (4.6, 0.6, 0.8), (5.9, 8.6, 0.2), (6.5, 8.7, 0.3),
            (6.7, 11.3, 0.35), (6.1, 11.4, 0.35), (5.75, 8.8, 0.4), (0, 8.7, 0),
        ])
    )  # fmt: skip


def _dish(radius: float, height: float, thick: float) -> list[tuple[float, float]]:
    """The profile of a plate or saucer."""
    foot = radius * 0.55
    return rounded([
        (0, 0.25, 0), (foot - 0.4, 0.25, 0.15), (foot - 0.2, 0, 0.15), (foot + 0.1, 0, 0.15),
        (foot + 0.5, 0.4, 0.4), (radius * 0.72, height * 0.45, 1.6),
        (radius - 0.1, height - thick * 0.5, 0.2), (radius, height, 0.25),
        (radius - 0.35, height + 0.02, 0.25), (radius * 0.72, height * 0.45 + thick, 1.6),
        (foot, 0.4 + thick, 1.2), (0, 0.35 + thick, 0),
    ], steps=8)  # fmt: skip


def _disc(radius: float, z: float) -> Mesh:
    """A level surface of something poured in, with the meniscus at its edge."""
    return lathe([(radius, z + 0.05), (radius * 0.985, z), (radius * 0.5, z), (0.0, z)])


def _pulled_lip(body: Mesh) -> Mesh:
    """The body with its rim drawn out to a lip on the left."""
    points = body.vertices.copy()
    high = np.clip((points[:, 2] - 15.5) / 6, 0, 1) ** 2
    side = np.clip(-points[:, 0] / 4.5, 0, 1) ** 3
    points[:, 0] -= high * side * 2.2
    points[:, 2] += high * side * 0.9
    return Mesh(points, body.normals, body.uv, body.faces)


def _pitcher_handle() -> Mesh:
    return sweep(
        smooth([(4.2, 0, 18.8), (6.6, 0, 19.6), (8.6, 0, 16.6), (8.2, 0, 11.6), (5.7, 0, 8.3)]),
        0.55, flat=1.5,
    )  # fmt: skip

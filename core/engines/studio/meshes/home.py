"""Things of the house: candles, lamps, books, boxes, cushions, clocks, and plain solids."""

from __future__ import annotations

import numpy as np

from core.engines.studio.meshes.geometry import (
    Floats,
    Mesh,
    blob,
    joined,
    lathe,
    measured_normals,
    rounded,
    rounded_box,
    smooth,
    sweep,
)
from core.engines.studio.meshes.parts import Part


def candle() -> list[Part]:
    """A pillar candle that burns."""
    wax = lathe(
        rounded([
            (0, 0, 0), (3.3, 0, 0.3), (3.4, 9.0, 0.55), (2.9, 9.25, 0.4), (2.2, 8.75, 0.8),
            (0, 8.6, 0),
        ])
    )  # fmt: skip
    wick = sweep(smooth([(0, 0, 8.5), (0.02, 0, 9.2), (0.14, 0, 9.75)]), 0.09, sides=8)
    flame = lathe(
        smooth([(0, 9.45), (0.3, 9.7), (0.5, 10.3), (0.42, 11.1), (0.2, 12.0), (0, 12.7)]),
        segments=24,
    )
    return [Part(wax), Part(wick, "wick"), Part(flame.moved(x=0.1), "flame")]


def lamp() -> list[Part]:
    """A table lamp, lit."""
    base = lathe(
        rounded([
            (0, 0, 0), (6.6, 0, 0.3), (6.8, 0.5, 0.5), (6.2, 1.2, 0.8), (1.2, 1.9, 1.2),
            (0.75, 3.5, 1.0), (0.75, 26, 0.2), (0, 26.1, 0),
        ])
    )  # fmt: skip
    shade = lathe(rounded([
        (10.6, 22.0, 0), (7.2, 37.0, 0), (7.05, 37.0, 0), (10.4, 22.05, 0),
    ]))  # fmt: skip
    bulb = blob(2.4, lambda d: d).moved(z=28.6)
    return [Part(base), Part(shade, "lamp shade"), Part(bulb, "bulb")]


def book() -> list[Part]:
    """Lying shut, its spine to the left."""
    return _book(15.0, 21.0, 2.6)


def standing_book() -> list[Part]:
    """Standing upright with its front cover to the camera."""
    lying = _book(15.0, 21.0, 2.6)
    return [Part(part.mesh.turned(90, "x").moved(y=1.3, z=10.5), part.finish) for part in lying]


def box() -> list[Part]:
    """A cardboard-style box with a lid."""
    body = rounded_box(12, 12, 8.6, 0.25)
    lid = rounded_box(12.5, 12.5, 2.4, 0.3).moved(z=7.0)
    return [Part(joined([body, lid]))]


def gift() -> list[Part]:
    body = rounded_box(12, 12, 9.0, 0.25)
    bands = [
        rounded_box(12.24, 2.0, 9.12, 0.1),
        rounded_box(2.0, 12.24, 9.12, 0.1),
    ]
    loops = [
        sweep(
            smooth([(0, 0, 9.1), (1.6, 0, 11.6), (4.2, 0, 12.2), (4.6, 0, 10.6), (2.2, 0, 9.5),
                    (0, 0, 9.2)]), 0.17, sides=12, flat=5.0,
        ).turned(angle)
        for angle in (20, 200)
    ]  # fmt: skip
    knot = blob(0.95, lambda d: d * np.array([1, 1, 0.8], np.float32)).moved(z=9.6)
    return [Part(body), Part(joined([*bands, *loops, knot]), "ribbon")]


def ball() -> list[Part]:
    return [Part(blob(4.5, lambda d: d).moved(z=4.5))]


def cube() -> list[Part]:
    return [Part(rounded_box(8, 8, 8, 0.35))]


def cylinder() -> list[Part]:
    return [Part(lathe(rounded([(0, 0, 0), (4, 0, 0.25), (4, 10, 0.25), (0, 10, 0)])))]


def cone() -> list[Part]:
    return [Part(lathe(rounded([(0, 0, 0), (4.6, 0, 0.25), (0.12, 11, 0.15), (0, 11.05, 0)])))]


def pyramid() -> list[Part]:
    slope = lathe([(0, 0), (6.3, 0), (6.3, 0), (0, 8.6)], segments=4).turned(45)
    flat = slope.faces.reshape(-1)
    vertices = slope.vertices[flat]
    faces = np.arange(len(flat), dtype=np.uint32).reshape(-1, 3)
    corner = vertices[faces]
    normal = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    length = np.linalg.norm(normal, axis=1, keepdims=True)
    solid = length[:, 0] > 1e-6
    normals = np.repeat(normal / np.maximum(length, 1e-9), 3, axis=0).astype(np.float32)
    return [Part(Mesh(vertices, normals, slope.uv[flat], faces[solid]))]


def die() -> list[Part]:
    pips = [_pip(face, place) for face, spots in _PIPS.items() for place in spots]
    return [Part(rounded_box(4, 4, 4, 0.55)), Part(joined(pips), "ink")]


def cushion() -> list[Part]:
    """A square cushion standing, leaning back a little."""
    return [Part(_pillow(-14))]


def lying_cushion() -> list[Part]:
    """The cushion lying flat, for things to lie on."""
    return [Part(_pillow(-90))]


def _pillow(degrees: float) -> Mesh:
    """A pillow turned back by so many degrees from upright."""

    def pillow(d: Floats) -> Floats:
        """A square with its corners drawn out, thick in the middle."""
        flat = np.abs(d[:, [0, 2]]) ** 0.55 * np.sign(d[:, [0, 2]])
        reach = 1 - 0.14 * (1 - np.abs(flat).min(axis=1)) * (np.abs(flat).max(axis=1) ** 4)
        edge = np.clip(1 - np.abs(flat) ** 2.6, 0, 1).prod(axis=1) ** 0.5
        return np.stack(
            [flat[:, 0] * reach, np.sign(d[:, 1]) * edge * 0.42, flat[:, 1] * reach], -1
        ).astype(np.float32)

    body = blob(20.0, pillow, rings=72)
    return body.turned(degrees, "x")


def ring() -> list[Part]:
    """A ring standing on its band, with a cut stone."""
    angle = np.linspace(-np.pi / 2, 1.5 * np.pi, 33)
    band = lathe([(0.95 + 0.13 * np.cos(a), 0.17 * np.sin(a)) for a in angle], segments=96)
    upright = band.turned(90, "x").moved(z=1.08)
    return [Part(upright), Part(_gem().moved(z=2.12), "gem")]


def clock() -> list[Part]:
    """A small clock on two feet, at ten past ten."""
    rim = lathe(
        rounded([
            (0, -1.6, 0), (6.8, -1.6, 0.8), (7.0, 1.2, 0.5), (6.4, 1.5, 0.4), (6.2, 0.7, 0.3),
            (0, 0.7, 0),
        ])
    ).turned(90, "x")  # fmt: skip
    dial = lathe([(6.25, 0.75), (0, 0.75)]).turned(90, "x")
    marks = [
        rounded_box(0.32, 0.12, 1.0, 0.05).moved(y=-0.8, z=4.7).turned(angle, "y")
        for angle in range(0, 360, 30)
    ]
    hands = [
        rounded_box(0.42, 0.12, 3.2, 0.05).moved(y=-0.86).turned(-55, "y"),
        rounded_box(0.3, 0.12, 4.5, 0.05).moved(y=-0.98).turned(60, "y"),
    ]
    feet = [blob(0.9, lambda d: d).moved(x=x, z=-6.75) for x in (-3.4, 3.4)]
    lift = 7.6
    return [
        Part(joined([rim, *feet]).moved(z=lift)),
        Part(dial.moved(z=lift), "porcelain"),
        Part(joined([*marks, *hands]).moved(z=lift), "ink"),
    ]


def pencil() -> list[Part]:
    """Lying along x."""

    def across(mesh: Mesh) -> Mesh:
        return mesh.turned(90, "y").moved(x=-8.5, z=0.42)

    wood = lathe([(0, 0), (0.42, 0), (0.42, 14.6)], segments=6)
    cut = lathe([(0.42, 14.6), (0.12, 16.6)], segments=24)
    lead = lathe([(0.12, 16.6), (0, 17.1)], segments=12)
    rubber = lathe(rounded([(0, -1.3, 0), (0.4, -1.3, 0.1), (0.4, 0, 0)]), segments=24)
    return [
        Part(across(wood)), Part(across(cut), "pale wood"), Part(across(lead), "ink"),
        Part(across(rubber), "eraser"),
    ]  # fmt: skip


def coin() -> list[Part]:
    return [
        Part(lathe(rounded([
            (0, 0, 0), (1.2, 0, 0.04), (1.25, 0.22, 0.04), (1.1, 0.22, 0.02), (1.08, 0.18, 0.02),
            (0, 0.18, 0),
        ])))
    ]  # fmt: skip


def soap() -> list[Part]:
    return [Part(rounded_box(8.4, 5.6, 2.6, 1.2, steps=8))]


def card() -> list[Part]:
    """A folded paper card that stands; its word is printed on the front."""
    front = rounded_box(13.0, 0.12, 8.6, 0.05).turned(-14, "x")
    back = rounded_box(13.0, 0.12, 8.6, 0.05).turned(14, "x")
    return [Part(joined([front.moved(y=-2.08), back.moved(y=2.08)]).moved(z=0.02))]


_PIPS: dict[str, tuple[tuple[float, float], ...]] = {
    "front": ((0, 0), (-1, -1), (1, 1), (-1, 1), (1, -1)),
    "right": ((-1, -1), (1, 1), (0, 0)),
    "left": ((-1, -1), (-1, 0), (-1, 1), (1, -1)),
    "top": ((-1, -1), (-1, 0), (-1, 1), (1, -1), (1, 0), (1, 1)),
    "back": ((-1, -1), (1, 1)),
}


def _pip(face: str, place: tuple[float, float]) -> Mesh:
    dot = lathe(rounded([(0.42, 0, 0), (0.42, 0.02, 0), (0, 0.03, 0)]), segments=24)
    flat = dot.moved(x=place[0] * 1.05, y=place[1] * 1.05, z=2.0)
    turned = {
        "top": flat, "front": flat.turned(90, "x"), "back": flat.turned(-90, "x"),
        "right": flat.turned(90, "y"), "left": flat.turned(-90, "y"),
    }  # fmt: skip
    return turned[face].moved(z=2.0)


def _book(width: float, depth: float, thick: float) -> list[Part]:
    board = 0.28
    covers = [
        rounded_box(width, depth, board, 0.08),
        rounded_box(width, depth, board, 0.08).moved(z=thick - board),
        rounded_box(board * 1.6, depth, thick, 0.22).moved(x=-width / 2 + board * 0.6),
    ]
    pages = rounded_box(width - 1.0, depth - 0.8, thick - 2 * board, 0.05)
    return [Part(joined(covers)), Part(pages.moved(x=0.05, z=board), "pages")]


def _gem() -> Mesh:
    """A round cut stone: flat facets, radius 0.42."""
    rough = lathe([(0, -0.45), (0.42, 0.0), (0.42, 0.05), (0.25, 0.2), (0, 0.2)], segments=12)
    corners = rough.faces.reshape(-1)
    vertices = rough.vertices[corners]
    faces = np.arange(len(corners), dtype=np.uint32).reshape(-1, 3)
    apart = vertices[faces]
    area = np.linalg.norm(np.cross(apart[:, 1] - apart[:, 0], apart[:, 2] - apart[:, 0]), axis=1)
    faces = faces[area > 1e-8]
    spread = vertices + np.repeat(np.arange(len(corners) // 3), 3)[:, None].astype(np.float32) * 10
    normals = measured_normals(spread, faces)
    return Mesh(vertices, normals, rough.uv[corners], faces)

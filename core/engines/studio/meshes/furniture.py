"""What stands on the floor: chairs, stools, tables, shelves."""

from __future__ import annotations

from core.engines.studio.meshes.geometry import (
    Mesh,
    joined,
    lathe,
    rounded,
    rounded_box,
    smooth,
    sweep,
)
from core.engines.studio.meshes.parts import Part


def chair() -> list[Part]:
    """A dining chair, turned a little by the layout; its seat is padded."""
    legs = [
        _leg((x, y, 44.0), (x * 1.13, y * 1.12, 0.0), 1.75, 1.25)
        for x in (-19.0, 19.0) for y in (-18.0, 18.0)
    ]  # fmt: skip
    posts = [
        sweep(smooth([(x, 18, 43), (x * 1.02, 20, 62), (x * 1.0, 24.5, 84)]), 1.7, sides=18)
        for x in (-19.0, 19.0)
    ]
    slats = [_slat(z, y) for z, y in ((60.0, 19.9), (70.0, 21.6), (80.0, 23.8))]
    seat_board = rounded_box(43, 41, 2.4, 1.1).moved(z=43)
    pad = rounded_box(40, 38, 4.0, 1.9, steps=8).moved(z=45.0)
    return [Part(joined([*legs, *posts, *slats, seat_board])), Part(pad, "seat pad")]


def stool() -> list[Part]:
    seat = lathe(
        rounded([(0, 42, 0), (15.5, 42, 0.6), (16.5, 43.5, 1.2), (16, 45.4, 1.0), (0, 45.0, 0)])
    )
    legs = [
        _leg((9.5, 0, 42.5), (16.0, 0, 0), 1.7, 1.3).turned(angle) for angle in (45, 135, 225, 315)
    ]
    rungs = [_rung(angle) for angle in (90, 180, 270, 360)]
    return [Part(joined([seat, *legs, *rungs]))]


def table() -> list[Part]:
    """A round side table."""
    top = lathe(
        rounded([(0, 50, 0), (25, 50, 0.6), (26.5, 51.2, 0.8), (26.2, 52.5, 0.6), (0, 52.6, 0)]),
        segments=128,
    )
    legs = [_leg((17, 0, 50.5), (23.5, 0, 0), 1.9, 1.1).turned(angle) for angle in (30, 150, 270)]
    return [Part(joined([top, *legs]))]


def sofa() -> list[Part]:
    base = rounded_box(172, 78, 18, 5, steps=6).moved(z=14)
    back = rounded_box(172, 20, 44, 8, steps=8).turned(-6, "x").moved(y=32, z=30)
    arms = [rounded_box(20, 78, 36, 7, steps=8).moved(x=x, z=22) for x in (-80, 80)]
    seats = [rounded_box(69, 62, 15, 6, steps=8).moved(x=x, y=-6, z=31) for x in (-35, 35)]
    feet = [
        _leg((x, y, 15), (x * 1.02, y, 0), 2.2, 1.6) for x in (-78.0, 78.0) for y in (-32.0, 32.0)
    ]
    return [Part(joined([base, back, *arms, *seats])), Part(joined(feet), "dark wood")]


def _leg(
    top: tuple[float, float, float], foot: tuple[float, float, float], wide: float, narrow: float
) -> Mesh:
    return sweep([top, foot], [wide, narrow], sides=20)


def _rung(angle: float) -> Mesh:
    return sweep([(9.6, -9.6, 17.0), (9.6, 9.6, 17.0)], 0.85, sides=14).turned(angle)


def _slat(z: float, y: float) -> Mesh:
    return sweep(
        smooth([(-19, y, z), (-8, y + 2.4, z), (8, y + 2.4, z), (19, y, z)]),
        2.6,
        sides=20,
        flat=0.3,
    )

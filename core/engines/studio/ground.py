"""The ground that things take: where it is, and whether two of them overlap."""

from __future__ import annotations

import math
from dataclasses import dataclass

from core.engines.studio.kinds import KINDS
from core.engines.studio.scene import Thing


@dataclass(frozen=True)
class Ground:
    """A disc (`round`, radius half_x) or a turned rectangle on the floor, in cm and degrees."""

    x: float
    y: float
    half_x: float
    half_y: float
    turn: float = 0.0
    round: bool = False

    @property
    def extent(self) -> tuple[float, float]:
        """Half of the upright bounding box, along x and y."""
        if self.round:
            return self.half_x, self.half_x
        cos, sin = abs(math.cos(math.radians(self.turn))), abs(math.sin(math.radians(self.turn)))
        return self.half_x * cos + self.half_y * sin, self.half_x * sin + self.half_y * cos

    @property
    def radius(self) -> float:
        return self.half_x if self.round else math.hypot(self.half_x, self.half_y)

    def corners(self) -> list[tuple[float, float]]:
        cos, sin = math.cos(math.radians(self.turn)), math.sin(math.radians(self.turn))
        return [
            (self.x + sx * self.half_x * cos - sy * self.half_y * sin,
             self.y + sx * self.half_x * sin + sy * self.half_y * cos)
            for sx, sy in ((-1, -1), (1, -1), (1, 1), (-1, 1))
        ]  # fmt: skip


def ground_of(thing: Thing) -> Ground:
    kind = KINDS[thing.kind]
    return Ground(
        thing.x, thing.y, kind.half[0] * thing.scale, kind.half[1] * thing.scale, thing.turn,
        kind.round,
    )  # fmt: skip


def overlap(a: Ground, b: Ground, gap: float = 0.0) -> bool:
    """Whether two grounds come nearer than `gap` (exact but for rectangle corners, where the
    answer errs towards true by less than the gap)."""
    if math.hypot(a.x - b.x, a.y - b.y) >= a.radius + b.radius + gap:
        return False
    if a.round and b.round:
        return True
    return not any(_apart(axis, a, b, gap) for axis in (*_axes(a, b), *_axes(b, a)))


def _axes(a: Ground, b: Ground) -> list[tuple[float, float]]:
    """Directions that can separate: the rectangle's own, or from the disc to each corner."""
    if not a.round:
        turn = math.radians(a.turn)
        return [(math.cos(turn), math.sin(turn)), (-math.sin(turn), math.cos(turn))]
    axes = []
    for x, y in b.corners():
        length = math.hypot(x - a.x, y - a.y)
        if length > 1e-9:
            axes.append(((x - a.x) / length, (y - a.y) / length))
    return axes


def _apart(axis: tuple[float, float], a: Ground, b: Ground, gap: float) -> bool:
    low_a, high_a = _span(axis, a)
    low_b, high_b = _span(axis, b)
    return low_b - high_a >= gap or low_a - high_b >= gap


def _span(axis: tuple[float, float], ground: Ground) -> tuple[float, float]:
    if ground.round:
        middle = ground.x * axis[0] + ground.y * axis[1]
        return middle - ground.half_x, middle + ground.half_x
    along = [x * axis[0] + y * axis[1] for x, y in ground.corners()]
    return min(along), max(along)

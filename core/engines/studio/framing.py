"""Where the camera stands so that the things fill the picture well."""

from __future__ import annotations

import math
from collections.abc import Sequence

from core.engines.studio.ground import ground_of
from core.engines.studio.kinds import KINDS
from core.engines.studio.scene import Camera, Thing

_FILL = 0.7
Point = tuple[float, float, float]


def framed(camera: Camera, things: Sequence[Thing]) -> Camera:
    """The camera at the distance, and aimed at the point, from which the things fill the frame.

    `closeness` scales how much of the frame they fill. The square that fits into every picture
    shape is what counts, so that any size of picture shows everything.
    """
    points = [point for thing in things for point in corners(thing)] or [(0.0, 0.0, 5.0)]
    target = tuple((min(c) + max(c)) / 2 for c in zip(*points, strict=True))
    distance = 60.0
    for _ in range(12):
        aimed = camera.model_copy(update={"target": target, "distance": distance})
        spots = [seen(aimed, point) for point in points]
        left, right = min(s[0] for s in spots), max(s[0] for s in spots)
        low, high = min(s[1] for s in spots), max(s[1] for s in spots)
        half = max(right - left, high - low) / 2
        fill = min(1.4, _FILL * camera.closeness)
        target = _shifted(aimed, (left + right) / 2, (low + high) / 2)
        distance = max(4.0, min(4500.0, distance * (half / fill) ** 0.9))
    rounded = tuple(round(c, 3) for c in target)
    return camera.model_copy(update={"target": rounded, "distance": round(distance, 2)})


def reach_around(things: Sequence[Thing], camera: Camera) -> float:
    """The radius in cm that holds the things, seen from the middle of the group."""
    far = [max(math.hypot(x, y), z * 0.7) for thing in things for x, y, z in corners(thing)]
    return round(min(900.0, max(1.5, *far, camera.distance * 0.04)), 2) if far else 18.0


def in_view(camera: Camera, thing: Thing, limit: float = 0.98) -> bool:
    """Whether the whole thing lies within the square part of the picture."""
    spots = [seen(camera, point) for point in corners(thing)]
    return all(abs(x) <= limit and abs(y) <= limit for x, y in spots)


def corners(thing: Thing) -> list[Point]:
    """The corners of the thing's box."""
    half_x, half_y = ground_of(thing).extent
    high = thing.z + KINDS[thing.kind].height * thing.scale
    return [
        (thing.x + sx * half_x, thing.y + sy * half_y, z)
        for sx in (-1, 1) for sy in (-1, 1) for z in (thing.z, high)
    ]  # fmt: skip


def seen(camera: Camera, point: Point) -> tuple[float, float]:
    """Where a point appears: -1..1 across the square picture, x to the right and y up."""
    right, up, ahead = _axes(camera)
    offset = tuple(p - t for p, t in zip(point, camera.target, strict=True))
    depth = max(0.5, _dot(offset, ahead) + camera.distance)
    scale = camera.lens / 18 / depth
    return _dot(offset, right) * scale, _dot(offset, up) * scale


def _shifted(camera: Camera, x: float, y: float) -> tuple[float, ...]:
    """The target moved by a distance across the picture."""
    right, up, _ = _axes(camera)
    span = camera.distance * 18 / camera.lens
    return tuple(
        t + (r * x + u * y) * span for t, r, u in zip(camera.target, right, up, strict=True)
    )


def _axes(camera: Camera) -> tuple[Point, Point, Point]:
    """Unit vectors to the right, upwards in the picture, and ahead."""
    a, e = math.radians(camera.azimuth), math.radians(camera.elevation)
    right = (math.cos(a), math.sin(a), 0.0)
    up = (-math.sin(a) * math.sin(e), math.cos(a) * math.sin(e), math.cos(e))
    ahead = (-math.sin(a) * math.cos(e), math.cos(a) * math.cos(e), -math.sin(e))
    return right, up, ahead


def _dot(a: Sequence[float], b: Sequence[float]) -> float:
    return sum(x * y for x, y in zip(a, b, strict=True))

"""Text on things: drawn as a picture, laid onto the surface by casting rays at it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from core.engines.studio.kinds import Spot
from core.engines.studio.looks.colour import linear, reflectance
from core.engines.studio.meshes.geometry import Mesh, patch
from core.engines.studio.scene import Thing

Floats = NDArray[np.float32]
Floats64 = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

_LIFT_CM = 0.03
_PIXELS_PER_CM = 90
_PAPERED = {"jar", "bottle", "box", "gift", "soap", "glass"}


@dataclass(frozen=True)
class Decal:
    """A label: its sheet, and what it reflects, linear float32 (h, w, 3); row 0 at the bottom.

    `papered`: it is a paper panel; else it is lettering on a sheet of the body's own look.
    """

    mesh: Mesh
    colour: Floats
    papered: bool


def decal(thing: Thing, spot: Spot, body: Mesh, facing: float, *, plain: bool) -> Decal:
    """The label of `thing` on its body (both in the thing's own space).

    `facing` turns a label that wraps around, in degrees, towards the camera. `plain`: the body is
    of one colour all over, so that letters can stand on it without a panel.
    """
    papered = thing.kind in _PAPERED or not plain
    text = thing.label or ""
    picture = _drawn(text, spot, papered, _ink(thing.colour, papered))
    high, wide = picture.shape[:2]
    width, height = wide / _PIXELS_PER_CM, high / _PIXELS_PER_CM
    inked = np.stack([_to_linear(picture[..., c]) for c in range(3)], -1)
    share = picture[..., 3:].astype(np.float32) / 255
    ground = np.array(reflectance(thing.colour), np.float32)
    colour = np.asarray(inked * share + ground * (1 - share), np.float32)
    sheet = _laid(spot, body, width, height, facing)
    return Decal(sheet, colour[::-1].copy(), papered)


def _ink(colour: str, papered: bool) -> tuple[int, int, int]:
    """Dark ink on light things and on paper, light ink on dark ones."""
    luminance = float(linear(colour) @ np.array([0.2126, 0.7152, 0.0722]))
    return (34, 30, 28) if papered or luminance > 0.18 else (244, 239, 226)


def _drawn(text: str, spot: Spot, papered: bool, ink: tuple[int, int, int]) -> NDArray[np.uint8]:
    """The label as RGBA, (h, w, 4): a paper panel with a line around it, or bare lettering."""
    room = spot.width * _PIXELS_PER_CM, spot.height * _PIXELS_PER_CM
    margin = 0.34 * _PIXELS_PER_CM if papered else 4
    size = room[1] - 2 * margin
    font = ImageFont.load_default(size)
    box = font.getbbox(text)
    shrink = min(1.0, (room[0] - 2 * margin) / max(box[2] - box[0], 1),
                 (room[1] - 2 * margin) / max(box[3] - box[1], 1))  # fmt: skip
    font = ImageFont.load_default(max(8.0, size * shrink))
    box = font.getbbox(text)
    wide = round(box[2] - box[0] + 2 * margin)
    high = round(max(box[3] - box[1] + 2 * margin, spot.height * 0.35 * _PIXELS_PER_CM))
    picture = Image.new("RGBA", (wide, high), (244, 239, 226, 255) if papered else (*ink, 0))
    pen = ImageDraw.Draw(picture)
    if papered:
        pen.rectangle((9, 9, wide - 10, high - 10), outline=(*ink, 255), width=4)
    at = (wide / 2 - (box[0] + box[2]) / 2, high / 2 - (box[1] + box[3]) / 2)
    pen.text(at, text, font=font, fill=(*ink, 255))
    return np.asarray(picture)


def _to_linear(channel: NDArray[np.uint8]) -> Floats:
    x = channel.astype(np.float32) / 255
    return np.where(x <= 0.04045, x / 12.92, ((x + 0.055) / 1.055) ** 2.4).astype(np.float32) * 0.86


def _laid(spot: Spot, body: Mesh, width: float, height: float, facing: float) -> Mesh:
    """A sheet that follows the body's surface, a hair above it."""
    if spot.way == "top":
        return _flat_top(body, width, height, spot)
    axis = _axis(body, spot) if spot.way == "round" else (0.0, 0.0)

    def surface(u: Floats64, v: Floats64) -> Floats64:
        z = spot.z + (v - 0.5) * height
        if spot.way == "flat":
            x = (u - 0.5) * width
            return _on_front(body, x, z)
        radius = _radius(body, axis, spot.z)
        angle = np.radians(facing - 90) + (u - 0.5) * width / radius
        return _on_round(body, axis, angle, z)

    return patch(surface, 40, 20)


def _flat_top(body: Mesh, width: float, height: float, spot: Spot) -> Mesh:
    top = float(body.vertices[:, 2].max()) + _LIFT_CM

    def surface(u: Floats64, v: Floats64) -> Floats64:
        return np.stack([(u - 0.5) * width, (v - 0.5) * height, np.full_like(u, top)], -1)

    return patch(surface, 2, 2)


def _axis(body: Mesh, spot: Spot) -> tuple[float, float]:
    """The upright axis of a turned body: the middle of its foot, which no handle reaches."""
    low = body.vertices[body.vertices[:, 2] < body.vertices[:, 2].min() + 0.6]
    middle = (low.min(axis=0) + low.max(axis=0)) / 2
    return float(middle[0]), float(middle[1])


def _radius(body: Mesh, axis: tuple[float, float], z: float) -> float:
    """How far the body's front reaches from its axis at height `z`."""
    hit = _on_round(body, axis, np.array([[-np.pi / 2]]), np.array([[z]]))
    return max(0.3, float(np.hypot(hit[0, 0, 0] - axis[0], hit[0, 0, 1] - axis[1])))


def _on_round(body: Mesh, axis: tuple[float, float], angle: Floats64, z: Floats64) -> Floats64:
    outwards = np.stack([np.cos(angle), np.sin(angle), np.zeros_like(angle)], -1)
    centre = np.stack([np.full_like(angle, axis[0]), np.full_like(angle, axis[1]), z], -1)
    far = 60.0
    depth = _cast(body, centre + outwards * far, -outwards)
    return centre + outwards * (far - depth + _LIFT_CM)[..., None]


def _on_front(body: Mesh, x: Floats64, z: Floats64) -> Floats64:
    far = 90.0
    origin = np.stack([x, np.full_like(x, -far), z], -1)
    ahead = np.zeros_like(origin)
    ahead[..., 1] = 1.0
    depth = _cast(body, origin, ahead)
    return origin + ahead * (depth - _LIFT_CM)[..., None]


def _cast(body: Mesh, origin: Floats64, direction: Floats64) -> Floats64:
    """Distance along each ray to the first surface; rays that miss take the median of the rest.

    Möller and Trumbore, "Fast, minimum storage ray/triangle intersection" (1997).
    """
    corner = body.vertices[body.faces].astype(np.float64)
    corner = corner[_near(corner, origin)]
    edge1, edge2 = corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0]
    depths = np.full(origin.shape[:-1], np.inf)
    for place in np.ndindex(*origin.shape[:-1]):
        depths[place] = _first_hit(corner[:, 0], edge1, edge2, origin[place], direction[place])
    found = np.isfinite(depths)
    depths[~found] = np.median(depths[found]) if found.any() else 60.0
    return depths


def _near(corner: Floats64, origin: Floats64) -> NDArray[np.bool_]:
    """Triangles within the heights that the rays run at."""
    low, high = origin[..., 2].min() - 0.5, origin[..., 2].max() + 0.5
    z = corner[..., 2]
    return np.asarray((z.max(axis=1) >= low) & (z.min(axis=1) <= high))


def _first_hit(
    start: Floats64, edge1: Floats64, edge2: Floats64, origin: Floats64, direction: Floats64
) -> float:
    p = np.cross(direction, edge2)
    det = np.einsum("ij,ij->i", edge1, p)
    safe = np.where(np.abs(det) < 1e-12, 1.0, det)
    t = origin - start
    u = np.einsum("ij,ij->i", t, p) / safe
    q = np.cross(t, edge1)
    v = (q @ direction) / safe
    depth = np.einsum("ij,ij->i", edge2, q) / safe
    hit = (np.abs(det) > 1e-12) & (u >= 0) & (v >= 0) & (u + v <= 1) & (depth > 1e-6)
    return float(depth[hit].min()) if hit.any() else float("inf")

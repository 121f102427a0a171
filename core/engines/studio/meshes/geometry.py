"""The few ways of making surfaces from which every object of the studio is built.

Lengths are centimetres, z points up and an object stands on z = 0, centred on x = y = 0. Every
mesh carries exact normals and texture coordinates, and is wound so that its faces look outwards,
which glass and glowing surfaces rely on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Indices = NDArray[np.uint32]
Point2 = tuple[float, float]


@dataclass(frozen=True)
class Mesh:
    """Triangles. `vertices`, `normals`: float32 (n, 3); `uv`: float32 (n, 2); `faces`: (m, 3)."""

    vertices: Floats
    normals: Floats
    uv: Floats
    faces: Indices

    def moved(self, x: float = 0.0, y: float = 0.0, z: float = 0.0) -> Mesh:
        shift = np.array([x, y, z], np.float32)
        return Mesh(self.vertices + shift, self.normals, self.uv, self.faces)

    def scaled(self, x: float, y: float | None = None, z: float | None = None) -> Mesh:
        """Scaled about the origin, each axis in its own right; factors are positive."""
        factors = np.array([x, x if y is None else y, x if z is None else z], np.float32)
        return Mesh(self.vertices * factors, _unit(self.normals / factors), self.uv, self.faces)

    def turned(self, degrees: float, axis: str = "z") -> Mesh:
        """Turned anticlockwise about an axis through the origin."""
        matrix = _rotation(degrees, axis)
        return Mesh(self.vertices @ matrix.T, self.normals @ matrix.T, self.uv, self.faces)

    def textured(self, per_cm: float) -> Mesh:
        """With texture coordinates scaled, so that one unit of texture spans 1 / `per_cm` cm."""
        return Mesh(self.vertices, self.normals, (self.uv * per_cm).astype(np.float32), self.faces)


def joined(meshes: Sequence[Mesh]) -> Mesh:
    """One mesh of several."""
    offsets = np.cumsum([0, *(len(mesh.vertices) for mesh in meshes[:-1])])
    faces = [mesh.faces + np.uint32(o) for mesh, o in zip(meshes, offsets, strict=True)]
    return Mesh(
        np.concatenate([mesh.vertices for mesh in meshes]),
        np.concatenate([mesh.normals for mesh in meshes]),
        np.concatenate([mesh.uv for mesh in meshes]),
        np.concatenate(faces).astype(np.uint32),
    )


def rounded(corners: Sequence[tuple[float, float, float]], steps: int = 6) -> list[Point2]:
    """A profile through `corners` (r, z, radius), each corner rounded with its radius."""
    points: list[Point2] = []
    for index, (r, z, radius) in enumerate(corners):
        if radius <= 0 or index in (0, len(corners) - 1):
            points.append((r, z))
            continue
        here = np.array([r, z])
        before = np.array(corners[index - 1][:2]) - here
        after = np.array(corners[index + 1][:2]) - here
        points += _corner(here, before, after, radius, steps)
    return points


def smooth(points: Sequence[Sequence[float]], steps: int = 8) -> list[tuple[float, ...]]:
    """A Catmull-Rom curve through `points` (any dimension), `steps` pieces a span."""
    knots = np.array([points[0], *points, points[-1]], float)
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    spans = []
    for a, b, c, d in zip(knots, knots[1:], knots[2:], knots[3:], strict=False):
        spans.append(
            0.5
            * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2
               + (3 * b - a - 3 * c + d) * t**3)
        )  # fmt: skip
    return [tuple(row) for row in np.concatenate([*spans, knots[-1:]])]


def lathe(profile: Sequence[Sequence[float]], segments: int = 96) -> Mesh:
    """A profile of (radius, height), turned about the z axis.

    Outside surfaces come first: the profile runs from the bottom's centre outwards and up, then
    over the rim and back inside. `u` is the angle in turns, `v` the way along the profile.
    """
    line = np.array(profile, float)
    normal2 = _profile_normals(line)
    angles = np.linspace(0, 2 * np.pi, segments + 1)
    cos, sin = np.cos(angles), np.sin(angles)
    vertices = np.stack(
        [np.outer(cos, line[:, 0]), np.outer(sin, line[:, 0]),
         np.broadcast_to(line[:, 1], (segments + 1, len(line)))], -1,
    )  # fmt: skip
    normals = np.stack(
        [np.outer(cos, normal2[:, 0]), np.outer(sin, normal2[:, 0]),
         np.broadcast_to(normal2[:, 1], (segments + 1, len(line)))], -1,
    )  # fmt: skip
    way = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    u, v = np.meshgrid(angles / (2 * np.pi), way / way[-1], indexing="ij")
    return _grid(vertices, normals, np.stack([u, v], -1))


def sweep(
    path: Sequence[Sequence[float]], radius: float | Sequence[float], sides: int = 24,
    flat: float = 1.0,
) -> Mesh:  # fmt: skip
    """A tube along `path` (points in space); `radius` may change along it.

    `flat` scales the section along the path's binormal, for straps and handles. Ends are closed.
    """
    spine = np.array(path, float)
    radii = np.broadcast_to(np.asarray(radius, float), (len(spine),)).copy()
    tangents = _unit64(np.gradient(spine, axis=0))
    sideways, binormal = _frames(tangents)
    spine = np.concatenate([spine[:1], spine, spine[-1:]])
    radii = np.concatenate([[1e-4], radii, [1e-4]])
    sideways = np.concatenate([sideways[:1], sideways, sideways[-1:]])
    binormal = np.concatenate([binormal[:1], binormal, binormal[-1:]])
    angles = np.linspace(0, 2 * np.pi, sides + 1)
    cos, sin = np.cos(angles)[None, :, None], np.sin(angles)[None, :, None]
    ring = sideways[:, None] * cos + binormal[:, None] * sin * flat
    normals = _unit64(sideways[:, None] * cos * flat + binormal[:, None] * sin)
    vertices = spine[:, None] + ring * radii[:, None, None]
    u, v = np.meshgrid(np.linspace(0, 1, len(spine)), angles / (2 * np.pi), indexing="ij")
    return _grid(vertices, normals, np.stack([u, v], -1), flip=True)


def rounded_box(x: float, y: float, z: float, radius: float, steps: int = 4) -> Mesh:
    """A box of the given whole lengths with rounded edges, standing on z = 0.

    Texture coordinates are centimetres on each face.
    """
    half = np.array([x, y, z]) / 2
    radius = min(radius, *half * 0.999)
    sides = [_box_side(axis, sign, half, radius, steps) for axis in range(3) for sign in (-1, 1)]
    return joined(sides).moved(z=z / 2)


def patch(
    surface: Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.float64]],
    nu: int = 32, nv: int = 32,
) -> Mesh:  # fmt: skip
    """A sheet: `surface(u, v)` gives points (nu, nv, 3) for u, v in 0..1; normals are measured."""
    u, v = np.meshgrid(np.linspace(0, 1, nu), np.linspace(0, 1, nv), indexing="ij")
    points = surface(u, v)
    normals = np.cross(np.gradient(points, axis=0), np.gradient(points, axis=1))
    return _grid(points, _unit64(normals), np.stack([u, v], -1))


def blob(radius: float, squash: Callable[[Floats], Floats], rings: int = 48) -> Mesh:
    """A sphere about the origin, its unit directions (n, 3) mapped by `squash`."""
    angle = np.linspace(-np.pi / 2, np.pi / 2, rings + 1)
    profile = np.stack([np.cos(angle).clip(0), np.sin(angle)], -1)
    ball = lathe([tuple(row) for row in profile], segments=rings * 2)
    shaped = (squash(ball.vertices) * radius).astype(np.float32)
    return Mesh(shaped, measured_normals(shaped, ball.faces), ball.uv, ball.faces)


def measured_normals(vertices: Floats, faces: Indices) -> Floats:
    """Vertex normals as the area-weighted mean of the faces', vertices at one place welded."""
    _, same = np.unique(np.round(vertices, 4), axis=0, return_inverse=True)
    same = same.reshape(-1)
    corner = vertices[faces]
    face_normals = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    total = np.zeros((same.max() + 1, 3))
    for column in range(3):
        np.add.at(total, same[faces[:, column]], face_normals)
    return _unit64(total)[same].astype(np.float32)


def _corner(
    here: NDArray[np.float64], before: NDArray[np.float64], after: NDArray[np.float64],
    radius: float, steps: int,
) -> list[Point2]:  # fmt: skip
    """Points of the quadratic curve that rounds one corner."""
    reach = min(radius, float(np.hypot(*before)) * 0.49, float(np.hypot(*after)) * 0.49)
    start = here + before / max(float(np.hypot(*before)), 1e-9) * reach
    end = here + after / max(float(np.hypot(*after)), 1e-9) * reach
    points = []
    for t in np.linspace(0, 1, steps + 1):
        r, z = (1 - t) ** 2 * start + 2 * t * (1 - t) * here + t**2 * end
        points.append((float(r), float(z)))
    return points


def _profile_normals(line: NDArray[np.float64]) -> NDArray[np.float64]:
    pieces = np.diff(line, axis=0)
    lengths = np.hypot(*pieces.T)[:, None]
    tangents = pieces / np.maximum(lengths, 1e-9)
    joint = np.concatenate([tangents[:1], tangents[:-1] + tangents[1:], tangents[-1:]])
    joint = _unit64(joint)
    return np.stack([joint[:, 1], -joint[:, 0]], -1)


def _frames(
    tangents: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Frames that do not twist along the path (parallel transport)."""
    start = np.array([0.0, 1.0, 0.0]) if abs(tangents[0][1]) < 0.9 else np.array([1.0, 0.0, 0.0])
    sideways = []
    last = start
    for tangent in tangents:
        last = last - tangent * float(np.dot(last, tangent))
        last = last / np.linalg.norm(last)
        sideways.append(last)
    side = np.array(sideways)
    return side, np.cross(tangents, side)


def _box_side(axis: int, sign: int, half: NDArray[np.float64], radius: float, steps: int) -> Mesh:
    """One side of a rounded box with its share of the edges, outwards along `sign` * `axis`."""
    a, b = (axis + 1) % 3, (axis + 2) % 3
    us, vs = _edge_steps(half[a], radius, steps), _edge_steps(half[b], radius, steps)
    u, v = np.meshgrid(us, vs, indexing="ij")
    cube = np.zeros((*u.shape, 3))
    cube[..., axis], cube[..., a], cube[..., b] = sign * half[axis], u, v
    core = np.clip(cube, -(half - radius), half - radius)
    outwards = _unit64(cube - core)
    uv = np.stack([u, v], -1)
    return _grid(core + outwards * radius, outwards, uv, flip=sign < 0)


def _edge_steps(half: float, radius: float, steps: int) -> NDArray[np.float64]:
    """Cuts along one side: dense over the rounded ends, none over the flat."""
    bend = np.tan(np.linspace(0, np.pi / 4, steps + 1)) * radius
    inner = half - radius
    return np.concatenate([-(inner + bend)[::-1], inner + bend])


def _grid(
    vertices: NDArray[np.float64], normals: NDArray[np.float64], uv: NDArray[np.float64],
    *, flip: bool = False,
) -> Mesh:  # fmt: skip
    """Triangles over a grid of points (rows, columns, 3)."""
    rows, columns = vertices.shape[:2]
    i, j = np.meshgrid(np.arange(rows - 1), np.arange(columns - 1), indexing="ij")
    a = (i * columns + j).ravel()
    b = a + columns
    order = (a, a + 1, b, b, a + 1, b + 1) if flip else (a, b, a + 1, b, b + 1, a + 1)
    faces = np.stack(order, -1).reshape(-1, 3)
    return Mesh(
        vertices.reshape(-1, 3).astype(np.float32),
        normals.reshape(-1, 3).astype(np.float32),
        uv.reshape(-1, 2).astype(np.float32),
        faces.astype(np.uint32),
    )


def _rotation(degrees: float, axis: str) -> Floats:
    angle = np.radians(degrees)
    cos, sin = np.cos(angle), np.sin(angle)
    i, j = {"x": (1, 2), "y": (2, 0), "z": (0, 1)}[axis]
    matrix = np.eye(3)
    matrix[i, i] = matrix[j, j] = cos
    matrix[i, j], matrix[j, i] = -sin, sin
    return np.asarray(matrix, np.float32)


def _unit(vectors: Floats) -> Floats:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), np.float32)


def _unit64(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9))

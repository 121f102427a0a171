"""The things of a scene as surfaces in their places, labels included."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.engines.studio.kinds import KINDS
from core.engines.studio.looks.finishes import look_of
from core.engines.studio.looks.materials import Look, is_plain, texture_scale
from core.engines.studio.meshes.builders import build
from core.engines.studio.meshes.geometry import Mesh, joined
from core.engines.studio.meshes.parts import BODY
from core.engines.studio.render.labels import Decal, decal
from core.engines.studio.scene import Scene, Thing


@dataclass(frozen=True)
class Solid:
    """A surface in the scene, with its look and the number of the thing it belongs to (from 1)."""

    name: str
    mesh: Mesh
    look: Look
    owner: int
    decal: Decal | None = None


def solids(scene: Scene) -> list[Solid]:
    """Every surface of every thing."""
    return [
        solid
        for owner, thing in enumerate(scene.things, start=1)
        for solid in _of(thing, owner, scene.camera.azimuth)
    ]


def _of(thing: Thing, owner: int, azimuth: float) -> list[Solid]:
    parts = build(thing.kind)
    found = []
    for index, part in enumerate(parts):
        look = look_of(thing, part.finish)
        mesh = _scaled_texture(part.mesh, thing, look) if part.finish == BODY else part.mesh
        found.append(Solid(f"{thing.id}-{index}", _placed(mesh, thing), look, owner))
    spot = KINDS[thing.kind].spot
    if thing.label and spot is not None:
        body = joined([part.mesh for part in parts if part.finish == BODY])
        facing = 0.0 if spot.way != "round" else -azimuth - thing.turn
        own = look_of(thing, BODY)
        sign = decal(thing, spot, body, facing, plain=is_plain(own))
        look = Look("paper", "#f4efe2") if sign.papered else own
        found.append(Solid(f"{thing.id}-label", _placed(sign.mesh, thing), look, owner, sign))
    return found


def _scaled_texture(mesh: Mesh, thing: Thing, look: Look) -> Mesh:
    """Texture coordinates from the surface itself, so that patterns keep their size in cm.

    The pattern is laid on from the side that each point faces most (turned things are wrapped by
    angle instead, which their own coordinates already do).
    """
    per_cm = texture_scale(look)
    if per_cm == 1.0:
        return mesh
    points, normals = mesh.vertices, np.abs(mesh.normals)
    axis = normals.argmax(axis=1)
    across = np.where(axis == 0, points[:, 1], points[:, 0])
    along = np.where(axis == 2, points[:, 1], points[:, 2])
    uv = np.stack([along, across], -1) * (per_cm * thing.scale)
    return Mesh(mesh.vertices, mesh.normals, uv.astype(np.float32), mesh.faces)


def _placed(mesh: Mesh, thing: Thing) -> Mesh:
    return mesh.scaled(thing.scale).turned(thing.turn).moved(thing.x, thing.y, thing.z)

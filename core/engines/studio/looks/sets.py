"""What surrounds the things: the surface under them and the backdrop behind them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.engines.studio.looks import textures
from core.engines.studio.looks.colour import Floats, linear, reflectance
from core.engines.studio.meshes.geometry import Mesh, patch, rounded_box
from core.engines.studio.scene import Backdrop, Scene, Surface

_WOODS: dict[str, tuple[str, str]] = {
    "walnut": ("#a5714a", "#4c2d1b"),
    "oak": ("#d9b585", "#9f7446"),
    "pine": ("#ecd0a0", "#c79a5d"),
}
_SHINE = {"walnut": 0.22, "oak": 0.27, "pine": 0.3, "marble": 0.08, "painted": 0.2, "metal": 0.22,
          "slate": 0.35, "terrazzo": 0.14}  # fmt: skip
_REPEAT_CM = {"walnut": 84.0, "oak": 84.0, "pine": 90.0, "marble": 95.0, "concrete": 110.0,
              "linen": 16.0, "slate": 70.0, "terrazzo": 80.0, "sand": 50.0,
              "grass": 40.0}  # fmt: skip


@dataclass(frozen=True)
class Sheet:
    """A surface of the set. `texture`: linear reflectance, or None for the plain `colour`.

    `shine` is the roughness of its gloss, None where it has none.
    """

    name: str
    mesh: Mesh
    colour: str
    texture: Floats | None = None
    shine: float | None = None
    metal: bool = False


def sheets(scene: Scene, reach: float) -> list[Sheet]:
    """The set for a scene whose things lie within `reach` cm of the camera's target."""
    if "sweep" in (scene.surface.name, scene.backdrop.name):
        return [_sweep(scene, reach)]
    return [_ground(scene.surface, scene.seed, reach), *_behind(scene.backdrop, reach)]


def surface_texture(surface: Surface, seed: int) -> Floats | None:
    """The reflectance of a surface, linear float32 (h, w, 3); None where it is plain."""
    name = surface.name
    base = np.array(reflectance(surface.colour), np.float32)
    if name in _WOODS:
        light, dark = (linear(c) for c in _WOODS[name])
        return textures.planks(light, dark, seed, boards=7)
    if name == "marble":
        return textures.marble(base, base * 0.42, seed)
    if name == "concrete":
        return textures.concrete(base, seed)
    if name == "linen":
        return textures.cloth(base * 1.05, seed)
    if name == "slate":
        return textures.slate(base, seed)
    if name == "terrazzo":
        return textures.terrazzo(base, seed)
    if name == "sand":
        return textures.grainy(base, seed, strength=0.1)
    return textures.grass(base, seed) if name == "grass" else None


def _ground(surface: Surface, seed: int, reach: float) -> Sheet:
    """A tabletop whose far edge lies behind the things, wide enough to fill the view."""
    texture = surface_texture(surface, seed)
    deep, wide = reach * 2.6 + 30, reach * 9 + 120
    front = reach * 5 + 80
    slab = rounded_box(wide, deep + front, 4.0, 0.5)
    slab = slab.moved(y=(deep - front) / 2, z=-4.0)
    if texture is not None:
        slab = slab.textured(1 / (_REPEAT_CM[surface.name] * _pattern_scale(reach)))
    return Sheet(
        "ground", slab, surface.colour, texture, _SHINE.get(surface.name), surface.name == "metal"
    )


def _pattern_scale(reach: float) -> float:
    """Patterns stay life-size on a table and grow on the floor of a furnished room."""
    return max(1.0, min(2.4, reach / 45))


def _behind(backdrop: Backdrop, reach: float) -> list[Sheet]:
    """An upright wall well behind the table's edge."""
    far, wide, high = reach * 4.4 + 70, reach * 22 + 400, reach * 12 + 260
    wall = _upright(far, wide, high, low=-reach * 3 - 90)
    if backdrop.name == "gradient":
        other = backdrop.colour2 or "#ffffff"
        return [Sheet("wall", wall, backdrop.colour, _gradient(backdrop.colour, other))]
    if backdrop.name == "wall":
        plaster = textures.mottled(
            np.array(reflectance(backdrop.colour), np.float32), 7, strength=0.028
        )
        return [Sheet("wall", wall.textured(3.0), backdrop.colour, plaster)]
    return [Sheet("wall", wall, backdrop.colour)]


def _sweep(scene: Scene, reach: float) -> Sheet:
    """An endless cove: floor, bend and wall in one sheet of paper."""
    colour = scene.surface.colour if scene.surface.name == "sweep" else scene.backdrop.colour
    radius, wide = reach * 1.4 + 25, reach * 14 + 300
    near, bend, high = -reach * 5 - 80, reach * 2.2 + 25, reach * 12 + 260

    def surface(u: Floats64, v: Floats64) -> Floats64:
        quarter = np.clip(v * 3 - 1, 0, 1) * np.pi / 2
        y = np.where(v < 1 / 3, near + (bend - near) * v * 3, bend + radius * np.sin(quarter))
        rise = np.clip(v * 3 - 2, 0, 1) * high
        z = radius * (1 - np.cos(quarter)) + rise
        return np.stack([(u - 0.5) * wide, y, z], -1)

    return Sheet("ground", patch(surface, 2, 97), colour)


Floats64 = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


def _upright(y: float, wide: float, high: float, low: float) -> Mesh:
    def surface(u: Floats64, v: Floats64) -> Floats64:
        return np.stack([(u - 0.5) * wide, np.full_like(u, y), low + v * high], -1)

    return patch(surface, 2, 2)


def _gradient(top: str, bottom: str) -> Floats:
    """The wall from `bottom` to `top`, blended in sRGB so that the middle looks like the middle."""
    t = np.clip(np.linspace(-1.0, 2.2, 256, dtype=np.float32), 0, 1)[:, None]
    a, b = (np.array([int(c[i : i + 2], 16) / 255 for i in (1, 3, 5)]) for c in (top, bottom))
    mixed = a * (1 - t) + b * t
    light = np.array([linear("#" + "".join(f"{round(c * 255):02x}" for c in row)) for row in mixed])
    return np.repeat((light * 0.86)[:, None], 4, axis=1).astype(np.float32)

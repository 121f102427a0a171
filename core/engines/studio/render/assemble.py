"""A scene graph as Mitsuba scenes: one to light, and two that carry the denoiser's guides.

Runs in a worker process only; importing Mitsuba takes a third of a second.
The guides (own colours, normals) are drawn as glowing copies of the surfaces, which is six times
faster than Mitsuba's `aov` integrator on the CPU.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import mitsuba as mi
import numpy as np
from numpy.typing import NDArray

from core.engines.studio.framing import corners, seen
from core.engines.studio.looks.colour import RGB, reflectance
from core.engines.studio.looks.lights import Rig, rig, room, window
from core.engines.studio.looks.materials import Spec, bsdf, guide, rgb, textured
from core.engines.studio.looks.sets import Sheet, sheets
from core.engines.studio.meshes.geometry import Mesh
from core.engines.studio.render.labels import Decal
from core.engines.studio.render.screens import screen
from core.engines.studio.render.solids import Solid, solids
from core.engines.studio.scene import Camera, Scene

mi.set_variant("scalar_rgb")
mi.set_log_level(mi.LogLevel.Error)  # a sample that came out wrong is left out, and not told
_T = mi.ScalarTransform4f
_LIFE_SIZE_REACH = 18.0
_MAX_DEPTH = 9
_KEY_SHARE, _ROOM_SHARE, _FLAME_SHARE = 1.0, 0.8, 0.12

Floats = NDArray[np.float32]


@dataclass
class Surfaced:
    """A surface ready for Mitsuba: its scattering, its own light, and what the guides show."""

    mesh: Mesh
    scattering: Spec
    own: Any
    emission: Spec | None = None
    owner: int = 0


@dataclass
class Stage:
    """A scene in Mitsuba's hands. `exposure` is the light's; `_scenes` are built when needed."""

    scene: Scene
    surfaces: list[Surfaced]
    rig: Rig
    reach: float
    _scenes: dict[str, Any] = field(default_factory=dict)

    def lit(self) -> Any:
        """The scene to be path traced."""
        return self._get("lit", self._lit)

    def colours(self) -> Any:
        """Surfaces glowing in their own colours."""
        return self._get("colours", lambda: self._glowing(lambda s: s.own))

    def normals(self) -> Any:
        """Surfaces glowing with their normals, mapped from -1..1 to 0..1."""
        return self._get("normals", lambda: self._glowing(None))

    def matte(self) -> Any:
        """The things alone, in front of nothing."""
        return self._get("matte", self._matte)

    def sensor(self, width: int, height: int, top: int, rows: int, *, alpha: bool = False) -> Any:
        """The camera for some rows of a picture. Box-filtered, so that pixels stay independent."""
        spec = _sensor(self.scene.camera, width, height)
        spec["film"] |= {
            "crop_offset_x": 0, "crop_offset_y": top, "crop_width": width, "crop_height": rows,
            "pixel_format": "rgba" if alpha else "rgb",
        }  # fmt: skip
        return mi.load_dict(spec)

    def rows_of_things(self, width: int, height: int) -> tuple[int, int]:
        """Top and bottom of the rows in which things can be seen, with a margin."""
        heights = [
            seen(self.scene.camera, point)[1]
            for thing in self.scene.things for point in corners(thing)
        ] or [0.0]  # fmt: skip
        half, margin = min(width, height) / 2, 8 + height // 40
        top = int(height / 2 - max(heights) * half) - margin
        bottom = int(height / 2 - min(heights) * half) + margin
        return max(0, min(top, height - 1)), max(1, min(bottom, height))

    def _get(self, name: str, make: Callable[[], Any]) -> Any:
        if name not in self._scenes:
            self._scenes[name] = make()
        return self._scenes[name]

    def _lit(self) -> Any:
        spec: Spec = {
            "type": "scene",
            "integrator": {"type": "path", "max_depth": _MAX_DEPTH, "rr_depth": 4,
                           "hide_emitters": False},
            "room": {"type": "envmap", "bitmap": mi.Bitmap(room(self.rig)),
                     "to_world": _T().rotate([1, 0, 0], 90), "sampling_weight": _ROOM_SHARE},
        }  # fmt: skip
        spec |= _lamps(self.rig, max(1.0, self.reach / _LIFE_SIZE_REACH))
        for index, surface in enumerate(self.surfaces):
            spec[f"s{index:03d}"] = _mesh(surface.mesh, surface.scattering, surface.emission)
        return mi.load_dict(spec)

    def _glowing(self, radiance: Callable[[Surfaced], Any] | None) -> Any:
        spec = _bare_scene()
        for index, surface in enumerate(self.surfaces):
            spec[f"s{index:03d}"] = _guide_mesh(surface, radiance)
        return mi.load_dict(spec)

    def _matte(self) -> Any:
        spec = _bare_scene(bounces=2)  # with 1, a ray that hits counts as having seen nothing
        for index, surface in enumerate(self.surfaces):
            if surface.owner:
                spec[f"s{index:03d}"] = _mesh(surface.mesh, _black(), None)
        return mi.load_dict(spec)


def assemble(scene: Scene) -> Stage:
    """Build everything that Mitsuba needs to draw `scene`."""
    reach = scene.reach
    surfaces = [_of_solid(solid, scene.seed) for solid in solids(scene)]
    surfaces += [_of_sheet(sheet) for sheet in sheets(scene, reach)]
    return Stage(scene, surfaces, rig(scene.light), reach)


def _of_solid(solid: Solid, seed: int) -> Surfaced:
    look = solid.look
    if solid.decal is not None:
        return _of_decal(solid, solid.decal)
    if look.glow:
        return _of_glow(solid)
    texture = textured(look, zlib.crc32(solid.name.encode(), seed))
    own: Any = rgb(guide(look)) if texture is None else _bitmap(texture)
    reflects: Any = rgb(reflectance(look.colour)) if texture is None else own
    return Surfaced(solid.mesh, bsdf(look, reflects), own, owner=solid.owner)


def _of_glow(solid: Solid) -> Surfaced:
    look = solid.look
    if look.texture == "screen":
        picture = screen() * look.glow
        light: Any = _bitmap(picture)
        return Surfaced(solid.mesh, _black(), light, _area(light, _FLAME_SHARE), solid.owner)
    r, g, b = (c * look.glow for c in reflectance(look.colour))
    guide_colour: RGB = (1.0, 1.0, 1.0)
    return Surfaced(
        solid.mesh, _black(), rgb(guide_colour), _area(rgb((r, g, b)), _FLAME_SHARE), solid.owner
    )


def _of_decal(solid: Solid, sign: Decal) -> Surfaced:
    printed = _bitmap(sign.colour)
    return Surfaced(solid.mesh, bsdf(solid.look, printed), printed, owner=solid.owner)


def _of_sheet(sheet: Sheet) -> Surfaced:
    own: Any = rgb(reflectance(sheet.colour)) if sheet.texture is None else _bitmap(sheet.texture)
    if sheet.metal:
        scattering: Spec = {
            "type": "roughconductor", "material": "none", "alpha": sheet.shine,
            "specular_reflectance": rgb((0.62, 0.62, 0.63)),
        }  # fmt: skip
        own = rgb((1.0, 1.0, 1.0))
    elif sheet.shine is not None:
        scattering = {
            "type": "roughplastic", "distribution": "ggx", "alpha": sheet.shine, "int_ior": 1.45,
            "nonlinear": True, "diffuse_reflectance": own,
        }  # fmt: skip
    else:
        scattering = {"type": "diffuse", "reflectance": own}
    return Surfaced(sheet.mesh, {"type": "twosided", "inner": scattering}, own)


def _lamps(lights: Rig, grown: float) -> Spec:
    spec: Spec = {}
    for index, lamp in enumerate(lights.lamps):
        place = _T().look_at(
            origin=[c * grown for c in lamp.place], target=[c * grown for c in lamp.aim],
            up=[0, 0, 1],
        )  # fmt: skip
        half = [side * grown / 2 for side in lamp.size]
        light: Any = rgb(lamp.radiance)
        if lamp.panes != (1, 1):
            light = _bitmap(window(lamp.radiance, lamp.panes))
        spec[f"lamp{index}"] = {
            "type": "disk" if lamp.disc else "rectangle",
            "to_world": place @ _T().scale([*half, 1]), "emitter": _area(light, _KEY_SHARE),
        }  # fmt: skip
    return spec


def _sensor(camera: Camera, width: int, height: int) -> Spec:
    azimuth, elevation = math.radians(camera.azimuth), math.radians(camera.elevation)
    flat = math.cos(elevation) * camera.distance
    tx, ty, tz = camera.target
    origin = [
        tx + math.sin(azimuth) * flat, ty - math.cos(azimuth) * flat,
        tz + math.sin(elevation) * camera.distance,
    ]  # fmt: skip
    up = [0, 0, 1] if camera.elevation < 80 else [-math.sin(azimuth), math.cos(azimuth), 0]
    film = {
        "type": "hdrfilm", "width": width, "height": height, "pixel_format": "rgb",
        "component_format": "float32", "rfilter": {"type": "box"},
    }  # fmt: skip
    spec: Spec = {
        "type": "perspective", "fov": math.degrees(2 * math.atan(18 / camera.lens)),
        "fov_axis": "smaller", "near_clip": 0.5, "far_clip": 1e5, "film": film,
        "to_world": _T().look_at(origin=origin, target=list(camera.target), up=up),
        "sampler": {"type": "independent", "sample_count": 1},
    }  # fmt: skip
    if camera.blur > 0:
        spec |= {
            "type": "thinlens", "focus_distance": camera.distance,
            "aperture_radius": camera.blur * camera.distance / 100,
        }  # fmt: skip
    return spec


def _bare_scene(bounces: int = 1) -> Spec:
    return {"type": "scene", "integrator": {"type": "path", "max_depth": bounces}}


def _guide_mesh(surface: Surfaced, radiance: Callable[[Surfaced], Any] | None) -> Any:
    if radiance is None:
        light: Any = {"type": "mesh_attribute", "name": "vertex_guide"}
    else:
        light = radiance(surface)
    return _mesh(surface.mesh, _black(), _area(light), guide_normals=radiance is None)


def _mesh(
    mesh: Mesh, scattering: Spec, emission: Spec | None, *, guide_normals: bool = False
) -> Any:
    props = mi.Properties()
    props["bsdf"] = mi.load_dict(scattering)
    if emission is not None:
        props["emitter"] = mi.load_dict(emission)
    made = mi.Mesh(
        "mesh", len(mesh.vertices), len(mesh.faces), props=props, has_vertex_normals=True,
        has_vertex_texcoords=True,
    )  # fmt: skip
    if guide_normals:
        made.add_attribute("vertex_guide", 3, (mesh.normals * 0.5 + 0.5).ravel().tolist())
    values = mi.traverse(made)
    values["vertex_positions"] = mesh.vertices.ravel()
    values["vertex_normals"] = mesh.normals.ravel()
    values["vertex_texcoords"] = mesh.uv.ravel()
    values["faces"] = mesh.faces.ravel()
    values.update()
    return made


def _bitmap(values: Floats) -> Spec:
    bitmap = mi.Bitmap(np.ascontiguousarray(values, np.float32))
    return {"type": "bitmap", "bitmap": bitmap, "raw": True}


def _area(light: Any, share: float = 1.0) -> Spec:
    """A glowing surface; `share` weighs how often light is looked for there."""
    return {"type": "area", "radiance": light, "sampling_weight": share}


def _black() -> Spec:
    return {"type": "diffuse", "reflectance": rgb((0.0, 0.0, 0.0))}

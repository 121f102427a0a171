"""Materials as Mitsuba describes them, and the plain colours that guide the denoiser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.engines.studio.looks import textures
from core.engines.studio.looks.colour import RGB, Floats, linear, reflectance

Spec = dict[str, Any]


@dataclass(frozen=True)
class Look:
    """How a surface looks.

    `material` is a name of `scene.MaterialName` or one of this module's own; `texture` names the
    pattern on it; `glow` is emitted radiance, which replaces the material.
    """

    material: str
    colour: str
    texture: str = ""
    glow: float = 0.0
    texture_per_cm: float = 1.0


_GLOSSY = {"ceramic": 0.09, "plastic": 0.16, "skin": 0.24, "wax": 0.3, "leather": 0.34,
           "wood": 0.26, "marble": 0.1}  # fmt: skip
_METALS: dict[str, tuple[RGB, float]] = {
    "gold": ((1.0, 0.70, 0.29), 0.13),
    "silver": ((0.93, 0.92, 0.90), 0.11),
    "copper": ((0.93, 0.51, 0.35), 0.14),
    "steel": ((0.62, 0.62, 0.63), 0.19),
}
_OWN_TEXTURE = {"wood": "grain", "fabric": "weave", "marble": "marble", "stone": "concrete",
                "terracotta": "mottled", "leather": "mottled"}  # fmt: skip
_PER_CM = {"grain": 1 / 24, "weave": 1 / 7, "marble": 1 / 30, "concrete": 1 / 30}


def textured(look: Look, seed: int) -> Floats | None:
    """The reflectance of the look's texture, float32 (h, w, 3), or None where it is plain."""
    name = look.texture or _OWN_TEXTURE.get(look.material, "")
    base = np.array(reflectance(look.colour), np.float32)
    if name == "grain":
        return textures.planks(base * 1.12, base * 0.55, seed, boards=1, size=512, gap=0)
    if name == "weave":
        return textures.cloth(base * 1.15, seed, threads=64, size=512)
    if name == "marble":
        return textures.marble(base, base * 0.35, seed, size=512)
    if name == "concrete":
        return textures.concrete(base, seed, size=512)
    if name == "soil":
        return textures.grainy(base, seed, strength=0.3, size=256)
    makers: dict[str, Callable[[Floats, int], Floats]] = {
        "apple": textures.apple_skin, "peel": textures.peel, "mottled": textures.mottled,
    }  # fmt: skip
    return makers[name](base, seed) if name in makers else None


def is_plain(look: Look) -> bool:
    """Whether the surface has one colour all over: no pattern, no mirror, no glass."""
    mirrors = look.material in _METALS or look.material == "glass"
    return not (look.texture or look.material in _OWN_TEXTURE or mirrors)


def texture_scale(look: Look) -> float:
    """Repeats per unit of the mesh's texture coordinates, where those are centimetres."""
    return _PER_CM.get(look.texture or _OWN_TEXTURE.get(look.material, ""), 1.0)


def bsdf(look: Look, reflects: Any) -> Spec:
    """The scattering of a look; `reflects` is its colour or texture as a Mitsuba spec."""
    if look.material in _METALS:
        return _metal(look)
    if look.material == "glass":
        return _glass(look)
    if look.material in _GLOSSY:
        coat = {
            "type": "roughplastic", "distribution": "ggx", "alpha": _GLOSSY[look.material],
            "int_ior": 1.5, "nonlinear": True, "diffuse_reflectance": reflects,
        }  # fmt: skip
        return {"type": "twosided", "inner": coat}
    return {"type": "twosided", "inner": {"type": "diffuse", "reflectance": reflects}}


def guide(look: Look) -> RGB:
    """What stands for the surface's own colour when the denoiser divides it out.

    Mirrors and glass carry their surroundings rather than a colour of their own.
    """
    if look.material in _METALS or look.material == "glass":
        return (1.0, 1.0, 1.0)
    return reflectance(look.colour)


def rgb(colour: RGB) -> Spec:
    return {"type": "rgb", "value": list(colour)}


def _metal(look: Look) -> Spec:
    """A rough conductor. A painted metal ("a red metal box") takes its colour as the tint."""
    tint, alpha = _METALS[look.material]
    return {
        "type": "twosided",
        "inner": {
            "type": "roughconductor", "material": "none", "alpha": alpha, "distribution": "ggx",
            "specular_reflectance": rgb(_tinted(tint, look)),
        },
    }  # fmt: skip


def _tinted(tint: RGB, look: Look) -> RGB:
    if not look.texture.startswith("tint"):
        return tint
    r, g, b = np.clip(linear(look.colour) * 0.9 + 0.03, 0, 1)
    return float(r), float(g), float(b)


def _glass(look: Look) -> Spec:
    """Clear or coloured glass; light crosses two faces, so that each takes the colour's root."""
    through = np.sqrt(np.clip(linear(look.colour), 0.01, 1.0))
    return {
        "type": "dielectric", "int_ior": 1.5, "ext_ior": 1.0,
        "specular_transmittance": rgb((float(through[0]), float(through[1]), float(through[2]))),
    }  # fmt: skip

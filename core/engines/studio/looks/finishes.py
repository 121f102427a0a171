"""Which look a part of an object takes."""

from __future__ import annotations

from core.engines.studio.looks.materials import Look
from core.engines.studio.meshes.parts import BODY
from core.engines.studio.scene import Thing

FIXED: dict[str, Look] = {
    "coffee": Look("ceramic", "#3b2314"),
    "tea": Look("ceramic", "#8a4b16"),
    "cork": Look("matte", "#b98f62", "mottled"),
    "soil": Look("matte", "#4a3527", "soil"),
    "bark": Look("matte", "#5b4024"),
    "leaf": Look("skin", "#3f7031", "mottled"),
    "stalk": Look("skin", "#557a37"),
    "cactus": Look("skin", "#4f8046", "mottled"),
    "pollen": Look("matte", "#e0a62a"),
    "crust": Look("matte", "#c98d4e", "mottled"),
    "porcelain": Look("ceramic", "#f2efe8"),
    "berry": Look("skin", "#a3182a"),
    "paper cup": Look("matte", "#e9d9c3"),
    "wick": Look("matte", "#2a211b"),
    "flame": Look("matte", "#ffc46b", glow=26.0),
    "lamp shade": Look("matte", "#ffdfae", glow=2.1),
    "bulb": Look("matte", "#ffd9a0", glow=9.0),
    "pages": Look("paper", "#efe7d4"),
    "ribbon": Look("plastic", "#e8dcc0"),
    "ink": Look("matte", "#1d1d20"),
    "gem": Look("glass", "#ffffff"),
    "pale wood": Look("matte", "#d9b98a"),
    "eraser": Look("matte", "#d98a92"),
    "seat pad": Look("fabric", "#cbbfa8"),
    "dark wood": Look("wood", "#4b3323"),
    "screen": Look("matte", "#ffffff", "screen", glow=1.15),
    "black plastic": Look("plastic", "#1b1c1f"),
    "steel": Look("steel", "#a0a0a4"),
    "lens": Look("ceramic", "#0d1018"),
}

_SKINS = {"apple": "apple", "peach": "apple", "pear": "apple", "tomato": "", "cherry": "",
          "lemon": "peel", "lime": "peel", "orange": "peel", "banana": "mottled",
          "pumpkin": "mottled"}  # fmt: skip


def look_of(thing: Thing, finish: str) -> Look:
    """The look of one part: the thing's own, or a fixed one."""
    if finish != BODY:
        return FIXED[finish]
    if thing.material == "skin":
        return Look("skin", thing.colour, _SKINS.get(thing.kind, ""))
    if thing.material in ("gold", "silver", "copper", "steel") and thing.colour_name:
        return Look(thing.material, thing.colour, "tint")
    return Look(thing.material, thing.colour)

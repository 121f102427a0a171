"""Which builder makes which kind."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from core.engines.studio.meshes import food, furniture, gadgets, home, plants, vessels
from core.engines.studio.meshes.parts import Builder, Part

BUILDERS: dict[str, Builder] = {
    "mug": vessels.mug, "teacup": vessels.teacup, "bowl": vessels.bowl, "plate": vessels.plate,
    "bottle": vessels.bottle, "vase": vessels.vase, "jar": vessels.jar, "glass": vessels.tumbler,
    "wine glass": vessels.wine_glass, "teapot": vessels.teapot, "pitcher": vessels.pitcher,
    "pot": vessels.flower_pot, "candle": home.candle, "lamp": home.lamp, "book": home.book,
    "standing book": home.standing_book, "box": home.box, "gift": home.gift, "ball": home.ball,
    "cube": home.cube, "cylinder": home.cylinder, "cone": home.cone, "pyramid": home.pyramid,
    "die": home.die, "apple": food.apple, "lemon": food.lemon, "lime": food.lemon,
    "orange": food.orange, "peach": food.orange, "pear": food.pear, "tomato": food.tomato,
    "pumpkin": food.pumpkin, "egg": food.egg, "banana": food.banana, "cherry": food.cherry,
    "donut": food.donut, "cake": food.cake, "cupcake": food.cupcake, "cushion": home.cushion,
    "lying cushion": home.lying_cushion, "ring": home.ring, "clock": home.clock,
    "pencil": home.pencil, "coin": home.coin,
    "soap": home.soap, "laptop": gadgets.laptop, "phone": gadgets.phone,
    "camera": gadgets.camera, "plant": plants.potted_plant, "cactus": plants.cactus,
    "flowers": plants.flowers, "chair": furniture.chair, "stool": furniture.stool,
    "table": furniture.table, "sofa": furniture.sofa, "card": home.card,
}  # fmt: skip


@lru_cache(maxsize=len(BUILDERS))
def build(kind: str) -> tuple[Part, ...]:
    """The surfaces of one object of `kind`, centred on its ground and standing on z = 0."""
    parts = BUILDERS[kind]()
    points = np.concatenate([part.mesh.vertices for part in parts])
    low, high = points.min(axis=0), points.max(axis=0)
    x, y = -(low[:2] + high[:2]) / 2
    return tuple(
        Part(part.mesh.moved(float(x), float(y), float(-low[2])), part.finish) for part in parts
    )

"""What the studio can build: names, sizes and how each kind behaves, as plain data.

The builders of the surfaces are in `meshes/`; a test holds the sizes given here against them.
Lengths are centimetres at scale 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core.engines.studio.scene import MaterialName


@dataclass(frozen=True)
class Spot:
    """Where a label goes: the height of its middle, how tall it may be and how wide.

    "round" wraps about the upright axis, "flat" is laid onto the front, "top" onto the top.
    """

    z: float
    height: float
    width: float
    way: Literal["round", "flat", "top"] = "round"


@dataclass(frozen=True)
class Kind:
    """A kind of object.

    `half`: half of the ground it takes, x and y; `round` ground is a disc of half[0].
    `top`: height and radius of the level place on which others can stand; `well`: floor height
    and radius of the upright cylinder that is free inside, for things that are round below.
    `fixed`: it keeps its natural material ("an apple"), unless another is asked for by name.
    """

    words: tuple[str, ...]
    half: tuple[float, float]
    height: float
    colour: str
    material: MaterialName = "ceramic"
    round: bool = True
    top: tuple[float, float] | None = None
    well: tuple[float, float] | None = None
    floor: bool = False
    spot: Spot | None = None
    fixed: bool = False
    plurals: tuple[str, ...] = ()


KINDS: dict[str, Kind] = {
    "mug": Kind(
        ("mug", "cup", "coffee cup", "coffee mug", "beaker", "espresso cup"),
        (5.8, 4.15), 9.5, "#e9e4d8", spot=Spot(5.0, 4.4, 6.2), round=False,
    ),
    "teacup": Kind(
        ("teacup", "tea cup", "cup and saucer", "cup of tea"), (7.2, 7.2), 7.2, "#f2efe8",
    ),
    "bowl": Kind(
        ("bowl", "fruit bowl", "dish", "basin"), (9.4, 9.4), 5.8, "#e8e2d6", well=(1.3, 7.2),
        spot=Spot(4.0, 1.9, 6.5),
    ),
    "plate": Kind(
        ("plate", "saucer", "platter", "tray", "dinner plate"), (13, 13), 2.25, "#f1eee7",
        top=(0.95, 8.2),
    ),
    "bottle": Kind(
        ("bottle", "wine bottle", "bottle of wine", "flask"), (3.8, 3.8), 30.75, "#3f5a3a", "glass",
        spot=Spot(10.0, 8.0, 6.4),
    ),
    "vase": Kind(
        ("vase", "urn", "carafe"), (6.45, 6.45), 24.5, "#b9c3bd", well=(10.0, 1.6),
        spot=Spot(9.4, 4.4, 7.2),
    ),
    "jar": Kind(
        ("jar", "canister", "pot with lid", "storage jar", "salt jar", "tin", "can"), (5.25, 5.25),
        15.75, "#ece7db", spot=Spot(6.0, 4.6, 7.0),
    ),
    "glass": Kind(
        ("glass", "tumbler", "drinking glass", "water glass", "glass of water"), (3.75, 3.75),
        10.65, "#f4faf8", "glass", spot=Spot(5.4, 3.6, 5.0),
    ),
    "wine glass": Kind(
        ("wine glass", "wineglass", "goblet", "glass of wine"), (4.2, 4.2), 21.05, "#f6fafa",
        "glass", plurals=("glasses of wine",),
    ),
    "teapot": Kind(
        ("teapot", "tea pot", "kettle"), (11.55, 7.65), 16.45, "#c9d2cf", round=False,
        spot=Spot(6.4, 4.0, 7.5),
    ),
    "pitcher": Kind(
        ("pitcher", "jug", "ewer", "milk jug", "water jug"), (8.2, 6.45), 22.45, "#eae5da",
        round=False, spot=Spot(7.5, 4.6, 7.5),
    ),
    "pot": Kind(
        ("flowerpot", "flower pot", "plant pot", "planter", "pot"), (6.7, 6.7), 11.4, "#b5623f",
        "terracotta", well=(9.5, 4.8), spot=Spot(4.8, 3.6, 6.5),
    ),
    "candle": Kind(
        ("candle", "pillar candle", "tealight"), (3.45, 3.45), 12.75, "#f3ecdc", "wax",
        spot=Spot(4.6, 4.0, 5.0),
    ),
    "lamp": Kind(
        ("lamp", "table lamp", "desk lamp", "reading lamp", "bedside lamp"), (10.65, 10.65), 37.05,
        "#b08d57", "gold",
    ),
    "book": Kind(
        ("book", "novel", "notebook", "hardcover", "sketchbook", "diary", "journal"), (7.55, 10.55),
        2.65, "#6b3a3a", "fabric", round=False, top=(2.6, 6.5), spot=Spot(2.6, 6.0, 11.0, "top"),
    ),
    "standing book": Kind(
        ("standing book", "upright book"), (7.55, 1.35), 21.05, "#6b3a3a", "fabric", round=False,
        spot=Spot(13.0, 6.0, 11.5, "flat"),
    ),
    "box": Kind(
        ("box", "cardboard box", "package", "parcel", "crate", "carton", "chest"), (6.3, 6.3), 9.45,
        "#b99468", "paper", round=False, top=(9.4, 5.6), spot=Spot(4.0, 3.6, 9.0, "flat"),
    ),
    "gift": Kind(
        ("gift", "present", "gift box", "giftbox", "wrapped present"), (6.15, 6.15), 13.15,
        "#c23b3b", "paper", round=False,
    ),
    "ball": Kind(
        ("ball", "sphere", "orb", "marble ball", "bauble", "globe"), (4.55, 4.55), 9.05, "#c94a3d",
        "plastic", spot=Spot(4.5, 2.8, 4.2),
    ),
    "cube": Kind(
        ("cube", "block", "dice block"), (4.05, 4.05), 8.05, "#5c7fa3", "plastic", round=False,
        top=(8.0, 3.8), spot=Spot(4.0, 4.0, 6.4, "flat"),
    ),
    "cylinder": Kind(
        ("cylinder", "column", "pedestal", "plinth", "podium"), (4.05, 4.05), 10.05, "#d7cfc0",
        "matte", top=(10.0, 3.8), spot=Spot(5.0, 4.0, 5.8),
    ),
    "cone": Kind(("cone", "party hat"), (4.6, 4.6), 11.1, "#e0a030", "matte"),
    "pyramid": Kind(("pyramid",), (4.5, 4.5), 8.65, "#d6b26a", "matte", round=False),
    "die": Kind(
        ("die", "dice"), (2.05, 2.05), 4.05, "#f4f1ea", "plastic", round=False, plurals=("dice",),
    ),
    "apple": Kind(("apple",), (3.9, 3.9), 8.6, "#b8201f", "skin", fixed=True),
    "lemon": Kind(("lemon",), (4.2, 2.85), 5.7, "#efcb2c", "skin", round=False, fixed=True),
    "lime": Kind(("lime",), (4.2, 2.85), 5.7, "#6c9a2c", "skin", round=False, fixed=True),
    "orange": Kind(
        ("orange", "tangerine", "mandarin", "clementine"), (3.85, 3.85), 7.1, "#ee8413", "skin",
        fixed=True,
    ),
    "peach": Kind(("peach", "apricot", "nectarine"), (3.85, 3.85), 7.1, "#f0a36b", "skin",
                  fixed=True),
    "pear": Kind(("pear",), (3.5, 3.5), 11.6, "#b9b641", "skin", fixed=True),
    "tomato": Kind(("tomato",), (3.65, 3.65), 6.35, "#c4261b", "skin", fixed=True),
    "pumpkin": Kind(("pumpkin", "squash", "gourd"), (9.05, 9.05), 16.4, "#d9741b", "skin",
                    fixed=True),
    "egg": Kind(("egg",), (2.25, 2.25), 5.7, "#e8cfae", "matte", fixed=True),
    "banana": Kind(("banana",), (8.8, 3.55), 3.3, "#efc93a", "skin", round=False, fixed=True),
    "cherry": Kind(("cherry",), (1.3, 1.2), 5.5, "#8c1322", "skin", round=False, fixed=True),
    "donut": Kind(("donut", "doughnut", "bagel"), (6.05, 6.05), 3.35, "#e79ab2", "plastic"),
    "cake": Kind(
        ("cake", "birthday cake", "layer cake", "wedding cake", "tart"), (12.75, 12.75), 12.95,
        "#f3e3d3", "matte", spot=Spot(3.2, 2.6, 9.0),
    ),
    "cupcake": Kind(("cupcake", "muffin"), (3.9, 3.9), 10.75, "#f2b8c6", "matte"),
    "cushion": Kind(
        ("cushion", "pillow", "throw pillow"), (18.35, 9.9), 36.55, "#8fa08c", "fabric",
        round=False, spot=Spot(20.0, 9.0, 20.0, "flat"),
    ),
    "lying cushion": Kind(
        ("lying cushion", "flat cushion"), (18.35, 18.0), 16.7, "#8fa08c", "fabric", round=False,
        top=(15.6, 7.0),
    ),
    "ring": Kind(("ring", "wedding ring", "engagement ring", "wedding band"), (1.1, 0.45), 2.35,
                 "#e2b04a", "gold", round=False),
    "clock": Kind(("clock", "alarm clock", "desk clock"), (7, 1.55), 14.65, "#7b9aa0", "plastic",
                  round=False),
    "pencil": Kind(("pencil",), (9.25, 0.45), 0.9, "#e4b21c", "plastic", round=False),
    "coin": Kind(("coin", "medal", "token"), (1.3, 1.3), 0.25, "#d9b25a", "gold"),
    "soap": Kind(("soap", "bar of soap", "soap bar"), (4.25, 2.85), 2.65, "#e6dcc8", "wax",
                 round=False, plurals=("bars of soap",), spot=Spot(2.6, 2.0, 5.0, "top")),
    "laptop": Kind(
        ("laptop", "notebook computer", "macbook", "computer"), (15.55, 14.35), 21, "#b9bcc0",
        "steel", round=False,
    ),
    "phone": Kind(
        ("phone", "smartphone", "mobile phone", "cell phone", "mobile", "iphone"), (3.65, 2.05),
        15.45, "#2b2d31", "steel", round=False,
    ),
    "camera": Kind(("camera", "photo camera"), (6.25, 4.45), 9.95, "#2c2c2e", "leather",
                   round=False),
    "plant": Kind(
        ("potted plant", "plant", "houseplant", "house plant", "rubber plant", "plant in a pot",
         "ficus"), (15.05, 15.05), 30.7, "#b5623f", "terracotta",
        plurals=("potted plants",),
    ),
    "cactus": Kind(("cactus", "succulent", "potted cactus"), (7.3, 6.7), 25.15, "#b5623f",
                   "terracotta", plurals=("cacti", "cactuses"), round=False),
    "flowers": Kind(
        ("flower", "bouquet", "bunch of flowers", "daisy", "bouquet of flowers"), (5.5, 5.75),
        30.05, "#f2d7dd", "matte", plurals=("flowers", "daisies"), round=False,
    ),
    "chair": Kind(("chair", "dining chair", "wooden chair", "seat", "armchair"), (22.75, 25.3),
                  84.5, "#8a5a35", "wood", round=False, floor=True, top=(49.0, 15.0)),
    "stool": Kind(("stool", "bar stool", "footstool"), (17.35, 17.35), 45.6, "#b98b59", "wood",
                  floor=True, top=(45.3, 13.5)),
    "table": Kind(
        ("table", "side table", "coffee table", "round table", "bedside table", "nightstand"),
        (26.45, 26.45), 52.8, "#9a6a40", "wood", floor=True, top=(52.6, 24.0),
    ),
    "sofa": Kind(("sofa", "couch", "settee", "loveseat"), (90.05, 42.4), 74.2, "#7d8f86", "fabric",
                 round=False, floor=True),
    "card": Kind(("card", "paper card", "place card"), (6.55, 2.15), 8.4, "#f7f3e8", "paper",
                 round=False, spot=Spot(4.3, 5.0, 11.0, "flat")),
}  # fmt: skip

"""The words that the studio knows besides its objects: colours, materials, counts, sizes, places.

Plain tables; `lexicon.py` joins them into one, `parse.py` and `revise.py` give them meaning.
"""

from __future__ import annotations

from typing import Literal

from PIL import ImageColor

from core.engines.studio.layout import Relation
from core.engines.studio.scene import LightName, MaterialName, SurfaceName


def bag(text: str) -> frozenset[str]:
    """A set of the words in a text."""
    return frozenset(text.split())


_BEYOND_CSS: dict[str, str] = {
    "burgundy": "#6d1a2d", "terracotta": "#c4623f", "mustard": "#d9a62e", "cream": "#f4ead2",
    "sage": "#9caf88", "sage green": "#9caf88", "charcoal": "#36393f", "blush": "#e8b9b3",
    "dusty pink": "#d3a3a1", "dusty rose": "#c08a8a", "rose": "#d8757f", "rust": "#a5481f",
    "ochre": "#c98a2b", "emerald": "#1f7a4f", "emerald green": "#1f7a4f", "forest": "#2c5134",
    "mint": "#a9dcc3", "mint green": "#a9dcc3", "sky": "#8fc3e8", "baby blue": "#a8cdea",
    "baby pink": "#f3c2cf", "cobalt": "#1f47a8", "cobalt blue": "#1f47a8", "petrol": "#1d5563",
    "sand": "#d9c49c", "taupe": "#a4937f", "stone": "#b3aba0", "off white": "#f2eee4",
    "eggshell": "#f0ead8", "bone": "#e7dfcf", "mauve": "#b28aa5", "lilac": "#c3a8d3",
    "aubergine": "#472341", "wine": "#6b1f33", "wine red": "#6b1f33", "cherry red": "#a8142b",
    "brick": "#9c4434", "brick red": "#9c4434", "blood red": "#7a0f12", "copper": "#b87345",
    "bronze": "#8c6239", "amber": "#d98a1f", "caramel": "#b5783c", "camel": "#bf9261",
    "mocha": "#7a5a45", "espresso": "#3f2a20", "graphite": "#46484c", "jet black": "#121214",
    "pastel blue": "#b4cfe6", "pastel pink": "#f2c9d3", "pastel green": "#bfe0c2",
    "pastel yellow": "#f5ebb5", "royal purple": "#5c3a92", "lemon yellow": "#f0d93c",
    "racing green": "#16402e", "bottle green": "#17412f", "duck egg blue": "#b9d6d4",
    "grass green": "#4f8f34", "sunflower": "#eebb2a", "peach": "#f4b992", "apricot": "#f0ab78",
    "ultramarine": "#23349b", "denim": "#48678f", "ice blue": "#cfe3ec", "red": "#c0201f",
    "green": "#2f8042", "blue": "#2456b0", "yellow": "#efc928", "pink": "#ea9db2",
    "purple": "#6c3c97", "brown": "#77492b", "grey": "#8f9093", "gray": "#8f9093",
    "black": "#19191b", "white": "#f5f3ee", "navy": "#1b2a55", "navy blue": "#1b2a55",
    "violet": "#7a4fb5", "orange": "#e8801c", "lime": "#9dc62d", "lime green": "#77b82a",
    "pale": "#eee7da", "rose gold": "#c98b7b",
}  # fmt: skip
COLOURS: dict[str, str] = {
    **{name: code for name, code in ImageColor.colormap.items() if isinstance(code, str)},
    **_BEYOND_CSS,
}
"""Colour names, those of several words with blanks, as `#rrggbb`."""

TONES: dict[str, tuple[float, str]] = {
    "light": (0.45, "#ffffff"), "pale": (0.55, "#ffffff"), "pastel": (0.55, "#ffffff"),
    "bright": (0.0, "#ffffff"), "vivid": (0.0, "#ffffff"), "dark": (0.5, "#000000"),
    "deep": (0.35, "#000000"), "muted": (0.4, "#8c8880"), "dusty": (0.4, "#a39a92"),
    "warm": (0.15, "#d98a3c"), "cool": (0.15, "#3c7cd9"),
}  # fmt: skip
"""Words before a colour: how much of which other colour is mixed in."""

MATERIALS: dict[str, MaterialName] = {
    "ceramic": "ceramic", "porcelain": "ceramic", "glazed": "ceramic", "china": "ceramic",
    "stoneware": "ceramic", "earthenware": "terracotta", "clay": "terracotta",
    "terracotta": "terracotta", "glass": "glass", "crystal": "glass", "metal": "steel",
    "metallic": "steel", "steel": "steel", "stainless steel": "steel", "iron": "steel",
    "chrome": "steel", "aluminium": "steel", "aluminum": "steel", "gold": "gold",
    "golden": "gold", "brass": "gold", "silver": "silver", "platinum": "silver",
    "copper": "copper", "rose gold": "copper", "bronze": "copper", "wood": "wood", "wooden": "wood",
    "oak": "wood", "walnut": "wood", "pine": "wood", "bamboo": "wood", "teak": "wood",
    "matte": "matte",
    "matt": "matte", "chalk": "matte", "plaster": "matte", "fabric": "fabric", "linen": "fabric",
    "cotton": "fabric", "wool": "fabric", "woollen": "fabric", "knitted": "fabric",
    "velvet": "fabric", "cloth": "fabric", "plastic": "plastic", "acrylic": "plastic",
    "rubber": "plastic", "glossy": "ceramic", "shiny": "ceramic", "marble": "marble",
    "stone": "stone", "concrete": "stone", "granite": "stone", "leather": "leather",
    "paper": "paper", "cardboard": "paper", "kraft": "paper", "wax": "wax",
}  # fmt: skip
MATERIAL_COLOURS: dict[str, str] = {
    "oak": "#c99f6a", "walnut": "#6b4530", "pine": "#e2c08c", "bamboo": "#d8b878",
    "teak": "#a06b3c", "wood": "#a8764a", "wooden": "#a8764a", "glass": "#f3faf7",
    "crystal": "#f6fbfb", "clear": "#f6fbfa", "terracotta": "#b9643f", "clay": "#b07a58",
    "leather": "#7a4a2c", "cardboard": "#b99468", "kraft": "#b99468", "concrete": "#a9a7a2",
    "stone": "#a8a39a", "granite": "#77777a", "marble": "#eceae6", "brass": "#c9a24a",
}  # fmt: skip
"""The natural colour that a material's word brings along when no colour is said."""

COUNTS: dict[str, int] = {
    "a": 1, "an": 1, "one": 1, "single": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
    "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "a dozen": 12,
    "dozen": 12, "half a dozen": 6, "a couple of": 2, "couple of": 2, "a pair of": 2,
    "pair of": 2, "a few": 3, "few": 3, "some": 3, "several": 4, "many": 6, "a trio of": 3,
    "trio of": 3, "both": 2,
}  # fmt: skip
MAX_COUNT = 12

SIZES: dict[str, float] = {
    "tiny": 0.5, "mini": 0.55, "miniature": 0.5, "very small": 0.55, "small": 0.75, "little": 0.75,
    "short": 0.8, "medium": 1.0, "normal": 1.0, "regular": 1.0, "big": 1.3, "large": 1.35,
    "tall": 1.25, "very large": 1.7, "very big": 1.7, "huge": 1.8, "giant": 2.2, "enormous": 2.2,
    "oversized": 1.8,
}  # fmt: skip
GROWTH: dict[str, float] = {
    "a bit bigger": 1.15, "slightly bigger": 1.15, "a little bigger": 1.15, "bigger": 1.3,
    "larger": 1.3, "taller": 1.25, "much bigger": 1.7, "much larger": 1.7, "twice as big": 2.0,
    "double the size": 2.0, "twice the size": 2.0, "a bit smaller": 0.87, "slightly smaller": 0.87,
    "a little smaller": 0.87, "smaller": 0.75, "shorter": 0.8, "much smaller": 0.55,
    "half the size": 0.5, "half as big": 0.5,
}  # fmt: skip

RELATIONS: dict[str, Relation | Literal["under"]] = {
    "to the left of": "left", "on the left of": "left", "on the left side of": "left",
    "left of": "left", "to the left side of": "left", "on the left hand side of": "left",
    "to the right of": "right", "on the right of": "right", "on the right side of": "right",
    "right of": "right", "in front of": "front", "before": "front", "behind": "behind",
    "in back of": "behind", "at the back of": "behind", "on top of": "on", "atop": "on", "on": "on",
    "upon": "on", "onto": "on", "resting on": "on", "standing on": "on", "sitting on": "on",
    "lying on": "on", "placed on": "on", "set on": "on", "in": "in", "inside": "in",
    "inside of": "in", "into": "in", "under": "under", "underneath": "under",
    "beneath": "under", "below": "under", "between": "between", "in between": "between",
    "next to": "next", "beside": "next", "by": "next", "near": "next", "close to": "next",
    "alongside": "next", "along with": "next", "beside of": "next",
}  # fmt: skip
SIDES: dict[str, Relation] = {
    "on the left": "left", "to the left": "left", "at the left": "left", "on its left": "left",
    "to its left": "left", "on the left side": "left", "left": "left",
    "on the right": "right", "to the right": "right", "at the right": "right",
    "on its right": "right", "to its right": "right", "on the right side": "right",
    "right": "right", "in the back": "behind", "at the back": "behind", "in back": "behind",
    "to the back": "behind", "backwards": "behind", "back": "behind", "further back": "behind",
    "in the background": "behind", "behind it": "behind", "in front": "front",
    "in the foreground": "front", "to the front": "front", "forward": "front",
    "forwards": "front", "closer": "front", "on top": "on",
}  # fmt: skip
"""Places without an anchor of their own: beside the thing talked about, or within the picture."""

LIGHTS: dict[str, LightName] = {
    "soft window light": "soft window", "window light": "soft window", "soft light": "soft window",
    "soft lighting": "soft window", "natural light": "soft window", "by a window": "soft window",
    "soft window": "soft window", "morning light": "soft window", "soft daylight": "soft window",
    "diffused light": "soft window", "near a window": "soft window",
    "natural window light": "soft window", "soft natural light": "soft window",
    "soft morning light": "soft window", "diffuse light": "soft window",
    "golden hour": "golden hour", "golden hour light": "golden hour", "sunset": "golden hour",
    "sunset light": "golden hour", "warm evening light": "golden hour", "sunrise": "golden hour",
    "evening sun": "golden hour", "evening light": "golden hour", "at sunset": "golden hour",
    "late afternoon sun": "golden hour", "low sun": "golden hour", "warm light": "golden hour",
    "warm lighting": "golden hour", "golden light": "golden hour",
    "late afternoon light": "golden hour",
    "overhead softbox": "overhead softbox", "softbox": "overhead softbox",
    "soft box": "overhead softbox", "overhead light": "overhead softbox",
    "softbox light": "overhead softbox", "top light": "overhead softbox",
    "overhead lighting": "overhead softbox", "light from above": "overhead softbox",
    "softbox lighting": "overhead softbox", "overhead softbox light": "overhead softbox",
    "rim light": "rim light", "rim lighting": "rim light", "back light": "rim light",
    "backlight": "rim light", "backlit": "rim light", "low key": "rim light",
    "dramatic light": "rim light", "dramatic lighting": "rim light", "moody light": "rim light",
    "moody lighting": "rim light", "moody": "rim light", "low key lighting": "rim light",
    "edge light": "rim light", "rim lit": "rim light",
    "night": "night", "at night": "night", "night light": "night", "moonlight": "night",
    "moonlit": "night", "by night": "night", "night time": "night", "nighttime": "night",
    "moon light": "night", "midnight": "night", "in the dark": "night",
    "candle light": "candle light", "candlelight": "candle light", "candlelit": "candle light",
    "by candlelight": "candle light", "candle lit": "candle light", "firelight": "candle light",
    "daylight": "daylight", "sunlight": "daylight", "bright sunlight": "daylight",
    "hard light": "daylight", "noon": "daylight", "midday sun": "daylight", "sunny": "daylight",
    "direct sun": "daylight", "bright daylight": "daylight", "noon sun": "daylight",
    "direct sunlight": "daylight", "hard sunlight": "daylight", "full sun": "daylight",
    "studio light": "studio", "studio lighting": "studio", "studio lights": "studio",
    "three point lighting": "studio", "even light": "studio", "even lighting": "studio",
    "bright light": "studio", "bright lighting": "studio", "high key": "studio",
    "overcast": "overcast", "cloudy": "overcast", "overcast light": "overcast",
    "cloudy light": "overcast", "grey day": "overcast", "shade": "overcast",
    "neon": "neon", "neon light": "neon", "neon lights": "neon", "neon lighting": "neon",
    "cyberpunk": "neon",
}  # fmt: skip

SURFACES: dict[str, SurfaceName] = {
    "walnut": "walnut", "dark wood": "walnut", "mahogany": "walnut", "oak": "oak",
    "wood": "oak", "wooden": "oak", "light wood": "pine", "pine": "pine", "birch": "pine",
    "pale wood": "pine", "marble": "marble", "granite": "marble", "concrete": "concrete",
    "cement": "concrete", "linen": "linen", "cloth": "linen", "fabric": "linen",
    "tablecloth": "linen", "table cloth": "linen", "cotton": "linen", "blanket": "linen",
    "slate": "slate", "stone": "slate", "rock": "slate", "painted": "painted",
    "metal": "metal", "steel": "metal", "stainless steel": "metal", "terrazzo": "terrazzo",
    "sand": "sand", "beach": "sand", "grass": "grass", "lawn": "grass", "meadow": "grass",
    "rustic wood": "walnut", "seamless paper": "sweep", "paper": "sweep", "glossy": "painted",
}  # fmt: skip
SURFACE_COLOURS: dict[str, str] = {
    "marble": "#ece9e4", "concrete": "#a6a49f", "linen": "#e6ddcb", "slate": "#3a3d42",
    "painted": "#ece8df", "sweep": "#e9e6e0", "metal": "#a0a0a2", "terrazzo": "#e3ded5",
    "sand": "#d8c39a", "grass": "#4f7a33", "walnut": "#7d5337", "oak": "#c79d6b",
    "pine": "#e0be8b",
}  # fmt: skip
SURFACE_NOUNS = bag(
    "table desk tabletop counter countertop worktop surface floor ground shelf board slab "
    "top sideboard bench windowsill sill tablecloth cloth base floorboards parquet"
)
BACKDROP_NOUNS = bag("background backdrop wall backgrounds backing")
SWEEP_WORDS = bag("studio sweep cyclorama cove infinity seamless limbo")

CAMERA: dict[str, dict[str, float]] = {
    "close up": {"closeness": 1.32, "lens": 85, "blur": 0.5},
    "closeup": {"closeness": 1.32, "lens": 85, "blur": 0.5},
    "macro": {"closeness": 1.45, "lens": 100, "blur": 0.7},
    "macro shot": {"closeness": 1.45, "lens": 100, "blur": 0.7},
    "extreme close up": {"closeness": 1.6, "lens": 100, "blur": 0.7},
    "zoomed in": {"closeness": 1.3},
    "wide": {"closeness": 0.55, "lens": 35}, "wide angle": {"closeness": 0.62, "lens": 28},
    "wide shot": {"closeness": 0.55, "lens": 35}, "long shot": {"closeness": 0.45},
    "zoomed out": {"closeness": 0.62},
    "from above": {"elevation": 48, "azimuth": 0}, "high angle": {"elevation": 42},
    "top down": {"elevation": 89, "azimuth": 0, "blur": 0.1},
    "top view": {"elevation": 89, "azimuth": 0, "blur": 0.1},
    "overhead shot": {"elevation": 89, "azimuth": 0, "blur": 0.1},
    "overhead view": {"elevation": 89, "azimuth": 0, "blur": 0.1},
    "flat lay": {"elevation": 89, "azimuth": 0, "blur": 0.1},
    "flatlay": {"elevation": 89, "azimuth": 0, "blur": 0.1},
    "bird's eye view": {"elevation": 89, "azimuth": 0, "blur": 0.1},
    "birds eye view": {"elevation": 89, "azimuth": 0, "blur": 0.1},
    "from directly above": {"elevation": 89, "azimuth": 0, "blur": 0.1},
    "low angle": {"elevation": 4}, "from below": {"elevation": 2.5}, "eye level": {"elevation": 8},
    "side view": {"elevation": 7}, "front view": {"elevation": 9, "azimuth": 0},
    "straight on": {"elevation": 9, "azimuth": 0},
    "three quarter": {"elevation": 24, "azimuth": 24},
    "three quarter view": {"elevation": 24, "azimuth": 24},
    "isometric": {"elevation": 35, "azimuth": 40, "lens": 135, "blur": 0},
    "isometric view": {"elevation": 35, "azimuth": 40, "lens": 135, "blur": 0},
    "telephoto": {"lens": 135}, "portrait lens": {"lens": 85},
    "shallow depth of field": {"blur": 1.1}, "bokeh": {"blur": 1.1},
    "blurred background": {"blur": 1.1}, "blurry background": {"blur": 1.1},
    "shallow focus": {"blur": 1.1}, "deep focus": {"blur": 0}, "everything in focus": {"blur": 0},
    "sharp focus": {"blur": 0.08}, "all in focus": {"blur": 0},
}  # fmt: skip
"""What camera words set; degrees, millimetres, and factors as in `scene.Camera`."""

IGNORED = bag(
    "photorealistic photo-realistic realistic hyperrealistic photo photograph picture image "
    "render rendering rendered product shot photography photographic 4k 8k 16k hd uhd hdr "
    "ultra highly high detailed detail details quality best award winning masterpiece "
    "professional beautiful stunning gorgeous pretty nice lovely elegant perfect amazing "
    "sharp crisp realism raw cinematic commercial editorial advertising studio-quality "
    "unreal engine octane style styled aesthetic please kindly can could you i want need "
    "would like show me draw create make generate give a an the of is are that which it's "
    "there with and just very really also simple minimal minimalist minimalistic modern "
    "classic clean scene composition still life standing sitting lying resting placed "
    "arranged set against lit by from over at its their his her my our your this "
    "these those side row line up together each other one ones view camera lens shot light "
    "lighting color colour colored coloured shaped looking used made new resolution res dpi "
    "tone tones colours colors to for as be should have has some in on into so only other "
    "then now freshly empty full soft subtle visible centered centred middle center centre "
    "frame framed"
)
"""Words that carry no meaning of their own here and need not be reported as unused."""

"""Colours that have a name in everyday English, for exact backdrops, borders and lettering.

Names of the CSS Color Module Level 4 where it has them (its values), and the photographer's and
decorator's words that it lacks.
"""

from __future__ import annotations

import re

NAMED = {
    "white": "#ffffff", "pure white": "#ffffff", "plain white": "#ffffff", "off white": "#faf9f6",
    "black": "#000000", "pure black": "#000000", "grey": "#808080", "silver": "#c0c0c0",
    "charcoal": "#36454f", "slate": "#708090", "red": "#ff0000", "crimson": "#dc143c",
    "maroon": "#800000", "burgundy": "#800020", "scarlet": "#ff2400", "coral": "#ff7f50",
    "salmon": "#fa8072", "peach": "#ffdab9", "orange": "#ffa500", "terracotta": "#c66b3d",
    "brown": "#8b4513", "tan": "#d2b48c", "beige": "#f5f5dc", "cream": "#fffdd0",
    "ivory": "#fffff0", "sand": "#e2cfa5", "gold": "#ffd700", "mustard": "#e1ad01",
    "yellow": "#ffff00", "lemon": "#fff44f", "lime": "#00ff00", "green": "#008000",
    "olive": "#808000", "sage": "#b2ac88", "mint": "#98ff98", "emerald": "#50c878",
    "forest green": "#228b22", "teal": "#008080", "turquoise": "#40e0d0", "aqua": "#00ffff",
    "cyan": "#00ffff", "sky blue": "#87ceeb", "blue": "#0000ff", "royal blue": "#4169e1",
    "navy": "#000080", "navy blue": "#000080", "cobalt": "#0047ab", "indigo": "#4b0082",
    "purple": "#800080", "violet": "#ee82ee", "lavender": "#e6e6fa", "lilac": "#c8a2c8",
    "magenta": "#ff00ff", "fuchsia": "#ff00ff", "pink": "#ffc0cb", "hot pink": "#ff69b4",
    "rose": "#ff007f", "light grey": "#d3d3d3", "dark grey": "#404040", "light blue": "#add8e6",
    "dark blue": "#00008b", "pale blue": "#d6e6f2", "light green": "#90ee90",
    "dark green": "#006400", "light pink": "#ffb6c1", "dark red": "#8b0000",
    "pastel pink": "#f8c8dc", "pastel blue": "#aec6cf", "pastel green": "#c1e1c1",
    "pastel yellow": "#fdfd96", "neon green": "#39ff14", "midnight blue": "#191970",
}  # fmt: skip

_ALTERNATIVES = "|".join(re.escape(name) for name in sorted(NAMED, key=len, reverse=True))
COLOUR = (
    rf"(?:{_ALTERNATIVES}|{_ALTERNATIVES.replace('grey', 'gray')}|#[0-9a-f]{{6}}|#[0-9a-f]{{3}})"
)
"""A pattern (no groups) for a colour in lower-case words."""


def hex_of(words: str) -> str:
    """The colour that words matched by `COLOUR` name, as `#rrggbb`."""
    if words.startswith("#"):
        digits = words[1:]
        return "#" + (digits if len(digits) == 6 else "".join(2 * digit for digit in digits))
    return NAMED[words.replace("gray", "grey")]

"""People's words as labels: on one line, no longer than their place, nothing in them unseen."""

from __future__ import annotations

import unicodedata

_CONTROL = frozenset(("Cc", "Cf", "Cs"))
_KEPT = "\n\t\u200d"
"""Of signs that are not seen: new lines, tabs, and what joins emoji."""


def clipped(words: str, most: int) -> str:
    """At most so many characters, with a sign that something is left out."""
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"


def one_line(words: str, most: int) -> str:
    """Words as a label: on one line, at most so many characters."""
    return clipped(" ".join(seen(words).split()), most)


def seen(words: str) -> str:
    """Without what is not seen and could turn the line around or break it off."""
    return "".join(
        sign for sign in words if sign in _KEPT or unicodedata.category(sign) not in _CONTROL
    )

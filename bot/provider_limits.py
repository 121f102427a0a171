"""How much may be asked of each provider, as one line of text says it."""

from __future__ import annotations

import re

USUAL_LIMITS = "openai=8, replicate=10, compatible=2"

_ENTRY = re.compile(
    r"(?P<name>[\w./:-]+)\s*=\s*(?P<running>\d{1,4})(?:\s+(?P<rate>\d{1,6})\s*/\s*min)?"
)

Limit = tuple[int, int | None]
"""How many at a time, and how many in a minute (None: as many as there are)."""


def limits_of(text: str) -> dict[str, Limit]:
    """The limits by provider ("openai") or provider and model ("openai/gpt-image-2").

    Raises:
        ValueError: an entry is not understood; says which.
    """
    found: dict[str, Limit] = {}
    for part in filter(None, (each.strip() for each in text.split(","))):
        entry = _ENTRY.fullmatch(part)
        if entry is None or not int(entry["running"]) or entry["rate"] in ("0",):
            raise ValueError(f"“{part[:60]}” is not understood; say “openai=8 60/min”")
        found[entry["name"]] = (
            int(entry["running"]),
            int(entry["rate"]) if entry["rate"] else None,
        )
    return found


def checked_limits(text: str) -> str:
    """The text, once it is understood. Raises ValueError."""
    limits_of(text)
    return text

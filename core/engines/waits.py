"""How long a provider asks us to wait, in its headers or in its words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_LONGEST = 86_400.0
_PART = r"[\d.]+\s*(?:ms|h|m|s)\s*"
_WORDED = re.compile(rf"(?:try again|resets?|available) in\s*~?\s*((?:{_PART})+)", re.IGNORECASE)
_PARTS = re.compile(r"([\d.]+)\s*(ms|h|m|s)", re.IGNORECASE)
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


def wait_named(headers: Mapping[str, str], message: str) -> float | None:
    """Seconds as named by `retry-after-ms`, `retry-after` or words such as "try again in 12s".

    `headers` have names in small letters. None: no wait is named that makes sense.
    """
    millis = _number(headers.get("retry-after-ms", ""))
    found = millis / 1000 if millis is not None else _header(headers.get("retry-after", ""))
    if found is None:
        found = _worded(message)
    return min(found, _LONGEST) if found is not None else None


def _header(text: str) -> float | None:
    """A number of seconds, or a moment to come."""
    seconds = _number(text)
    if seconds is not None:
        return seconds
    try:
        left = (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return None
    return left if left >= 0 else None


def _worded(text: str) -> float | None:
    found = _WORDED.search(text)
    if found is None:
        return None
    return sum((_number(n) or 0.0) * _SECONDS[unit.lower()] for n, unit in _PARTS.findall(found[1]))


def _number(text: str) -> float | None:
    """A number that is finite and not negative."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0 <= value < float("inf") else None

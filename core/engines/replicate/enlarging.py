"""By how much a model is to enlarge a picture, in the factors that it knows."""

from __future__ import annotations

import math
import re
from typing import Any

from core.engines.port import ImageRequest
from core.engines.replicate.fields import InputField
from core.errors import BadInput

MOST_TIMES = 16.0
"""The most that is asked of a model that names no bound."""

_TIMES = re.compile(r"x?(\d+(?:\.\d+)?)x?")
_HOW = "Say “2x”, “4x” or “to 4K”."


def times_wanted(request: ImageRequest, size: tuple[int, int]) -> float:
    """The factor that was asked for. Raises BadInput: none, or nothing to do."""
    wanted = request.scale or (request.long_side or 0) / max(size)
    if not wanted:
        raise BadInput("How large should it be?", hint=_HOW)
    if wanted <= 1:
        raise BadInput("It is that large already.", hint=_HOW)
    return wanted


def times_of(choice: object) -> float | None:
    """The factor that a choice is: 4, "4", "4x", "x4"."""
    match = _TIMES.fullmatch(str(choice).strip().lower())
    return None if match is None or isinstance(choice, bool) else float(match[1])


def factor(field: InputField, wanted: float, most: float) -> tuple[Any, float]:
    """The least factor that covers what is wanted, else the largest, with what it amounts to."""
    if field.choices:
        known = {choice: times for choice in field.choices if (times := times_of(choice))}
        possible = {choice: times for choice, times in known.items() if 1 < times <= most}
        covering = {choice: times for choice, times in possible.items() if times >= wanted - 1e-6}
        if covering:
            return min(covering.items(), key=lambda pair: pair[1])
        return max(possible.items(), key=lambda pair: pair[1], default=(None, 0.0))
    low, high = max(field.minimum or 1.0, 1.0), min(field.maximum or MOST_TIMES, most)
    times = min(max(wanted, low), high)
    if field.kind == "integer" or field.multiple > 1:
        step = field.multiple or 1
        times = math.ceil(times / step - 1e-9) * step
        if times > high:
            times -= step
    return (int(times) if times == int(times) else round(times, 4)), times

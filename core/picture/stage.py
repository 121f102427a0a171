"""How far pixel work is: what a job in the pool reports on its way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Stage:
    """What happens now, in a few words, and how far it is, 0 to 1."""

    words: str
    fraction: float


Report = Callable[[Any], None]
"""Where a job reports; in the pool this is the way to the process that waits for it."""

"""One line of the table of measurements."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured, the bar that it has to keep, and whether it did; in words."""

    name: str
    measured: str
    bar: str
    kept: bool

"""How much one turn, one person and one session may ask for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TurnLimits:
    """Sizes in bytes, pixels and characters; `max_running` are turns of one person at once."""

    max_files: int = 16
    max_file_bytes: int = 25_000_000
    max_pixels: int = 50_000_000
    max_prompt: int = 8_000
    max_running: int = 4
    max_side: int = 8_192

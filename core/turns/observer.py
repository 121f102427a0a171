"""What the core tells whoever counts: turns, provider calls, doubles, redeliveries."""

from __future__ import annotations

from typing import Protocol


class Observer(Protocol):
    """Every call is cheap and never fails."""

    def turn_ended(self, platform: str, operation: str, outcome: str, seconds: float) -> None:
        """`seconds` from acceptance to the end; `operation` is that of the turn's first step."""

    def provider_called(self, model: str, outcome: str, seconds: float, cost_usd: float) -> None:
        """`outcome` is "ok", "cancelled" or an error's code."""

    def duplicate_dropped(self) -> None:
        """An event came again that had been accepted before."""

    def redelivered(self) -> None:
        """A turn was taken up again after a worker was lost."""

    def queue_depth(self, turns: int) -> None:
        """How many turns are accepted and have not ended."""

"""What the core observes, as metrics."""

from __future__ import annotations

from bot.telemetry import Metrics


class Counting:
    """The core's `Observer` over this process's metrics."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def turn_ended(self, platform: str, operation: str, outcome: str, seconds: float) -> None:
        self._metrics.turns.labels(platform, operation, outcome).inc()
        self._metrics.turn_seconds.observe(seconds)

    def provider_called(self, model: str, outcome: str, seconds: float, cost_usd: float) -> None:
        self._metrics.provider_seconds.labels(model, outcome).observe(seconds)
        self._metrics.provider_cost_usd.labels(model).inc(cost_usd)

    def duplicate_dropped(self) -> None:
        self._metrics.duplicates_dropped.inc()

    def redelivered(self) -> None:
        self._metrics.redeliveries.inc()

    def queue_depth(self, turns: int) -> None:
        self._metrics.queue_depth.set(turns)

"""What the web adapter asks of the program: is it well, what are its numbers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

from bot.base import Base
from core.errors import EaselError
from core.session.connect import reachable
from core.session.store import SessionStore

_SECONDS = 2.0
_PLATFORM = "web"


class Health:
    """Counts acknowledgements, renders metrics, and looks whether the parts answer."""

    def __init__(self, parts: Base) -> None:
        self._parts = parts

    def ack(self, seconds: float) -> None:
        """An event was acknowledged that long after it arrived."""
        self._parts.metrics.ack_seconds.labels(_PLATFORM).observe(seconds)

    def render_metrics(self) -> bytes:
        """Prometheus' text format."""
        return self._parts.metrics.render()

    async def ready(self) -> list[str]:
        """The parts that do not answer: "store", "pictures"."""
        store, blobs = await asyncio.gather(
            _answers(_ping(self._parts.store)), _answers(self._parts.blobs.check())
        )
        return [name for name, well in (("store", store), ("pictures", blobs)) if not well]


async def _ping(store: SessionStore) -> None:
    with reachable():
        await store.ping()


async def _answers(question: Awaitable[None]) -> bool:
    try:
        async with asyncio.timeout(_SECONDS):
            await question
    except (EaselError, TimeoutError):
        return False
    return True

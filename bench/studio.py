"""How soon the studio shows something, and how soon it is done: the process warm, no other work."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field

from bench.rows import Row
from core.engines.port import ImageRequest
from core.engines.studio.engine import WARM, Studio
from core.picture.pool import PixelPool

PROMPT = "a red mug to the left of a white candle on a walnut table, soft window light"
SIDE = 1024
PREVIEW_BAR, PICTURE_BAR = 2.0, 20.0
_RUNS = 3


@dataclass
class _Watch:
    """When things came, in seconds since it was made."""

    started: float = field(default_factory=time.perf_counter)
    first: float | None = None

    @property
    def elapsed(self) -> float:
        return time.perf_counter() - self.started

    async def stage(self, words: str, fraction: float | None = None) -> None:
        """Stages are not measured."""

    async def preview(self, data: bytes, mime: str) -> None:
        if self.first is None:
            self.first = self.elapsed


def measure() -> list[Row]:
    """Seconds to the first preview and to the whole picture, the slowest of some runs."""
    times = asyncio.run(_drawn())
    first, whole = max(t[0] for t in times), max(t[1] for t in times)
    return [
        Row("studio: first preview", f"{first:.2f} s", f"{PREVIEW_BAR:g} s", first <= PREVIEW_BAR),
        Row(
            f"studio: {SIDE}x{SIDE}, medium", f"{whole:.1f} s", f"{PICTURE_BAR:g} s",
            whole <= PICTURE_BAR,
        ),
    ]  # fmt: skip


async def _drawn() -> list[tuple[float, float]]:
    pool = PixelPool(1, warm=WARM)
    await pool.start()
    studio = Studio(pool)
    await studio.start()
    try:
        await _one(studio, _request("warm", 64))
        return [await _one(studio, _request(f"run-{index}", SIDE)) for index in range(_RUNS)]
    finally:
        await studio.close()
        await pool.close()


async def _one(studio: Studio, request: ImageRequest) -> tuple[float, float]:
    watch = _Watch()
    await studio.engine.run(request, watch)
    whole = watch.elapsed
    return (whole if watch.first is None else watch.first), whole


def _request(key: str, side: int) -> ImageRequest:
    return ImageRequest(
        model="studio", operation="generate", key=key, prompt=PROMPT, size=(side, side),
        quality="medium", previews=2,
    )  # fmt: skip

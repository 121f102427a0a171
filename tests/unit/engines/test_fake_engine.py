"""The engine that ships for tests keeps the port's promises."""

from __future__ import annotations

import asyncio

import pytest

from core.engines.fake import FakeEngine
from core.engines.port import ImageRequest


class Seen:
    def __init__(self) -> None:
        self.fractions: list[float | None] = []
        self.previews: list[tuple[bytes, str]] = []

    async def stage(self, words: str, fraction: float | None = None) -> None:
        self.fractions.append(fraction)

    async def preview(self, data: bytes, mime: str) -> None:
        self.previews.append((data, mime))


def request(seed: int | None = None) -> ImageRequest:
    return ImageRequest(model="fake", operation="generate", key="t:0", seed=seed)


def engine(previews: int = 0) -> FakeEngine:
    return FakeEngine(picture=b"png", width=3, height=2, previews=previews)


async def test_it_hands_back_the_callers_picture() -> None:
    fake = engine()
    result = await fake.run(request(seed=9), Seen())
    assert [(p.data, p.width, p.height, p.seed) for p in result.pictures] == [(b"png", 3, 2, 9)]
    assert fake.calls == [request(seed=9)]
    assert fake.models()[0].id == "fake"


async def test_it_shows_previews() -> None:
    seen = Seen()
    await engine(previews=2).run(request(), seen)
    assert seen.previews == [(b"png", "image/png")] * 2
    assert seen.fractions == [1 / 3, 2 / 3]


async def test_failures_come_first_and_once() -> None:
    fake = engine()
    fake.failures.append(RuntimeError("away"))
    with pytest.raises(RuntimeError, match="away"):
        await fake.run(request(), Seen())
    assert (await fake.run(request(), Seen())).pictures
    assert (len(fake.calls), fake.running) == (2, 0)


async def test_it_waits_for_its_gate_and_can_be_cancelled_there() -> None:
    fake = engine()
    fake.gate = asyncio.Event()
    running = asyncio.create_task(fake.run(request(), Seen()))
    cancelled = asyncio.create_task(fake.run(request(), Seen()))
    while fake.running < 2:
        await asyncio.wait({running}, timeout=0.001)
    cancelled.cancel()
    fake.gate.set()
    assert (await running).pictures
    with pytest.raises(asyncio.CancelledError):
        await cancelled
    assert (fake.cancelled, fake.running) == (1, 0)

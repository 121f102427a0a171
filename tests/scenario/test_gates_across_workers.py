"""Gates between real processes, some of which are killed with a place inside or in the line."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest
from redis.asyncio import Redis

from bot.store import EmbeddedStore
from core.policy import keys
from core.policy.gates import GateLimits, Gates, Waiting
from core.session.connect import connect
from tests import waiting

ROOT = Path(__file__).parents[2]
LEASE = 2.0
LIMITS = {"openai": GateLimits(1)}
WORKER = f"""
import asyncio, sys
from core.policy.gates import GateLimits, Gates
from core.session.connect import connect

async def told(waiting):
    print("waits", waiting.place, flush=True)

async def main(url, ticket):
    gates = Gates(connect(url, patient=True), {{"openai": GateLimits(1)}}, lease={LEASE})
    async with gates.passing("openai", "m", ticket, told):
        print("inside", flush=True)
        await asyncio.Event().wait()

asyncio.run(main(*sys.argv[1:]))
"""

wait_until = partial(waiting.wait_until, seconds=30)


class Worker:
    """A process that wants to pass, and stays inside."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def start(cls, url: str, ticket: str) -> Worker:
        return cls(
            await asyncio.create_subprocess_exec(
                *(sys.executable, "-c", WORKER, url, ticket),
                cwd=ROOT,
                stdout=asyncio.subprocess.PIPE,
            )
        )

    async def says(self, words: str) -> None:
        """Wait until it says that, whatever it says before."""
        assert self._process.stdout is not None
        async with asyncio.timeout(30):
            while (said := await self._process.stdout.readline()).decode().strip() != words:
                assert said, f"it ended without saying {words!r}"

    async def kill(self) -> None:
        if self._process.returncode is None:
            self._process.kill()
        await self._process.communicate()


@pytest.fixture
async def url(tmp_path: Path) -> AsyncIterator[str]:
    store = EmbeddedStore(tmp_path)
    yield await store.start()
    await store.stop()


@pytest.fixture
async def redis(url: str) -> AsyncIterator[Redis]:
    async with connect(url, patient=True) as client:
        yield client


async def test_places_of_killed_workers_lapse_and_the_living_pass_in_order(
    url: str, redis: Redis
) -> None:
    inside = await Worker.start(url, "inside")
    await inside.says("inside")
    in_line = await Worker.start(url, "in line")
    await in_line.says("waits 0")
    living = await Worker.start(url, "living")
    await living.says("waits 1")
    try:
        await asyncio.gather(inside.kill(), in_line.kill())
        await living.says("inside")
        assert await redis.zrange(keys.gate("openai", "inside"), 0, -1) == ["living"]
    finally:
        await living.kill()


async def test_a_worker_that_lives_is_never_overtaken_however_long_it_draws(
    url: str, redis: Redis
) -> None:
    inside = await Worker.start(url, "inside")
    await inside.says("inside")
    told: list[Waiting] = []

    async def note(waiting: Waiting) -> None:
        told.append(waiting)

    async def pass_through() -> None:
        gates = Gates(redis, LIMITS, lease=LEASE)
        async with gates.passing("openai", "m", "waits", note):
            assert told

    waits = asyncio.create_task(pass_through())
    first = await redis.zscore(keys.gate("openai", "inside"), "inside")
    assert first is not None

    async def outlived() -> bool:
        lease = await redis.zscore(keys.gate("openai", "inside"), "inside")
        assert lease is not None
        return bool(lease > first + 1_000 * LEASE)

    try:
        await wait_until(outlived, "its first lease is over")
        assert not waits.done()
    finally:
        await inside.kill()
    await waits

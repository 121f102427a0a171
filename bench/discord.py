"""How soon a command of Discord is acknowledged over its gateway, with a worker in a process of its
own, inside, and while both cores draw; and what a server costs that does nothing."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import aiohttp
import httpx
import psutil

from bench.discord_stand_in import TOKEN
from bench.rows import Row
from bench.server import running
from bench.turns import ack_row, drawing, percentile

_ENGINE_SECONDS = 1.0
_RATE, _SECONDS = 100, 30
_SERVERS, _CHANNELS, _ROLES = 2_000, 50, 20
_CALM_SECONDS = 5.0
_MOST_CALM = 60


@contextlib.asynccontextmanager
async def _child(*words: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """A module of ours as a process, and the first line that it says."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", *words),
        cwd=Path(__file__).parents[1], stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        yield process, (await process.stdout.readline()).decode().strip()
    finally:
        process.terminate()
        await process.wait()


@contextlib.asynccontextmanager
async def _easel(
    address: str, *, apart: bool = False
) -> AsyncIterator[tuple[httpx.AsyncClient, int]]:
    settings = {
        "DISCORD_TOKEN": TOKEN,
        "DISCORD_API_URL": f"{address}/api/v10",
        "DISCORD_GATEWAY_URL": f"{address.replace('http', 'ws', 1)}/gateway",
        "EASEL_MAX_QUEUED": "1000",
    }
    async with running(_ENGINE_SECONDS, apart, **settings) as (web, pid):
        yield web, pid


async def _acks(*, apart: bool, busy: bool = False, seconds: float = _SECONDS) -> list[float]:
    """Seconds from each command to its first answer."""
    async with (
        _child("bench.discord_stand_in") as (_, address),
        _easel(address, apart=apart) as (web, _),
        aiohttp.ClientSession(address) as people,
    ):
        await _commanded(people, 5, 2)
        await asyncio.sleep(_CALM_SECONDS)  # a worker loads what it needs
        heavy = asyncio.create_task(drawing(web)) if busy else None
        try:
            return await _commanded(people, _RATE, seconds)
        finally:
            if heavy is not None:
                heavy.cancel()


async def _commanded(people: aiohttp.ClientSession, rate: int, seconds: float) -> list[float]:
    """People use commands once the app is connected."""
    path = f"/bench/commands?rate={rate}&seconds={seconds}"
    timeout = aiohttp.ClientTimeout(total=seconds + 120)
    async with asyncio.timeout(60 + seconds + 120):
        while True:
            async with people.post(path, timeout=timeout) as answer:
                if answer.status == 200:
                    return [float(each) for each in await answer.json()]
            await asyncio.sleep(0.5)


async def _memory_of_a_server(*words: str) -> float:
    """Bytes that a process holds for each server; `words` name the module, none: a whole Easel."""
    return (await _memory(_SERVERS, *words) - await _memory(1, *words)) / (_SERVERS - 1)


async def _memory(servers: int, *words: str) -> int:
    """Bytes of a process of its own, once it knows so many servers."""
    told = (str(servers), str(_CHANNELS), str(_ROLES))
    async with _child("bench.discord_stand_in", *told) as (_, address):
        if words:
            async with _child(*words, address) as (process, _):
                return await _calm(process.pid)
        async with _easel(address, apart=True) as (_, pid):
            return await _calm(pid)


async def _calm(pid: int) -> int:
    """What a process holds when it has stopped working."""
    process = psutil.Process(pid)
    for _ in range(_MOST_CALM):
        before = process.cpu_times()
        await asyncio.sleep(_CALM_SECONDS)
        after = process.cpu_times()
        if after.user + after.system - before.user - before.system < 0.1 * _CALM_SECONDS:
            break
    return int(process.memory_full_info().uss)


def _rows(name: str, took: Sequence[float], bar: float) -> list[Row]:
    half, most = percentile(took, 0.5) * 1000, percentile(took, 0.95) * 1000
    return [ack_row(f"{name} (p50 {half:.1f} ms, p95 {most:.1f} ms), p99", took, bar)]


async def _measured() -> list[Row]:
    name = f"Discord command deferred, {_RATE}/s"
    rows = _rows(f"{name}, the worker in a process of its own", await _acks(apart=True), 0.050)
    busy = await _acks(apart=True, busy=True)
    rows += _rows("the same while both cores draw", busy, 0.150)
    rows += _rows(f"{name}, the worker inside", await _acks(apart=False), 0.050)
    bare = await _memory_of_a_server("bench.discord_bare")
    more = await _memory_of_a_server() - bare
    return [
        *rows,
        Row(
            f"memory of an idle server beyond discord.py's own ({bare / 1000:.0f} kB)",
            f"{more / 1000:.1f} kB", "< 50 kB", more < 50_000,
        ),
    ]  # fmt: skip


def measure() -> list[Row]:
    return asyncio.run(_measured())

"""What a turn costs beside the engine, and how soon it is acknowledged."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from time import perf_counter

import httpx

from bench.rows import Row
from bench.server import running

_ENGINE_SECONDS = 1.0
_OVERHEAD_RATE, _OVERHEAD_SECONDS = 10, 20
_ACK_RATE, _ACK_SECONDS, _BUSY_SECONDS = 100, 15, 12
_SESSIONS = 200


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which that share of the values lies."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(share * len(ranked)))]


async def overhead() -> list[Row]:
    """From the request to the word that the turn is done, less the engine's own second."""
    async with running(_ENGINE_SECONDS) as (client, _):
        await _warmed(client)
        took = await at_rate(lambda: _whole_turn(client), _OVERHEAD_RATE, _OVERHEAD_SECONDS)
    beside = [seconds - _ENGINE_SECONDS for seconds in took]
    half, most = percentile(beside, 0.5), percentile(beside, 0.99)
    name = f"turn beside a 1 s engine, {_OVERHEAD_RATE}/s"
    return [
        Row(f"{name}, p50", f"{half * 1000:.0f} ms", "< 40 ms", half < 0.040),
        Row(f"{name}, p99", f"{most * 1000:.0f} ms", "< 150 ms", most < 0.150),
    ]


async def acknowledged() -> list[Row]:
    """How soon a turn in words is accepted, on a quiet machine and on one that draws."""
    async with running(_ENGINE_SECONDS) as (client, _):
        await _warmed(client)
        quiet = await _acks(client, _ACK_SECONDS)
    async with running(_ENGINE_SECONDS) as (client, _):
        await _warmed(client)
        heavy = asyncio.create_task(drawing(client))
        try:
            busy = await _acks(client, _BUSY_SECONDS)
        finally:
            heavy.cancel()
    return [
        ack_row(f"turn accepted, {_ACK_RATE}/s, p99", quiet, 0.025),
        ack_row(f"the same while both cores draw, {_ACK_RATE}/s, p99", busy, 0.100),
    ]


def ack_row(name: str, took: Sequence[float], bar: float) -> Row:
    most = percentile(took, 0.99)
    return Row(name, f"{most * 1000:.1f} ms", f"< {bar * 1000:.0f} ms", most < bar)


async def _acks(client: httpx.AsyncClient, seconds: float) -> list[float]:
    sessions = [await _session(client) for _ in range(_SESSIONS)]
    place = 0

    async def one() -> float:
        nonlocal place
        sid, place = sessions[place % len(sessions)], place + 1
        begun = perf_counter()
        answer = await client.post(f"/api/sessions/{sid}/turns", json={"text": "a red mug"})
        took = perf_counter() - begun
        answer.raise_for_status()
        return took

    return await at_rate(one, _ACK_RATE, seconds)


async def drawing(client: httpx.AsyncClient) -> None:
    """Keep both cores busy: one scene of the studio and one enlargement after the other."""

    async def again(text: str, options: dict[str, str]) -> None:
        while True:
            sid = await _session(client)
            await _until_done(client, sid, text, options)

    await asyncio.gather(
        again("three lemons in a bowl", {"model": "studio"}),
        again("a red mug, then 2x", {"model": "studio", "size": "512x512"}),
    )


async def _warmed(client: httpx.AsyncClient) -> None:
    """The first turns load what is loaded once."""
    for _ in range(3):
        await _whole_turn(client)


async def _whole_turn(client: httpx.AsyncClient) -> float:
    sid = await _session(client)
    return await _until_done(client, sid, "a red mug", {})


async def _until_done(
    client: httpx.AsyncClient, sid: str, text: str, options: dict[str, str]
) -> float:
    """Seconds from the request to the event that tells of its end."""
    async with client.stream("GET", f"/api/sessions/{sid}/events") as events:
        lines = events.aiter_lines()
        await anext(lines)
        begun = perf_counter()
        answer = await client.post(
            f"/api/sessions/{sid}/turns", json={"text": text, "options": options}
        )
        answer.raise_for_status()
        async for line in lines:
            if line.startswith("data: "):
                told = json.loads(line.removeprefix("data: "))
                if told.get("state") == "done":
                    break
                assert told.get("state") != "failed", told
    return perf_counter() - begun


async def _session(client: httpx.AsyncClient) -> str:
    answer = await client.post("/api/sessions", json={})
    return str(answer.raise_for_status().json()["id"])


async def at_rate(one: Callable[[], Awaitable[float]], rate: int, seconds: float) -> list[float]:
    """Begin `rate` a second for so long, whatever those before are doing; what each took."""
    clock = asyncio.get_running_loop().time
    begun, tasks = clock(), []
    for place in range(int(rate * seconds)):
        await asyncio.sleep(max(0.0, begun + place / rate - clock()))
        tasks.append(asyncio.ensure_future(one()))
    return list(await asyncio.gather(*tasks))


def measure() -> list[Row]:
    return asyncio.run(overhead()) + asyncio.run(acknowledged())

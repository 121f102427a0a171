"""How soon Slack is answered, and how soon something is to be seen in the thread."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import itertools
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from time import perf_counter, time
from typing import Any

import aiohttp

from bench.rows import Row
from bench.server import running
from bench.slack_stand_in import APP, BOT, TEAM
from bench.turns import ack_row, at_rate, drawing, percentile

_SECRET = "bench-signing-secret"
_ENGINE_SECONDS = 1.0
_RATE, _SECONDS = 200, 30
_CALM_RATE, _CALM_SECONDS = 5, 20
_CHANNELS = 64
_numbers = itertools.count(1)


def _message(number: int) -> tuple[str, list[bytes]]:
    """One person's mention as Slack sends it: two events, of which one comes again as a retry."""
    ts = f"{1_790_000_000 + number}.000100"
    words = {
        "user": f"U0{number % 500:04}",
        "text": f"<@{BOT}> a red mug, number {number}",
        "ts": ts,
        "event_ts": ts,
        "team": TEAM,
        "channel": f"C0{number % _CHANNELS:04}",
        "client_msg_id": f"m{number}",
    }
    message = {"type": "message", "channel_type": "channel", **words}
    mention = {"type": "app_mention", **words}
    bodies = [_event(f"Ev{number}A", message), _event(f"Ev{number}B", mention)]
    return ts, [*bodies, bodies[0]]


def _event(name: str, event: dict[str, Any]) -> bytes:
    whole = {
        "token": "bench",
        "team_id": TEAM,
        "api_app_id": APP,
        "event": event,
        "type": "event_callback",
        "event_id": name,
        "event_time": int(time()),
        "authorizations": [
            {"team_id": TEAM, "user_id": BOT, "is_bot": True, "is_enterprise_install": False}
        ],
    }
    return json.dumps(whole).encode()


async def _send(client: aiohttp.ClientSession, body: bytes) -> float:
    moment = str(int(time()))
    signed = hmac.new(_SECRET.encode(), b"v0:%s:%s" % (moment.encode(), body), hashlib.sha256)
    headers = {
        "Content-Type": "application/json",
        "X-Slack-Request-Timestamp": moment,
        "X-Slack-Signature": f"v0={signed.hexdigest()}",
    }
    begun = perf_counter()
    async with client.post("/slack/events", data=body, headers=headers) as answer:
        await answer.read()
        took = perf_counter() - begun
        assert answer.status == 200, answer.status
    return took


@contextlib.asynccontextmanager
async def _stand_in() -> AsyncIterator[str]:
    """The address of a Slack that says yes."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.slack_stand_in",
        cwd=Path(__file__).parents[1], stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        yield (await process.stdout.readline()).decode().strip()
    finally:
        process.terminate()
        await process.wait()


@contextlib.asynccontextmanager
async def _easel(
    slack: str, *, apart: bool = False
) -> AsyncIterator[tuple[aiohttp.ClientSession, Any]]:
    settings = {
        "SLACK_BOT_TOKEN": "xoxb-bench-token",
        "SLACK_SIGNING_SECRET": _SECRET,
        "SLACK_API_URL": f"{slack}/api",
        "EASEL_MAX_QUEUED": "1000",
    }
    async with running(_ENGINE_SECONDS, apart, **settings) as (web, _):
        connector = aiohttp.TCPConnector(limit=400)
        async with aiohttp.ClientSession(str(web.base_url), connector=connector) as client:
            for _ in range(5):
                for body in _message(next(_numbers))[1]:
                    await _send(client, body)
            await asyncio.sleep(3)
            yield client, web


async def _acks(client: aiohttp.ClientSession, seconds: float) -> list[float]:
    waiting: list[bytes] = []

    async def one() -> float:
        if not waiting:
            waiting.extend(_message(next(_numbers))[1])
        return await _send(client, waiting.pop(0))

    return await at_rate(one, _RATE, seconds)


async def _placeholders(slack: str) -> list[float]:
    """From the event to the first message in its thread, seconds."""
    begun: dict[str, float] = {}
    async with _easel(slack) as (client, _):

        async def one() -> float:
            ts, bodies = _message(next(_numbers))
            begun[ts] = time()
            return await _send(client, bodies[0])

        await at_rate(one, _CALM_RATE, _CALM_SECONDS)
        await asyncio.sleep(3)
        async with aiohttp.ClientSession() as asking, asking.get(f"{slack}/seen") as answer:
            seen = await answer.json()
    return [seen[ts] - moment if ts in seen else float("inf") for ts, moment in begun.items()]


async def _measured() -> list[Row]:
    async with _stand_in() as slack, _easel(slack) as (client, _):
        inside = await _acks(client, _SECONDS)
    async with _stand_in() as slack, _easel(slack, apart=True) as (client, _):
        quiet = await _acks(client, _SECONDS)
    async with _stand_in() as slack, _easel(slack, apart=True) as (client, web):
        heavy = asyncio.create_task(drawing(web))
        try:
            busy = await _acks(client, _SECONDS)
        finally:
            heavy.cancel()
    async with _stand_in() as slack:
        seen = await _placeholders(slack)
    first = percentile(seen, 0.95)
    name = f"Slack event acknowledged, {_RATE}/s, doubles included"
    return [
        ack_row(f"{name}, the worker in a process of its own, p99", quiet, 0.025),
        ack_row("the same while both cores draw, p99", busy, 0.100),
        ack_row(f"{name}, the worker inside, p99", inside, 0.025),
        Row(
            f"first message in the thread, {_CALM_RATE}/s, p95",
            f"{first * 1000:.0f} ms", "< 1000 ms", first < 1.0,
        ),
    ]  # fmt: skip


def measure() -> list[Row]:
    return asyncio.run(_measured())

"""What an engine adds to a call, how soon a preview is seen, and what many pictures weigh."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from statistics import median
from time import perf_counter

import cv2
import httpx
import numpy as np
import psutil

from bench.provider import KEY, OWN_MODEL, REPLICATE_MODEL, Provider, serving
from bench.rows import Row
from bench.server import SIDE, picture, running
from core.engines.compatible.engine import compatible_engine
from core.engines.openai.engine import openai_engine
from core.engines.port import Engine, ImageRequest
from core.engines.replicate.engine import replicate_engine
from tests.contract.replicate_wishes import Notebook

_SECONDS = 0.1
_CALLS = 40
_HELD_SECONDS, _HELD_CALLS = 5.0, 4
_ADDED_BAR, _SEEN_BAR, _GROWTH_BAR = 0.040, 0.300, 300
_PREVIEWS = 20
_PICTURES = 50
_HEAVY_SIDE = 1664
"""A square of noise of this side is a PNG of about 8 MB."""


class _Silent:
    """A progress that nobody hears."""

    async def stage(self, words: str, fraction: float | None = None) -> None:
        """Not shown."""

    async def preview(self, data: bytes, mime: str) -> None:
        """Not shown."""


def measure() -> list[Row]:
    return [
        *asyncio.run(_added()),
        asyncio.run(_held()),
        asyncio.run(_previews_seen()),
        asyncio.run(_memory()),
    ]


async def _held() -> Row:
    """A prediction that takes its time: its end is told at once, and a look would come later."""
    async with (
        serving(Provider(picture(), _HELD_SECONDS)) as provider,
        httpx.AsyncClient(base_url=provider.base_url, timeout=60) as http,
    ):
        (pair,) = [pair for pair in _pairs(provider, http) if pair[0].name == "replicate"]
        async with contextlib.aclosing(_Closing(pair[0])):
            return await _compared(
                *pair, calls=_HELD_CALLS, warm=1, what=f"a prediction of {_HELD_SECONDS:.0f} s"
            )


async def _added() -> list[Row]:
    """Engine calls and bare requests for the same bytes, in turns."""
    async with serving(Provider(picture(), _SECONDS)) as provider:
        rows = []
        async with httpx.AsyncClient(base_url=provider.base_url, timeout=60) as http:
            for engine, model, bare in _pairs(provider, http):
                async with contextlib.aclosing(_Closing(engine)):
                    rows.append(await _compared(engine, model, bare))
        return rows


class _Closing:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def aclose(self) -> None:
        await self._engine.close()


def _pairs(
    provider: Provider, http: httpx.AsyncClient
) -> list[tuple[Engine, str, Callable[[], Awaitable[None]]]]:
    base = provider.base_url

    async def images(**wish: object) -> None:
        answer = await http.post("/v1/images/generations", json={"prompt": "a mug", **wish})
        if wish.get("stream"):
            last = answer.text.rstrip().rpartition("data: ")[2]
            base64.b64decode(json.loads(last)["b64_json"])
        else:
            base64.b64decode(answer.json()["data"][0]["b64_json"])

    async def streamed() -> None:
        await images(stream=True)

    async def plain() -> None:
        await images()

    async def predicted() -> None:
        path = f"/v1/models/{REPLICATE_MODEL}/predictions"
        answer = await http.post(path, json={"input": {"prompt": "a mug"}})
        await http.get(answer.json()["output"][0])

    return [
        (openai_engine(KEY, f"{base}/v1"), "gpt-image-2", streamed),
        (replicate_engine("r8_bench0123456789", base), REPLICATE_MODEL, predicted),
        (compatible_engine(f"{base}/v1"), f"compatible:{OWN_MODEL}", plain),
    ]


async def _compared(
    engine: Engine,
    model: str,
    bare: Callable[[], Awaitable[None]],
    *,
    calls: int = _CALLS,
    warm: int = 3,
    what: str = "a call",
) -> Row:
    await engine.refresh()

    async def drawn(place: int) -> None:
        wish = ImageRequest(
            model=model, operation="generate", key=f"bench:{place}", prompt="a red mug",
            size=(SIDE, SIDE),
        )  # fmt: skip
        await engine.run(wish, _Silent(), Notebook())

    with_us, without = [], []
    for place in range(-warm, calls):
        mine, theirs = await _timed(drawn(place)), await _timed(bare())
        if place >= 0:
            with_us.append(mine)
            without.append(theirs)
    added = median(with_us) - median(without)
    ratio = median(with_us) / median(without)
    return Row(
        f"{engine.name}: {what} beside the bare request for the same picture, p50",
        f"{added * 1000:+.0f} ms ({ratio:.2f}×)",
        f"< +{_ADDED_BAR * 1000:.0f} ms",
        added < _ADDED_BAR,
    )


async def _timed(work: Awaitable[None]) -> float:
    begun = perf_counter()
    await work
    return perf_counter() - begun


async def _previews_seen() -> Row:
    """From the moment a preview leaves the provider until the page has its bytes."""
    async with serving(Provider(picture(), 0.5, preview=picture())) as provider:
        took = []
        async with _drawn_by(provider) as (client, _):
            for place in range(_PREVIEWS + 2):
                seen = await _seen(client)
                if place >= 2:
                    took.append(seen - provider.sent[-1])
    worst = max(took)
    return Row(
        "a preview of 1024², from its provider to the page, the slowest of 20",
        f"{worst * 1000:.0f} ms (p50 {median(took) * 1000:.0f} ms)",
        f"< {_SEEN_BAR * 1000:.0f} ms",
        worst < _SEEN_BAR,
    )


@contextlib.asynccontextmanager
async def _drawn_by(provider: Provider) -> AsyncIterator[tuple[httpx.AsyncClient, int]]:
    told = {
        "OPENAI_API_KEY": KEY,
        "OPENAI_BASE_URL": f"{provider.base_url}/v1",
        "EASEL_DEFAULT_MODEL": "gpt-image-2",
    }
    async with running(0.0, **told) as (client, pid):
        yield client, pid


async def _seen(client: httpx.AsyncClient) -> float:
    sid = await _session(client)
    async with client.stream("GET", f"/api/sessions/{sid}/events") as events:
        lines = events.aiter_lines()
        await anext(lines)
        await _say(client, sid)
        seen = 0.0
        async for told in _told(lines):
            if told.get("sha256") and "turn_id" in told and not seen:
                answer = await client.get(f"/api/assets/{told['sha256']}")
                assert answer.content
                seen = perf_counter()
            if told.get("state") == "done":
                return seen
            assert told.get("state") != "failed", told
    raise AssertionError("the turn never ended")


async def _memory() -> Row:
    """Fifty heavy pictures through one worker; what all its processes grow by at most."""
    heavy = np.random.default_rng(1).integers(0, 255, (_HEAVY_SIDE, _HEAVY_SIDE, 3), np.uint8)
    packed = cv2.imencode(".png", heavy)[1].tobytes()
    async with serving(Provider(packed, 0.2)) as provider, _drawn_by(provider) as (client, pid):
        await asyncio.gather(*(_whole(client) for _ in range(4)))
        before = _weight(pid)
        peak = before
        works = asyncio.gather(*(_whole(client) for _ in range(_PICTURES)))
        while not works.done():
            peak = max(peak, await asyncio.to_thread(_weight, pid))
            await asyncio.sleep(0.02)
        await works
    grown = (peak - before) / 1e6
    return Row(
        f"{_PICTURES} pictures of {len(packed) / 1e6:.1f} MB at once through one worker: growth",
        f"{grown:.0f} MB (from {before / 1e6:.0f} MB)",
        f"< {_GROWTH_BAR} MB",
        grown < _GROWTH_BAR,
    )


def _weight(pid: int) -> int:
    """Resident bytes of the process that serves and works."""
    return int(psutil.Process(pid).memory_info().rss)


async def _whole(client: httpx.AsyncClient) -> None:
    sid = await _session(client)
    async with client.stream("GET", f"/api/sessions/{sid}/events") as events:
        lines = events.aiter_lines()
        await anext(lines)
        await _say(client, sid)
        async for told in _told(lines):
            if told.get("state") == "done":
                return
            assert told.get("state") != "failed", told


async def _told(lines: AsyncIterator[str]) -> AsyncIterator[dict[str, object]]:
    async for line in lines:
        if line.startswith("data: "):
            yield json.loads(line.removeprefix("data: "))


async def _session(client: httpx.AsyncClient) -> str:
    answer = await client.post("/api/sessions", json={})
    return str(answer.raise_for_status().json()["id"])


async def _say(client: httpx.AsyncClient, sid: str) -> None:
    answer = await client.post(f"/api/sessions/{sid}/turns", json={"text": "a red mug"})
    answer.raise_for_status()

"""What every process of Easel has: the store's address, pictures, the queue, signals, metrics."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis

from bot.counting import Counting
from bot.settings import Settings
from bot.store import EmbeddedStore, running_store
from bot.telemetry import Metrics
from core.assets.blobs import Blobs
from core.session.connect import connect
from core.session.signals import Signals
from core.session.store import SessionStore
from core.turns.queue import TurnQueue

_INSIST_SECONDS = 10.0
"""A cancelled work may take so long to end well; then it is cancelled again."""
_ENDING = (signal.SIGINT, signal.SIGTERM)


@dataclass(frozen=True)
class Base:
    """The shared parts. `redis` and `store` answer quickly or not at all."""

    settings: Settings
    url: str
    redis: Redis
    store: SessionStore
    blobs: Blobs
    queue: TurnQueue
    signals: Signals
    metrics: Metrics
    observer: Counting


@asynccontextmanager
async def base(settings: Settings, *, own_store: bool) -> AsyncIterator[Base]:
    """Open the shared parts, and close them in the reverse order.

    `own_store`: where no REDIS_URL is set, run the embedded store; otherwise find the one that
    runs. Raises Unavailable, Conflict.
    """
    async with contextlib.AsyncExitStack() as stack:
        url = await _store_url(settings, stack, own_store=own_store)
        redis = connect(url)
        stack.push_async_callback(redis.aclose)
        metrics = Metrics()
        signals = Signals(redis)
        signals.start()
        stack.push_async_callback(signals.close)
        queue = await stack.enter_async_context(TurnQueue(url))
        yield Base(
            settings=settings,
            url=url,
            redis=redis,
            store=SessionStore(
                redis, max_queued=settings.max_queued, max_waiting=settings.max_waiting
            ),
            blobs=await asyncio.to_thread(Blobs.at, settings.blobs_place),
            queue=queue,
            signals=signals,
            metrics=metrics,
            observer=Counting(metrics),
        )


async def _store_url(
    settings: Settings, stack: contextlib.AsyncExitStack, *, own_store: bool
) -> str:
    if settings.redis_url is not None:
        return settings.redis_url.get_secret_value()
    if not own_store:
        return await running_store(settings.data_dir)
    store = EmbeddedStore(settings.data_dir)
    url = await store.start()
    stack.push_async_callback(store.stop)
    return url


@contextlib.contextmanager
def told_to_end() -> Iterator[asyncio.Event]:
    """An event that is set by Ctrl-C or a polite kill, instead of what Python would do."""
    event = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in _ENDING:
        loop.add_signal_handler(each, event.set)
    try:
        yield event
    finally:
        for each in _ENDING:
            loop.remove_signal_handler(each)


async def until(ending: asyncio.Event, *works: Coroutine[Any, Any, None]) -> None:
    """Carry the works out side by side until told to end, or until the first of them ends."""
    tasks = [asyncio.create_task(work) for work in (*works, _awaited(ending))]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        left = set(tasks)
        while left:
            for task in left:
                task.cancel()
            _, left = await asyncio.wait(left, timeout=_INSIST_SECONDS)


async def _awaited(event: asyncio.Event) -> None:
    await event.wait()

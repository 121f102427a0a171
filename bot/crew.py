"""The worker of a process: engines, and everything that runs turns with them.

It is the same inside `easel serve` and in `easel worker`.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import structlog

from bot import wiring
from bot.base import Base
from bot.settings import Settings
from core.engines.catalog import Catalog
from core.engines.port import Engine
from core.engines.studio.engine import Studio
from core.errors import Unavailable
from core.policy.breaker import Breaker
from core.policy.calls import CallBook
from core.policy.gates import Gates
from core.policy.spend import Spend
from core.session.connect import connect
from core.session.store import SessionStore
from core.turns.attention import Attention
from core.turns.caller import Caller
from core.turns.painter import Painter
from core.turns.runner import TurnRunner
from core.turns.stage import Tools

_PAUSE_SECONDS = 1.0
_DRAIN_SECONDS = 5.0
_LOOK_SECONDS = 60.0
"""Between two looks at what providers have; each engine decides whether to ask."""

log = structlog.get_logger(__name__)


class Crew:
    """Engines and their catalog; `work` runs turns until it is cancelled.

    `more`: engines beside those of the settings, before them in preference.
    """

    def __init__(self, settings: Settings, more: tuple[Engine, ...] = ()) -> None:
        self._settings = settings
        self._pool = wiring.pixel_pool(settings)
        self._studio = Studio(self._pool)
        self.catalog = Catalog(
            [*more, *wiring.engines(settings, self._pool, self._studio)],
            settings.default_model,
            substitute=settings.substitute,
        )

    async def __aenter__(self) -> Crew:
        await self._pool.start()
        await self._studio.start()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.catalog.close()
        await self._studio.close()
        await self._pool.close()

    async def work(self, parts: Base) -> None:
        """Run the turns of the store, until cancelled."""
        settings, queue = self._settings, parts.queue
        redis = connect(parts.url, patient=True)
        store = SessionStore(redis, max_queued=settings.max_queued)
        attention = Attention()
        spend = Spend(redis, wiring.budgets(settings))
        caller = Caller(
            CallBook(redis, spend),
            Gates(redis, wiring.gates(settings)),
            Breaker(redis),
            parts.observer,
        )
        salt = await store.salt(wiring.own_salt(settings))
        painter = Painter(parts.blobs, store, caller, attention, salt)
        limits = wiring.limits(settings)
        tools = Tools(self.catalog, painter, spend, self._pool, parts.blobs, limits, attention)
        runner = TurnRunner(
            store, queue, parts.signals, tools, parts.observer, lease=settings.redelivery_seconds
        )

        async def take_turns() -> None:
            await queue.work(
                runner.run_next,
                concurrency=settings.worker_concurrency,
                redelivery_seconds=settings.redelivery_seconds,
            )

        async def look_around() -> None:
            while True:
                await self.catalog.refresh()
                await asyncio.sleep(_LOOK_SECONDS)

        parts_of_work = [
            asyncio.create_task(kept_up("turns", take_turns)),
            asyncio.create_task(
                kept_up("sweep", lambda: queue.sweep_forever(store, parts.observer))
            ),
            asyncio.create_task(kept_up("models", look_around)),
        ]
        try:
            await asyncio.wait(parts_of_work)
        finally:
            for part in parts_of_work:
                part.cancel()
            await runner.close()
            await asyncio.wait(parts_of_work, timeout=_DRAIN_SECONDS)
            with contextlib.suppress(Exception):
                await redis.aclose()


async def kept_up(what: str, work: Callable[[], Awaitable[None]]) -> None:
    """Begin again whatever falls down, until cancelled, even if the work takes that for its end."""
    task = asyncio.current_task()
    while not (task and task.cancelling()):
        try:
            await work()
        except Unavailable as problem:
            log.warning("part_waits", part=what, detail=problem.admin)
        except Exception:
            log.exception("part_fell_down", part=what)
        if not (task and task.cancelling()):
            await asyncio.sleep(_PAUSE_SECONDS)

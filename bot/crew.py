"""The worker of a process: engines, and everything that runs turns with them.

It is the same inside `easel serve` and in `easel worker`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bot import wiring
from bot.base import Base
from bot.platforms import OpenPlatforms, open_platforms
from bot.settings import Settings
from bot.workbench import workbench
from core.engines.catalog import Catalog
from core.engines.port import Engine
from core.engines.studio.engine import Studio
from core.errors import Unavailable

_PAUSE_SECONDS = 1.0
_DRAIN_SECONDS = 5.0
_LOOK_SECONDS = 60.0
"""Between two looks at what providers have; each engine decides whether to ask."""

log = structlog.get_logger(__name__)


class Crew:
    """Engines and their catalog; `work` runs turns until it is cancelled.

    `more`: engines beside those of the settings, before them in preference. `platforms` opens the
    chat platforms that are shown turns.
    """

    def __init__(
        self,
        settings: Settings,
        more: tuple[Engine, ...] = (),
        platforms: OpenPlatforms = open_platforms,
    ) -> None:
        self._settings = settings
        self._platforms = platforms
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
        """Run and show the turns of the store, until cancelled."""
        settings, queue = self._settings, parts.queue
        async with workbench(parts, self._pool, self.catalog, self._platforms) as bench:

            async def take_turns() -> None:
                await queue.work(
                    bench.runner.run_next,
                    concurrency=settings.worker_concurrency,
                    redelivery_seconds=settings.redelivery_seconds,
                )

            async def sweep() -> None:
                await queue.sweep_forever(bench.store, parts.observer)

            async def look_around() -> None:
                while True:
                    await self.catalog.refresh()
                    await asyncio.sleep(_LOOK_SECONDS)

            works = {
                "turns": take_turns,
                "sweep": sweep,
                "models": look_around,
                "showing": bench.showing.run,
            }
            tasks = [asyncio.create_task(kept_up(what, work)) for what, work in works.items()]
            try:
                await asyncio.wait(tasks)
            finally:
                for task in tasks:
                    task.cancel()
                await bench.runner.close()
                await asyncio.wait(tasks, timeout=_DRAIN_SECONDS)


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

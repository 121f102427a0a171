"""Everything that a worker runs and shows turns with, put together over one patient connection."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from bot import wiring
from bot.base import Base
from bot.beside import Beside
from bot.platforms import OpenPlatforms
from core.engines.catalog import Catalog
from core.picture.pool import PixelPool
from core.policy.breaker import Breaker
from core.policy.calls import CallBook
from core.policy.gates import Gates
from core.policy.keyvalue import RedisKeyValue
from core.policy.spend import Spend
from core.session.connect import connect
from core.session.links import LinkStore
from core.session.showing import ShowStore
from core.session.store import SessionStore
from core.turns.attention import Attention
from core.turns.caller import Caller
from core.turns.darkroom import Darkroom
from core.turns.desk import FrontDesk
from core.turns.fetching import Fetching
from core.turns.intake import Intake
from core.turns.listening import Listening
from core.turns.painter import Painter
from core.turns.runner import TurnRunner
from core.turns.showing import Showing
from core.turns.stage import Tools


@dataclass(frozen=True)
class Workbench:
    """What runs turns, what shows them, and the store that both write to."""

    store: SessionStore
    runner: TurnRunner
    showing: Showing


@contextlib.asynccontextmanager
async def workbench(
    parts: Base, pool: PixelPool, catalog: Catalog, platforms: OpenPlatforms
) -> AsyncIterator[Workbench]:
    """A worker's parts, closed afterwards."""
    settings, queue, signals = parts.settings, parts.queue, parts.signals
    lease = settings.redelivery_seconds
    async with contextlib.AsyncExitStack() as stack:
        redis = connect(parts.url, patient=True)
        stack.push_async_callback(redis.aclose)
        store = SessionStore(
            redis, max_queued=settings.max_queued, max_waiting=settings.max_waiting
        )
        # What is shown and what comes in must not wait until something is drawn.
        small = PixelPool(1, warm=wiring.DESK_WARM)
        stack.push_async_callback(small.close)
        intake = Intake(parts.blobs, store, small, wiring.limits(settings))
        desk = FrontDesk(
            store,
            queue,
            parts.blobs,
            intake,
            Darkroom(parts.blobs, small),
            Listening(store, signals),
            parts.observer,
            wiring.visits(redis, store),
        )
        stack.push_async_callback(desk.close)
        links = LinkStore(redis)
        beside = Beside(desk, links, RedisKeyValue(redis))
        found = await stack.enter_async_context(platforms(settings, beside))
        spend = Spend(redis, wiring.budgets(settings))
        caller = Caller(
            CallBook(redis, spend), Gates(redis, wiring.gates(settings)), Breaker(redis),
            parts.observer,
        )  # fmt: skip
        attention = Attention()
        moderation = wiring.moderation(settings, pool)
        stack.push_async_callback(moderation.close)
        salt = await store.salt(wiring.own_salt(settings))
        tools = Tools(
            catalog,
            Painter(parts.blobs, store, caller, attention, salt),
            spend,
            pool,
            parts.blobs,
            wiring.limits(settings),
            attention,
            Fetching(intake, {name: each.fetcher for name, each in found.items()}),
            links,
            moderation,
        )
        presenters = {name: each.presenter for name, each in found.items()}
        yield Workbench(
            store,
            TurnRunner(store, queue, signals, tools, parts.observer, lease=lease),
            Showing(store, ShowStore(redis), signals, presenters, attention, lease=lease),
        )

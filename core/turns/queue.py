"""Wake-ups: the durable word that a session has a turn to run, carried by docket.

One wake-up is added for each turn, under the turn's own key, so that adding it again is harmless. A
wake-up runs whatever stands at the head of its session's inbox: order comes from the inbox,
durability from both. A sweep adds the wake-ups of sessions with work waiting, so that even one that
was never added (a process died between two lines) is only late.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import structlog
from docket import ConcurrencyLimit, Docket, Worker

from core.errors import Unavailable
from core.session.connect import reachable
from core.session.store import SessionStore
from core.turns.observer import Observer

SWEEP_SECONDS = 15.0
_NAME = "easel"
_RECONNECT = timedelta(seconds=0.5)
_LOOK = timedelta(milliseconds=100)
_FORGET = timedelta(minutes=1)
_ONE_OF_A_SESSION = ConcurrencyLimit("session_id", max_concurrent=1)

RunNext = Callable[[str], Awaitable[None]]

log = structlog.get_logger(__name__)


class TurnQueue:
    """The docket of one process. `async with` opens and closes it."""

    def __init__(self, url: str) -> None:
        self._docket = Docket(name=_NAME, url=url, execution_ttl=_FORGET)
        self._run_next: RunNext | None = None

        # The name of the function and of its argument are stored: they are a contract.
        async def run_next_turn(
            session_id: str,
            limit: ConcurrencyLimit = _ONE_OF_A_SESSION,
        ) -> None:
            if self._run_next is not None:
                await self._run_next(session_id)

        self._task = run_next_turn

    async def __aenter__(self) -> TurnQueue:
        await self._docket.__aenter__()
        self._docket.register(self._task)
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._docket.__aexit__(None, None, None)

    async def wake(self, sid: str, tid: str) -> None:
        """Add the wake-up of a turn; again is harmless. Raises Unavailable."""
        with reachable():
            await self._docket.add(self._task, key=tid)(sid)

    async def wake_later(self, sid: str, seconds: float) -> None:
        """Add one more wake-up for a session whose turn cannot run yet."""
        when = datetime.now(UTC) + timedelta(seconds=seconds)
        key = f"later-{secrets.token_hex(8)}"
        with reachable():
            await self._docket.add(self._task, when=when, key=key)(sid)

    async def work(self, run_next: RunNext, *, concurrency: int, redelivery_seconds: float) -> None:
        """Run turns until cancelled; what is cut short then is run again by another worker."""
        self._run_next = run_next
        worker = Worker(
            self._docket,
            concurrency=concurrency,
            redelivery_timeout=timedelta(seconds=redelivery_seconds),
            reconnection_delay=_RECONNECT,
            minimum_check_interval=_LOOK,
            scheduling_resolution=_LOOK,
            schedule_automatic_tasks=False,
        )
        async with worker:
            await worker.run_forever()

    async def sweep_forever(self, store: SessionStore, observer: Observer) -> None:
        """Wake every session with work waiting, now and from time to time."""
        while True:
            with contextlib.suppress(Unavailable):
                observer.queue_depth(await self._sweep(store))
            await asyncio.sleep(SWEEP_SECONDS)

    async def _sweep(self, store: SessionStore) -> int:
        with reachable():
            waiting = await store.busy_sessions()
            for sid in waiting:
                head = await store.head_turn(sid)
                if head is not None:
                    await self.wake(sid, head)
        return sum(waiting.values())

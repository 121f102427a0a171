"""Running turns: one head of an inbox at a time, stoppable at any line, by anyone.

While a turn runs, a heartbeat holds the session's lease and looks whether the turn is still wanted.
A worker that dies lets the lease lapse, and another goes on from the last recorded step. A worker
that is stopped gives the lease back and leaves a wake-up behind.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import time

import structlog

from core.errors import EaselError
from core.session.models import Session, Turn, TurnState, now
from core.session.signals import Signals
from core.session.store import SessionStore
from core.turns.carry import Finished, TurnCarrier
from core.turns.observer import Observer
from core.turns.outcome import Outcome
from core.turns.queue import TurnQueue
from core.turns.reporter import TurnReporter
from core.turns.stage import Tools

_HEARTBEAT_SECONDS = 1.0
_SLOT_LEASE_SECONDS = 15.0
_AGAIN_SECONDS = 0.5
_STOP_SECONDS = 1.5

log = structlog.get_logger(__name__)


class TurnRunner:
    """Runs the turns of one worker. `lease` is for how many seconds a silent worker is trusted."""

    def __init__(
        self, store: SessionStore, queue: TurnQueue, signals: Signals, tools: Tools,
        observer: Observer, *, lease: float,
    ) -> None:  # fmt: skip
        self._store = store
        self._queue = queue
        self._signals = signals
        self._tools = tools
        self._observer = observer
        self._lease = lease
        self._owner = secrets.token_hex(8)
        self._running: dict[str, asyncio.Task[None]] = {}
        self._closing = False

    async def run_next(self, sid: str) -> None:
        """Run the turn that waits at the head of a session's inbox; without one, do nothing."""
        if self._closing:
            await self._queue.wake_later(sid, 0.0)
            return
        tid = await self._store.head_turn(sid)
        if tid is None or tid in self._running:
            return
        task = asyncio.create_task(self._run(sid, tid), name=f"turn {tid}")
        self._running[tid] = task
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            task.cancel()
            await asyncio.wait({task}, timeout=_STOP_SECONDS)
            if not self._closing:
                raise
        finally:
            self._running.pop(tid, None)

    async def close(self) -> None:
        """Stop what runs; it is taken up again by whichever worker is next."""
        self._closing = True
        for task in list(self._running.values()):
            task.cancel()
        if self._running:
            await asyncio.wait(set(self._running.values()), timeout=_STOP_SECONDS)

    async def _run(self, sid: str, tid: str) -> None:
        async with self._tools.attention.held():
            turn = await self._begun(sid, tid)
        if turn is not None:
            try:
                await self._run_to_its_end(turn)
            finally:
                await self._free(turn)
        following = await self._store.head_turn(sid)
        if following is not None and following != tid:
            await self._queue.wake(sid, following)

    async def _begun(self, sid: str, tid: str) -> Turn | None:
        """The turn, if it is for this worker to run now; if it will be later, it is woken again."""
        turn = await self._store.turn(sid, tid)
        if turn.held_until is not None and (wait := turn.held_until - time.time()) > 0:
            await self._queue.wake_later(sid, wait)
            return None
        if not await self._slot(turn):
            await self._queue.wake_later(sid, _AGAIN_SECONDS)
            return None
        began = await self._store.start(sid, tid, owner=self._owner, lease=self._lease)
        if began in ("started", "resumed"):
            if began == "resumed":
                self._observer.redelivered()
            # Read again: until it began, it may have been amended.
            fresh = await self._store.turn(sid, tid)
            return fresh.model_copy(update={"state": TurnState.RUNNING})
        await self._free(turn)
        if began == "held":
            await self._queue.wake_later(sid, _AGAIN_SECONDS)
        return None

    async def _free(self, turn: Turn) -> None:
        """Give the person's place back; where that fails, it lapses."""
        with contextlib.suppress(Exception):
            await self._store.free_slot(turn.actor.id, turn.id)

    async def _run_to_its_end(self, turn: Turn) -> None:
        session = await self._store.session(turn.session_id)
        reporter = TurnReporter(turn, self._store, self._tools.blobs)
        work = asyncio.create_task(self._carried_out(turn, session, reporter))
        try:
            if await self._watched(turn, work):
                await self._finish(turn, session, work.result())
            else:
                self._observe(turn, "cancelled")
        except asyncio.CancelledError:
            await self._hand_over(turn)
            raise
        finally:
            await _stopped(work)
            await reporter.close()

    async def _carried_out(self, turn: Turn, session: Session, reporter: TurnReporter) -> Finished:
        try:
            carrier = TurnCarrier(turn, session, self._store, self._tools, reporter)
            async with self._tools.attention.held():
                return await carrier.carry_out()
        except Exception:
            log.exception("turn_broke", turn=turn.id, session=turn.session_id)
            fault = EaselError(
                "Something went wrong inside Easel, and this was not your fault.",
                hint="Try again. If it happens again, tell whoever runs Easel.",
            )
            return Finished(Outcome().ended(turn, [], fault))

    async def _watched(self, turn: Turn, work: asyncio.Task[Finished]) -> bool:
        """Wait for the work; False when the turn was cancelled meanwhile."""
        with self._signals.awaiting(f"cancel {turn.id}") as cancelled:
            while not work.done():
                signal = asyncio.ensure_future(cancelled.wait())
                try:
                    await asyncio.wait(
                        {work, signal},
                        timeout=_HEARTBEAT_SECONDS,
                        return_when=asyncio.FIRST_COMPLETED,
                    )
                finally:
                    signal.cancel()
                if not work.done() and not await self._alive(turn):
                    return False
                cancelled.clear()
        return True

    async def _alive(self, turn: Turn) -> bool:
        """Hold the lease and the person's place for longer; False when the turn has ended."""
        await self._slot(turn)
        state = await self._store.start(
            turn.session_id, turn.id, owner=self._owner, lease=self._lease
        )
        return state == "resumed"

    async def _finish(self, turn: Turn, session: Session, finished: Finished) -> None:
        ended = finished.turn
        answer = await self._store.finish(
            ended,
            versions=finished.versions,
            moves=finished.moves,
            expected=session.version_count,
        )
        if answer == "conflict":
            log.error("turn_conflict", turn=turn.id, session=turn.session_id)
        if answer == "gone":
            ended = await self._store.turn(ended.session_id, ended.id)
        self._observe(ended, ended.state)

    async def _hand_over(self, turn: Turn) -> None:
        """Let another worker, or this one after its restart, go on at once."""
        with contextlib.suppress(Exception):
            async with asyncio.timeout(_STOP_SECONDS):
                await self._store.let_go(turn.session_id, owner=self._owner)
                await self._queue.wake_later(turn.session_id, 0.0)

    async def _slot(self, turn: Turn) -> bool:
        return await self._store.take_slot(
            turn.actor.id, turn.id, places=self._tools.limits.max_running, lease=_SLOT_LEASE_SECONDS
        )

    def _observe(self, turn: Turn, outcome: str) -> None:
        seconds = ((turn.finished_at or now()) - turn.created_at).total_seconds()
        operation = turn.plan[0].op if turn.plan else "none"
        self._observer.turn_ended(turn.platform, operation, outcome, seconds)


async def _stopped(work: asyncio.Task[Finished]) -> None:
    """Cancel work that is still under way and wait until it has stopped."""
    work.cancel()
    await asyncio.wait({work}, timeout=_STOP_SECONDS)

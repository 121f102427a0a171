"""The front desk: checks what comes in, accepts it durably, and answers questions about it.

A turn is accepted when it stands in the store; only then anybody may be told so. Everything before
that is harmless to repeat, and everything after it (the wake-up) is repeated by the sweep if need
be.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import time
from collections.abc import AsyncIterator, Callable

import structlog

from core.assets.blobs import Blobs
from core.errors import BadInput, NotFound, Unavailable
from core.instruction.flags import split_flags
from core.picture.export import Origin
from core.picture.fitting import Fitted
from core.session import keys
from core.session.connect import reachable
from core.session.models import Actor, Asset, Session, Turn, TurnProgress, TurnState, Version
from core.session.store import SessionStore
from core.turns.darkroom import Darkroom
from core.turns.intake import Intake, TakenIn
from core.turns.listening import Listening
from core.turns.observer import Observer
from core.turns.origins import origin_of
from core.turns.queue import TurnQueue
from core.turns.request import Event, TurnRequest
from core.turns.visiting import Visits

_TITLE_LETTERS = 60
_CLOSE_SECONDS = 2.0

log = structlog.get_logger(__name__)


class FrontDesk:
    """The `Desk` of a process."""

    def __init__(
        self, store: SessionStore, queue: TurnQueue, blobs: Blobs, intake: Intake,
        darkroom: Darkroom, listening: Listening, observer: Observer, visits: Visits,
    ) -> None:  # fmt: skip
        self._store = store
        self._queue = queue
        self._blobs = blobs
        self._intake = intake
        self._darkroom = darkroom
        self._listening = listening
        self._observer = observer
        self._visits = visits
        self._waking: set[asyncio.Task[None]] = set()

    async def open_session(self, thread: str | None, actor: Actor, *, title: str = "") -> Session:
        thread = thread or f"web:{secrets.token_hex(10)}"
        with reachable():
            return await self._store.open_session(
                keys.session_id(thread), thread, actor, title_of(title)
            )

    async def sessions(self, *, limit: int, before: str | None) -> tuple[list[Session], str | None]:
        try:
            before = repr(float(before)) if before else None
        except ValueError:
            raise BadInput(
                "That is no place in the list.", hint="Leave “before” out to begin at the top."
            ) from None
        with reachable():
            return await self._store.sessions(limit, before)

    async def session(self, sid: str) -> Session:
        with reachable():
            return await self._store.session(sid)

    async def turns(self, sid: str) -> list[Turn]:
        with reachable():
            return [await self._placed(turn) for turn in await self._store.turns(sid)]

    async def versions(self, sid: str) -> list[Version]:
        with reachable():
            return await self._store.versions(sid)

    async def version(self, vid: str) -> Version:
        with reachable():
            return await self._store.version(vid)

    async def turn(self, sid: str, tid: str) -> Turn:
        with reachable():
            return await self._placed(await self._store.turn(sid, tid))

    async def accept(self, request: TurnRequest) -> Turn:
        sid = keys.session_id(request.thread)
        with reachable():
            await self._check_choice(sid, request.acts_on)
            taken = await self._intake.take(request)
            async with self._visits.at_home(sid, request) as request:
                turn, fresh = await self._stored(sid, request, taken)
            if not fresh:
                self._observer.duplicate_dropped()
                turn = await self._completed(turn, request)
        if not turn.state.ended:
            held = turn.held_until
            self._wake_soon(sid, turn.id, held - time.time() if held is not None else 0.0)
        return turn

    async def _stored(self, sid: str, request: TurnRequest, taken: TakenIn) -> tuple[Turn, bool]:
        """The turn of a request as it stands in the store, and whether it is new there."""
        turn = Turn(
            id=keys.turn_id(sid, request.event_keys[0]),
            session_id=sid,
            number=1,
            text=request.text,
            actor=request.actor,
            channel=request.channel,
            options=request.options,
            defaults=request.defaults,
            place=request.place,
            pending=request.pending,
            brings=request.brings,
            models=request.models,
            gate=request.gate,
            held_until=time.time() + request.hold_seconds if request.hold_seconds else None,
            inputs=taken.inputs,
            names=taken.names,
            mask=taken.mask,
            acts_on=request.acts_on,
            notes=taken.notes,
        )
        return await self._store.accept(
            turn, thread=request.thread, title=title_of(request.text), claims=request.event_keys
        )

    async def _completed(self, turn: Turn, request: TurnRequest) -> Turn:
        """The turn with the files that only this event of its message has brought.

        An event that needs no waiting for others lets the turn start.
        """
        known = {ref.id for ref in turn.pending}
        brought = tuple(ref for ref in request.pending if ref.id not in known)
        if turn.state is not TurnState.QUEUED:
            if brought:
                log.warning("files_came_late", turn=turn.id, files=len(brought))
            return turn
        if not brought and (turn.held_until is None or request.hold_seconds):
            return turn

        def whole(waiting: Turn) -> Turn:
            there = {ref.id: ref for ref in (*waiting.pending, *brought)}
            return waiting.model_copy(update={"pending": tuple(there.values())})

        return await self.amend(turn.session_id, turn.id, whole) or turn

    async def claimed(self, sid: str, event_key: str) -> Turn | None:
        with reachable():
            tid = await self._store.claimed(sid, event_key)
            return await self._store.turn(sid, tid) if tid else None

    async def amend(self, sid: str, tid: str, change: Callable[[Turn], Turn]) -> Turn | None:
        with reachable():
            turn = await self._store.amend(sid, tid, change)
        if turn is not None:
            self._wake_soon(sid, tid)
        return turn

    async def release(self, sid: str, tid: str) -> None:
        with reachable():
            released = await self._store.release(sid, tid)
        if released:
            self._wake_soon(sid, tid)

    async def drop(self, sid: str, tid: str) -> Turn:
        with reachable():
            return await self._store.cancel(sid, tid, only_waiting=True)

    async def cancel(self, sid: str, tid: str) -> Turn:
        with reachable():
            return await self._store.cancel(sid, tid)

    def events(self, sid: str, after: str | None) -> AsyncIterator[Event]:
        return self._listening.events(sid, after)

    async def asset_bytes(self, sha256: str) -> bytes:
        return await self._blobs.get(sha256)

    async def asset(self, sha256: str) -> Asset | None:
        with reachable():
            return await self._store.asset(sha256)

    async def thumbnail(self, sha256: str, side: int) -> bytes:
        return await self._darkroom.thumbnail(sha256, side)

    async def checkered(self, sha256: str, side: int) -> bytes:
        return await self._darkroom.checkered(sha256, side)

    async def export(
        self, sha256: str, *, format: str | None, version: str | None
    ) -> tuple[bytes, str]:
        return await self._darkroom.export(sha256, format, await self._origin(sha256, version))

    async def fitted(self, sha256: str, *, version: str | None, most_bytes: int) -> Fitted:
        origin = await self._origin(sha256, version)
        return await self._darkroom.fitted(sha256, origin, most_bytes)

    async def _origin(self, sha256: str, version: str | None) -> Origin | None:
        """The label of a version's file. Raises NotFound: no such version, or another picture's."""
        if not version:
            return None
        with reachable():
            found = await self._store.version(version)
            origin = await origin_of(found, self._store)
        if found.asset.sha256 != sha256:
            raise NotFound("That version is another picture.", hint="Leave the version out.")
        return origin

    async def _check_choice(self, sid: str, acts_on: str | None) -> None:
        """A chosen version must be one of this session. Raises NotFound."""
        if acts_on is None:
            return
        if (await self._store.version(acts_on)).session_id != sid:
            raise NotFound("There is no such version here.", hint="Choose one of this thread.")

    def _wake_soon(self, sid: str, tid: str, wait: float = 0.0) -> None:
        """Nobody waits for the wake-up: the turn is accepted, and the sweep makes up for one that
        is lost with its process. A turn that is held back is woken when that is over."""
        task = asyncio.create_task(self._wake(sid, tid, wait))
        self._waking.add(task)
        task.add_done_callback(self._waking.discard)

    async def _wake(self, sid: str, tid: str, wait: float) -> None:
        try:
            if wait > 0:
                await asyncio.sleep(wait)
            await self._queue.wake(sid, tid)
        except Unavailable as problem:
            log.warning("wake_up_postponed", turn=tid, detail=problem.admin)
        except Exception:
            log.exception("wake_up_failed", turn=tid)

    async def close(self) -> None:
        """Wait for the wake-ups that are on their way."""
        if self._waking:
            await asyncio.wait(set(self._waking), timeout=_CLOSE_SECONDS)

    async def _placed(self, turn: Turn) -> Turn:
        """A waiting turn with its place in the queue."""
        if turn.state is not TurnState.QUEUED:
            return turn
        place = await self._store.queue_place(turn.session_id, turn.id)
        return turn.model_copy(
            update={"progress": TurnProgress(stage="waiting", queue_place=place or 0)}
        )


def title_of(words: str) -> str:
    """The first line of somebody's words without flags, cut at a word."""
    with contextlib.suppress(BadInput):
        words = split_flags(words).text
    line = next((line.strip() for line in words.splitlines() if line.strip()), "")
    if len(line) <= _TITLE_LETTERS:
        return line
    with contextlib.suppress(ValueError):
        return line[: line.rindex(" ", 20, _TITLE_LETTERS)].rstrip(",;:.") + "…"
    return line[:_TITLE_LETTERS] + "…"

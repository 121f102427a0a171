"""Shows turns to the platforms that they came from, until the end of each was shown.

One process shows a session at a time (a lease); one that dies is followed by another, which finds
in the ledger what was sent. The newest state of a turn is shown, not each one, and its end after
the ends of those before it.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
from collections.abc import Collection, Mapping
from datetime import timedelta
from time import monotonic

import structlog

from core.errors import Conflict, NotFound, Unavailable
from core.session.models import Turn, TurnProgress, TurnState, now
from core.session.showing import ShowStore
from core.session.signals import Signals
from core.session.store import SessionStore
from core.turns.attention import Attention
from core.turns.presenting import Presenter, Scene, Unshowable

_LOOK_SECONDS = 5.0
_FIRST_LOOK_SECONDS = 2.0
_STOP_SECONDS = 4.0
_LONGEST_PAUSE = 60.0
_GIVE_UP = timedelta(days=1)

log = structlog.get_logger(__name__)


class Showing:
    """Shows the turns of a process. `lease`: how long a silent process is trusted, seconds."""

    def __init__(
        self, store: SessionStore, shows: ShowStore, signals: Signals,
        presenters: Mapping[str, Presenter], attention: Attention, *, lease: float,
    ) -> None:  # fmt: skip
        self._store = store
        self._shows = shows
        self._signals = signals
        self._presenters = presenters
        self._lease = lease
        self._owner = secrets.token_hex(8)
        self._sessions: dict[str, asyncio.Task[None]] = {}
        self._poked: dict[str, asyncio.Event] = {}
        self._shown: dict[str, dict[str, _Show]] = {}
        self._attention = attention

    async def run(self) -> None:
        """Show what there is to show, until cancelled."""
        with self._signals.following("show") as heard:
            keeping = asyncio.create_task(self._keep())
            try:
                while True:
                    self._attend(await heard.get())
            finally:
                keeping.cancel()
                await self._stop(list(self._sessions))

    def _attend(self, sid: str) -> None:
        if sid in self._sessions:
            self._poked[sid].set()
            return
        self._poked[sid] = asyncio.Event()
        task = asyncio.create_task(self._session(sid), name=f"show {sid}")
        self._sessions[sid] = task
        task.add_done_callback(lambda ended: self._left(sid, ended))

    def _left(self, sid: str, ended: asyncio.Task[None]) -> None:
        self._sessions.pop(sid, None)
        self._shown.pop(sid, None)
        poked = self._poked.pop(sid)
        if ended.cancelled():
            return
        if problem := ended.exception():
            log.error("showing_stopped", session=sid, exc_info=problem)
        elif poked.is_set():
            self._attend(sid)

    async def _keep(self) -> None:
        """Hold the leases, and take over what nobody shows any more."""
        while True:
            try:
                for sid in list(self._sessions):
                    if not await self._shows.keep(sid, self._owner, self._lease):
                        await self._lost(sid)
                for sid in await self._shows.sessions():
                    self._attend(sid)
            except Exception:
                log.exception("showing_not_kept")
            await asyncio.sleep(self._lease / 3)

    async def _lost(self, sid: str) -> None:
        """Another shows the session. What was said from here after that may stand over an end that
        was shown there, so that those ends are shown once more."""
        overtaken = [tid for tid, show in self._shown.get(sid, {}).items() if not show.task.done()]
        await self._stop([sid])
        for tid in overtaken:
            await self._shows.again(sid, tid)

    async def _stop(self, sids: list[str]) -> None:
        tasks = [self._sessions[sid] for sid in sids if sid in self._sessions]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=_LOOK_SECONDS)

    async def _session(self, sid: str) -> None:
        """Show a session's turns until the end of each was shown; nothing when another does."""
        poked = self._poked[sid]
        if not await self._is_ours(sid):
            return
        shown = self._shown[sid] = {}
        try:
            while True:
                poked.clear()
                before: _Show | None = None
                for tid in await self._shows.unshown(sid):
                    if tid not in shown or shown[tid].task.done():
                        shown[tid] = await self._begun(sid, tid, before)
                    before = shown[tid]
                under_way = {show.task for show in shown.values() if not show.task.done()}
                if not under_way:
                    return
                await _any(under_way, poked)
        finally:
            # Who is still in the middle of a look must not meet the next one there.
            if await _stopped([show.task for show in shown.values()]):
                with contextlib.suppress(Exception):
                    await self._shows.let_go(sid, self._owner)

    async def _is_ours(self, sid: str) -> bool:
        """Whether this process can show the session, and no other does."""
        platform = (await self._store.session(sid)).thread.partition(":")[0]
        if platform not in self._presenters:
            return False
        return await self._shows.hold(sid, self._owner, self._lease)

    async def _begun(self, sid: str, tid: str, before: _Show | None) -> _Show:
        show = _Show(await self._store.last_event(sid), before)
        show.task = asyncio.create_task(self._turn(sid, tid, show))
        return show

    async def _turn(self, sid: str, tid: str, show: _Show) -> None:
        """Show one turn until its end was shown, whatever goes wrong here meanwhile."""
        while True:
            try:
                await self._look_by_look(sid, tid, show)
                return await self._shows.shown(sid, tid)
            except NotFound:
                log.warning("turn_to_show_is_gone", turn=tid, session=sid)
                return await self._shows.shown(sid, tid)
            except Exception:
                log.exception("turn_not_shown", turn=tid, session=sid)
                await asyncio.sleep(show.pause_after_failure())

    async def _look_by_look(self, sid: str, tid: str, show: _Show) -> None:
        """Returns when the end was shown, or when there is no use in showing it."""
        with self._signals.awaiting(f"event {sid}") as word:
            while True:
                word.clear()
                async with self._attention.held():
                    scene = await self._scene(sid, tid, show)
                presenter = self._presenters[scene.session.thread.partition(":")[0]]
                if _too_old(scene.turn):
                    log.error("turn_given_up", turn=tid, session=sid)
                    return None
                await show.in_order(ended=scene.turn.state.ended)
                try:
                    if scene != show.last:
                        await self._bring(scene, presenter, show)
                except Unshowable as never:
                    return await self._end(scene.turn, never)
                except Unavailable as away:
                    log.info("look_waits", turn=tid, detail=away.admin or away.message)
                    await asyncio.sleep(min(max(away.seconds, 0.1), _LONGEST_PAUSE))
                    continue
                if scene.turn.state.ended:
                    return None
                await self._next(scene, word, show, presenter.pause)

    async def _bring(self, scene: Scene, presenter: Presenter, show: _Show) -> None:
        """Bring one look to the platform."""
        ledger = self._shows.ledger(scene.turn.session_id, scene.turn.id, self._owner)
        async with self._attention.held():
            await presenter.show(scene, ledger)
        show.failures, show.last, show.at = 0, scene, monotonic()
        show.seen.set()

    async def _end(self, turn: Turn, never: Unshowable) -> None:
        """Nobody could see what it comes to, so it need not be drawn."""
        log.warning("turn_unshowable", turn=turn.id, reason=never.message, detail=never.admin)
        if not turn.state.ended:
            with contextlib.suppress(Conflict):
                await self._store.cancel(turn.session_id, turn.id)

    async def _next(self, scene: Scene, word: asyncio.Event, show: _Show, pause: float) -> None:
        """Wait until there is something new to show and the pause is over; an end comes at once."""
        await _heard(word, _LOOK_SECONDS)
        while (left := show.at + pause - monotonic()) > 0:
            turn = await self._store.turn(scene.turn.session_id, scene.turn.id)
            if turn.state.ended:
                return
            word.clear()
            await _heard(word, left)

    async def _scene(self, sid: str, tid: str, show: _Show) -> Scene:
        turn = await self._placed(await self._store.turn(sid, tid))
        await self._look_for_previews(turn, show)
        versions = [await self._store.version(vid) for vid in (*turn.versions, *turn.shows)]
        subject = None
        if turn.subject and ".v" in turn.subject:
            with contextlib.suppress(NotFound):
                subject = await self._store.version(turn.subject)
        session = await self._store.session(sid)
        return Scene(turn, session, tuple(versions), subject, show.preview)

    async def _placed(self, turn: Turn) -> Turn:
        if turn.state is not TurnState.QUEUED:
            return turn
        place = await self._store.queue_place(turn.session_id, turn.id)
        progress = TurnProgress(stage="waiting", queue_place=place or 0)
        return turn.model_copy(update={"progress": progress})

    async def _look_for_previews(self, turn: Turn, show: _Show) -> None:
        if turn.state is not TurnState.RUNNING:
            return
        rows = await self._store.events_after(turn.session_id, show.heard)
        for event, fields in rows:
            show.heard = event
            if fields["type"] == "preview" and fields["ref"] == turn.id:
                show.preview = json.loads(fields["data"])["sha256"]


class _Show:
    """How far the showing of one turn is.

    `heard` is the last event that was looked at, `before` the turn before it in the thread, `seen`
    whether anything of it is to be seen.
    """

    task: asyncio.Task[None]

    def __init__(self, heard: str, before: _Show | None) -> None:
        self.heard = heard
        self.before = before
        self.seen = asyncio.Event()
        self.last: Scene | None = None
        self.at = 0.0
        self.failures = 0
        self.preview: str | None = None

    async def in_order(self, *, ended: bool) -> None:
        """Wait for the turn before: for its first look before one's own, for its end before one's
        own end. The first is not worth waiting for long."""
        if self.before is None:
            return
        if ended:
            await asyncio.wait({self.before.task})
        elif self.last is None and not self.before.task.done():
            await _heard(self.before.seen, _FIRST_LOOK_SECONDS)

    def pause_after_failure(self) -> float:
        """Longer from time to time."""
        self.failures += 1
        return min(2.0 ** (self.failures - 1), _LONGEST_PAUSE)


def _too_old(turn: Turn) -> bool:
    """An end that could not be shown for a day is not shown any more."""
    return turn.finished_at is not None and now() - turn.finished_at > _GIVE_UP


async def _heard(word: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await word.wait()


async def _stopped(tasks: Collection[asyncio.Task[None]]) -> bool:
    """Cancel what still runs; whether all of it has ended in time."""
    for task in tasks:
        task.cancel()
    if not tasks:
        return True
    _, late = await asyncio.wait(tasks, timeout=_STOP_SECONDS)
    return not late


async def _any(tasks: set[asyncio.Task[None]], poked: asyncio.Event) -> None:
    """Wait until a task has ended or somebody pokes."""
    poke = asyncio.create_task(poked.wait())
    try:
        await asyncio.wait({*tasks, poke}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        poke.cancel()

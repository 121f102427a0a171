"""Sessions, turns and versions in Redis: every read and every write of them goes through here."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Literal, cast

from pydantic import BaseModel
from redis.asyncio import Redis
from redis.asyncio.client import Pipeline

from core.errors import Conflict, QueueFull
from core.session import keys
from core.session.connect import ask
from core.session.crowd import Crowd
from core.session.models import (
    Actor,
    Asset,
    Session,
    StepRecord,
    Turn,
    TurnProgress,
    TurnState,
    Version,
    now,
)
from core.session.reading import missing, session_of, turn_of
from core.session.scripts import Scripts

CLAIM_SECONDS = 24 * 3600
_KEPT_OF_ACTOR = 200

Started = Literal["started", "resumed", "held", "gone"]
"""What became of a wish to run a turn: begun anew; gone on with; another process runs it; it is no
longer the head of the inbox or has ended."""


def _dump(model: BaseModel) -> str:
    return model.model_dump_json()


class SessionStore:
    """The store port of the core. One Redis, keys as in `core.session.keys`."""

    def __init__(self, redis: Redis, *, max_queued: int = 20, max_waiting: int = 200) -> None:
        self._redis = redis
        self._scripts = Scripts(redis)
        self._max_queued = max_queued
        self._crowd = Crowd(redis, max_waiting)

    async def salt(self, own: bytes | None) -> bytes:
        """What hashes of people are salted with: `own`, or bytes that all processes share."""
        if own is not None:
            return own
        await ask(self._redis.set(keys.SALT, secrets.token_hex(32), nx=True))
        return bytes.fromhex(await ask(self._redis.get(keys.SALT)))

    async def ping(self) -> None:
        """Ask the store for a sign of life."""
        await ask(self._redis.ping())

    # --- sessions ---------------------------------------------------------------------------

    async def open_session(self, sid: str, thread: str, owner: Actor, title: str = "") -> Session:
        """Create the session unless it is there; give it as it stands."""
        fresh = Session(id=sid, thread=thread, owner=owner)
        key = keys.session(sid)
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.hsetnx(key, "doc", _dump(fresh))
            pipe.hsetnx(key, "updated_at", fresh.updated_at.isoformat())
            if title:
                pipe.hsetnx(key, "title", title)
            pipe.zadd(keys.SESSIONS, {sid: fresh.updated_at.timestamp()}, nx=True)
            await pipe.execute()
        return await self.session(sid)

    async def session(self, sid: str) -> Session:
        """Raises NotFound."""
        return session_of(await ask(self._redis.hgetall(keys.session(sid))))

    async def sessions(self, limit: int, before: str | None) -> tuple[list[Session], str | None]:
        """A page of sessions, the latest touched first; `before` is the cursor of a page before."""
        ceiling = f"({float(before)}" if before else "+inf"
        rows = await ask(
            self._redis.zrevrangebyscore(
                keys.SESSIONS, ceiling, "-inf", start=0, num=limit + 1, withscores=True
            )
        )
        page = rows[:limit]
        async with self._redis.pipeline(transaction=False) as pipe:
            for sid, _ in page:
                pipe.hgetall(keys.session(sid))
            found = await pipe.execute()
        cursor = repr(page[-1][1]) if len(rows) > limit else None
        return [session_of(fields) for fields in found if fields], cursor

    async def busy_sessions(self) -> dict[str, int]:
        """Sessions with turns in their inbox, and how many; marks of idle ones are dropped here."""
        marked: list[tuple[str, float]] = await ask(
            self._redis.zrange(keys.BUSY, 0, -1, withscores=True)
        )
        async with self._redis.pipeline(transaction=False) as pipe:
            for sid, _ in marked:
                pipe.llen(keys.inbox(sid))
            lengths = await pipe.execute()
        counted = [(sid, at, n) for (sid, at), n in zip(marked, lengths, strict=True)]
        # A mark is set before its turn is appended: a young one with nothing behind it must stay.
        old = now().timestamp() - 60
        idle = [(sid, at) for sid, at, length in counted if not length and at < old]
        if idle:
            seen = [part for sid, at in idle for part in (sid, _score(at))]
            await self._scripts.run("drop_idle", [keys.BUSY], seen)
        return {sid: length for sid, _, length in counted if length}

    # --- turns ------------------------------------------------------------------------------

    async def accept(
        self, turn: Turn, *, thread: str, title: str, claims: Sequence[str]
    ) -> tuple[Turn, bool]:
        """Append a turn to its session's inbox, once for all its event keys.

        One with a place is also put among those whose end is to be shown there. Before that, the
        session moves to the front of the lists, marked to have work waiting.

        Gives the turn as stored and whether it is new. Raises QueueFull.
        """
        sid = turn.session_id
        fresh = Session(id=sid, thread=thread, owner=turn.actor)
        await self._crowd.check(turn, claims)
        *_, marks, outcome = await self._scripts.run_after(
            partial(self._mark, turn=turn),
            "accept",
            [
                keys.session(sid),
                keys.inbox(sid),
                keys.turns(sid),
                keys.turn(sid, turn.id),
                keys.events(sid),
                keys.unshown(sid),
                *(keys.claim(sid, claim) for claim in claims),
            ],
            [
                turn.id,
                _dump(turn),
                title,
                _dump(fresh),
                turn.created_at.isoformat(),
                self._max_queued,
                CLAIM_SECONDS,
                sid,
                keys.SIGNALS,
                "" if turn.held_until is None else repr(turn.held_until),
                json.dumps(turn.place) if turn.place else "",
            ],
        )
        self._crowd.counted(turn, marks)
        match outcome:
            case ["accepted", number, place]:
                progress = TurnProgress(stage="waiting", queue_place=int(place) - 1)
                return turn.model_copy(update={"number": int(number), "progress": progress}), True
            case ["duplicate", known]:
                return await self.turn(sid, known), False
        raise QueueFull(
            f"{self._max_queued} instructions already wait in this thread.",
            hint="Wait for some of them, or cancel those that you no longer need.",
        )

    def _mark(self, pipe: Pipeline, turn: Turn) -> None:
        """Move a turn's session to the front, and mark that it has something to run and to show."""
        moment = {turn.session_id: now().timestamp()}
        pipe.zadd(keys.SESSIONS, moment)
        pipe.zadd(keys.BUSY, moment)
        if turn.place:
            mine = keys.sessions_of(turn.actor.id)
            pipe.zadd(keys.SHOWING, moment)
            pipe.zadd(mine, moment)
            pipe.zremrangebyrank(mine, 0, -_KEPT_OF_ACTOR - 1)
        self._crowd.mark(pipe, turn)

    async def turn(self, sid: str, tid: str) -> Turn:
        """Raises NotFound."""
        fields = await ask(self._redis.hgetall(keys.turn(sid, tid)))
        return turn_of(fields)

    async def turns(self, sid: str) -> list[Turn]:
        """All turns, in order. Raises NotFound when there is no such session."""
        await self.session(sid)
        ids = await ask(self._redis.lrange(keys.turns(sid), 0, -1))
        async with self._redis.pipeline(transaction=False) as pipe:
            for tid in ids:
                pipe.hgetall(keys.turn(sid, tid))
            rows = await pipe.execute()
        return [turn_of(fields) for fields in rows if fields]

    async def turn_before(self, sid: str, number: int) -> Turn | None:
        """The turn that was accepted just before the one with that number."""
        if number < 2:
            return None
        tid = await ask(self._redis.lindex(keys.turns(sid), number - 2))
        return await self.turn(sid, tid) if tid else None

    async def head_turn(self, sid: str) -> str | None:
        """The id of the turn that is to run next, or runs."""
        head: str | None = await ask(self._redis.lindex(keys.inbox(sid), 0))
        return head

    async def queue_place(self, sid: str, tid: str) -> int | None:
        """How many turns stand before this one; None when it does not wait."""
        waiting = await ask(self._redis.lrange(keys.inbox(sid), 0, -1))
        return waiting.index(tid) if tid in waiting else None

    async def start(self, sid: str, tid: str, *, owner: str, lease: float) -> Started:
        """Mark the head of the inbox as running by `owner`, or renew that for `lease` seconds."""
        answer = await self._scripts.run(
            "start",
            [keys.inbox(sid), keys.turn(sid, tid), keys.events(sid), keys.lease(sid)],
            [tid, now().isoformat(), sid, keys.SIGNALS, owner, int(lease * 1000)],
        )
        return cast("Started", answer)

    async def let_go(self, sid: str, *, owner: str) -> None:
        """Give a session's lease back, so that another process can go on at once."""
        if await ask(self._redis.get(keys.lease(sid))) == owner:
            await ask(self._redis.delete(keys.lease(sid)))

    async def amend(self, sid: str, tid: str, change: Callable[[Turn], Turn]) -> Turn | None:
        """Change a turn that still waits, and let it start; None when it waits no more.

        Raises NotFound.
        """
        while True:
            fields = await ask(self._redis.hgetall(keys.turn(sid, tid)))
            changed = change(turn_of(fields)).model_copy(update={"held_until": None})
            answer = await self._scripts.run(
                "amend",
                [keys.turn(sid, tid), keys.events(sid)],
                [tid, sid, keys.SIGNALS, fields["doc"], _dump(changed)],
            )
            if answer != "again":
                return changed if answer == "amended" else None

    async def release(self, sid: str, tid: str) -> bool:
        """Let a turn start that was held back; False when it was not."""
        return bool(
            await self._scripts.run(
                "release", [keys.turn(sid, tid), keys.events(sid)], [tid, sid, keys.SIGNALS]
            )
        )

    async def claimed(self, sid: str, claim: str) -> str | None:
        """The id of the turn that was accepted for an event key, for as long as that is kept."""
        return cast("str | None", await ask(self._redis.get(keys.claim(sid, claim))))

    async def cancel(self, sid: str, tid: str, *, only_waiting: bool = False) -> Turn:
        """Cancel a waiting or running turn at once. Raises NotFound, Conflict.

        `only_waiting`: one that runs already goes on, and is given as it stands.
        """
        before = await self._scripts.run(
            "cancel",
            [
                keys.inbox(sid),
                keys.turn(sid, tid),
                keys.events(sid),
                keys.lease(sid),
                keys.steps(sid, tid),
            ],
            [tid, now().isoformat(), sid, keys.SIGNALS, "queued" if only_waiting else ""],
        )
        if not before:
            raise missing("turn")
        if TurnState(before).ended:
            raise Conflict(
                f"This turn has already ended ({before}).",
                code="turn_ended",
                hint='Say "undo" to go back to the picture before it.',
            )
        return await self.turn(sid, tid)

    async def save_running(self, turn: Turn) -> bool:
        """Write what is known of a running turn (plan, subject, model). False: it was stopped."""
        return await self._note(turn.session_id, turn.id, {"doc": _dump(turn)})

    async def save_progress(self, sid: str, tid: str, progress: TurnProgress) -> bool:
        """Write how far a running turn is. False: it was stopped."""
        return await self._note(sid, tid, {"progress": _dump(progress)})

    async def _note(self, sid: str, tid: str, fields: Mapping[str, str]) -> bool:
        flat = [part for item in fields.items() for part in item]
        return bool(
            await self._scripts.run(
                "note",
                [keys.turn(sid, tid), keys.events(sid)],
                [tid, sid, keys.SIGNALS, *flat],
            )
        )

    async def emit(self, sid: str, tid: str, kind: str, data: Mapping[str, Any]) -> bool:
        """Tell listeners of a running turn something that is not kept."""
        return bool(
            await self._scripts.run(
                "emit",
                [keys.turn(sid, tid), keys.events(sid)],
                [tid, sid, keys.SIGNALS, kind, json.dumps(data)],
            )
        )

    # --- steps ------------------------------------------------------------------------------

    async def step(self, sid: str, tid: str, index: int) -> StepRecord | None:
        raw = await ask(self._redis.hget(keys.steps(sid, tid), str(index)))
        return StepRecord.model_validate_json(raw) if raw else None

    async def record_step(self, sid: str, tid: str, record: StepRecord) -> StepRecord:
        """Record that a step has run. The first record stands: it is given back."""
        key = keys.steps(sid, tid)
        if await ask(self._redis.hsetnx(key, str(record.index), _dump(record))):
            return record
        standing = await self.step(sid, tid, record.index)
        return standing or record

    async def finish(
        self, turn: Turn, *, versions: Sequence[Version], moves: Sequence[str], expected: int
    ) -> Literal["finished", "gone", "conflict"]:
        """End a running turn: outcome, versions, head and events in one step.

        `moves` are "S <version id>", "U" or "R", done in order; `expected` is the number of
        versions that the new ones were numbered after.
        """
        sid = turn.session_id
        answer = await self._scripts.run(
            "finish",
            [
                keys.session(sid),
                keys.inbox(sid),
                keys.turn(sid, turn.id),
                keys.events(sid),
                keys.versions(sid),
                keys.undo(sid),
                keys.redo(sid),
                keys.steps(sid, turn.id),
                keys.lease(sid),
            ],
            [
                turn.id,
                turn.state,
                _dump(turn),
                (turn.finished_at or now()).isoformat(),
                expected,
                sid,
                keys.SIGNALS,
                len(moves),
                *moves,
                *(part for v in versions for part in (str(v.number), _dump(v))),
            ],
        )
        return cast("Literal['finished', 'gone', 'conflict']", answer)

    # --- versions ---------------------------------------------------------------------------

    async def version(self, vid: str) -> Version:
        """Raises NotFound."""
        number = keys.version_number(vid)
        sid = vid.rpartition(".v")[0]
        raw = await ask(self._redis.hget(keys.versions(sid), str(number))) if number else None
        if not raw:
            raise missing("version")
        return Version.model_validate_json(raw)

    async def versions(self, sid: str) -> list[Version]:
        """All versions, in order."""
        rows = await ask(self._redis.hgetall(keys.versions(sid)))
        found = [Version.model_validate_json(raw) for raw in rows.values()]
        return sorted(found, key=lambda version: version.number)

    async def undo_stack(self, sid: str, depth: int) -> list[str]:
        """The heads before the present one, the nearest last."""
        found: list[str] = await ask(self._redis.lrange(keys.undo(sid), -depth, -1))
        return found

    async def redo_stack(self, sid: str, depth: int) -> list[str]:
        """The heads that were undone, the nearest last."""
        found: list[str] = await ask(self._redis.lrange(keys.redo(sid), -depth, -1))
        return found

    # --- assets -----------------------------------------------------------------------------

    async def record_asset(self, asset: Asset) -> None:
        await ask(self._redis.set(keys.asset(asset.sha256), _dump(asset)))

    async def asset(self, sha256: str) -> Asset | None:
        raw = await ask(self._redis.get(keys.asset(sha256)))
        return Asset.model_validate_json(raw) if raw else None

    # --- places of people -------------------------------------------------------------------

    async def take_slot(self, actor: str, tid: str, *, places: int, lease: float) -> bool:
        """Hold (or renew) one of a person's running places for `lease` seconds."""
        moment = now().timestamp()
        return bool(
            await self._scripts.run("take_slot", [keys.actor(actor)], [tid, moment, lease, places])
        )

    async def free_slot(self, actor: str, tid: str) -> None:
        await ask(self._redis.zrem(keys.actor(actor), tid))

    # --- events -----------------------------------------------------------------------------

    async def events_after(self, sid: str, after: str) -> list[tuple[str, dict[str, str]]]:
        """Raw events after an id, oldest first, at most 100."""
        rows: list[tuple[str, dict[str, str]]] = await ask(
            self._redis.xrange(keys.events(sid), min=f"({after}", max="+", count=100)
        )
        return rows

    async def last_event(self, sid: str) -> str:
        """The id of the newest event, "0-0" when there was none."""
        rows = await ask(self._redis.xrevrange(keys.events(sid), count=1))
        return str(rows[0][0]) if rows else "0-0"


def _score(value: float) -> str:
    """A score as the store writes it: the shortest decimal that means the same number."""
    return repr(value)

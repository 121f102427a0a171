"""How many turns one person may have waiting or running, in all threads together.

Threads are free, so the bound of each does not bound a person. Every accepted turn leaves a mark
with its person, and marks are looked through only where there are as many as there may be: then
those of turns that have ended go. So the bound costs hardly anything, and a process that has not
met a person yet may let one turn too many in.
"""

from __future__ import annotations

from collections.abc import Sequence

from redis.asyncio import Redis
from redis.asyncio.client import Pipeline

from core.errors import QueueFull
from core.session import keys
from core.session.connect import ask
from core.session.models import Turn, TurnState, now

_KEPT_SECONDS = 7 * 24 * 3600


class Crowd:
    """The bound, `most` turns a person."""

    def __init__(self, redis: Redis, most: int) -> None:
        self._redis = redis
        self._most = most
        self._full: set[str] = set()

    def mark(self, pipe: Pipeline, turn: Turn) -> None:
        """Mark a turn that is about to be accepted; the answer to the last command is how many
        marks there are."""
        key = keys.waiting(turn.actor.id)
        pipe.expire(key, _KEPT_SECONDS)
        pipe.zadd(key, {_mark_of(turn): now().timestamp()})
        pipe.zcard(key)

    def counted(self, turn: Turn, marks: int) -> None:
        """Take notice of how many marks a person has."""
        if marks >= self._most:
            self._full.add(turn.actor.id)

    async def check(self, turn: Turn, claims: Sequence[str]) -> None:
        """Raises QueueFull when too many turns of its person wait, unless it is one of them."""
        if turn.actor.id not in self._full or await self._is_known(turn, claims):
            return
        if await self._unended(turn.actor.id) >= self._most:
            raise QueueFull(
                f"{self._most} of your instructions already wait or run.",
                hint="Wait for some of them, or cancel those that you no longer need.",
            )
        self._full.discard(turn.actor.id)

    async def _is_known(self, turn: Turn, claims: Sequence[str]) -> bool:
        """Whether it was accepted already, and is only told of once more."""
        sid = turn.session_id
        names = [keys.turn(sid, turn.id), *(keys.claim(sid, claim) for claim in claims)]
        return bool(await ask(self._redis.exists(*names)))

    async def _unended(self, actor: str) -> int:
        """How many turns of a person have not ended; the marks of the others are dropped."""
        key = keys.waiting(actor)
        marks: list[str] = await ask(self._redis.zrange(key, 0, -1))
        async with self._redis.pipeline(transaction=False) as pipe:
            for mark in marks:
                sid, _, tid = mark.partition("/")
                pipe.hget(keys.turn(sid, tid), "state")
            states = await pipe.execute()
        pairs = zip(marks, states, strict=True)
        over = [mark for mark, state in pairs if state is None or TurnState(state).ended]
        if over:
            await ask(self._redis.zrem(key, *over))
        return len(marks) - len(over)


def _mark_of(turn: Turn) -> str:
    return f"{turn.session_id}/{turn.id}"

"""Gates before providers: how many calls run at once and how many begin in a minute, over all
workers.

Whoever finds a gate full stands in line, by arrival, whatever worker it is in, and is told its
place. All that is known of a gate stands in Redis and follows the clock of Redis. A worker that
dies stops renewing, so that its places lapse, inside and in the line.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Literal

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from core.policy import keys
from core.policy.scripts import script

_LOOK_SECONDS = 0.25
_TELL_SECONDS = 0.5
_LEAVE_SECONDS = 1.0
_LONGEST_PAUSE_MS = 15 * 60 * 1000

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class GateLimits:
    """At most `running` calls at once, and at most `per_minute` begun in any minute."""

    running: int
    per_minute: int | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """Why and how long one waits. `place` says how many are ahead (0: next), `seconds` is None
    where nobody can know."""

    place: int
    seconds: float | None
    why: Literal["busy", "rate", "pause"]


Told = Callable[[Waiting], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class _Gate:
    """The gate of a provider as it is met on the way to one model.

    `level` is the model where it has limits of its own, else "": the provider's. `bounds` are the
    limits of all levels.
    """

    provider: str
    level: str
    bounds: Mapping[str, GateLimits | None]

    def key(self, name: str, level: str = "") -> str:
        return keys.gate(self.provider, f"{name}:{level}" if level else name)

    @property
    def passed(self) -> list[str]:
        """Where a ticket stands that is inside."""
        return [self.key("inside", level) for level in dict.fromkeys(("", self.level))]


class Gates:
    """The gates of all providers, by their names ("openai"), with narrower ones for some models
    ("openai/gpt-image-2"). A provider without limits can still ask for a pause."""

    def __init__(
        self, redis: Redis, limits: Mapping[str, GateLimits], *, lease: float = 10.0
    ) -> None:
        self._redis = redis
        self._limits = limits
        self._lease = lease
        self._enter = script(redis, "enter")
        self._keep = script(redis, "keep")
        self._pause = script(redis, "pause")
        self._freed: dict[str, asyncio.Event] = {}

    @contextlib.asynccontextmanager
    async def passing(
        self, provider: str, model: str, ticket: str, told: Told
    ) -> AsyncIterator[None]:
        """Wait for a place and have it for as long as this lasts.

        `ticket` names the call over all workers: whoever comes with the ticket of a dead worker has
        its place. `told` is called when there is waiting to do and as that changes.
        """
        gate = self._gate(provider, model)
        try:
            await self._wait(gate, ticket, told)
            async with self._kept(gate, ticket):
                yield
        finally:
            await self._leave(gate, ticket)

    async def pause(self, provider: str, model: str, seconds: float) -> None:
        """The provider asked to wait: nobody asks it before then.

        It is for the model alone where that has limits of its own, else for the whole provider.
        """
        gate = self._gate(provider, model)
        args = [gate.level, math.ceil(max(0.0, seconds) * 1000), _LONGEST_PAUSE_MS]
        await self._pause(keys=[gate.key("pauses")], args=args)

    def _gate(self, provider: str, model: str) -> _Gate:
        bounds: dict[str, GateLimits | None] = {"": self._limits.get(provider)}
        for name, limits in self._limits.items():
            of, _, narrower = name.partition("/")
            if of == provider and narrower:
                bounds[narrower] = limits
        return _Gate(provider, model if model in bounds else "", bounds)

    async def _wait(self, gate: _Gate, ticket: str, told: Told) -> None:
        teller = _Teller(told)
        while True:
            freed = self._freed.setdefault(gate.provider, asyncio.Event())
            waiting = await self._look(gate, ticket)
            if waiting is None:
                return
            await teller.tell(waiting)
            await _happens(freed, _LOOK_SECONDS)

    async def _look(self, gate: _Gate, ticket: str) -> Waiting | None:
        """None: the ticket is inside."""
        touched = [gate.key(name) for name in ("line", "seen", "models", "pauses")]
        args: list[str | int] = [ticket, gate.level, self._lease_ms]
        for level, limits in gate.bounds.items():
            touched += [gate.key("inside", level), gate.key("starts", level)]
            rate = limits.per_minute if limits else None
            args += [level, limits.running if limits else "", "" if rate is None else rate]
        answer = await self._enter(keys=touched, args=args)
        if not answer:
            return None
        place, ms, why = answer
        return Waiting(place, None if ms < 0 else float(math.ceil(ms / 1000)), why)

    @property
    def _lease_ms(self) -> int:
        return round(self._lease * 1000)

    @contextlib.asynccontextmanager
    async def _kept(self, gate: _Gate, ticket: str) -> AsyncIterator[None]:
        """Renew the place. The end is also told by an event, because a connection that is just
        being opened may swallow a cancellation."""
        left = asyncio.Event()
        beating = asyncio.create_task(self._beat(gate, ticket, left), name=f"gate {ticket}")
        try:
            yield
        finally:
            left.set()
            beating.cancel()

    async def _beat(self, gate: _Gate, ticket: str, left: asyncio.Event) -> None:
        while not await _happens(left, self._lease / 3):
            try:
                await self._keep(keys=gate.passed, args=[ticket, self._lease_ms])
            except (RedisError, OSError) as problem:
                log.warning("gate_not_renewed", provider=gate.provider, error=str(problem))

    async def _leave(self, gate: _Gate, ticket: str) -> None:
        """Go at once, even while the store is away: then the place lapses."""
        try:
            async with asyncio.timeout(_LEAVE_SECONDS), self._redis.pipeline() as pipe:
                for key in (gate.key("line"), gate.key("seen"), *gate.passed):
                    pipe.zrem(key, ticket)
                pipe.hdel(gate.key("models"), ticket)
                await pipe.execute()
        except (RedisError, OSError) as problem:  # a timeout is an OSError
            log.warning("gate_left_to_lapse", provider=gate.provider, error=str(problem))
        freed = self._freed.pop(gate.provider, None)
        if freed is not None:
            freed.set()


class _Teller:
    """Says how the waiting goes: at once, then as it changes, and not too often."""

    def __init__(self, told: Told) -> None:
        self._told = told
        self._last: Waiting | None = None
        self._next = 0.0

    async def tell(self, waiting: Waiting) -> None:
        if waiting != self._last and monotonic() >= self._next:
            self._last, self._next = waiting, monotonic() + _TELL_SECONDS
            await self._told(waiting)


async def _happens(event: asyncio.Event, seconds: float) -> bool:
    """Whether it happens within that time."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
    return event.is_set()

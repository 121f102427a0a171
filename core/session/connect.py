"""Connections to Redis, of two tempers, and its failures in words for people.

Whoever stands at the door must answer at once, so its commands give up quickly. Whoever carries a
turn out must not lose it because the store restarts, so its commands wait as long as it takes.
Every command that is repeated this way is harmless to repeat.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import (
    BusyLoadingError,
    ConnectionError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisError,
    TimeoutError,
)

from core.errors import DiskFull, Unavailable

AWAY = (ConnectionError, TimeoutError, BusyLoadingError, ReadOnlyError)

_QUICK = Retry(ExponentialBackoff(cap=0.1, base=0.02), retries=2)
_PATIENT = Retry(ExponentialBackoff(cap=1.0, base=0.02), retries=1_000_000)
_CONNECTIONS = 64


def connect(url: str, *, patient: bool = False) -> Redis:
    """A client for `url` (redis://, rediss:// or unix://) that answers with text.

    `patient`: commands are repeated until the store is back; cancel the task to give up.
    """
    pool = BlockingConnectionPool.from_url(
        url,
        decode_responses=True,
        max_connections=_CONNECTIONS,
        timeout=10,
        socket_connect_timeout=2,
        socket_timeout=10,
        retry=_PATIENT if patient else _QUICK,
        retry_on_error=list(AWAY),
    )
    return Redis.from_pool(pool)


@contextmanager
def reachable() -> Iterator[None]:
    """Failures of the store inside become Unavailable (DiskFull when it cannot write any more)."""
    try:
        yield
    except AWAY as problem:
        raise Unavailable(
            "The store that keeps the sessions cannot be reached just now.",
            hint="Try again in a minute. Instructions that were accepted wait and are not lost.",
            admin=f"{type(problem).__name__}: {problem}",
        ) from problem
    except RedisError as problem:
        if _full(problem):
            raise DiskFull(
                "There is no room left to keep the session.",
                hint="Ask whoever runs Easel to free space; your session is as it was.",
                admin=str(problem),
            ) from problem
        raise


def _full(problem: RedisError) -> bool:
    """Whether the store refuses to write: no memory, or no disk (told within a pipeline's words)."""
    return isinstance(problem, OutOfMemoryError) or "MISCONF" in str(problem)

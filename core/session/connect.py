"""Connections to Redis, of two tempers, and its failures in words for people.

Whoever stands at the door must answer at once, so its commands give up quickly. Whoever carries a
turn out must not lose it because the store restarts, so its commands wait as long as it takes.
Every command that is repeated this way is harmless to repeat.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from typing import Any, cast

from redis.asyncio import (
    BlockingConnectionPool,
    Connection,
    Redis,
    SSLConnection,
    UnixDomainSocketConnection,
)
from redis.asyncio.connection import AbstractConnection
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.driver_info import DriverInfo
from redis.exceptions import (
    BusyLoadingError,
    ConnectionError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisError,
)
from redis.exceptions import TimeoutError as SilentStore

from core.errors import DiskFull, Unavailable

AWAY = (ConnectionError, SilentStore, BusyLoadingError, ReadOnlyError)

_QUICK = Retry(
    ExponentialBackoff(cap=0.1, base=0.02), retries=2, supported_errors=(ConnectionError,)
)
_PATIENT = Retry(ExponentialBackoff(cap=1.0, base=0.02), retries=1_000_000)
_CONNECTIONS = 64
_DRIVER = DriverInfo()
"""Made once: redis-py looks up its version, among all packages, each time it makes one."""
_SILENCE_SECONDS = 3.0


class _Bounded(AbstractConnection):
    """Gives up on a server that is silent, and can be cancelled at any moment.

    With a socket timeout, redis-py writes within `asyncio.wait_for`, which before Python 3.12 loses
    a cancellation that comes as the write ends: most of them. So it has none; the bound is here.
    """

    async def read_response(self, *args: Any, **more: Any) -> Any:
        if more.get("timeout") is not None:
            return await super().read_response(*args, **more)
        try:
            async with asyncio.timeout(_SILENCE_SECONDS):
                return await super().read_response(*args, **more)
        except TimeoutError as silence:
            raise SilentStore("the store does not answer") from silence


class _Tcp(_Bounded, Connection):
    pass


class _Tls(_Bounded, SSLConnection):
    pass


class _Unix(_Bounded, UnixDomainSocketConnection):
    pass


_CONNECTION_OF: dict[type[AbstractConnection], type[AbstractConnection]] = {
    Connection: _Tcp,
    SSLConnection: _Tls,
    UnixDomainSocketConnection: _Unix,
}


def connect(url: str, *, patient: bool = False) -> Redis:
    """A client for `url` (redis://, rediss:// or unix://) that answers with text.

    `patient`: commands are repeated until the store is back; cancel the task to give up.
    """
    pool = BlockingConnectionPool.from_url(
        url,
        decode_responses=True,
        max_connections=_CONNECTIONS,
        driver_info=_DRIVER,
        timeout=10,
        socket_connect_timeout=2,
        socket_timeout=None,
        retry=_PATIENT if patient else _QUICK,
        retry_on_error=list(AWAY) if patient else [ReadOnlyError],
    )
    pool.connection_class = _CONNECTION_OF[pool.connection_class]
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
    """Whether the store refuses to write for want of memory or disk, within a pipeline or not."""
    return isinstance(problem, OutOfMemoryError) or "MISCONF" in str(problem)


async def ask(answer: Awaitable[Any] | Any) -> Any:
    """Await a redis-py command; its annotations serve the sync client as well."""
    return await cast("Awaitable[Any]", answer)

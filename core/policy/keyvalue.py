"""A small port for what adapters keep beside sessions: installations, notes behind buttons."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Callable
from time import monotonic
from typing import Any, Protocol, cast

from redis.asyncio import Redis
from redis.asyncio.client import Pipeline
from redis.exceptions import WatchError

from core.errors import Unavailable
from core.session.connect import ask, reachable

_LOOK_SECONDS = 0.05


class KeyValue(Protocol):
    """Texts by name. Names are made of parts with colons between. Any call raises Unavailable."""

    async def get(self, name: str) -> str | None: ...

    async def set(
        self, name: str, value: str, *, seconds: float | None = None, fresh: bool = False
    ) -> bool:
        """Keep a text, for so long where that is said. `fresh`: only if nothing stands there.

        Gives whether it was written.
        """
        ...

    async def take(self, name: str) -> str | None:
        """Get and delete in one step: of several who ask, one gets it."""
        ...

    async def swap(self, name: str, old: str, new: str) -> bool:
        """Keep `new` only where `old` still stands. Gives whether it was written."""
        ...

    async def renew(self, name: str, value: str, *, seconds: float) -> bool:
        """Let a text go on for so long (0: let it end at once), only where it still stands.

        Gives whether it did.
        """
        ...

    async def delete(self, *names: str) -> None: ...

    async def names(self, prefix: str) -> list[str]:
        """All names that begin so; looks at everything, for rare occasions."""
        ...

    def locked(
        self, name: str, *, seconds: float, patience: float
    ) -> contextlib.AbstractAsyncContextManager[None]:
        """Hold a lock for at most `seconds`; wait `patience` seconds for it, then Unavailable.

        It stands under `lock_of(name)`.
        """
        ...


def lock_of(name: str) -> str:
    """Where a lock stands."""
    return f"lock:{name}"


def _milliseconds(seconds: float) -> int:
    return max(1, int(seconds * 1000))


class RedisKeyValue:
    """The port over Redis. Keys begin with "easel:kv:"."""

    _ROOT = "easel:kv:"

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def get(self, name: str) -> str | None:
        with reachable():
            return cast("str | None", await ask(self._redis.get(self._ROOT + name)))

    async def set(
        self, name: str, value: str, *, seconds: float | None = None, fresh: bool = False
    ) -> bool:
        lasting = None if seconds is None else _milliseconds(seconds)
        with reachable():
            return bool(await ask(self._redis.set(self._ROOT + name, value, px=lasting, nx=fresh)))

    async def take(self, name: str) -> str | None:
        with reachable():
            return cast("str | None", await ask(self._redis.getdel(self._ROOT + name)))

    async def swap(self, name: str, old: str, new: str) -> bool:
        def write(pipe: Pipeline) -> None:
            pipe.set(self._ROOT + name, new)

        return await self._while_it_stands(name, old, write)

    async def renew(self, name: str, value: str, *, seconds: float) -> bool:
        def write(pipe: Pipeline) -> None:
            pipe.set(self._ROOT + name, value, px=_milliseconds(seconds))

        return await self._while_it_stands(name, value, write)

    async def delete(self, *names: str) -> None:
        if names:
            with reachable():
                await ask(self._redis.delete(*(self._ROOT + name for name in names)))

    async def names(self, prefix: str) -> list[str]:
        pattern = "".join(f"\\{sign}" if sign in "*?[]\\^" else sign for sign in prefix)
        with reachable():
            rows = self._redis.scan_iter(match=f"{self._ROOT}{pattern}*", count=500)
            return sorted([str(key).removeprefix(self._ROOT) async for key in rows])

    @contextlib.asynccontextmanager
    async def locked(self, name: str, *, seconds: float, patience: float) -> AsyncIterator[None]:
        lock, mine, until = lock_of(name), secrets.token_hex(8), monotonic() + patience
        while not await self.set(lock, mine, seconds=seconds, fresh=True):
            if monotonic() > until:
                raise Unavailable("Somebody else is just doing this.", hint="Try again.")
            await asyncio.sleep(_LOOK_SECONDS)
        try:
            yield
        finally:
            # A lock that can't be given back ends by itself.
            with contextlib.suppress(Unavailable):
                await self._while_it_stands(lock, mine, lambda pipe: pipe.delete(self._ROOT + lock))

    async def _while_it_stands(
        self, name: str, old: str, change: Callable[[Pipeline], object]
    ) -> bool:
        """Make a change only if the text is still `old`, in one step; gives whether it was made."""
        with reachable():
            async with cast("Any", self._redis.pipeline(transaction=True)) as pipe:
                await pipe.watch(self._ROOT + name)
                if await pipe.get(self._ROOT + name) != old:
                    return False
                pipe.multi()
                change(pipe)
                try:
                    await pipe.execute()
                except WatchError:
                    return False
                return True

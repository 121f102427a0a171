"""A small port for what adapters keep beside sessions: installations, notes behind buttons."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator
from time import monotonic
from typing import Protocol, cast

from redis.asyncio import Redis

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

    async def delete(self, *names: str) -> None: ...

    async def names(self, prefix: str) -> list[str]:
        """All names that begin so; looks at everything, for rare occasions."""
        ...

    def locked(
        self, name: str, *, seconds: float, patience: float
    ) -> contextlib.AbstractAsyncContextManager[None]:
        """Hold a lock for at most `seconds`; wait `patience` seconds for it, then Unavailable."""
        ...


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
        lasting = None if seconds is None else max(1, int(seconds * 1000))
        with reachable():
            return bool(await ask(self._redis.set(self._ROOT + name, value, px=lasting, nx=fresh)))

    async def take(self, name: str) -> str | None:
        with reachable():
            return cast("str | None", await ask(self._redis.getdel(self._ROOT + name)))

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
        mine, until = secrets.token_hex(8), monotonic() + patience
        while not await self.set(f"lock:{name}", mine, seconds=seconds, fresh=True):
            if monotonic() > until:
                raise Unavailable("Somebody else is just doing this.", hint="Try again.")
            await asyncio.sleep(_LOOK_SECONDS)
        try:
            yield
        finally:
            if await self.get(f"lock:{name}") == mine:
                await self.delete(f"lock:{name}")

"""Pinned models in Redis: one set a workspace."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import cast

from redis.asyncio import Redis

from core.session.connect import reachable


def _key(workspace: str) -> str:
    return f"easel:pins:{workspace}"


class RedisPins:
    """The `Pins` of an installation. Any number of processes may share them."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def all(self, workspace: str) -> list[str]:
        with reachable():
            return sorted(await cast("Awaitable[set[str]]", self._redis.smembers(_key(workspace))))

    async def add(self, workspace: str, name: str) -> None:
        with reachable():
            await self._redis.sadd(_key(workspace), name)

    async def remove(self, workspace: str, name: str) -> None:
        with reachable():
            await self._redis.srem(_key(workspace), name)

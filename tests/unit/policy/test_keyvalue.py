"""Small texts beside sessions: kept, kept for a time, kept once; locks that somebody waits for."""

from __future__ import annotations

import asyncio

import pytest
from redis.asyncio import Redis

from bot.store import EmbeddedStore
from core.errors import Unavailable
from core.policy.keyvalue import RedisKeyValue
from core.session.connect import connect
from tests.waiting import wait_until


async def test_a_text_is_kept_replaced_and_deleted(redis: Redis, other: Redis) -> None:
    here, there = RedisKeyValue(redis), RedisKeyValue(other)
    assert await here.get("note:1") is None
    assert await here.set("note:1", "grüße\n")
    assert await there.get("note:1") == "grüße\n"
    assert await here.set("note:1", "more")
    await here.set("note:2", "another")
    await there.delete("note:1", "note:2", "note:3")
    await there.delete()
    assert await here.get("note:1") is None
    assert await here.get("note:2") is None


async def test_of_many_who_keep_a_fresh_text_one_does(redis: Redis, other: Redis) -> None:
    both = [RedisKeyValue(redis), RedisKeyValue(other)]
    wrote = await asyncio.gather(
        *(both[n % 2].set("once", str(n), fresh=True, seconds=60) for n in range(10))
    )
    assert wrote.count(True) == 1
    assert await both[0].get("once") == str(wrote.index(True))


async def test_a_text_goes_when_its_time_is_over(redis: Redis) -> None:
    kept = RedisKeyValue(redis)
    await kept.set("short", "x", seconds=0.05)
    await kept.set("long", "x", seconds=60)

    async def gone() -> bool:
        return await kept.get("short") is None

    await wait_until(gone, "the text is gone", seconds=5)
    assert await kept.get("long") == "x"
    assert await kept.set("short", "y", fresh=True)


async def test_who_waits_too_long_for_a_lock_is_told(redis: Redis, other: Redis) -> None:
    here, there = RedisKeyValue(redis), RedisKeyValue(other)
    async with here.locked("a", seconds=60, patience=0):
        with pytest.raises(Unavailable):
            async with there.locked("a", seconds=60, patience=0.1):
                pytest.fail("two hold one lock")
        async with there.locked("b", seconds=60, patience=0):
            pass


async def test_a_lock_is_given_back_by_who_fails(redis: Redis) -> None:
    kept = RedisKeyValue(redis)
    with pytest.raises(ZeroDivisionError):
        async with kept.locked("a", seconds=60, patience=0):
            raise ZeroDivisionError
    async with kept.locked("a", seconds=60, patience=0):
        pass


async def test_without_the_store_texts_say_so(url: str, store: EmbeddedStore) -> None:
    redis = connect(url)
    await store.stop()
    kept = RedisKeyValue(redis)
    for asked in (kept.get("a"), kept.set("a", "b"), kept.names("a"), kept.take("a")):
        with pytest.raises(Unavailable):
            await asked
    await redis.aclose()

"""Small texts beside sessions: kept, kept for a time, kept once; locks that somebody waits for."""

from __future__ import annotations

import asyncio

import pytest
from redis.asyncio import Redis

from bot.store import EmbeddedStore
from core.errors import Unavailable
from core.policy.keyvalue import RedisKeyValue, lock_of
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


async def test_a_text_is_swapped_only_while_it_stands(redis: Redis) -> None:
    values = RedisKeyValue(redis)
    assert not await values.swap("a", "old", "new")
    await values.set("a", "old")
    assert await values.swap("a", "old", "new")
    assert not await values.swap("a", "old", "newer")
    assert await values.get("a") == "new"


async def test_of_many_who_swap_the_same_one_does(redis: Redis, other: Redis) -> None:
    mine, theirs = RedisKeyValue(redis), RedisKeyValue(other)
    for turn in range(30):
        await mine.set("a", "old")
        swaps = [
            each.swap("a", "old", f"{turn}-{number}")
            for number, each in enumerate((mine, theirs) * 4)
        ]
        assert sum(await asyncio.gather(*swaps)) == 1


async def test_a_text_is_taken_once(redis: Redis, other: Redis) -> None:
    mine, theirs = RedisKeyValue(redis), RedisKeyValue(other)
    await mine.set("a", "x")
    taken = await asyncio.gather(*(each.take("a") for each in (mine, theirs) * 4))
    assert sorted(filter(None, taken)) == ["x"]


async def test_names_are_those_that_begin_so(redis: Redis) -> None:
    values = RedisKeyValue(redis)
    for name in ("a:1", "a:2", "a*:3", "b:1"):
        await values.set(name, "x")
    assert await values.names("a:") == ["a:1", "a:2"]
    assert await values.names("a*") == ["a*:3"]


async def test_a_lock_is_held_by_one_and_given_back(redis: Redis, other: Redis) -> None:
    mine, theirs = RedisKeyValue(redis), RedisKeyValue(other)
    async with mine.locked("x", seconds=10, patience=0):
        with pytest.raises(Unavailable):
            async with theirs.locked("x", seconds=10, patience=0):
                pytest.fail("two hold it")
    async with theirs.locked("x", seconds=10, patience=0):
        pass
    assert await mine.names("") == []


async def test_a_lock_that_ended_meanwhile_is_not_taken_from_its_next_holder(redis: Redis) -> None:
    values = RedisKeyValue(redis)
    async with values.locked("x", seconds=10, patience=0):
        await values.set(lock_of("x"), "somebody else")
    assert await values.get(lock_of("x")) == "somebody else"

"""The small key-value port: what two processes do at once has one outcome."""

from __future__ import annotations

import asyncio

import pytest
from redis.asyncio import Redis

from core.errors import Unavailable
from core.policy.keyvalue import RedisKeyValue, lock_of


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

"""People whom moderators have shut out, in the real store."""

from __future__ import annotations

import asyncio

import pytest
from redis.asyncio import Redis

from bot.store import EmbeddedStore
from core.errors import Unavailable
from core.policy.blocks import Blocks
from core.session.connect import connect

GUILD, ANA, BO, MOD = "discord:G1", "discord:1", "discord:2", "discord:9"


async def test_a_block_holds_in_its_workspace_until_it_is_lifted(
    redis: Redis, other: Redis
) -> None:
    blocks, seen = Blocks(redis), Blocks(other)
    assert await blocks.block(GUILD, ANA, MOD, "spam", name="Ana")
    assert await seen.is_blocked(GUILD, ANA)
    assert not await seen.is_blocked(GUILD, BO)
    assert not await seen.is_blocked("discord:G2", ANA)
    assert await seen.unblock(GUILD, ANA)
    assert not await blocks.is_blocked(GUILD, ANA)
    assert not await blocks.unblock(GUILD, ANA)
    assert await blocks.blocked(GUILD) == []


async def test_the_list_says_who_by_whom_and_why_the_latest_first(redis: Redis) -> None:
    blocks = Blocks(redis)
    await blocks.block(GUILD, ANA, MOD, "x" * 600, name="n" * 200)
    await blocks.block(GUILD, BO, MOD)
    bo, ana = await blocks.blocked(GUILD)
    assert (bo.actor, bo.by, bo.reason, bo.name) == (BO, MOD, "", "")
    assert (ana.actor, len(ana.reason), len(ana.name)) == (ANA, 500, 100)
    assert ana.at <= bo.at


async def test_of_two_moderators_at_once_the_first_block_stands(redis: Redis, other: Redis) -> None:
    fresh = await asyncio.gather(
        Blocks(redis).block(GUILD, ANA, MOD, "one"), Blocks(other).block(GUILD, ANA, BO, "two")
    )
    assert sorted(fresh) == [False, True]
    (block,) = await Blocks(redis).blocked(GUILD)
    assert block.by == (MOD if fresh[0] else BO)


async def test_blocks_of_a_workspace_are_forgotten_whole(redis: Redis) -> None:
    blocks = Blocks(redis)
    for workspace in (GUILD, "discord:G2"):
        await blocks.block(workspace, ANA, MOD)
    await blocks.forget(GUILD)
    assert not await blocks.is_blocked(GUILD, ANA)
    assert await blocks.is_blocked("discord:G2", ANA)


async def test_without_the_store_blocks_say_so(url: str, store: EmbeddedStore) -> None:
    redis = connect(url)
    blocks = Blocks(redis)
    await store.stop()
    for call in (
        blocks.block(GUILD, ANA, MOD),
        blocks.unblock(GUILD, ANA),
        blocks.blocked(GUILD),
        blocks.is_blocked(GUILD, ANA),
        blocks.forget(GUILD),
    ):
        with pytest.raises(Unavailable):
            await call
    await redis.aclose()

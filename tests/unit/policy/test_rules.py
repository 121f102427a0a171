"""What workspaces and channels decide, in the real store."""

from __future__ import annotations

import pytest
from redis.asyncio import Redis

from bot.store import EmbeddedStore
from core.errors import Unavailable
from core.instruction.plan import TurnOptions
from core.policy.rules import Rules, RuleStore
from core.session.connect import connect

MINI = TurnOptions(model="gpt-image-1-mini")


async def test_nothing_is_decided_at_first(redis: Redis) -> None:
    assert await RuleStore(redis).decided("slack:T1") == Rules()
    assert await RuleStore(redis).rules("slack:T1", "slack:C1") == Rules()


async def test_a_channels_word_is_stronger_than_its_workspaces(redis: Redis) -> None:
    store = RuleStore(redis)
    options = TurnOptions(model="gpt-image-2", quality="high")
    await store.decide("slack:T1", "", Rules(who="members", listen="mention", options=options))
    await store.decide("slack:T1", "slack:C1", Rules(listen="all", options=MINI))
    held = await store.rules("slack:T1", "slack:C1")
    assert (held.who, held.listen) == ("members", "all")
    assert (held.options.model, held.options.quality) == ("gpt-image-1-mini", "high")
    elsewhere = await store.rules("slack:T1", "slack:C2")
    assert (elsewhere.listen, elsewhere.options) == ("mention", options)


async def test_what_a_channel_decided_is_told_apart_from_what_holds_there(redis: Redis) -> None:
    store = RuleStore(redis)
    await store.decide("slack:T1", "", Rules(who="admins"))
    await store.decide("slack:T1", "slack:C1", Rules(options=MINI))
    assert await store.decided("slack:T1", "slack:C1") == Rules(options=MINI)
    assert await store.decided("slack:T1") == Rules(who="admins")


async def test_a_decision_replaces_the_one_before(redis: Redis) -> None:
    store = RuleStore(redis)
    await store.decide("slack:T1", "slack:C1", Rules(who="admins", listen="mention"))
    await store.decide("slack:T1", "slack:C1", Rules(listen="all"))
    assert await store.rules("slack:T1", "slack:C1") == Rules(listen="all")


async def test_workspaces_know_nothing_of_each_other_and_are_forgotten_whole(
    redis: Redis, other: Redis
) -> None:
    store = RuleStore(redis)
    for workspace in ("slack:T1", "slack:T2"):
        for channel in ("", "slack:C1"):
            await store.decide(workspace, channel, Rules(who="admins"))
    await store.forget("slack:T1")
    seen = RuleStore(other)
    assert await seen.rules("slack:T1", "slack:C1") == Rules()
    assert await seen.rules("slack:T2", "slack:C1") == Rules(who="admins")


async def test_without_the_store_rules_say_so(url: str, store: EmbeddedStore) -> None:
    redis = connect(url)
    await store.stop()
    with pytest.raises(Unavailable):
        await RuleStore(redis).rules("slack:T1", "slack:C1")
    with pytest.raises(Unavailable):
        await RuleStore(redis).decide("slack:T1", "", Rules())
    await redis.aclose()

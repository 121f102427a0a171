"""Turns in 24 hours and pauses between two, in the real store and by its clock."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest
from redis.asyncio import Redis

from bot.store import EmbeddedStore
from core.errors import NotAllowed, Unavailable
from core.policy import keys
from core.policy.quotas import DAY_SECONDS, MOST_COUNTED, OverQuota, Quotas, TooSoon, time_left
from core.session.connect import connect

GUILD, ANA, BO = "discord:G1", "discord:1", "discord:2"


async def asked(redis: Redis, *ages: float, actor: str = ANA) -> float:
    """Have somebody asked so many seconds ago; the store's time now."""
    seconds, micro = await redis.time()
    now = int(seconds) + int(micro) / 1e6
    await redis.zadd(
        keys.quota(GUILD, actor), {f"before:{age}": int((now - age) * 1000) for age in ages}
    )
    return now


async def take(
    quotas: Quotas, key: str, most: int | None = None, cooldown: int | None = None
) -> None:
    await quotas.take(GUILD, ANA, key, most=most, cooldown=cooldown)


async def test_one_more_than_the_quota_is_refused_until_the_first_is_a_day_old(
    redis: Redis,
) -> None:
    quotas = Quotas(redis)
    now = await asked(redis, DAY_SECONDS - 200, 60)
    await take(quotas, "e1", most=3)
    with pytest.raises(OverQuota) as refusal:
        await take(quotas, "e2", most=3)
    assert refusal.value.until == pytest.approx(now + 200, abs=2)
    assert refusal.value.message == "You have used all of your 3 instructions of 24 hours here."
    assert refusal.value.hint.startswith("The next one can be given in 3 min ")
    assert await quotas.left(GUILD, ANA, 3) == 0


async def test_what_is_a_day_old_counts_no_more(redis: Redis) -> None:
    quotas = Quotas(redis)
    await asked(redis, DAY_SECONDS + 1, DAY_SECONDS + 2)
    assert await quotas.left(GUILD, ANA, 2) == 2
    await take(quotas, "e1", most=1)
    assert await redis.zcard(keys.quota(GUILD, ANA)) == 1


async def test_the_same_event_is_one_turn_and_never_refused(redis: Redis) -> None:
    quotas = Quotas(redis)
    for _ in range(3):
        await take(quotas, "e1", most=1, cooldown=60)
    assert await quotas.left(GUILD, ANA, 5) == 4


async def test_a_pause_between_two_turns_is_told_to_the_second(redis: Redis) -> None:
    quotas = Quotas(redis)
    now = await asked(redis, 5)
    with pytest.raises(TooSoon, match=r"can be given in (3[45]) s\.") as refusal:
        await take(quotas, "e1", cooldown=40)
    assert refusal.value.until == pytest.approx(now + 35, abs=1)
    await take(quotas, "e1", cooldown=4)


async def test_who_is_refused_is_not_counted(redis: Redis) -> None:
    quotas = Quotas(redis)
    now = await asked(redis, 5)
    for _ in range(3):
        with pytest.raises(TooSoon) as refusal:
            await take(quotas, "e1", cooldown=60)
        assert refusal.value.until == pytest.approx(now + 55, abs=1)
    assert await quotas.left(GUILD, ANA, 2) == 1


@pytest.mark.parametrize(
    ("oldest", "refusal", "wait"),
    [(DAY_SECONDS - 10, TooSoon, 55), (DAY_SECONDS - 99, OverQuota, 99)],
)
async def test_of_two_reasons_the_one_that_lasts_longer_is_told(
    redis: Redis, oldest: int, refusal: type[TooSoon] | type[OverQuota], wait: int
) -> None:
    now = await asked(redis, oldest, 5)
    with pytest.raises(refusal) as refused:
        await take(Quotas(redis), "e1", most=2, cooldown=60)
    assert refused.value.until == pytest.approx(now + wait, abs=1)


async def test_a_turn_that_was_not_accepted_is_given_back(redis: Redis) -> None:
    quotas = Quotas(redis)
    await take(quotas, "e1", most=1, cooldown=60)
    await quotas.give_back(GUILD, ANA, "e1")
    await quotas.give_back(GUILD, ANA, "e1")
    await take(quotas, "e2", most=1, cooldown=60)
    with pytest.raises(NotAllowed):
        await take(quotas, "e1", most=1)


async def test_a_quota_that_was_lowered_frees_a_place_when_enough_have_lapsed(
    redis: Redis,
) -> None:
    now = await asked(redis, 500, 400, 300, 200)
    with pytest.raises(OverQuota) as refusal:
        await take(Quotas(redis), "e1", most=2)
    ends = now - 300 + DAY_SECONDS
    assert refusal.value.until == pytest.approx(ends, abs=1)
    assert await Quotas(redis).free_at(GUILD, ANA, 2) == pytest.approx(ends, abs=1)
    assert await Quotas(redis).left(GUILD, ANA, 2) == 0


async def test_who_has_turns_left_need_not_wait(redis: Redis) -> None:
    await asked(redis, DAY_SECONDS + 5, 10)
    quotas = Quotas(redis)
    assert await quotas.free_at(GUILD, ANA, 2) is None
    assert await quotas.free_at(GUILD, ANA, 0) is None
    assert await quotas.free_at(GUILD, BO, 1) is None


async def test_none_at_all_is_no_matter_of_waiting(redis: Redis) -> None:
    with pytest.raises(NotAllowed, match="Your roles give you no instructions here") as refusal:
        await take(Quotas(redis), "e1", most=0)
    assert refusal.value.code == "no_quota"
    assert await redis.exists(keys.quota(GUILD, ANA)) == 0


async def test_turns_count_before_anything_bounds_them(redis: Redis) -> None:
    quotas = Quotas(redis)
    await take(quotas, "e1")
    await take(quotas, "e2")
    with pytest.raises(OverQuota):
        await take(quotas, "e3", most=2)


async def test_people_and_workspaces_do_not_share(redis: Redis) -> None:
    quotas = Quotas(redis)
    await take(quotas, "e1", most=1, cooldown=60)
    await quotas.take(GUILD, BO, "e2", most=1, cooldown=60)
    await quotas.take("discord:G2", ANA, "e3", most=1, cooldown=60)


async def test_of_many_at_once_by_two_processes_only_the_quota_passes(
    redis: Redis, other: Redis
) -> None:
    both = (Quotas(redis), Quotas(other))
    takes = [take(both[n % 2], f"e{n // 2}", most=5) for n in range(80)]
    outcomes = await asyncio.gather(*takes, return_exceptions=True)
    assert Counter(type(outcome) for outcome in outcomes) == {type(None): 10, OverQuota: 70}
    assert await redis.zcard(keys.quota(GUILD, ANA)) == 5


async def test_nothing_is_kept_for_ever_nor_without_bound(redis: Redis) -> None:
    await asked(redis, *range(10, 10 + MOST_COUNTED))
    await take(Quotas(redis), "e1")
    assert await redis.zcard(keys.quota(GUILD, ANA)) == MOST_COUNTED
    assert await redis.zscore(keys.quota(GUILD, ANA), "e1") is not None
    assert await redis.zscore(keys.quota(GUILD, ANA), f"before:{9 + MOST_COUNTED}") is None
    assert 0 < await redis.ttl(keys.quota(GUILD, ANA)) <= DAY_SECONDS


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-3, "1 s"), (0.2, "1 s"), (1, "1 s"), (59.01, "1 min"), (60, "1 min"), (61, "1 min 1 s"),
        (200, "3 min 20 s"), (3_599.5, "1 h"), (3_601, "1 h 1 min"), (7_500, "2 h 5 min"),
        (86_400, "24 h"),
    ],
)  # fmt: skip
def test_time_left_is_told_in_two_units(seconds: float, words: str) -> None:
    assert time_left(seconds) == words


async def test_without_the_store_quotas_say_so(url: str, store: EmbeddedStore) -> None:
    redis = connect(url)
    quotas = Quotas(redis)
    await store.stop()
    for call in (
        take(quotas, "e1", most=1),
        quotas.give_back(GUILD, ANA, "e1"),
        quotas.left(GUILD, ANA, 1),
        quotas.free_at(GUILD, ANA, 1),
    ):
        with pytest.raises(Unavailable):
            await call
    await redis.aclose()

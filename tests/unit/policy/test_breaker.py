"""A breaker: when it opens, who may try, and what closes it."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest
from redis.asyncio import Redis

from core.errors import EngineError, EngineFault
from core.policy import keys
from core.policy.breaker import Breaker
from tests import waiting

wait_until = partial(waiting.wait_until, seconds=8)


async def refusal(breaker: Breaker, endpoint: str = "openai") -> EngineError | None:
    try:
        await breaker.check(endpoint, "GPT Image 2")
    except EngineError as error:
        return error
    return None


async def fail(breaker: Breaker, times: int = 5, endpoint: str = "openai") -> None:
    for _ in range(times):
        await breaker.failed(endpoint)


async def its_time_is_over(redis: Redis) -> None:
    await redis.hset(keys.breaker("openai", "state"), "open_until", "1")


async def test_it_opens_for_all_workers_after_failures_in_a_row(redis: Redis, other: Redis) -> None:
    breaker = Breaker(redis)
    await fail(breaker, 4)
    assert await refusal(breaker) is None
    await fail(breaker, 1)
    error = await refusal(Breaker(other))
    assert error is not None
    assert error.kind is EngineFault.TRANSIENT
    assert error.retry_after is not None
    assert 15 < error.retry_after <= 20
    assert error.message.startswith("GPT Image 2 has trouble right now; Easel asks it again in ")
    assert not error.may_have_billed


async def test_a_success_between_starts_the_count_anew(redis: Redis) -> None:
    breaker = Breaker(redis)
    await fail(breaker, 4)
    await breaker.succeeded("openai")
    await fail(breaker, 4)
    assert await refusal(breaker) is None


async def test_failures_long_ago_do_not_count(redis: Redis) -> None:
    breaker = Breaker(redis)
    await fail(breaker, 4)
    failures = keys.breaker("openai", "failures")
    for failure in await redis.zrange(failures, 0, -1):
        await redis.zincrby(failures, -60_000, str(failure))  # a minute later
    await fail(breaker, 4)
    assert await refusal(breaker) is None


async def test_one_endpoint_does_not_stop_another(redis: Redis) -> None:
    breaker = Breaker(redis)
    await fail(breaker, 5)
    assert await refusal(breaker, "replicate") is None


async def test_exactly_one_of_many_over_two_workers_tries(redis: Redis, other: Redis) -> None:
    workers = [Breaker(client, open_seconds=0.2) for client in (redis, other)]
    await fail(workers[0])

    async def over() -> bool:
        answers = await asyncio.gather(*(refusal(workers[i % 2]) for i in range(30)))
        tried.append(answers.count(None))
        return tried[-1] > 0

    tried: list[int] = []
    await wait_until(over, "somebody tries")
    assert tried[-1] == 1
    assert await refusal(workers[1]) is not None


async def test_a_trial_that_succeeds_lets_everybody_through(redis: Redis) -> None:
    breaker = Breaker(redis)
    await fail(breaker)
    await its_time_is_over(redis)
    assert await refusal(breaker) is None
    await breaker.succeeded("openai")
    assert [await refusal(breaker) for _ in range(3)] == [None] * 3
    await fail(breaker, 4)
    assert await refusal(breaker) is None


async def test_each_trial_that_fails_opens_it_for_twice_as_long_up_to_a_bound(
    redis: Redis,
) -> None:
    breaker = Breaker(redis, open_seconds=20, longest=70)
    await fail(breaker)
    for longest in (20, 40, 70, 70):
        error = await refusal(breaker)
        assert error is not None
        assert error.retry_after is not None
        assert longest - 10 < error.retry_after <= longest
        await its_time_is_over(redis)
        assert await refusal(breaker) is None
        await breaker.failed("openai")


async def test_what_was_asked_before_and_fails_while_it_is_open_does_not_lengthen_it(
    redis: Redis,
) -> None:
    breaker = Breaker(redis, open_seconds=5)
    await fail(breaker, 15)
    error = await refusal(breaker)
    assert error is not None
    assert error.retry_after is not None
    assert error.retry_after <= 5


async def test_a_trial_of_which_nobody_hears_again_is_given_up(redis: Redis, other: Redis) -> None:
    workers = [Breaker(client, window=2) for client in (redis, other)]
    await fail(workers[0])
    await its_time_is_over(redis)
    assert await refusal(workers[0]) is None
    assert await refusal(workers[1]) is not None

    async def another_may_try() -> bool:
        return await refusal(workers[1]) is None

    await wait_until(another_may_try, "another may try")


async def test_a_check_that_is_sent_again_after_a_lost_answer_is_the_same_trial(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    breaker = Breaker(redis)
    await fail(breaker)
    await its_time_is_over(redis)
    real = breaker._check

    async def twice(**asked: list[str]) -> int:
        await real(**asked)
        return int(await real(**asked))

    monkeypatch.setattr(breaker, "_check", twice)
    assert await refusal(breaker) is None


async def test_nothing_stays_of_a_breaker_for_ever(redis: Redis) -> None:
    breaker = Breaker(redis)
    await fail(breaker, 1)
    await fail(breaker, 6, "replicate")
    found = [key async for key in redis.scan_iter("easel:*")]
    assert sorted(found) == ["easel:{breaker:openai}:failures", "easel:{breaker:replicate}:state"]
    assert all([0 < await redis.ttl(key) < 600 for key in found])

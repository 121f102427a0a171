"""Gates that all workers share: how many pass, in which order, and who gives a place back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import pytest
from redis.asyncio import Redis
from redis.asyncio.connection import AbstractConnection

from bot.store import EmbeddedStore
from core.policy import keys
from core.policy.gates import GateLimits, Gates, Waiting
from tests import waiting

ONE = {"openai": GateLimits(1)}
INSIDE = keys.gate("openai", "inside")
STARTS = keys.gate("openai", "starts")
PAUSES = keys.gate("openai", "pauses")

wait_until = partial(waiting.wait_until, seconds=8)
"""Shorter than a lease: what comes sooner has not come by lapsing."""


class Calls:
    """Calls that go through gates, each in a task of its own, until they are told to end."""

    def __init__(self) -> None:
        self.entered: list[str] = []
        self.waits: dict[str, list[Waiting]] = {}
        self.told_at: list[float] = []
        self.tasks: dict[str, asyncio.Task[None]] = {}
        self._ends: dict[str, asyncio.Event] = {}

    def start(self, gates: Gates, ticket: str, model: str = "m", provider: str = "openai") -> None:
        self.waits[ticket], self._ends[ticket] = [], asyncio.Event()
        self.tasks[ticket] = asyncio.create_task(self._run(gates, provider, model, ticket))

    async def enter(self, gates: Gates, ticket: str, model: str = "m") -> None:
        self.start(gates, ticket, model)
        await wait_until(partial(self._has, ticket), f"{ticket} is inside")

    async def stand_in_line(self, gates: Gates, ticket: str, model: str = "m") -> Waiting:
        self.start(gates, ticket, model)
        return await self.told(ticket)

    async def told(self, ticket: str) -> Waiting:
        async def waits() -> bool:
            return bool(self.waits[ticket])

        await wait_until(waits, f"{ticket} is told to wait")
        assert ticket not in self.entered
        return self.waits[ticket][-1]

    async def end(self, ticket: str) -> None:
        self._ends[ticket].set()
        await self.tasks[ticket]

    async def all_entered(self, *tickets: str) -> None:
        for ticket in tickets:
            await wait_until(partial(self._has, ticket), f"{ticket} is inside")

    async def _has(self, ticket: str) -> bool:
        return ticket in self.entered

    async def _run(self, gates: Gates, provider: str, model: str, ticket: str) -> None:
        async def told(waiting: Waiting) -> None:
            self.waits[ticket].append(waiting)
            self.told_at.append(asyncio.get_running_loop().time())

        async with gates.passing(provider, model, ticket, told):
            self.entered.append(ticket)
            await self._ends[ticket].wait()


@pytest.fixture
async def calls() -> AsyncIterator[Calls]:
    calls = Calls()
    yield calls
    for task in calls.tasks.values():
        task.cancel()
    await asyncio.gather(*calls.tasks.values(), return_exceptions=True)


async def lost(gates: Gates, ticket: str) -> Waiting | None:
    """What a worker leaves behind that asks once and then dies."""
    return await gates._look(gates._gate("openai", "m"), ticket)


async def test_a_free_gate_costs_one_round_trip_and_says_nothing(
    redis: Redis, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    gates = Gates(redis, {"openai": GateLimits(2, 100), "openai/m": GateLimits(1, 50)})
    await calls.enter(gates, "loads the script")
    await calls.end("loads the script")
    sent: list[Any] = []
    real = AbstractConnection.send_packed_command

    async def counted(self: AbstractConnection, command: Any, *args: Any, **more: Any) -> None:
        sent.append(command)
        await real(self, command, *args, **more)

    monkeypatch.setattr(AbstractConnection, "send_packed_command", counted)
    await calls.enter(gates, "t")
    assert len(sent) == 1
    assert calls.waits["t"] == []


async def test_no_more_than_the_limit_are_inside_over_two_workers(
    redis: Redis, other: Redis
) -> None:
    workers = [Gates(client, {"openai": GateLimits(3)}) for client in (redis, other)]
    inside, most = 0, 0

    async def told(_: Waiting) -> None:
        """Not looked at."""

    async def call(number: int) -> None:
        nonlocal inside, most
        async with workers[number % 2].passing("openai", "m", f"t{number}", told):
            inside += 1
            most = max(most, inside)
            await waiting.moment(0.01)
            inside -= 1

    await asyncio.gather(*(call(number) for number in range(40)))
    assert (most, inside) == (3, 0)
    assert not [key async for key in redis.scan_iter("easel:*")]


async def test_who_came_first_passes_first_whatever_worker_it_is_in(
    redis: Redis, other: Redis, calls: Calls
) -> None:
    workers = [Gates(redis, ONE), Gates(other, ONE)]
    tickets = ["z", "b", "y", "a", "x"]
    await calls.enter(workers[0], "first")
    for number, ticket in enumerate(tickets):
        told = await calls.stand_in_line(workers[number % 2], ticket)
        assert told == Waiting(number, None, "busy")
    await calls.end("first")
    for ticket in tickets:
        await calls.all_entered(ticket)
        await calls.end(ticket)
    assert calls.entered == ["first", *tickets]


async def test_the_place_is_told_as_it_changes(redis: Redis, calls: Calls) -> None:
    gates = Gates(redis, ONE)
    await calls.enter(gates, "1")
    for ticket in ("2", "3", "4"):
        await calls.stand_in_line(gates, ticket)
    for leaves, place in (("1", 1), ("2", 0)):
        await calls.end(leaves)

        async def told(place: int = place) -> bool:
            return calls.waits["4"][-1].place == place

        await wait_until(told, f"place {place} is told")
    assert [told.place for told in calls.waits["4"]] == [2, 1, 0]


@pytest.mark.parametrize("limits", [ONE, {"openai": GateLimits(5), "openai/m": GateLimits(1)}])
async def test_a_newcomer_does_not_overtake_the_line_in_another_worker(
    redis: Redis, other: Redis, calls: Calls, limits: dict[str, GateLimits]
) -> None:
    gates, theirs = Gates(redis, limits), Gates(other, limits)
    await calls.enter(gates, "inside")
    assert await lost(theirs, "slow to look again") is not None
    await calls.end("inside")
    assert (await calls.stand_in_line(gates, "newcomer")).place == 1
    assert await lost(theirs, "slow to look again") is None


async def test_cancelling_leaves_the_line_and_the_gate_at_once(
    redis: Redis, other: Redis, calls: Calls
) -> None:
    mine, theirs = Gates(redis, ONE), Gates(other, ONE)
    await calls.enter(mine, "inside")
    await calls.stand_in_line(theirs, "gives up")
    await calls.stand_in_line(mine, "waits on")
    for ticket in ("gives up", "inside"):
        calls.tasks[ticket].cancel()
    await calls.all_entered("waits on")
    assert "gives up" not in calls.entered


async def test_a_dead_workers_place_inside_lapses_and_a_living_ones_does_not(
    redis: Redis, other: Redis, calls: Calls
) -> None:
    two = {"openai": GateLimits(2)}
    dead, alive = Gates(redis, two, lease=1.5), Gates(other, two, lease=1.5)
    assert await lost(dead, "killed") is None
    await calls.enter(alive, "lives")
    await calls.stand_in_line(alive, "next")
    await calls.all_entered("next")
    assert (await calls.stand_in_line(alive, "one more")).place == 0


async def test_a_dead_workers_place_in_the_line_lapses(
    redis: Redis, other: Redis, calls: Calls
) -> None:
    dead, alive = Gates(redis, ONE, lease=1.5), Gates(other, ONE, lease=1.5)
    await calls.enter(alive, "inside")
    assert await lost(dead, "killed") is not None
    assert (await calls.stand_in_line(alive, "next")).place == 1
    await calls.end("inside")
    await calls.all_entered("next")


async def test_who_takes_a_dead_workers_call_on_has_its_place(
    redis: Redis, other: Redis, calls: Calls
) -> None:
    assert await lost(Gates(redis, ONE), "same call") is None
    await calls.enter(Gates(other, ONE), "same call")
    assert await redis.zcard(INSIDE) == 1


async def test_a_call_that_lasts_longer_than_a_lease_keeps_its_place(
    redis: Redis, calls: Calls
) -> None:
    gates = Gates(redis, ONE, lease=1.5)
    await calls.enter(gates, "long")
    first = await redis.zscore(INSIDE, "long")
    assert first is not None
    await calls.stand_in_line(gates, "next")

    async def renewed() -> bool:
        lease = await redis.zscore(INSIDE, "long")
        assert lease is not None
        return bool(lease > first + 1_600)

    await wait_until(renewed, "the lease that it had at first is over")
    assert calls.entered == ["long"]


async def test_a_call_whose_place_lapsed_while_it_ran_takes_it_again(
    redis: Redis, calls: Calls
) -> None:
    gates = Gates(redis, ONE, lease=0.6)
    await calls.enter(gates, "frozen")
    await redis.delete(INSIDE)

    async def back() -> bool:
        return await redis.zscore(INSIDE, "frozen") is not None

    await wait_until(back, "it counts again")


async def test_a_rate_lets_no_more_begin_in_a_minute_and_says_how_long(
    redis: Redis, other: Redis, calls: Calls
) -> None:
    limits = {"openai": GateLimits(10, per_minute=2)}
    workers = [Gates(redis, limits), Gates(other, limits)]
    for number in range(2):
        await calls.enter(workers[number], f"t{number}")
        await calls.end(f"t{number}")
    for number, ticket in enumerate(("next", "after it")):
        told = await calls.stand_in_line(workers[number], ticket)
        assert (told.place, told.why) == (number, "rate")
        assert told.seconds is not None
        assert 50 < told.seconds <= 60
    (oldest, _) = await redis.zrange(STARTS, 0, -1)
    await redis.zincrby(STARTS, -60_000, str(oldest))  # a minute later for the oldest
    await calls.all_entered("next")
    assert calls.waits["after it"][-1].why == "rate"


async def test_a_pause_holds_all_workers_for_as_long_as_was_said(
    redis: Redis, other: Redis, calls: Calls
) -> None:
    clock = asyncio.get_running_loop().time
    begun = clock()
    await Gates(redis, ONE).pause("openai", "m", 1.5)
    told = await calls.stand_in_line(Gates(other, ONE), "t")
    assert (told.place, told.why) == (0, "pause")
    assert told.seconds in (1.0, 2.0)
    await calls.all_entered("t")
    assert clock() - begun >= 1.5


async def test_the_longest_of_several_pauses_stands_up_to_a_quarter_of_an_hour(
    redis: Redis, calls: Calls
) -> None:
    gates = Gates(redis, ONE)
    for seconds in (40.0, 0.1, 0.0, -3.0):
        await gates.pause("openai", "m", seconds)
    told = await calls.stand_in_line(gates, "t")
    assert told.seconds is not None
    assert 30 < told.seconds <= 40
    await gates.pause("openai", "m", 1e6)

    async def longer() -> bool:
        return (calls.waits["t"][-1].seconds or 0) > 40

    await wait_until(longer, "the longer pause is told")
    assert 890 < (calls.waits["t"][-1].seconds or 0) <= 900


async def test_a_pause_of_a_model_with_its_own_limits_stops_no_other(
    redis: Redis, calls: Calls
) -> None:
    gates = Gates(redis, {"openai": GateLimits(5), "openai/slow": GateLimits(5)})
    await gates.pause("openai", "slow", 60)
    assert (await calls.stand_in_line(gates, "t", "slow")).why == "pause"
    await calls.enter(gates, "u", "quick")
    await gates.pause("openai", "quick", 60)
    assert (await calls.stand_in_line(gates, "v", "quick")).why == "pause"
    await redis.hdel(PAUSES, "slow")
    assert (await calls.stand_in_line(gates, "w", "slow")).why == "pause"


async def test_a_full_model_holds_up_nobody_who_wants_another(redis: Redis, calls: Calls) -> None:
    gates = Gates(redis, {"openai": GateLimits(3), "openai/slow": GateLimits(1)})
    await calls.enter(gates, "s1", "slow")
    assert (await calls.stand_in_line(gates, "s2", "slow")).place == 0
    assert (await calls.stand_in_line(gates, "s3", "slow")).place == 1
    await calls.enter(gates, "q1", "quick")
    await calls.enter(gates, "q2", "quick")
    assert (await calls.stand_in_line(gates, "q3", "quick")).why == "busy"
    await calls.end("s1")  # a place of the model and of the provider: s2 came before q3
    await calls.all_entered("s2")
    assert "q3" not in calls.entered
    await calls.end("q1")
    await calls.all_entered("q3")


async def test_providers_do_not_wait_for_each_other_and_one_without_limits_for_nobody(
    redis: Redis, calls: Calls
) -> None:
    gates = Gates(redis, {**ONE, "replicate": GateLimits(1)})
    await calls.enter(gates, "o")
    calls.start(gates, "r", provider="replicate")
    for number in range(5):
        calls.start(gates, f"x{number}", provider="elsewhere")
    await calls.all_entered("r", *(f"x{number}" for number in range(5)))


async def test_news_come_at_once_and_then_at_most_twice_a_second(
    redis: Redis, calls: Calls
) -> None:
    gates = Gates(redis, ONE)
    await gates.pause("openai", "m", 3)
    calls.start(gates, "t")
    await calls.all_entered("t")
    gaps = [b - a for a, b in zip(calls.told_at, calls.told_at[1:], strict=False)]
    assert 2 <= len(calls.waits["t"]) <= 4
    assert min(gaps) > 0.45


async def test_cancelling_does_not_wait_for_a_store_that_is_away(
    store: EmbeddedStore, redis: Redis, calls: Calls
) -> None:
    await calls.enter(Gates(redis, ONE), "t")
    await store.stop()
    calls.tasks["t"].cancel()
    await asyncio.wait({calls.tasks["t"]}, timeout=3)
    assert calls.tasks["t"].cancelled()


async def test_all_of_a_gate_stands_in_one_slot_and_nothing_stays(
    redis: Redis, calls: Calls
) -> None:
    gates = Gates(redis, {"openai": GateLimits(1, 9), "openai/m": GateLimits(1, 9)})
    await calls.enter(gates, "a")
    await calls.stand_in_line(gates, "b")
    await gates.pause("openai", "m", 1)
    found = [key async for key in redis.scan_iter("easel:*")]
    assert len(found) == 8
    assert all(key.startswith("easel:{gate:openai}:") for key in found)
    assert all([0 < await redis.ttl(key) <= 900 for key in found])

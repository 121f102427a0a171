"""Money in the books: budgets that hold when all ask at once, amounts that stand once."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from redis.asyncio import Redis

from core.errors import OverBudget
from core.policy import keys
from core.policy.spend import Budgets, Payer, Spend, month_of

ANA = Payer(actor="slack:ana", channel="slack:C1", workspace="T1")
BEN = Payer(actor="slack:ben", channel="slack:C2", workspace="T1")
DAY = datetime(2026, 11, 24, 12, tzinfo=UTC)


async def reserve(
    spend: Spend, booking: str, usd: float, payer: Payer = ANA, *, tid: str = "t1",
    model: str = "gpt-image-2", at: datetime = DAY,
) -> None:  # fmt: skip
    await spend.reserve(booking, usd, payer, model=model, tid=tid, step_key=booking, at=at)


async def passes(spend: Spend, booking: str, usd: float) -> bool:
    try:
        await reserve(spend, booking, usd)
    except OverBudget:
        return False
    return True


async def test_fifty_at_once_over_two_workers_pass_exactly_as_the_budget_allows(
    redis: Redis, other: Redis
) -> None:
    budgets = Budgets(workspace_month=0.30)
    workers = [Spend(redis, budgets), Spend(other, budgets)]
    let = await asyncio.gather(*(passes(workers[i % 2], f"b{i}", 0.04) for i in range(50)))
    assert sum(let) == 7
    assert (await workers[0].report("2026-11")).total == pytest.approx(0.28)


@pytest.mark.parametrize(
    ("budgets", "words", "hint"),
    [
        (Budgets(workspace_month=0.05), "$0.01 is left of this workspace's budget for November",
         "1 December"),
        (Budgets(actor_month=0.05), "$0.01 is left of your budget for November", "1 December"),
        (Budgets(turn=0.05), "$0.01 is left of what one instruction may cost", "fewer pictures"),
        (Budgets(turn=0.04), "but nothing is left", "fewer pictures"),
    ],
)  # fmt: skip
async def test_past_a_budget_one_is_told_the_cost_the_rest_and_what_to_do(
    redis: Redis, budgets: Budgets, words: str, hint: str
) -> None:
    spend = Spend(redis, budgets)
    await reserve(spend, "first", 0.04)
    with pytest.raises(OverBudget) as refusal:
        await reserve(spend, "second", 0.04)
    assert "would cost about $0.04" in refusal.value.message
    assert words in refusal.value.message
    assert hint in refusal.value.hint
    assert await redis.hkeys(keys.spending("2026-11", "amounts")) == ["first"]


async def test_one_persons_budget_is_not_anothers_and_one_turns_not_anothers(redis: Redis) -> None:
    spend = Spend(redis, Budgets(actor_month=0.05, turn=0.05))
    await reserve(spend, "ana", 0.04)
    await reserve(spend, "ben", 0.04, BEN, tid="t2")
    with pytest.raises(OverBudget):
        await reserve(spend, "ana again", 0.04, tid="t3")


async def test_what_costs_nothing_passes_a_budget_that_is_more_than_used_up(redis: Redis) -> None:
    spend = Spend(redis, Budgets(workspace_month=0.05, turn=0.05))
    await reserve(spend, "dearer than thought", 0.04)
    await spend.settle("dearer than thought", 0.08, at=DAY)
    await reserve(spend, "free", 0.0)
    with pytest.raises(OverBudget, match="but nothing is left"):
        await reserve(spend, "paid", 0.01)


async def test_a_new_month_starts_anew(redis: Redis) -> None:
    spend = Spend(redis, Budgets(workspace_month=0.05))
    await reserve(spend, "november", 0.05, at=datetime(2026, 11, 30, 23, 59, tzinfo=UTC))
    await reserve(spend, "december", 0.05, at=datetime(2026, 12, 1, tzinfo=UTC))
    assert [(await spend.report(f"2026-{m}")).total for m in (11, 12)] == [0.05, 0.05]


async def test_booking_and_settling_again_changes_nothing(redis: Redis) -> None:
    spend = Spend(redis, Budgets(workspace_month=0.05))
    for _ in range(3):
        await reserve(spend, "b", 0.04)
    for _ in range(3):
        await spend.settle("b", 0.031234, at=DAY)
        await reserve(spend, "b", 0.04)
    report = await spend.report("2026-11")
    assert report.total == report.workspaces["T1"] == report.turns["t1"] == 0.031234


async def test_many_settling_the_same_at_once_end_with_one_amount(
    redis: Redis, other: Redis
) -> None:
    workers = [Spend(redis), Spend(other)]
    await reserve(workers[0], "b", 0.10)
    await asyncio.gather(*(workers[i % 2].settle("b", 0.02, at=DAY) for i in range(30)))
    assert (await workers[0].report("2026-11")).actors == {"slack:ana": 0.02}


async def test_money_that_was_not_spent_can_be_spent_by_the_next(redis: Redis) -> None:
    spend = Spend(redis, Budgets(workspace_month=0.05))
    await reserve(spend, "failed", 0.05)
    await spend.settle("failed", 0.0, at=DAY)
    await reserve(spend, "next", 0.05)


async def test_the_report_sums_by_each_of_whom_and_what(redis: Redis) -> None:
    spend = Spend(redis)
    await reserve(spend, "1", 0.25)
    await reserve(spend, "2", 0.50, BEN, tid="t2", model="flux")
    await reserve(spend, "3", 1.00, ANA, tid="t2", model="flux")
    report = await spend.report("2026-11")
    assert report.total == 1.75
    assert report.workspaces == {"T1": 1.75}
    assert report.actors == {"slack:ana": 1.25, "slack:ben": 0.50}
    assert report.channels == {"slack:C1": 1.25, "slack:C2": 0.50}
    assert report.models == {"gpt-image-2": 0.25, "flux": 1.50}
    assert report.turns == {"t1": 0.25, "t2": 1.50}
    assert (await spend.report("2026-10")).total == 0


async def test_a_turn_that_crosses_months_is_summed_and_settled_in_both(redis: Redis) -> None:
    spend = Spend(redis)
    today = datetime.now(UTC)
    before = today.replace(day=1) - timedelta(days=1)
    await reserve(spend, "old", 0.25, at=before)
    await reserve(spend, "new", 0.50, at=today)
    assert await spend.of_turn("t1") == 0.75
    await spend.settle("old", 0.10)
    await spend.settle("new", 0.20)
    assert await spend.of_turn("t1") == pytest.approx(0.30)
    assert (await spend.report()).total == 0.20
    assert (await spend.report(month_of(before))).total == 0.10


async def test_all_of_a_month_stands_in_one_slot_and_lapses_after_400_days(redis: Redis) -> None:
    await reserve(Spend(redis), "b", 0.04)
    found = [key async for key in redis.scan_iter("easel:*")]
    assert len(found) == 4
    assert all(key.startswith("easel:{spend:2026-11}:") for key in found)
    assert {round(await redis.ttl(key) / 86_400) for key in found} == {400}


@pytest.mark.parametrize("usd", [-0.01, float("nan"), float("inf")])
async def test_what_is_no_amount_is_refused(redis: Redis, usd: float) -> None:
    with pytest.raises(ValueError, match="no amount"):
        await reserve(Spend(redis), "b", usd)


async def test_a_booking_that_is_not_there_cannot_be_settled(redis: Redis) -> None:
    with pytest.raises(LookupError):
        await Spend(redis).settle("nothing", 0.1)

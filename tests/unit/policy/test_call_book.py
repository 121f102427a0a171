"""Calls that are written down: what is used again, what goes on, what is counted as lost."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from redis.asyncio import Redis

from core.engines.port import Usage
from core.errors import OverBudget
from core.policy.calls import CallBook, CallRecord, Drawn, KeptDrawn, Payer
from core.policy.spend import Budgets, Spend
from core.session.models import Asset

ANA = Payer(actor="web:ana", channel="web", workspace="local")
PLACE = ("s1", "t1", "t1:0")
DRAWN = Drawn(
    pictures=(KeptDrawn(asset=Asset(sha256="a" * 64, mime="image/png", width=8, height=8, bytes=9),
                        seed=7, details={"id": "r1"}),),
    usage=Usage(image_out=1_000, cost_usd=0.03),
    notes=("drawn opaque",),
    conversation="resp_1",
    seconds=12.5,
)  # fmt: skip


class Books:
    """One worker's books."""

    def __init__(self, redis: Redis, **budgets: float) -> None:
        self.spend = Spend(redis, Budgets(**budgets))
        self.calls = CallBook(redis, self.spend)

    async def open(self, place: tuple[str, str, str] = PLACE, estimate: float = 0.04) -> CallRecord:
        return await self.calls.open(
            *place, model="gpt-image-2", engine="openai", estimate=estimate, payer=ANA
        )

    async def close(self, state: Any = "drawn", cost: float = 0.03, **more: Any) -> CallRecord:
        return await self.calls.close(*PLACE, state=state, cost=cost, **more)

    async def spent(self) -> float:
        return round(await self.spend.of_turn("t1"), 6)


@pytest.fixture
def books(redis: Redis) -> Books:
    return Books(redis)


@pytest.fixture
def next_worker(other: Redis) -> Books:
    """Whoever goes on after a crash."""
    return Books(other)


async def test_nothing_is_known_of_a_call_that_was_never_opened(books: Books) -> None:
    assert await books.calls.find(*PLACE) is None
    with pytest.raises(LookupError):
        await books.close()


async def test_the_estimate_is_booked_before_the_call_and_the_cost_after(books: Books) -> None:
    record = await books.open()
    assert (record.state, record.attempts, record.estimate_usd) == ("intended", 1, 0.04)
    assert await books.spent() == 0.04
    record = await books.close(drawn=DRAWN)
    assert (record.state, record.cost_usd, record.lost_usd) == ("drawn", 0.03, 0.0)
    assert await books.spent() == 0.03


async def test_what_was_drawn_is_there_for_the_next_worker_and_is_not_booked_again(
    books: Books, next_worker: Books
) -> None:
    await books.open()
    await books.close(drawn=DRAWN)
    found = await next_worker.calls.find(*PLACE)
    assert found is not None
    assert found.drawn == DRAWN
    assert await next_worker.open() == found
    assert await books.spent() == 0.03


async def test_over_budget_nothing_is_written_down(redis: Redis) -> None:
    books = Books(redis, workspace_month=0.03)
    with pytest.raises(OverBudget):
        await books.open()
    assert await books.calls.find(*PLACE) is None
    assert await books.spent() == 0


async def test_a_call_that_vanished_without_a_note_is_counted_as_lost(
    books: Books, next_worker: Books
) -> None:
    await books.open()
    record = await next_worker.open(estimate=0.05)
    assert (record.attempts, record.lost_usd, record.estimate_usd) == (2, 0.04, 0.05)
    assert await books.spent() == 0.09
    record = await next_worker.close(drawn=DRAWN)
    assert (record.lost_usd, record.cost_usd) == (0.04, 0.03)
    assert await books.spent() == 0.07


async def test_a_call_that_its_engine_can_find_goes_on_in_its_attempt(
    books: Books, next_worker: Books
) -> None:
    await books.open()
    await books.calls.journal(*PLACE).intend("marker-1")
    record = await next_worker.open()
    assert (record.attempts, record.lost_usd) == (1, 0.0)
    note = await next_worker.calls.journal(*PLACE).recall()
    assert note is not None
    assert (note.marker, note.ref) == ("marker-1", None)
    assert await books.spent() == 0.04


@pytest.mark.parametrize("state", ["failed", "cancelled"])
async def test_an_attempt_that_was_not_billed_gives_its_money_back(
    books: Books, state: str
) -> None:
    await books.open()
    assert (await books.close(state, cost=0.0)).lost_usd == 0.0
    assert await books.spent() == 0.0
    record = await books.open()
    assert (record.state, record.attempts, record.lost_usd) == ("intended", 2, 0.0)
    assert await books.spent() == 0.04


async def test_an_attempt_that_may_have_been_billed_stays_booked_and_is_counted_once(
    books: Books,
) -> None:
    await books.open()
    for _ in range(2):
        record = await books.close("failed", cost=0.0, may_have_billed=True)
        assert (record.lost_usd, record.cost_usd) == (0.04, 0.0)
    assert await books.spent() == 0.04
    assert (await books.open()).lost_usd == 0.04
    assert await books.spent() == 0.08


async def test_a_failure_that_was_billed_stays_counted_in_the_next_attempt(books: Books) -> None:
    await books.open()
    await books.close("failed", cost=0.02)
    assert (await books.open()).lost_usd == 0.02
    assert await books.spent() == 0.06


async def test_a_crash_before_the_record_is_written_leaves_the_estimate_booked_once(
    books: Books, next_worker: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    await crash_at(monkeypatch, books.calls._records, "_swap", books.open())
    assert await books.calls.find(*PLACE) is None
    assert await books.spent() == 0.04
    assert (await next_worker.open()).attempts == 1
    assert await books.spent() == 0.04


async def test_a_crash_before_the_booking_is_corrected_is_put_right_by_the_next_look(
    books: Books, next_worker: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    await books.open()
    await crash_at(monkeypatch, books.spend, "_settle", books.close(drawn=DRAWN))
    assert await books.spent() == 0.04
    found = await next_worker.calls.find(*PLACE)
    assert found is not None
    assert found.drawn == DRAWN
    assert await books.spent() == 0.03


async def crash_at(patch: pytest.MonkeyPatch, part: object, script: str, work: Any) -> None:
    """Do the work until it comes to a script, and no further."""

    async def crash(**_: Any) -> None:
        raise ConnectionAbortedError

    with patch.context() as until, pytest.raises(ConnectionAbortedError):
        until.setattr(part, script, crash)
        await work


async def test_many_who_open_the_same_at_once_book_every_attempt_that_they_were_told_of(
    books: Books, next_worker: Books
) -> None:
    both = [books, next_worker]
    records = await asyncio.gather(*(both[i % 2].open() for i in range(10)))
    assert sorted(record.attempts for record in records) == list(range(1, 11))
    assert await books.spent() == 0.40


async def test_a_picture_that_comes_after_another_gave_up_is_kept(
    books: Books, next_worker: Books
) -> None:
    await books.open()
    await next_worker.close("failed", cost=0.0)
    assert (await books.close(drawn=DRAWN)).drawn == DRAWN
    assert (await next_worker.close("failed", cost=0.0)).drawn == DRAWN
    assert await books.spent() == 0.03


async def test_a_journal_keeps_the_ref_and_forgets_when_told(
    books: Books, next_worker: Books
) -> None:
    await books.open()
    journal = books.calls.journal(*PLACE)
    assert await journal.recall() is None
    await journal.intend("m1")
    await journal.intend("m2")
    assert await journal.claim("pred-1")
    note = await next_worker.calls.journal(*PLACE).recall()
    assert note is not None
    assert (note.marker, note.ref) == ("m2", "pred-1")
    await journal.forget()
    assert await next_worker.calls.journal(*PLACE).recall() is None


async def test_a_providers_call_belongs_to_one_request_whoever_asks_again(
    books: Books, next_worker: Books
) -> None:
    second = ("s1", "t1", "t1:1")
    for place in (PLACE, second):
        await books.open(place)
        await books.calls.journal(*place).intend("same words")
    claims = await asyncio.gather(
        books.calls.journal(*PLACE).claim("pred-1"),
        next_worker.calls.journal(*second).claim("pred-1"),
    )
    assert sorted(claims) == [False, True]
    winner, loser = (PLACE, second) if claims[0] else (second, PLACE)
    assert await next_worker.calls.journal(*winner).claim("pred-1")
    note = await books.calls.journal(*loser).recall()
    assert note is not None
    assert note.ref is None


async def test_a_journal_without_an_open_call_is_a_fault(books: Books) -> None:
    with pytest.raises(LookupError):
        await books.calls.journal(*PLACE).intend("m")


async def test_records_stand_beside_their_session_and_lapse(books: Books, redis: Redis) -> None:
    await books.open()
    journal = books.calls.journal(*PLACE)
    await journal.intend("m")
    await journal.claim("pred-1")
    assert round(await redis.ttl("easel:{s1}:calls:t1") / 86_400) == 14
    assert round(await redis.ttl("easel:claim:openai:pred-1") / 86_400) == 2

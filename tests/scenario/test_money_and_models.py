"""What a turn costs, who draws it, and what happens when a provider can't: from the outside."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from core.engines.fake import FakeEngine
from core.engines.port import PriceRule, Usage
from core.errors import EngineError, EngineFault
from core.policy.spend import Spend
from core.session.models import TurnState
from tests.scenario.house import House, house, png, wait_until

COSTS = PriceRule(each=0.25)


def paid(name: str = "paid", colour: str = "firebrick", **more: Any) -> FakeEngine:
    """An engine whose pictures cost a quarter of a dollar each."""
    engine = FakeEngine(png(colour), 64, 64, name=name, price=COSTS, **more)
    engine.usage = Usage(cost_usd=0.25)
    return engine


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[House]:
    """A house whose first engine costs, with another one beside it."""
    async with house(tmp_path, paid(), paid("other", "navy")) as built, built.working():
        yield built


async def booked(shop: House) -> float:
    return (await Spend(shop.parts.redis).report()).total


async def test_every_picture_is_a_call_that_stands_in_the_books_once(shop: House) -> None:
    turn = await shop.thread().do("a red mug on a table --n 3 --model paid")
    assert turn.cost_usd == pytest.approx(0.75)
    assert len(turn.versions) == 3
    assert len({call.key for call in shop.engine.calls}) == 3
    assert await booked(shop) == pytest.approx(0.75)
    report = await Spend(shop.parts.redis).report()
    assert report.models == {"paid": pytest.approx(0.75)}
    assert report.actors == {"web:ana": pytest.approx(0.75)}


async def test_where_some_pictures_fail_the_others_are_given(shop: House) -> None:
    shop.engine.failures.append(EngineError("Refused.", kind=EngineFault.MODERATION))
    turn = await shop.thread().do("a red mug on a table --n 3")
    assert turn.state is TurnState.DONE
    assert len(turn.versions) == 2
    assert any("1 of 3 could not be drawn: Refused." in note for note in turn.notes)
    assert await booked(shop) == pytest.approx(0.5)


async def test_a_provider_that_asks_to_wait_is_waited_for(shop: House) -> None:
    busy = EngineError("Busy.", kind=EngineFault.RATE_LIMITED, retry_after=1.2)
    shop.engine.failures.append(busy)
    thread = shop.thread()
    turn = await thread.say("a red mug")
    seen: set[str] = set()

    async def waits() -> bool:
        now = await shop.desk.turn(turn.session_id, turn.id)
        seen.add(now.progress.stage if now.progress else "")
        return any("asks us to wait" in stage for stage in seen)

    await wait_until(waits, "the wait is shown")
    ended = await thread.ended(turn)
    assert ended.state is TurnState.DONE
    assert len(shop.engine.calls) == 2
    assert await booked(shop) == pytest.approx(0.25)


async def test_trouble_before_anything_was_drawn_is_tried_again(shop: House) -> None:
    shop.engine.failures.append(EngineError("Away.", kind=EngineFault.TRANSIENT))
    assert (await shop.thread().do("a red mug")).state is TurnState.DONE
    assert len(shop.engine.calls) == 2


async def test_what_may_have_been_billed_is_not_tried_again_and_is_counted(shop: House) -> None:
    shop.engine.failures.append(
        EngineError("Lost.", kind=EngineFault.TRANSIENT, may_have_billed=True)
    )
    turn = await shop.thread().do("a red mug")
    assert turn.state is TurnState.FAILED
    assert len(shop.engine.calls) == 1
    assert turn.cost_usd == pytest.approx(0.25)
    assert "What failed may have been billed: about $0.250." in turn.notes
    assert await booked(shop) == pytest.approx(0.25)


async def test_a_refusal_costs_nothing_and_is_not_tried_again(shop: House) -> None:
    shop.engine.failures.append(EngineError("Refused.", kind=EngineFault.MODERATION))
    turn = await shop.thread().do("a red mug")
    assert (turn.state, turn.cost_usd) == (TurnState.FAILED, 0)
    assert turn.error is not None
    assert turn.error.offer is None
    assert (len(shop.engine.calls), await booked(shop)) == (1, 0)


async def test_what_one_provider_cannot_do_another_does_once_the_person_agrees(
    shop: House,
) -> None:
    thread = shop.thread()
    shop.engine.failures.append(EngineError("No credit.", kind=EngineFault.QUOTA))
    failed = await thread.do("make it navy", png("white"))
    assert failed.error is not None
    assert failed.error.offer == "other"
    assert failed.error.hint.endswith("Say “yes” and Other does it.")
    agreed = await thread.do("yes please")
    assert agreed.state is TurnState.DONE, agreed.error
    assert agreed.model == "other"
    (asked,) = shop.others[0].calls
    assert asked.operation == "edit"
    assert asked.prompt.startswith("make it navy")
    assert len(asked.images) == 1


async def test_naming_the_model_that_was_offered_agrees_to_it_too(shop: House) -> None:
    thread = shop.thread()
    for refusals in range(2):
        shop.engine.failures.append(EngineError("No credit.", kind=EngineFault.QUOTA))
        await thread.do("a red mug")
        agreed = await thread.do("yes" if refusals else "do it with other")
        assert (agreed.state, agreed.model) == (TurnState.DONE, "other"), agreed.error


async def test_a_model_that_draws_transparency_can_be_named_for_it(tmp_path: Path) -> None:
    async with house(tmp_path, None, paid("gpt-image-1.5")) as built, built.working():
        thread = built.thread()
        await thread.done("a red mug")
        await thread.do("transparent with gpt-image-1.5")
        (asked,) = built.others[0].calls
        assert (asked.operation, asked.transparent) == ("edit", True)
        assert "everything else" in asked.prompt


async def test_a_drawing_model_that_is_gone_does_not_stop_what_is_done_here(shop: House) -> None:
    thread = shop.thread()
    await thread.done("a red mug")
    assert (await thread.done("2x --model gpt-image-1")).model == "real-esrgan"


async def test_which_model_is_answered_and_costs_nothing(shop: House) -> None:
    turn = await shop.thread().do("which model for a logo with glass?")
    assert (turn.state, turn.versions, turn.cost_usd) == (TurnState.DONE, (), 0)
    assert len(turn.notes) == 1
    assert shop.engine.calls == []


async def test_yes_means_nothing_where_nothing_was_offered(shop: House) -> None:
    thread = shop.thread()
    await thread.done("a red mug")
    await thread.do("yes")
    assert shop.others[0].calls == []


async def test_who_agreed_beforehand_is_not_asked(shop: House) -> None:
    shop.engine.failures.append(EngineError("No credit.", kind=EngineFault.QUOTA))
    turn = await shop.thread().do("a red mug --substitute")
    assert (turn.state, turn.model) == (TurnState.DONE, "other")
    assert "No credit. So Other did this." in turn.notes
    assert await booked(shop) == pytest.approx(0.25)


async def test_a_budget_stops_a_turn_before_anything_is_asked(tmp_path: Path) -> None:
    async with house(tmp_path, paid(), budget_month=0.6) as built, built.working():
        thread = built.thread()
        assert (await thread.do("a red mug")).state is TurnState.DONE
        assert (await thread.do("make it navy")).state is TurnState.DONE
        stopped = await thread.do("make it green")
        assert stopped.state is TurnState.FAILED
        assert stopped.error is not None
        assert stopped.error.code == "over_budget"
        assert "$0.25" in stopped.error.message
        assert len(built.engine.calls) == 2
        assert await booked(built) == pytest.approx(0.5)


async def test_a_call_that_was_cut_off_with_its_worker_is_counted_and_said(tmp_path: Path) -> None:
    async with house(tmp_path, paid()) as built:
        thread = built.thread()
        built.engine.gate = asyncio.Event()
        async with built.working():
            turn = await thread.say("a red mug")
            await built.drawing()
        built.engine.gate.set()
        async with built.working():
            ended = await thread.ended(turn)
        assert ended.state is TurnState.DONE
        assert ended.cost_usd == pytest.approx(0.5)
        assert any("may have been billed (about $0.25)" in note for note in ended.notes)
        assert await booked(built) == pytest.approx(0.5)


async def test_more_pictures_than_may_be_drawn_at_once_wait_and_say_so(tmp_path: Path) -> None:
    engine = paid()
    engine.gate = asyncio.Event()
    async with house(tmp_path, engine, provider_limits="paid=1") as built, built.working():
        thread = built.thread()
        turn = await thread.say("a red mug --n 3")
        seen: set[str] = set()

        async def waits() -> bool:
            now = await built.desk.turn(turn.session_id, turn.id)
            seen.add(now.progress.stage if now.progress else "")
            return any("is busy" in stage for stage in seen)

        await wait_until(waits, "the wait is shown")
        assert engine.running == 1
        engine.gate.set()
        ended = await thread.ended(turn)
        assert len(ended.versions) == 3

"""Buttons and menus under results: each press is one turn of its thread, or says why not."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from adapters.chat.values import TurnRef, with_choice
from adapters.slack import buttons
from core.engines.fake import FakeEngine
from core.errors import BadInput, Conflict
from core.session.models import TurnState
from tests.contract.slack.slack_world import Message
from tests.scenario.house import png, wait_until
from tests.scenario.slack_drawn import Drawn, asked, drawn
from tests.scenario.slack_house import SlackHouse, slack_house

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def there(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SlackHouse]:
    engine = FakeEngine(png(), 64, 64)
    async with slack_house(tmp_path_factory.mktemp("slack"), engine) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def mug(there: SlackHouse) -> Drawn:
    there.house.engine.gate = None
    return await drawn(there)


@pytest.mark.parametrize(
    ("action", "choice", "words"),
    [
        (buttons.TRANSPARENT, "", "transparent"),
        (buttons.UPSCALE, "2x", "2x"),
        (buttons.UPSCALE, "4x", "4x"),
        (buttons.UPSCALE, "4k", "to 4K"),
        (buttons.VARIATIONS, "", "variations"),
    ],
)
async def test_a_press_is_a_turn_on_the_version(
    there: SlackHouse, mug: Drawn, action: str, choice: str, words: str
) -> None:
    result = mug.results[-1]
    if choice:
        answer = await there.ben.chooses(result, action, with_choice(choice, mug.version))
    else:
        answer = await there.ben.clicks(result, action)
    assert answer.ok
    turn = (await mug.turns())[-1]
    with contextlib.suppress(Conflict):
        await there.house.desk.cancel(turn.session_id, turn.id)
    assert (turn.number, turn.text, turn.acts_on) == (2, words, mug.version)
    assert turn.actor.id == f"slack:{there.team.id}:{there.ben.id}"


async def test_an_enlargement_is_answered_in_the_thread(there: SlackHouse, mug: Drawn) -> None:
    assert (await there.ben.chooses(mug.results[-1], buttons.UPSCALE, f"2x|{mug.version}")).ok
    made = await there.house.desk.version((await mug.newest(2)).versions[-1])
    assert (made.asset.width, made.parents) == (128, (mug.version,))
    assert there.fake.file(await mug.shown(2)).name == "v2.png"


async def test_a_double_click_and_a_click_told_twice_are_one_turn(mug: Drawn) -> None:
    there, result = mug.there, mug.results[-1]
    await asyncio.gather(
        there.ana.clicks(result, buttons.VARIATIONS), there.ana.clicks(result, buttons.VARIATIONS)
    )
    kind, payload, _ = there.fake.delivery.log[-1]
    again = await there.fake.delivery.once(kind, payload, 1, "timeout")
    assert again.ok
    assert len(await mug.turns()) == 2


async def test_undo_goes_back_once_from_where_the_thread_stands(mug: Drawn) -> None:
    there = mug.there
    await there.ended(await mug.says("make it navy"))
    second = await mug.shown(2)
    assert await mug.head() == "v2"
    await asyncio.gather(
        there.ana.clicks(second, buttons.UNDO), there.ben.clicks(second, buttons.UNDO)
    )
    assert (await mug.newest(3)).state is TurnState.DONE
    assert await mug.head() == "v1"
    there.fake.clock.advance(5)
    assert (await there.ana.clicks(second, buttons.UNDO)).ok
    await there.told()
    assert "stands at v1, not at v2" in there.ana.notes[-1].text
    assert len(await mug.turns()) == 3


async def test_undo_waits_for_what_is_under_way(mug: Drawn) -> None:
    there = mug.there
    there.house.engine.gate = asyncio.Event()
    await mug.says("make it navy")
    assert (await there.ben.clicks(mug.results[-1], buttons.UNDO)).ok
    await there.told()
    assert "still at work" in there.ben.notes[-1].text
    assert len(await mug.turns()) == 2
    there.house.engine.gate.set()


async def test_edit_from_here_moves_the_thread(mug: Drawn) -> None:
    there, first = mug.there, mug.results[-1]
    await there.ended(await mug.says("make it navy"))
    assert (await there.ana.chooses(first, buttons.MORE, f"edit_from|{mug.version}")).ok
    assert (await mug.newest(3)).state is TurnState.DONE
    assert await mug.head() == "v1"


async def test_cancel_stops_a_turn_and_is_kind_when_it_is_too_late(mug: Drawn) -> None:
    there = mug.there
    there.house.engine.gate = asyncio.Event()
    boat = await asked(there, "a boat")
    card = await boat.card(buttons.CANCEL)
    assert (await there.ben.clicks(card, buttons.CANCEL)).ok
    assert (await there.ended(boat.turn)).state is TurnState.CANCELLED
    there.house.engine.gate.set()
    late = str(TurnRef(mug.turn.session_id, mug.turn.id))
    assert (await forged(there, mug.results[-1], buttons.CANCEL, late)).ok
    await there.told()
    assert "ended already" in there.ana.notes[-1].text


async def test_try_again_is_the_same_with_its_pictures(there: SlackHouse) -> None:
    there.house.engine.gate = None
    there.house.engine.failures.append(BadInput("The model is out of paint."))
    files = [("mug.png", png("navy")), ("logo.png", png("gold"))]
    thread = await asked(there, "put the second on the first", files)
    failed = await there.ended(thread.turn)
    assert failed.state is TurnState.FAILED
    calls = len(there.house.engine.calls)
    assert (await there.ben.clicks(await thread.card(buttons.AGAIN), buttons.AGAIN)).ok
    repeated = await thread.newest(2)
    assert (repeated.text, repeated.state) == (failed.text, TurnState.DONE)
    assert repeated.names == ("mug.png", "logo.png")
    assert len(there.house.engine.calls[calls].images) == 2


async def test_the_offer_of_a_failed_turn_is_taken(there: SlackHouse) -> None:
    there.house.engine.gate = None
    words = "a boat --model gpt-image-2"
    thread = await asked(there, words)
    failed = await there.ended(thread.turn)
    assert failed.error is not None
    assert failed.error.offer, failed.error
    assert (await there.ben.clicks(await thread.card(buttons.OFFER), buttons.OFFER)).ok
    done = await thread.newest(2)
    assert (done.state, done.text, done.model) == (TurnState.DONE, words, "fake")


async def test_a_turn_that_waits_acts_on_another_version(mug: Drawn) -> None:
    there = mug.there
    await there.ended(await mug.says("make it navy"))
    there.house.engine.gate = asyncio.Event()
    await mug.says("taller")
    waits = await mug.says("wider")
    card = await mug.card(f"{waits.id}|")
    assert (await there.ben.chooses(card, buttons.INSTEAD, f"|{mug.version}")).ok
    amended = await there.house.desk.turn(waits.session_id, waits.id)
    assert (amended.acts_on, amended.state) == (mug.version, TurnState.QUEUED)
    there.house.engine.gate.set()


async def test_a_turn_that_runs_is_begun_anew_on_another_version(mug: Drawn) -> None:
    there = mug.there
    there.house.engine.gate = asyncio.Event()
    runs = await mug.says("taller")

    async def is_running() -> bool:
        turn = await there.house.desk.turn(runs.session_id, runs.id)
        return turn.state is TurnState.RUNNING

    await wait_until(is_running, "it runs")
    value = with_choice(str(TurnRef(runs.session_id, runs.id)), mug.version)
    answers = [await forged(there, mug.results[-1], buttons.INSTEAD, value) for _ in range(2)]
    assert all(answer.ok for answer in answers)
    assert (await there.ended(runs)).state is TurnState.CANCELLED
    anew = (await mug.turns())[-1]
    assert (anew.text, anew.acts_on, anew.number) == ("taller", mug.version, 3)
    there.house.engine.gate.set()


@pytest.mark.parametrize(
    ("choice", "words"), [("transparent", "transparent"), ("vary", "variations")]
)
async def test_one_of_several_is_worked_on(there: SlackHouse, choice: str, words: str) -> None:
    thread = await drawn(there, "a red mug --n 2")
    first = thread.turn.versions[0]
    assert (await there.ana.chooses(thread.results[-1], buttons.MORE, f"{choice}|{first}")).ok
    turn = await thread.newest(2)
    assert (turn.text, turn.acts_on) == (words, first)


async def test_edited_words_become_a_version_beside_it(mug: Drawn) -> None:
    there = mug.there
    assert (await there.ana.edits(mug.said, f"{there.team.mention} a green mug")).ok
    await there.told()
    offer = there.ana.notes[-1]
    assert (await there.ana.clicks(offer, buttons.SIBLING)).ok
    made = await mug.newest(2)
    assert (made.text, made.state) == ("a green mug", TurnState.DONE)


async def test_an_offer_to_somebody_else_is_not_theirs(mug: Drawn) -> None:
    there = mug.there
    await there.ana.edits(mug.said, f"{there.team.mention} a green mug")
    await there.told()
    offer = there.ana.notes[-1]
    assert (await there.ben.clicks(offer, buttons.SIBLING)).ok
    await there.told()
    assert "does not belong" in there.ben.notes[-1].text
    assert len(await mug.turns()) == 1


async def forged(there: SlackHouse, message: Message, action: str, value: str) -> Any:
    """A press that no button of the message offers."""
    element = {"type": "button", "action_id": action, "text": {"type": "plain_text", "text": "x"}}
    before = list(message.blocks)
    message.blocks = [{"type": "actions", "block_id": "forged", "elements": [element]}]
    try:
        return await there.ana.clicks(message, action, value)
    finally:
        message.blocks = before

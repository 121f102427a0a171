"""Buttons and menus under results: each press is one turn of its thread, or says why not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from adapters.slack import buttons
from adapters.slack.buttons import TurnRef, with_choice
from core.engines.fake import FakeEngine
from core.errors import BadInput
from core.session.models import TurnState
from tests.contract.slack.slack_world import Message
from tests.scenario.house import png, wait_until
from tests.scenario.slack_drawn import Drawn, asked_for, drawn
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
    ("action", "choice", "operation"),
    [
        (buttons.TRANSPARENT, "", "cutout"),
        (buttons.UPSCALE, "2x", "upscale"),
        (buttons.UPSCALE, "4x", "upscale"),
        (buttons.UPSCALE, "4k", "upscale"),
        (buttons.VARIATIONS, "", "vary"),
    ],
)
async def test_a_press_is_a_turn_on_the_version(
    mug: Drawn, action: str, choice: str, operation: str
) -> None:
    there = mug.there
    there.house.engine.running = 0
    result = mug.results[-1]
    if choice:
        answer = await there.ben.chooses(result, action, with_choice(choice, mug.version))
    else:
        answer = await there.ben.clicks(result, action)
    assert answer.ok
    turn = (await mug.turns())[-1]
    assert (turn.number, turn.acts_on, turn.actor.name) == (2, mug.version, "ben")
    assert turn.actor.id == f"slack:{there.team.id}:{there.ben.id}"
    ended = await there.ended(turn)
    assert [step.op for step in ended.plan] == [operation]
    if choice:
        assert ended.state is TurnState.DONE, ended.error
        made = await there.house.desk.version(ended.versions[-1])
        assert made.asset.width == {"2x": 128, "4x": 256, "4k": 3840}[choice]


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
    reply = await there.ana.says(there.design, "make it navy", thread=mug.said)
    await there.ended(await there.turn_of(reply))
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
    await there.ana.says(there.design, "make it navy", thread=mug.said)
    assert (await there.ben.clicks(mug.results[-1], buttons.UNDO)).ok
    await there.told()
    assert "still at work" in there.ben.notes[-1].text
    assert len(await mug.turns()) == 2
    there.house.engine.gate.set()


async def test_edit_from_here_moves_the_thread(mug: Drawn) -> None:
    there, first = mug.there, mug.results[-1]
    reply = await there.ana.says(there.design, "make it navy", thread=mug.said)
    await there.ended(await there.turn_of(reply))
    assert (await there.ana.chooses(first, buttons.MORE, f"edit_from|{mug.version}")).ok
    assert (await mug.newest(3)).state is TurnState.DONE
    assert await mug.head() == "v1"


async def test_cancel_stops_a_turn_and_is_kind_when_it_is_too_late(mug: Drawn) -> None:
    there = mug.there
    there.house.engine.gate = asyncio.Event()
    said = await there.ana.says(there.design, f"{there.team.mention} a boat")
    card = await asked_for(there, said)
    assert (await there.ben.clicks(card, buttons.CANCEL)).ok
    turn = await there.ended(await there.turn_of(said))
    assert turn.state is TurnState.CANCELLED
    there.house.engine.gate.set()
    late = str(TurnRef(mug.turn.session_id, mug.turn.id))
    assert (await forged(there, mug.results[-1], buttons.CANCEL, late)).ok
    await there.told()
    assert "ended already" in there.ana.notes[-1].text


async def test_try_again_is_the_same_with_its_pictures(mug: Drawn) -> None:
    there = mug.there
    there.house.engine.failures.append(BadInput("The model is out of paint."))
    said = await there.ana.says(
        there.design,
        f"{there.team.mention} put the second on the first",
        files=[("mug.png", png("navy")), ("logo.png", png("gold"))],
    )
    failed = await there.ended(await there.turn_of(said))
    assert failed.state is TurnState.FAILED
    card = await failure(there, Drawn(there, said, failed))
    calls = len(there.house.engine.calls)
    assert (await there.ben.clicks(card, buttons.AGAIN)).ok
    turns = await there.turns(said)
    repeated = await there.ended(turns[-1])
    assert (len(turns), repeated.text, repeated.state) == (2, failed.text, TurnState.DONE)
    assert repeated.names == ("mug.png", "logo.png")
    assert len(there.house.engine.calls[calls].images) == 2


async def test_the_offer_of_a_failed_turn_is_taken(mug: Drawn) -> None:
    there = mug.there
    words = "a boat --model gpt-image-2"
    said = await there.ana.says(there.design, f"{there.team.mention} {words}")
    failed = await there.ended(await there.turn_of(said))
    assert failed.error is not None
    assert failed.error.offer, failed.error
    card = await failure(there, Drawn(there, said, failed))
    assert (await there.ben.clicks(card, buttons.OFFER)).ok
    done = await there.ended((await there.turns(said))[-1])
    assert (done.number, done.state, done.text) == (2, TurnState.DONE, words)
    assert done.model == "fake"


async def test_a_turn_that_waits_acts_on_another_version(mug: Drawn) -> None:
    there = mug.there
    reply = await there.ana.says(there.design, "make it navy", thread=mug.said)
    await there.ended(await there.turn_of(reply))
    await mug.shown(2)
    there.house.engine.gate = asyncio.Event()
    runs = await there.turn_of(await there.ana.says(there.design, "taller", thread=mug.said))
    await there.house.drawing(len(there.house.engine.calls))
    waits = await there.turn_of(await there.ana.says(there.design, "wider", thread=mug.said))
    cards: list[Message] = []

    def menus() -> list[Message]:
        cards[:] = [
            message
            for message in there.fake.said_by_bot(there.design, mug.said.ts)
            if buttons.INSTEAD in str(message.blocks)
        ]
        return cards

    await there.fake.until(menus, "the menu of the turn that waits")
    value = with_choice(str(TurnRef(waits.session_id, waits.id)), mug.version)
    assert (await there.ben.chooses(cards[-1], buttons.INSTEAD, value)).ok
    amended = await there.house.desk.turn(waits.session_id, waits.id)
    assert (amended.acts_on, amended.state) == (mug.version, TurnState.QUEUED)

    stopped = with_choice(str(TurnRef(runs.session_id, runs.id)), mug.version)
    option: dict[str, Any] = {"text": {"type": "plain_text", "text": "v1"}, "value": stopped}

    async def is_running() -> bool:
        turn = await there.house.desk.turn(runs.session_id, runs.id)
        return turn.state is TurnState.RUNNING

    await wait_until(is_running, "the first of them runs")
    assert (await there.ben.chooses(cards[-1], buttons.INSTEAD, option)).ok
    assert (await there.ended(runs)).state is TurnState.CANCELLED
    anew = (await mug.turns())[-1]
    assert (anew.text, anew.acts_on, anew.number) == ("taller", mug.version, 5)
    there.house.engine.gate.set()


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


async def failure(there: SlackHouse, of: Drawn) -> Message:
    """The message that says that a turn failed."""

    def cards() -> list[Message]:
        messages = there.fake.said_by_bot(there.design, of.said.ts)
        return [message for message in messages if buttons.AGAIN in str(message.blocks)]

    await there.fake.until(cards, "the failure is shown")
    return cards()[-1]


async def forged(there: SlackHouse, message: Message, action: str, value: str) -> Any:
    """A press that no button of the message offers."""
    element = {"type": "button", "action_id": action, "text": {"type": "plain_text", "text": "x"}}
    before = list(message.blocks)
    message.blocks = [{"type": "actions", "block_id": "forged", "elements": [element]}]
    try:
        return await there.ana.clicks(message, action, value)
    finally:
        message.blocks = before

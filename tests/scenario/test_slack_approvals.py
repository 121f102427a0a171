"""Check marks on results: the message says who approved its pictures, for as long as they do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from adapters.slack import buttons
from core.session.models import Turn
from tests.contract.slack.slack_clicking import Person
from tests.contract.slack.slack_world import Message
from tests.scenario.slack_drawn import Drawn, asked, drawn, linked
from tests.scenario.slack_house import SlackHouse, slack_house
from tests.scenario.slack_out_stand import actions_of, words

pytestmark = pytest.mark.asyncio(loop_scope="module")
CHECK = "white_check_mark"


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def there(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SlackHouse]:
    async with slack_house(tmp_path_factory.mktemp("slack")) as there:
        there.fake.tiers.on = False
        there.fake.clock.advance(1)
        yield there


@pytest_asyncio.fixture(loop_scope="module")
async def mug(there: SlackHouse) -> Drawn:
    """A picture that Ana asked for and another of Ben's, so that both take part."""
    thread = await drawn(there)
    await says(thread, there.ben, "make it navy")
    await thread.shown(2)
    return thread


async def says(thread: Drawn, who: Person, text: str) -> Turn:
    said = await who.says(thread.channel, text, thread=thread.said)
    return await thread.there.ended(await thread.there.turn_of(said))


async def told(thread: Drawn, message: Message) -> str:
    """The message once everything is said."""
    await thread.there.told()
    return words(thread.there.fake.message(thread.channel, message.ts))


async def test_a_result_says_who_approved_it_until_they_take_it_back(
    there: SlackHouse, mug: Drawn
) -> None:
    result, other = mug.results
    before, pressed = words(result), actions_of(result)
    await there.ana.reacts(result, CHECK)
    assert "*v1* · fake · 64 × 64 px" in await told(mug, result)
    assert "✓ approved by ana" in words(result)
    await asyncio.gather(*(there.ben.reacts(result, name) for name in (CHECK, "heavy_check_mark")))
    assert "✓ approved by ana, ben" in await told(mug, result)
    assert mug.results == [result, other], "the pictures stay, and nothing stands beside them"
    assert actions_of(result) == pressed
    for person in (there.ana, there.ben):
        await person.unreacts(result, CHECK)
    assert await told(mug, result) == before
    assert "approved" not in words(other)


async def test_of_several_each_line_says_it(there: SlackHouse) -> None:
    thread = await drawn(there, "a red mug --n 2")
    [result] = thread.results
    await there.ana.reacts(result, CHECK)
    assert (await told(thread, result)).count("✓ approved by ana") == 2


async def test_an_answer_that_puts_a_version_on_view_says_it_too(
    there: SlackHouse, mug: Drawn
) -> None:
    await says(mug, there.ana, "undo")
    answer = await mug.card("Back at")
    await linked(there, answer)
    await there.ben.reacts(answer, CHECK)
    assert "Back at v1. | *v1*" in await told(mug, answer)
    assert "✓ approved by ben" in words(answer)


async def test_where_the_card_stands_apart_from_the_files_the_card_says_it(
    there: SlackHouse,
) -> None:
    there.house.engine.gate = gate = asyncio.Event()
    there.fake.fail("files.completeUploadExternal", error="invalid_blocks")
    thread = await asked(there)
    await thread.card(buttons.CANCEL)
    gate.set()
    await there.ended(thread.turn)
    card, result = await thread.card(buttons.VARIATIONS), await thread.shown(1)
    before = result.text
    await there.ana.reacts(result, CHECK)
    assert "✓ approved by ana" in await told(thread, card)
    assert (result.text, result.blocks) == (before, [])


async def test_an_approval_stands_though_slack_does_not_take_the_words(
    there: SlackHouse, mug: Drawn
) -> None:
    there.fake.fail("chat.update", error="cant_update_message")
    assert (await there.ana.reacts(mug.results[0], CHECK)).ok
    assert "approved" not in await told(mug, mug.results[0])
    assert list(await there.front.links.approvals(mug.turn.session_id)) == [mug.version]
    await there.ben.reacts(mug.results[0], CHECK)
    assert "✓ approved by ana, ben" in await told(mug, mug.results[0])


async def test_an_excuse_is_not_made_a_result(there: SlackHouse) -> None:
    there.fake.fail("files.getUploadURLExternal", error="file_uploads_disabled")
    thread = await asked(there)
    await there.ended(thread.turn)
    excuse = await thread.card("but I can't put it here")
    await linked(there, excuse)
    before = words(excuse)
    await there.ana.reacts(excuse, CHECK)
    assert await told(thread, excuse) == before

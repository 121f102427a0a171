"""Buttons under results: each press is one turn of its session, or says why not."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from adapters.chat.values import with_choice
from adapters.discord import buttons
from adapters.discord.buttons import custom_id
from core.engines.fake import FakeEngine
from core.errors import BadInput, Conflict
from core.session.models import Turn, TurnState
from tests.scenario.discord_house import DiscordHouse, discord_house
from tests.scenario.discord_press_stand import Drawn, drawn, names, noted, settled, shown
from tests.scenario.house import png

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def there(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[DiscordHouse]:
    engine = FakeEngine(png(), 64, 64)
    async with discord_house(tmp_path_factory.mktemp("discord"), engine) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def mug(there: DiscordHouse) -> Drawn:
    there.house.engine.gate = None
    return await drawn(there)


@pytest.mark.parametrize(
    ("action", "choice", "words"),
    [
        (buttons.TRANSPARENT, "", "transparent"),
        (buttons.VARIATIONS, "", "variations"),
        (buttons.UPSCALE, "2x", "2x"),
        (buttons.UPSCALE, "4x", "4x"),
        (buttons.UPSCALE, "4k", "to 4K"),
        (buttons.MORE, "edit_from", "use v1"),
    ],
)
async def test_a_press_is_a_turn_on_the_version(
    there: DiscordHouse, mug: Drawn, action: str, choice: str, words: str
) -> None:
    [name] = names(mug.message, action)
    if choice:
        answer = await there.ben.selects(mug.message, name, with_choice(choice, mug.version))
    else:
        answer = await there.ben.clicks(mug.message, custom_id=name)
    assert answer.type == 5
    turn = (await mug.turns())[-1]
    with contextlib.suppress(Conflict):
        await there.house.desk.cancel(turn.session_id, turn.id)
    assert (turn.number, turn.text, turn.acts_on) == (2, words, mug.version)
    assert turn.actor.id == f"discord:{there.ben.id}"
    await shown(answer)


async def test_an_enlargement_is_the_response_to_the_press(there: DiscordHouse, mug: Drawn) -> None:
    [name] = names(mug.message, buttons.UPSCALE)
    answer = await there.ben.selects(mug.message, name, f"2x|{mug.version}")
    message = await shown(answer)
    made = await there.house.desk.version((await mug.ended(2)).versions[-1])
    assert (made.asset.width, made.parents) == (128, (mug.version,))
    assert [file.name for file in there.fake.files(message)] == ["v2.png"]
    assert (message.channel, message.reference) == (there.design.id, mug.message.id)


async def test_a_double_click_and_a_press_told_twice_are_one_turn(
    there: DiscordHouse, mug: Drawn
) -> None:
    first, second = await asyncio.gather(
        there.ana.clicks(mug.message, "Variations"), there.ana.clicks(mug.message, "Variations")
    )
    assert sorted([first.type, second.type]) == [4, 5]
    other = first if first.type == 4 else second
    assert "under way already" in await noted(other)
    await there.ana.repeats(first)
    await there.quiet()
    assert len(await mug.turns()) == 2


async def test_undo_goes_back_once_whoever_presses_it(there: DiscordHouse, mug: Drawn) -> None:
    await there.ana.says(mug.thread, "make it navy")
    await mug.ended(2)
    second = there.fake.said_by_bot(mug.thread)[-1]
    await settled(second)
    assert await mug.head() == "v2"
    answers = await asyncio.gather(
        there.ana.clicks(second, "Undo"), there.ben.clicks(second, "Undo")
    )
    assert sorted(answer.type for answer in answers) == [4, 5]
    assert (await mug.ended(3)).state is TurnState.DONE
    assert await mug.head() == "v1"
    there.fake.clock.advance(5)
    late = await there.ana.clicks(second, "Undo")
    assert "stands at v1, not at v2" in await noted(late)
    assert len(await mug.turns()) == 3


async def test_undo_waits_for_what_is_under_way(there: DiscordHouse, mug: Drawn) -> None:
    there.house.engine.gate = asyncio.Event()
    await there.ana.says(mug.thread, "make it navy")
    answer = await there.ben.clicks(mug.message, "Undo")
    assert "still at work" in await noted(answer)
    assert len(await mug.turns()) == 2
    there.house.engine.gate.set()


async def test_cancel_stops_a_turn_and_only_its_message_says_so(
    there: DiscordHouse, mug: Drawn
) -> None:
    there.house.engine.gate = asyncio.Event()
    asked = await there.ana.slash(mug.thread, "edit", instruction="make it navy")
    message = await asked.message()
    cancel = await there.ana.clicks(message, "Cancel")
    assert cancel.type == 6
    assert (await mug.ended(2)).state is TurnState.CANCELLED
    await settled(message)
    assert "Cancelled" in there.fake.words(message)
    again = await there.ana.clicks(message, custom_id=_cancel(await mug.ended(2)), forged=True)
    assert again.type == 6
    there.house.engine.gate = None
    done = await there.ana.clicks(message, "Do it after all")
    assert (await mug.ended(3)).state is TurnState.DONE
    late = await there.ana.clicks(
        await shown(done), custom_id=_cancel(await mug.ended(3)), forged=True
    )
    assert "nothing to cancel" in await noted(late)


async def test_only_those_who_have_a_part_in_it_cancel_a_turn(
    there: DiscordHouse, mug: Drawn
) -> None:
    cleo = there.fake.person("cleo", there.guild)
    there.house.engine.gate = asyncio.Event()
    for number, (who, may) in enumerate([(cleo, False), (there.mod, True), (there.ben, False)], 2):
        asked = await there.ana.slash(mug.thread, "edit", instruction="make it navy")
        answer = await who.clicks(await asked.message(), "Cancel")
        assert answer.type == (6 if may else 4)
        if not may:
            assert "Ask Ana" in await noted(answer)
        turn = (await mug.turns())[number - 1]
        assert turn.state.ended == may
        with contextlib.suppress(Conflict):
            await there.house.desk.cancel(turn.session_id, turn.id)
        await mug.ended(number)
    await there.turn_of(await there.ben.says(mug.thread, "make it green"))  # his part in it
    asked = await there.ana.slash(mug.thread, "edit", instruction="make it navy")
    answer = await there.ben.clicks(await asked.message(), "Cancel")
    assert answer.type == 6
    assert (await mug.ended(6)).state is TurnState.CANCELLED
    there.house.engine.gate.set()


async def test_a_failed_turn_is_tried_again(there: DiscordHouse, mug: Drawn) -> None:
    there.house.engine.failures.append(BadInput("The engine stumbled.", hint="Try again."))
    asked = await there.ana.slash(mug.thread, "edit", instruction="make it navy")
    failed = await shown(asked)
    assert "stumbled" in there.fake.words(failed)
    again = await there.ben.clicks(failed, "Try again")
    assert again.type == 5
    turn = await mug.ended(3)
    assert (turn.state, turn.text) == (TurnState.DONE, "make it navy")
    assert await mug.head() == "v2"


async def test_another_picture_is_acted_on_instead(there: DiscordHouse, mug: Drawn) -> None:
    await there.ana.says(mug.thread, "make it navy")
    second = (await mug.ended(2)).versions[-1]
    there.house.engine.gate = asyncio.Event()
    asked = await there.ana.slash(mug.thread, "edit", instruction="make it green")
    message = await asked.message()
    [name] = names(message, buttons.INSTEAD)
    waiting = await there.ana.says(mug.thread, "make it grey")
    turned = await there.ana.selects(message, name, mug.version)
    assert turned.type == 5
    assert (await mug.ended(3)).state is TurnState.CANCELLED
    there.house.engine.gate.set()
    grey = await there.ended(await there.turn_of(waiting))
    new = await there.ended((await there.turns_of(turned))[0])
    assert (new.text, new.acts_on, new.subject) == ("make it green", mug.version, mug.version)
    assert grey.subject == second


async def test_a_turn_that_waits_is_only_changed(there: DiscordHouse, mug: Drawn) -> None:
    await there.ana.says(mug.thread, "make it navy")
    await mug.ended(2)
    there.house.engine.gate = asyncio.Event()
    await there.turn_of(await there.ana.says(mug.thread, "make it green"))
    asked = await there.ana.slash(mug.thread, "edit", instruction="make it grey")
    message = await asked.message()
    [name] = names(message, buttons.INSTEAD)
    stranger = await there.ben.selects(message, name, mug.version)
    assert stranger.type == 4
    assert (await there.ana.selects(message, name, mug.version)).type == 6
    there.house.engine.gate.set()
    assert (await mug.ended(4)).acts_on == mug.version
    assert len(await mug.turns()) == 4


async def test_words_that_were_edited_too_late_are_their_authors(
    there: DiscordHouse, mug: Drawn
) -> None:
    said = await there.ana.says(mug.thread, "make it navy")
    await there.ended(await there.turn_of(said))
    await there.ana.edits(said, "make it green")

    def offers() -> list[object]:
        return [one for one in there.fake.messages(mug.thread) if names(one, buttons.SIBLING)]

    await there.fake.until(offers, "a version of the new words is offered")
    offer = next(one for one in there.fake.messages(mug.thread) if names(one, buttons.SIBLING))
    assert "somebody else's" in await noted(await there.ben.clicks(offer, "Make a version"))
    assert len(await mug.turns()) == 2
    assert (await there.ana.clicks(offer, "Make a version")).type == 5
    turn = await mug.ended(3)
    assert (turn.text, turn.subject) == ("make it green", mug.version)


async def test_buttons_work_after_a_restart(there: DiscordHouse, mug: Drawn) -> None:
    dialog = await there.ana.clicks(mug.message, "Edit")
    await there.restart()
    assert (await there.ana.clicks(mug.message, "Variations")).type == 5
    assert (await there.ana.submits(dialog, {"words": "make it navy"})).type == 5
    assert [turn.text for turn in await mug.turns()][1:] == ["variations", "make it navy"]
    await mug.ended(3)


def _cancel(turn: Turn) -> str:
    return custom_id(buttons.CANCEL, f"{turn.session_id}/{turn.id}")

"""Commands and menus of Discord: which turns they become, what they offer, what they answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from adapters.discord.places import Place
from core.policy.rules import Rules
from tests.contract.discord.discord_answer import Answer
from tests.contract.discord.discord_world import Message
from tests.scenario.discord_house import DiscordHouse, discord_house
from tests.scenario.discord_incoming_stand import all_heard, begun
from tests.scenario.house import png

pytestmark = pytest.mark.asyncio(loop_scope="module")

CAT = ("cat.png", png())
TEXT = ("notes.txt", b"hello")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def open_house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[DiscordHouse]:
    """One for all: without a worker, so that turns stay as they were accepted."""
    async with discord_house(tmp_path_factory.mktemp("discord"), working=False) as there:
        yield there


@pytest.fixture
def there(open_house: DiscordHouse) -> DiscordHouse:
    """The house with a channel of this test's own."""
    open_house.design = open_house.guild.channel("design")
    return open_house


async def refused(there: DiscordHouse, answer: Answer) -> str:
    """What somebody is told alone; nothing else has come of what they did."""
    told = await answer.note()
    assert answer.ephemeral and await there.turns_of(answer) == []
    return told


async def decide(there: DiscordHouse, rules: Rules) -> None:
    workspace, channel = f"discord:{there.guild.id}", f"discord:{there.design.id}"
    await there.front.rules.decide(workspace, channel, rules)


async def test_two_clicks_at_once_count_once_before_anything_is_bounded(
    there: DiscordHouse,
) -> None:
    gus = there.fake.person("gus", there.guild)
    said = await there.ana.says(there.design, "look", files=[CAT])
    await asyncio.gather(*(gus.context(there.design, "Quick upscale", said) for _ in range(2)))
    workspace, actor = f"discord:{there.guild.id}", f"discord:{gus.id}"
    assert await there.front.quotas.left(workspace, actor, 5) == 4


async def test_where_all_is_heard_nothing_is_said_of_what_is_not(there: DiscordHouse) -> None:
    answer = await there.ana.slash(there.design, "imagine", prompt="a red mug")
    assert Place.of((await there.turn_of(answer)).place).opens
    assert not await there.front.kept.names(f"discord:unheard:{there.guild.id}")


# /imagine.


async def test_imagine_is_deferred_and_opens_a_thread_named_after_the_prompt(
    there: DiscordHouse,
) -> None:
    before = len(there.acks)
    answer = await there.ana.slash(there.design, "imagine", prompt="a red mug\non wood")
    turn = await there.turn_of(answer)
    place = Place.of(turn.place)
    assert answer.type == 5 and not answer.ephemeral and len(there.acks) == before + 1
    assert turn.text == "a red mug\non wood" and place.opens == "a red mug on wood"
    assert place.token and place.app == there.fake.bot.id and place.present
    session = await there.house.desk.session(turn.session_id)
    event = answer.interaction.id
    assert session.thread == f"discord:{there.guild.id}:{there.design.id}:{event}"


async def test_wishes_beside_the_words_travel_with_the_turn(there: DiscordHouse) -> None:
    answer = await there.ana.slash(
        there.design,
        "imagine",
        prompt="a red mug",
        image=CAT,
        image3=("dog.png", png("navy")),
        model="fake",
        size="3:2",
        style="watercolour",
        transparent=True,
        seed=7,
        count=3,
    )
    turn = await there.turn_of(answer)
    assert turn.text == "/imagine a red mug, watercolour style"
    assert [ref.name for ref in turn.pending] == ["cat.png", "dog.png"]
    assert all("channel" not in ref.where and ref.where["url"] for ref in turn.pending)
    wishes = turn.options.model_dump(exclude_none=True)
    assert wishes == {"model": "fake", "ar": "3:2", "transparent": True, "seed": 7, "n": 3}


async def test_the_same_interaction_again_is_the_same_turn(there: DiscordHouse) -> None:
    answer = await there.ana.slash(there.design, "imagine", prompt="a red mug")
    first = await there.turn_of(answer)
    await there.ana.repeats(answer)
    await all_heard(there)
    assert await there.turns_of(answer) == [first] and answer.type == 5
    again = await there.turn_of(await there.ana.slash(there.design, "imagine", prompt="a red mug"))
    assert again.session_id != first.session_id  # what is typed again is meant again


async def test_in_a_thread_of_a_session_it_is_a_new_picture_of_that_session(
    there: DiscordHouse,
) -> None:
    session = await begun(there)
    answer = await there.ben.slash(session.thread, "imagine", prompt="a blue bowl")
    turn = await there.turn_of(answer)
    assert turn.session_id == session.turn.session_id and turn.text == "/imagine a blue bowl"
    assert "opens" not in turn.place


async def test_in_a_direct_conversation_plain_words_go_on_with_the_newest(
    there: DiscordHouse,
) -> None:
    dan = there.fake.person("dan")
    talk = there.fake.dm(dan)
    older = await there.turn_of(await dan.slash(talk, "imagine", prompt="a red mug"))
    newer = await there.turn_of(await dan.slash(talk, "imagine", prompt="a blue bowl"))
    assert newer.session_id != older.session_id and newer.text == "a blue bowl"
    assert "opens" not in newer.place
    said = await dan.says(talk, "make it green")
    assert (await there.turn_of(said)).session_id == newer.session_id


async def test_where_easel_is_not_it_answers_in_place_at_the_person_s_own_account(
    there: DiscordHouse,
) -> None:
    away = there.fake.guild("elsewhere", bot=False)
    square = away.channel("square")
    hal = there.fake.person("hal", away)
    turn = await there.turn_of(await hal.slash(square, "imagine", prompt="a red mug"))
    place = Place.of(turn.place)
    assert not place.present and not place.opens and turn.actor.workspace == f"discord:@{hal.id}"


async def test_no_thread_is_promised_where_none_may_be_opened(there: DiscordHouse) -> None:
    there.design.deny(there.fake.bot.id, "send_messages_in_threads")
    turn = await there.turn_of(await there.ana.slash(there.design, "imagine", prompt="a mug"))
    assert "opens" not in turn.place


@pytest.mark.parametrize(
    ("command", "options", "told"),
    [
        ("imagine", {"prompt": "a mug", "size": "huge"}, "I don't know the size “huge”"),
        ("imagine", {"prompt": "a mug", "size": "0:0"}, "I don't know the size “0\\:0”"),
        ("imagine", {"prompt": "a mug --colour red"}, "I don't know the flag"),
        ("imagine", {"prompt": "a mug", "image": TEXT}, "notes.txt is no picture"),
        ("edit", {"instruction": "make it blue"}, "There is no picture here yet"),
        ("edit", {"instruction": "blue --ar x", "image": CAT}, "can't be “x”"),
        ("edit", {"instruction": "blue", "image": ("empty.png", b"")}, "empty.png is empty"),
        ("vary", {}, "There is no picture here yet"),
        ("vary", {"image": TEXT}, "notes.txt is no picture"),
        ("cutout", {"image": TEXT}, "notes.txt is no picture"),
        ("upscale", {"image": CAT, "scale": "make it blue"}, "That is not what this command does"),
        ("upscale", {"image": CAT, "scale": "--huge"}, "I don't know the flag"),
        ("upscale", {"image": CAT, "model": "nonsense"}, "can't be had for enlarging"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
async def test_what_can_t_be_done_is_answered_to_the_person_alone(
    there: DiscordHouse, command: str, options: dict[str, Any], told: str
) -> None:
    answer = await there.ana.slash(there.design, command, **options)
    assert told.replace("\\", "") in (await refused(there, answer)).replace("\\", "")


async def test_rules_blocks_and_quotas_are_told_to_the_person_alone(there: DiscordHouse) -> None:
    async def asked(who: Any = there.ana) -> Answer:
        answer: Answer = await who.slash(there.design, "imagine", prompt="a red mug")
        return answer

    await decide(there, Rules(who="admins"))
    assert "who manage this server" in await refused(there, await asked())
    await decide(there, Rules(adult_only=True))
    assert "age-restricted" in await refused(there, await asked())
    ida = there.fake.person("ida", there.guild)
    await decide(there, Rules(cooldown=60))
    assert await there.turn_of(await asked(ida))
    told = await refused(there, await asked(ida))
    assert "your next instruction here can be given in" in told and ":R>" in told
    await there.front.blocks.block(f"discord:{there.guild.id}", f"discord:{ida.id}", by="mod")
    assert "taken Easel from you" in await refused(there, await asked(ida))


# The other commands.


async def test_commands_with_a_picture_answer_in_place_in_a_session_of_their_own(
    there: DiscordHouse,
) -> None:
    for command, options, words in (
        ("upscale", {"scale": "4k"}, "to 4K"),
        ("upscale", {}, "2x"),
        ("cutout", {}, "transparent"),
        ("vary", {"count": 2}, "variations"),
    ):
        answer = await there.ana.slash(there.design, command, image=CAT, **options)
        turn = await there.turn_of(answer)
        assert answer.type == 5 and turn.text == words and len(turn.pending) == 1
        assert "opens" not in turn.place and turn.number == 1
    assert turn.options.n == 2


async def test_edit_with_a_picture_opens_a_thread(there: DiscordHouse) -> None:
    answer = await there.ana.slash(
        there.design, "edit", instruction="on wood", image=CAT, image2=CAT
    )
    turn = await there.turn_of(answer)
    assert turn.place["opens"] == "on wood" and len(turn.pending) == 2


# Completion.


async def offered(there: DiscordHouse, command: str, option: str, typed: str) -> list[str]:
    others = {"imagine": {"prompt": "a mug"}}.get(command, {})
    answer = await there.ana.autocompletes(there.design, command, option, typed, **others)
    return [choice["value"] for choice in answer.choices]


async def test_options_complete(there: DiscordHouse) -> None:
    assert "3:2" in await offered(there, "imagine", "size", "")
    assert await offered(there, "imagine", "size", "1000x500") == ["1000x500"]
    assert await offered(there, "imagine", "size", "huge") == []
    assert await offered(there, "imagine", "style", "pixel") == ["pixel", "pixel art"]
    assert await offered(there, "upscale", "scale", "") == ["2x", "4x", "to 4K"]
    assert "fake" in await offered(there, "imagine", "model", "FA")
    assert await offered(there, "imagine", "model", "no such") == []
    assert await offered(there, "upscale", "model", "")


async def test_only_models_that_are_allowed_there_are_offered(there: DiscordHouse) -> None:
    await decide(there, Rules(models=("another",)))
    assert await offered(there, "imagine", "model", "") == []


# Menus on messages.


async def used(there: DiscordHouse, menu: str, message: Message) -> Answer:
    return await there.ben.context(there.design, menu, message)


async def test_a_picture_of_anybody_s_is_enlarged_at_once_each_by_itself(
    there: DiscordHouse,
) -> None:
    theirs = await there.ana.says(there.design, "look", files=[CAT, ("dog.png", png("navy")), TEXT])
    answer = await used(there, "Quick upscale", theirs)
    first = await there.turn_of(answer)
    (second,) = [each for each in await there.turns_of(theirs) if each.id != first.id]
    assert answer.type == 5 and (first.text, second.text) == ("2x", "2x")
    assert [ref.name for turn in (first, second) for ref in turn.pending] == ["cat.png", "dog.png"]
    assert first.session_id == second.session_id and "token" not in second.place
    assert first.pending[0].where["message"] == theirs.id


async def test_pictures_of_one_click_do_not_wait_for_each_other_s_pause(
    there: DiscordHouse,
) -> None:
    cleo = there.fake.person("cleo", there.guild)
    await decide(there, Rules(cooldown=60))
    theirs = await there.ana.says(there.design, "look", files=[CAT, ("dog.png", png("navy"))])
    first = await there.turn_of(await cleo.context(there.design, "Quick upscale", theirs))
    assert len({turn.id for turn in (first, *await there.turns_of(theirs))}) == 2
    later = await cleo.slash(there.design, "imagine", prompt="a mug")
    assert "That was quick" in await refused(there, later)


async def test_a_double_click_is_one_turn_and_the_second_is_told_so(there: DiscordHouse) -> None:
    theirs = await there.ana.says(there.design, "look", files=[CAT])
    first = await used(there, "Cut out background", theirs)
    turn = await there.turn_of(first)
    second = await used(there, "Cut out background", theirs)
    assert "under way already" in await refused(there, second) and turn.text == "transparent"


@pytest.mark.parametrize(
    "menu", ["Edit with Easel", "Upscale", "Quick upscale", "Cut out background"]
)
async def test_without_a_picture_there_is_nothing_to_do(there: DiscordHouse, menu: str) -> None:
    theirs = await there.ana.says(there.design, "look", files=[TEXT])
    assert "There is no picture in that message" in await refused(
        there, await used(there, menu, theirs)
    )


async def test_a_menu_on_a_picture_may_ask_first(there: DiscordHouse) -> None:
    theirs = await there.ana.says(there.design, "look", files=[CAT])
    asked = await used(there, "Edit with Easel", theirs)
    assert asked.type == 9
    answer = await there.ben.submits(asked, {"words": "on wood"})
    turn = await there.turn_of(answer)
    assert turn.text == "on wood" and [ref.name for ref in turn.pending] == ["cat.png"]
    asked = await used(there, "Upscale", theirs)
    answer = await there.ben.submits(asked, {"scale": "4x", "model": "usual"})
    assert (await there.turn_of(answer)).text == "4x"

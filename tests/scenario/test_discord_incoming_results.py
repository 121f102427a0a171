"""What people do with results in Discord: replies to them, reactions, links, menus on them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio

from adapters.discord.places import Place
from core.session.models import Turn
from tests.contract.discord.discord_world import Channel, Message
from tests.scenario.discord_house import DiscordHouse, discord_house
from tests.scenario.discord_incoming_stand import (
    all_heard,
    changed,
    none_came_of,
    replied,
    replies,
    thread_opened_by,
)
from tests.scenario.house import wait_until

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def open_house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[DiscordHouse]:
    async with discord_house(tmp_path_factory.mktemp("discord")) as there:
        yield there


@pytest.fixture
def there(open_house: DiscordHouse) -> DiscordHouse:
    """The house with a channel of this test's own."""
    open_house.design = open_house.guild.channel("design")
    return open_house


@dataclass
class Drawn:
    """A picture that stands in a thread."""

    turn: Turn
    thread: Channel
    result: Message

    @property
    def version(self) -> str:
        return self.turn.versions[-1]


async def drawn(there: DiscordHouse, words: str = "a red mug") -> Drawn:
    said = await there.ana.says(there.design, f"{there.fake.mention} {words}")
    turn = await there.ended(await there.turn_of(said))
    thread = there.thread_of(said)
    return Drawn(turn, thread, await result_in(there, thread, turn))


async def result_in(there: DiscordHouse, channel: Channel, turn: Turn) -> Message:
    """The message that shows what a turn has made."""
    place, found = Place(guild=channel.guild, channel=channel.id), list[Message]()

    async def shown() -> bool:
        for message in there.fake.said_by_bot(channel):
            link = await there.front.links.linked(place.message_key(message.id))
            if link and link.turn == turn.id and link.versions and message.attachments:
                found.append(message)
        return bool(found)

    await wait_until(shown, "the result is shown")
    return found[-1]


async def test_a_reply_to_a_picture_acts_on_that_version_wherever_it_stands(
    there: DiscordHouse,
) -> None:
    first = await drawn(there)
    blue = await there.ended(await there.turn_of(await there.ben.says(first.thread, "blue")))
    assert blue.number == 2
    said = await there.ben.says(first.thread, "make it green", reply_to=first.result)
    turn = await there.turn_of(said)
    assert (turn.acts_on, turn.session_id) == (first.version, first.turn.session_id)
    await there.ended(turn)


async def test_in_a_thread_that_somebody_opened_from_a_picture_it_is_about_that(
    there: DiscordHouse,
) -> None:
    there.design.deny(there.fake.bot.id, "create_public_threads")
    await changed(there, there.design)
    said = await there.ana.says(there.design, f"{there.fake.mention} a red mug")
    turn = await there.ended(await there.turn_of(said))
    result = await result_in(there, there.design, turn)
    thread = await thread_opened_by(there, there.ben, result)
    await none_came_of(there, await there.ben.says(thread, "lovely"))
    said = await there.ben.says(thread, f"{there.fake.mention} make it blue")
    blue = await there.ended(await there.turn_of(said))
    assert blue.session_id != turn.session_id
    made = await there.house.desk.version(turn.versions[-1])
    assert [each.sha256 for each in blue.inputs] == [made.asset.sha256]


async def test_show_brings_a_version_by_its_link_to_those_who_can_open_it(
    there: DiscordHouse,
) -> None:
    first = await drawn(there)
    link = f"https://ptb.discord.com/channels/{there.guild.id}/{first.thread.id}/{first.result.id}"
    other = there.guild.channel("elsewhere")
    said = await there.ben.says(other, f"{there.fake.mention} show v1 of <{link}> here")
    turn = await there.turn_of(said)
    assert (turn.brings, turn.text) == (first.version, "show v1 here")
    own = await there.turn_of(await there.ben.says(first.thread, f"show {link}"))
    assert (own.brings, own.text) == (None, "show v1")
    liked = await there.turn_of(
        await there.ben.says(other, f"{there.fake.mention} a mug like {link}")
    )
    assert len(liked.inputs) == 1 and liked.text == "a mug like"
    missing = await there.ben.says(other, f"{there.fake.mention} show v7 of {link} here")
    assert "There is no v7 in that thread" in await replied(there, missing)


async def test_a_link_shows_nothing_that_its_sender_can_t_open(there: DiscordHouse) -> None:
    there.design.deny(there.guild.id, "view_channel")
    for who in (there.fake.bot.id, there.ana.id):
        there.design.allow(who, "view_channel")
    await changed(there, there.design)
    first = await drawn(there)
    link = f"https://discord.com/channels/{there.guild.id}/{first.thread.id}/{first.result.id}"
    other = there.guild.channel("elsewhere")
    for words in (f"show {link} here", f"show {first.version} here", f"a mug like {link}"):
        said = await there.ben.says(other, f"{there.fake.mention} {words}")
        told = await replied(there, said)
        assert "I can't show you that message" in told or "There is no such version" in told
        assert await there.turns_of(said) == []
    said = await there.ana.says(other, f"{there.fake.mention} show {first.version} here")
    assert (await there.turn_of(said)).brings == first.version


async def test_what_only_adults_look_at_is_not_brought_elsewhere(there: DiscordHouse) -> None:
    there.design = there.guild.channel("adults", nsfw=True)
    first = await drawn(there)
    link = f"https://discord.com/channels/{there.guild.id}/{first.thread.id}/{first.result.id}"
    other = there.guild.channel("elsewhere")
    said = await there.ana.says(other, f"{there.fake.mention} show {link} here")
    assert "age-restricted" in await replied(there, said)


async def test_somebody_else_s_direct_conversation_is_shown_to_nobody(there: DiscordHouse) -> None:
    dan = there.fake.person("dan", there.guild)
    talk = there.fake.dm(dan)
    turn = await there.ended(await there.turn_of(await dan.says(talk, "a red mug")))
    result = await result_in(there, talk, turn)
    link = f"https://discord.com/channels/@me/{talk.id}/{result.id}"
    said = await there.ben.says(there.design, f"{there.fake.mention} show {link} here")
    assert "I can't show you that message" in await replied(there, said)
    own = await dan.says(there.design, f"{there.fake.mention} show {link} here")
    assert (await there.turn_of(own)).brings == turn.versions[-1]


async def test_a_check_mark_of_who_took_part_approves_and_the_message_says_so(
    there: DiscordHouse,
) -> None:
    first = await drawn(there)
    approvals = there.front.links.approvals
    files = [each.id for each in first.result.attachments]
    await there.ben.reacts(first.result, "✅")  # took no part
    await all_heard(there)
    assert await approvals(first.turn.session_id) == {}
    await there.ana.reacts(first.result, "☑️")
    await there.fake.until(
        lambda: "approved by Ana" in there.fake.words(first.result), "the message says so"
    )
    assert await approvals(first.turn.session_id) == {first.version: (f"discord:{there.ana.id}",)}
    assert [each.id for each in first.result.attachments] == files
    await there.ana.unreacts(first.result, "☑️")
    await there.fake.until(
        lambda: "approved by" not in there.fake.words(first.result), "and no more"
    )
    assert await approvals(first.turn.session_id) == {}


async def test_a_cross_of_the_author_or_of_a_moderator_takes_the_message_away(
    there: DiscordHouse,
) -> None:
    first, second = await drawn(there), await drawn(there, "a bowl")
    await there.ben.reacts(first.result, "❌")
    await all_heard(there)
    assert first.result.id in there.fake.world.messages
    await there.ana.reacts(first.result, "❌")
    await there.fake.until(
        lambda: first.result.id not in there.fake.world.messages, "the author's is gone"
    )
    await there.mod.reacts(second.result, "❌")
    await there.fake.until(
        lambda: second.result.id not in there.fake.world.messages, "the moderator's is gone"
    )


async def test_other_reactions_and_those_to_others_say_nothing(there: DiscordHouse) -> None:
    first = await drawn(there)
    talk = await there.ben.says(there.design, "look")
    await there.ana.reacts(talk, "✅")
    await there.ana.reacts(talk, "❌")
    await there.ana.reacts(first.result, "🎉")
    await all_heard(there)
    assert await there.front.links.approvals(first.turn.session_id) == {}
    assert talk.id in there.fake.world.messages


async def test_a_menu_on_a_result_is_about_its_version(there: DiscordHouse) -> None:
    first = await drawn(there)
    answer = await there.ben.context(first.thread, "Quick upscale", first.result)
    turn = await there.turn_of(answer)
    assert (turn.acts_on, turn.session_id, turn.text) == (
        first.version, first.turn.session_id, "2x",
    )  # fmt: skip
    await there.ended(turn)


async def test_commands_without_a_picture_go_on_with_the_thread(there: DiscordHouse) -> None:
    first = await drawn(there)
    answer = await there.ben.slash(first.thread, "edit", instruction="make it blue")
    turn = await there.ended(await there.turn_of(answer))
    assert turn.session_id == first.turn.session_id and turn.subject == first.version
    answer = await there.ben.slash(first.thread, "cutout")
    assert (await there.turn_of(answer)).session_id == first.turn.session_id


async def test_without_the_intent_only_what_is_said_to_us_is_heard_and_that_is_said_once(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    async with discord_house(tmp_path_factory.mktemp("unheard"), content=False) as there:
        answer = await there.ana.slash(there.design, "imagine", prompt="a red mug")
        turn = await there.ended(await there.turn_of(answer))
        result = await result_in(there, there.design, turn)
        assert "message content intent" in await answer.note()
        thread = there.thread_of(result)
        plain = await there.ben.says(thread, "make it blue")
        await none_came_of(there, plain)
        assert replies(there, plain) == []
        called = await there.ben.says(thread, f"{there.fake.mention} make it blue")
        blue = await there.ended(await there.turn_of(called))
        assert blue.session_id == turn.session_id
        picture = await result_in(there, thread, blue)
        pinged = await there.ben.says(thread, "make it green", reply_to=picture)
        assert (await there.turn_of(pinged)).acts_on == blue.versions[-1]
        silent = await there.ben.says(thread, "pink", reply_to=picture, ping=False)
        await none_came_of(there, silent)
        again = await there.ana.slash(there.design, "imagine", prompt="a bowl")
        await there.ended(await there.turn_of(again))
        await all_heard(there)
        assert again.told == []

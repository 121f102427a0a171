"""What people write in Discord: which messages become turns, in which session, with what."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import pytest_asyncio

from adapters.discord.places import Place
from core.policy.rules import Rules
from core.session.links import MessageLink
from tests.contract.discord.discord_world import VOICE
from tests.scenario.discord_house import DiscordHouse, discord_house
from tests.scenario.discord_incoming_stand import (
    all_heard,
    begun,
    changed,
    none_came_of,
    replied,
    replies,
    thread_opened,
)
from tests.scenario.house import png

pytestmark = pytest.mark.asyncio(loop_scope="module")

CAT = ("cat.png", png())


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def open_house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[DiscordHouse]:
    """One for all: without a worker, so that turns stay as they were accepted."""
    folder = tmp_path_factory.mktemp("discord")
    async with discord_house(folder, working=False, connected=False) as there:
        there.fake.person("cleo", there.guild, roles=["potters"])
        there.fake.person("chief", there.guild, permissions=["manage_guild"])
        await there.connect()
        yield there


@pytest.fixture
def there(open_house: DiscordHouse) -> DiscordHouse:
    """The house with a channel of this test's own."""
    open_house.design = open_house.guild.channel("design")
    return open_house


# Beginning.


async def test_a_mention_in_a_channel_begins_a_session_that_opens_a_thread(
    there: DiscordHouse,
) -> None:
    said = await there.ana.says(there.design, f"{there.fake.mention} a red mug\non “wood”")
    turn = await there.turn_of(said)
    place = Place.of(turn.place)
    assert turn.text == "a red mug\non “wood”"
    assert (place.guild, place.channel, place.message) == (
        there.guild.id, there.design.id, said.id,
    )  # fmt: skip
    assert place.opens == "a red mug on “wood”" and place.token == ""
    assert (turn.actor.id, turn.actor.name, turn.actor.workspace) == (
        f"discord:{there.ana.id}", "Ana", f"discord:{there.guild.id}",
    )  # fmt: skip
    assert turn.channel == f"discord:{there.design.id}" and turn.gate == "words"
    session = await there.house.desk.session(turn.session_id)
    assert session.thread == f"discord:{there.guild.id}:{there.design.id}:{said.id}"


async def test_no_thread_is_promised_where_none_may_be_opened(there: DiscordHouse) -> None:
    there.design.deny(there.fake.bot.id, "create_public_threads")
    await changed(there, there.design)
    said = await there.ana.says(there.design, f"{there.fake.mention} a blue mug")
    assert "opens" not in (await there.turn_of(said)).place


async def test_in_a_voice_channel_it_is_answered_in_place(there: DiscordHouse) -> None:
    there.design = there.guild.channel("talk", type=VOICE)
    said = await there.ana.says(there.design, f"{there.fake.mention} a red mug")
    assert "opens" not in (await there.turn_of(said)).place


async def test_the_role_of_the_app_is_a_mention_as_well(there: DiscordHouse) -> None:
    role = next(one for one in there.guild.roles.values() if one.bot)
    said = await there.ana.says(there.design, f"<@&{role.id}> a red mug")
    assert (await there.turn_of(said)).text == "a red mug"


async def test_other_mentions_become_names(there: DiscordHouse) -> None:
    said = await there.ana.says(
        there.design,
        f"{there.fake.mention} a mug for {there.ben.mention} in <#{there.design.id}> style",
    )
    assert (await there.turn_of(said)).text == "a mug for @Ben in #design style"


async def test_the_same_message_is_one_turn_however_often_it_is_heard(there: DiscordHouse) -> None:
    said = await there.ana.says(there.design, f"{there.fake.mention} a red mug")
    first = await there.turn_of(said)
    there.fake.world.tell("MESSAGE_CREATE", {"message": said.id}, there.guild.id)
    await all_heard(there)
    assert await there.turns_of(said) == [first]


# Going on.


async def test_a_reply_in_the_thread_is_a_turn_of_its_session(there: DiscordHouse) -> None:
    session = await begun(there)
    more = await there.ben.says(session.thread, "make it blue")
    turn = await there.turn_of(more)
    place = Place.of(turn.place)
    assert turn.session_id == session.turn.session_id and turn.number == 2
    assert (place.channel, place.parent) == (session.thread.id, there.design.id)
    assert turn.channel == f"discord:{there.design.id}" and "opens" not in turn.place


async def test_people_in_a_thread_may_talk_to_each_other(there: DiscordHouse) -> None:
    session = await begun(there)
    to_ana = await there.ben.says(session.thread, f"{there.ana.mention} what do you think?")
    reply = await there.ana.says(session.thread, "lovely", reply_to=to_ana)
    await none_came_of(there, reply)
    assert await there.turns_of(to_ana) == []
    gone = await there.ben.says(session.thread, f"{there.ana.mention} look")
    await there.ben.deletes(gone)
    answer = await there.ana.says(
        session.thread, f"{there.ben.mention} too late", reply_to=gone, ping=False
    )
    await none_came_of(there, answer)
    meant = await there.ana.says(
        session.thread, f"{there.fake.mention} make it blue", reply_to=to_ana
    )
    assert (await there.turn_of(meant)).text == "make it blue"


async def test_with_mentions_only_talk_in_a_thread_is_left_alone(there: DiscordHouse) -> None:
    workspace, channel = f"discord:{there.guild.id}", f"discord:{there.design.id}"
    await there.front.rules.decide(workspace, channel, Rules(listen="mention"))
    session = await begun(there)
    await none_came_of(there, await there.ben.says(session.thread, "make it blue"))
    said = await there.ben.says(session.thread, f"make it blue, {there.fake.mention}")
    assert (await there.turn_of(said)).text == "make it blue,"


async def test_talk_in_channels_and_in_threads_of_others_is_left_alone(
    there: DiscordHouse,
) -> None:
    await none_came_of(there, await there.ana.says(there.design, "a red mug"))


async def test_a_direct_message_begins_a_session_and_the_next_goes_on(there: DiscordHouse) -> None:
    dan = there.fake.person("dan")
    talk = there.fake.dm(dan)
    first = await there.turn_of(await dan.says(talk, "a red mug"))
    second = await there.turn_of(await dan.says(talk, "make it blue"))
    assert second.session_id == first.session_id and second.number == 2
    assert first.actor.workspace == f"discord:@{dan.id}"
    assert first.channel == f"discord:{talk.id}" and "guild" not in first.place


async def test_a_direct_message_stays_in_its_session_though_the_conversation_moved_on(
    there: DiscordHouse,
) -> None:
    eve = there.fake.person("eve")
    talk = there.fake.dm(eve)
    said = await eve.says(talk, "a red mug")
    first = await there.turn_of(said)
    place = Place(channel=talk.id)
    await there.front.links.alias(place.thread_key(), "discord:@me:another")
    there.fake.world.tell("MESSAGE_CREATE", {"message": said.id}, "")
    await all_heard(there)
    assert await there.turns_of(said) == [first]


async def test_a_reply_that_is_faster_than_the_link_of_our_new_thread_is_not_lost(
    there: DiscordHouse,
) -> None:
    start = await there.ana.says(there.design, f"{there.fake.mention} a red mug")
    turn = await there.turn_of(start)
    thread = await thread_opened(there, start)
    for words in ("make it blue", f"{there.fake.mention} make it navy"):
        said = await there.ben.says(thread, words)
        assert (await there.turn_of(said)).session_id == turn.session_id


async def test_so_it_is_in_the_thread_of_a_command(there: DiscordHouse) -> None:
    answer = await there.ana.slash(there.design, "imagine", prompt="a red mug")
    turn, response = await there.turn_of(answer), answer.original
    assert response is not None
    link = MessageLink(session=turn.session_id, turn=turn.id)
    place = Place(guild=there.guild.id, channel=there.design.id)
    await there.front.links.link(place.message_key(response.id), link)
    thread = await thread_opened(there, response)
    said = await there.ben.says(thread, "make it blue")
    assert (await there.turn_of(said)).session_id == turn.session_id


async def test_something_of_ours_that_breaks_is_told_in_place(
    there: DiscordHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr(there.front.blocks, "is_blocked", broken)
    said = await there.ana.says(there.design, f"{there.fake.mention} a red mug")
    told = await replied(there, said)
    assert "Something went wrong on my side" in told and "secret" not in told


async def test_easel_says_how_to_begin_where_it_is_new_and_once(there: DiscordHouse) -> None:
    guild = there.fake.guild("garden", bot=False)
    hall, lee = guild.channel("hall"), there.fake.person("lee", guild)
    guild.system_channel = hall.id
    for _ in range(2):
        lee.invites_bot(guild)
        await there.fake.until(lambda: there.fake.said_by_bot(hall), "there is a welcome")
        lee.kicks_bot(guild)
        await all_heard(there)
    (hello,) = there.fake.said_by_bot(hall)
    assert "Hello" in there.fake.words(hello) and "/imagine" in there.fake.words(hello)


# Pictures.


async def test_pictures_come_along_and_other_files_are_left_out_kindly(
    there: DiscordHouse,
) -> None:
    said = await there.ana.says(
        there.design, f"{there.fake.mention} on wood", files=[CAT, ("notes_*.txt", b"hello")]
    )
    turn = await there.turn_of(said)
    (ref,) = turn.pending
    assert ref.name == "cat.png" and ref.where["url"].startswith("http")
    assert ref.where["channel"] == there.design.id and ref.where["message"] == said.id
    assert ref.where["attachment"] == said.attachments[0].id
    assert "I left out what is no picture: notes\\_" in await replied(there, said)


async def test_the_picture_under_which_we_are_called_is_taken(there: DiscordHouse) -> None:
    theirs = await there.ben.says(there.design, "look", files=[CAT])
    said = await there.ana.says(there.design, f"{there.fake.mention} on wood", reply_to=theirs)
    turn = await there.turn_of(said)
    assert [ref.where["message"] for ref in turn.pending] == [theirs.id]
    empty = await there.ana.says(there.design, there.fake.mention, reply_to=theirs)
    assert [ref.name for ref in (await there.turn_of(empty)).pending] == ["cat.png"]


async def test_a_picture_without_words_is_a_turn(there: DiscordHouse) -> None:
    said = await there.ana.says(there.design, there.fake.mention, files=[CAT])
    turn = await there.turn_of(said)
    assert turn.text == "" and len(turn.pending) == 1
    assert turn.place["opens"] == "Pictures"


@pytest.mark.parametrize(
    ("text", "files", "told"),
    [
        ("{bot}", [], "Type `/imagine`"),
        ("{bot}  ", [("song.mp3", b"la")], "That is no picture: song\\.mp3"),
        ("{bot} {long}", [], "Keep it to 8,000"),
    ],
    ids=["nothing", "no picture", "too long"],
)
async def test_what_can_t_be_a_turn_is_answered_once_in_place(
    there: DiscordHouse, text: str, files: list[tuple[str, bytes]], told: str
) -> None:
    words = text.format(bot=there.fake.mention, long="a mug " * 1400)
    said = await there.ana.says(there.design, words, files=files)
    assert told.replace("\\.", ".") in (await replied(there, said)).replace("\\.", ".")
    there.fake.world.tell("MESSAGE_CREATE", {"message": said.id}, there.guild.id)
    await none_came_of(there, said)
    assert len(replies(there, said)) == 1


async def test_of_bots_nothing_is_heard(there: DiscordHouse) -> None:
    session = await begun(there)
    robot = there.fake.person("robot", there.guild)
    robot.user.bot = True
    await none_came_of(there, await robot.says(session.thread, "make it blue"))


# Who may.


async def left_out(there: DiscordHouse, rules: Rules, who: Callable[[], Any]) -> str:
    await there.front.rules.decide(f"discord:{there.guild.id}", f"discord:{there.design.id}", rules)
    said = await who().says(there.design, f"{there.fake.mention} a red mug")
    told = await replied(there, said)
    assert await there.turns_of(said) == []
    return told


async def test_rules_leave_people_and_places_out_and_say_so(there: DiscordHouse) -> None:
    ana = lambda: there.ana  # noqa: E731
    assert "who manage this server" in await left_out(there, Rules(who="admins"), ana)
    potters = Rules(who="roles", roles=("1",))
    assert "people with certain roles" in await left_out(there, potters, ana)
    assert "age-restricted" in await left_out(there, Rules(adult_only=True), ana)
    assert "roles give you no" in await left_out(there, Rules(quotas={"*": 0}), ana)


async def test_whoever_has_a_role_or_manages_the_server_is_let_in(there: DiscordHouse) -> None:
    cleo, chief = there.fake.person("cleo"), there.fake.person("chief")
    role = next(one for one in there.guild.roles.values() if one.name == "potters")
    rules = Rules(who="roles", roles=(role.id,))
    channel = f"discord:{there.design.id}"
    await there.front.rules.decide(f"discord:{there.guild.id}", channel, rules)
    for person in (cleo, chief):
        said = await person.says(there.design, f"{there.fake.mention} a red mug")
        assert await there.turn_of(said)


async def test_an_age_restricted_channel_is_not_gated_unless_that_was_decided(
    there: DiscordHouse,
) -> None:
    there.design = there.guild.channel("adults", nsfw=True)
    said = await there.ana.says(there.design, f"{there.fake.mention} a red mug")
    assert (await there.turn_of(said)).gate == "off"
    rules, channel = Rules(gate="pictures", adult_only=True), f"discord:{there.design.id}"
    await there.front.rules.decide(f"discord:{there.guild.id}", channel, rules)
    said = await there.ana.says(there.design, f"{there.fake.mention} a blue mug")
    assert (await there.turn_of(said)).gate == "pictures"


async def test_a_quota_and_a_pause_tell_the_time_left_and_not_at_every_message(
    there: DiscordHouse,
) -> None:
    fay = there.fake.person("fay", there.guild)
    rules, channel = Rules(quotas={"*": 1}), f"discord:{there.design.id}"
    await there.front.rules.decide(f"discord:{there.guild.id}", channel, rules)
    first = await fay.says(there.design, f"{there.fake.mention} a red mug")
    await there.turn_of(first)
    second = await fay.says(there.design, f"{there.fake.mention} a blue mug")
    told = await replied(there, second)
    assert "You have used your one instruction" in told and "<t:" in told and ":R>" in told
    third = await fay.says(there.design, f"{there.fake.mention} a green mug")
    await none_came_of(there, third)
    assert replies(there, third) == []


async def test_what_the_desk_refuses_does_not_count(there: DiscordHouse) -> None:
    kim = there.fake.person("kim", there.guild)
    rules, channel = Rules(quotas={"*": 1}), f"discord:{there.design.id}"
    await there.front.rules.decide(f"discord:{there.guild.id}", channel, rules)
    long = await kim.says(there.design, f"{there.fake.mention} {'a mug ' * 1400}")
    assert "Keep it to" in await replied(there, long)
    said = await kim.says(there.design, f"{there.fake.mention} a mug")
    assert await there.turn_of(said)


async def test_to_somebody_blocked_nothing_is_said(there: DiscordHouse) -> None:
    gus = there.fake.person("gus", there.guild)
    await there.front.blocks.block(f"discord:{there.guild.id}", f"discord:{gus.id}", by="mod")
    for words in ("a red mug", ""):
        said = await gus.says(there.design, f"{there.fake.mention} {words}")
        await none_came_of(there, said)
        assert replies(there, said) == []

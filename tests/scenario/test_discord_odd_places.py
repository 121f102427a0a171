"""Places in Discord that are no plain text channel, and threads that have slept."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from adapters.discord.places import Place
from core.session.models import TurnState
from tests.contract.discord.discord_clicking import Person
from tests.contract.discord.discord_world import FORUM, NEWS, PUBLIC_THREAD, Channel, Message
from tests.scenario.discord_house import DiscordHouse, discord_house
from tests.scenario.discord_incoming_stand import none_came_of
from tests.scenario.house import png, wait_until

pytestmark = pytest.mark.asyncio(loop_scope="module")

CAT = ("cat.png", png())


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def there(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[DiscordHouse]:
    async with discord_house(tmp_path_factory.mktemp("discord")) as running:
        yield running


async def known(there: DiscordHouse, channel: Channel) -> Channel:
    """Wait until the app has heard of a channel or thread."""
    guild = there.client.get_guild(int(there.guild.id))
    assert guild is not None
    await there.fake.until(lambda: guild.get_channel_or_thread(int(channel.id)), "it is known")
    return channel


async def posted(
    there: DiscordHouse, who: Person, text: str, files: list[tuple[str, bytes]]
) -> tuple[Channel, Message]:
    """A post in a forum: a thread, and its first message, which has the same id."""
    world = there.fake.world
    forum = await known(there, there.guild.channel("ideas", type=FORUM))
    post = Channel(world.new_id(), "a mug", PUBLIC_THREAD, there.guild.id, forum.id, False, who.id)
    world.channels[post.id] = post
    there.guild.channels.append(post.id)
    world.tell("THREAD_CREATE", {"channel": post.id, "newly_created": True}, there.guild.id)
    await known(there, post)
    first = who.writes(post, text, files=files)
    del world.messages[first.id]
    first.id = post.id
    world.messages[first.id] = first
    world.tell("MESSAGE_CREATE", {"message": first.id}, there.guild.id)
    return post, first


async def answered_in(there: DiscordHouse, channel: Channel, results: int) -> None:
    async def shown() -> bool:
        said = there.fake.said_by_bot(channel)
        return [each.name for one in said for each in there.fake.files(one)].count(
            f"v{results}.png"
        ) == 1

    await wait_until(shown, f"v{results} stands in {channel.name}")


async def test_a_post_in_a_forum_is_a_session(there: DiscordHouse) -> None:
    post, first = await posted(there, there.ana, f"{there.fake.mention} make it blue", [CAT])
    turn = await there.ended(await there.turn_of(first))
    assert turn.state is TurnState.DONE and len(turn.inputs) == 1
    assert turn.channel == f"discord:{post.parent}" and "opens" not in turn.place
    more = await there.ben.says(post, "make it navy")
    second = await there.ended(await there.turn_of(more))
    assert (second.session_id, second.number) == (turn.session_id, 2)
    await answered_in(there, post, 3)


async def test_a_forum_post_of_others_gives_its_picture_to_who_mentions_easel(
    there: DiscordHouse,
) -> None:
    post, first = await posted(there, there.ana, "look at my cat", [CAT])
    await none_came_of(there, first)
    said = await there.ben.says(post, f"{there.fake.mention} make it blue")
    turn = await there.ended(await there.turn_of(said))
    assert turn.state is TurnState.DONE and len(turn.inputs) == 1
    answer = await there.ben.slash(post, "imagine", prompt="a dog")
    again = await there.ended(await there.turn_of(answer))
    assert again.session_id == turn.session_id


async def test_in_a_channel_for_announcements_a_thread_is_opened(there: DiscordHouse) -> None:
    news = await known(there, there.guild.channel("news", type=NEWS))
    said = await there.ana.says(news, f"{there.fake.mention} a red mug")
    await there.ended(await there.turn_of(said))
    thread = there.thread_of(said)
    await answered_in(there, thread, 1)
    answer = await there.ana.slash(news, "imagine", prompt="a blue mug")
    turn = await there.ended(await there.turn_of(answer))
    message = await answer.message()
    await there.fake.until(lambda: message.id in there.fake.world.channels, "a thread is opened")
    assert Place.of(turn.place).opens == "a blue mug"


async def test_a_thread_that_slept_wakes_with_the_next_reply(there: DiscordHouse) -> None:
    """A client that began meanwhile does not know of it."""
    said = await there.ana.says(there.design, f"{there.fake.mention} a red mug")
    turn = await there.ended(await there.turn_of(said))
    thread = there.thread_of(said)
    await answered_in(there, thread, 1)
    there.ana.archives(thread)
    await there.restart()
    guild = there.client.get_guild(int(there.guild.id))
    assert guild is not None and guild.get_thread(int(thread.id)) is None
    more = await there.ben.says(thread, "make it blue")
    second = await there.ended(await there.turn_of(more))
    assert (second.session_id, second.number) == (turn.session_id, 2)
    await answered_in(there, thread, 2)


async def test_a_button_in_a_thread_that_sleeps_works(there: DiscordHouse) -> None:
    said = await there.ana.says(there.design, f"{there.fake.mention} a red mug")
    await there.ended(await there.turn_of(said))
    thread = there.thread_of(said)
    await answered_in(there, thread, 1)
    result = there.fake.said_by_bot(thread)[-1]
    there.ana.archives(thread)
    await there.restart()
    answer = await there.ben.clicks(result, "Variations")
    turn = await there.ended(await there.turn_of(answer))
    assert turn.state is TurnState.DONE, turn.error
    await answered_in(there, thread, 2)


async def test_a_picture_that_another_bot_shows_is_a_picture(there: DiscordHouse) -> None:
    """In components: then it is not among the attachments of the message."""
    said = await there.ben.says(there.design, "look", files=[CAT])
    gallery = {"type": 12, "id": 2, "items": [
        {"media": {"url": "", "attachment_id": said.attachments[0].id}}
    ]}  # fmt: skip
    said.content, said.flags = "", 1 << 15
    said.components = [{"type": 17, "id": 1, "components": [gallery]}]
    answer = await there.ana.context(there.design, "Quick upscale", said)
    turn = await there.ended(await there.turn_of(answer))
    assert turn.state is TurnState.DONE and len(turn.inputs) == 1, turn.error
    asked = await there.ana.says(there.design, f"{there.fake.mention} make it blue", reply_to=said)
    under = await there.ended(await there.turn_of(asked))
    assert under.state is TurnState.DONE and len(under.inputs) == 1, under.error

"""What tests of incoming Discord messages share: a channel of their own, and what was replied."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.chat import aside
from adapters.discord.places import Place
from core.session.models import Turn
from tests.contract.discord.discord_clicking import Person
from tests.contract.discord.discord_world import PUBLIC_THREAD, Channel, Message
from tests.scenario.discord_house import DiscordHouse, heard_all


@dataclass
class Begun:
    """A thread of Easel's with a first turn in it."""

    start: Message
    thread: Channel
    turn: Turn


async def begun(there: DiscordHouse, words: str = "a red mug") -> Begun:
    """A session that began with a mention in the channel; its thread is opened as by a worker."""
    start = await there.ana.says(there.design, f"{there.fake.mention} {words}")
    turn = await there.turn_of(start)
    thread = await thread_opened(there, start)
    await thread_linked(there, turn)
    return Begun(start, thread, turn)


async def thread_opened(there: DiscordHouse, start: Message) -> Channel:
    """Open a thread from somebody's message, as Easel; it is known then."""
    await there.front.rest.call(
        "POST",
        "/channels/{channel_id}/messages/{message}/threads",
        json={"name": "a thread"},
        channel_id=start.channel,
        message=start.id,
    )
    return await _known(there, start)


async def thread_opened_by(there: DiscordHouse, who: Person, start: Message) -> Channel:
    """The same by a person, from anybody's message."""
    world, place = there.fake.world, there.fake.world.channels[start.channel]
    thread = Channel(start.id, "a thread", PUBLIC_THREAD, place.guild, place.id, place.nsfw, who.id)
    world.channels[thread.id] = thread
    there.guild.channels.append(thread.id)
    world.tell("THREAD_CREATE", {"channel": thread.id, "newly_created": True}, place.guild)
    return await _known(there, start)


async def _known(there: DiscordHouse, start: Message) -> Channel:
    guild = there.client.get_guild(int(there.guild.id))
    assert guild is not None
    await there.fake.until(lambda: guild.get_thread(int(start.id)), "the thread is known")
    return there.fake.thread_of(start)


async def thread_linked(there: DiscordHouse, turn: Turn) -> None:
    """Let the thread that was opened from a turn's message lead to its session."""
    session = await there.house.desk.session(turn.session_id)
    key = Place(guild=there.guild.id, channel=turn.place["message"]).thread_key()
    await there.front.links.alias(key, session.thread)


async def changed(there: DiscordHouse, channel: Channel) -> None:
    """Let the app hear that permissions of a channel are others now."""
    guild = there.client.get_guild(int(there.guild.id))
    assert guild is not None
    there.fake.world.tell("CHANNEL_UPDATE", {"channel": channel.id}, there.guild.id)
    await all_heard(there)


async def all_heard(there: DiscordHouse) -> None:
    """Wait until all that was told so far was heard: events come in order."""
    await there.turn_of(await there.ana.says(there.fake.dm(there.ana), "a sign"))
    await heard_all()
    await aside.settled()


async def none_came_of(there: DiscordHouse, message: Message) -> None:
    await all_heard(there)
    assert await there.turns_of(message) == []


def replies(there: DiscordHouse, message: Message) -> list[str]:
    """What we replied to a message."""
    said = there.fake.said_by_bot(message.channel)
    return [there.fake.words(each) for each in said if each.reference == message.id]


async def replied(there: DiscordHouse, message: Message) -> str:
    """The newest of it, once there is one."""
    await there.fake.until(lambda: replies(there, message), "there is a reply")
    return replies(there, message)[-1]

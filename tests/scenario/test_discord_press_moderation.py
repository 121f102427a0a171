"""Reports, and people who are shut out: told to moderators, decided by them, and by nobody else."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from adapters.discord import buttons
from core.engines.fake import FakeEngine
from core.policy.rules import Rules
from tests.contract.discord.discord_answer import Answer
from tests.contract.discord.discord_clicking import Person
from tests.contract.discord.discord_world import Channel, Message
from tests.scenario.discord_house import DiscordHouse, discord_house
from tests.scenario.discord_press_stand import Drawn, drawn, names, noted
from tests.scenario.house import png

pytestmark = pytest.mark.asyncio(loop_scope="module")

BLOCK, UNBLOCK = "Block from Easel", "Let use Easel again"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def there(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[DiscordHouse]:
    engine = FakeEngine(png(), 64, 64)
    async with discord_house(tmp_path_factory.mktemp("discord"), engine) as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def desk(there: DiscordHouse) -> AsyncIterator[Channel]:
    """The channel for reports."""
    channel = there.guild.channel("moderators")
    guild = there.client.get_guild(int(there.guild.id))
    assert guild is not None
    await there.fake.until(lambda: guild.get_channel(int(channel.id)), "the channel is known")
    await decide(there, channel.id)
    yield channel


@pytest_asyncio.fixture(loop_scope="module")
async def mug(there: DiscordHouse, desk: Channel) -> AsyncIterator[Drawn]:
    yield await drawn(there)
    await decide(there, desk.id)
    await there.front.blocks.forget(f"discord:{there.guild.id}")


async def decide(there: DiscordHouse, reports: str | None) -> None:
    await there.front.rules.decide(f"discord:{there.guild.id}", "", Rules(reports=reports))


async def asks(who: Person, mug: Drawn) -> Answer:
    [name] = names(mug.message, buttons.MORE)
    return await who.selects(mug.message, name, f"report|{mug.version}")


async def reported(there: DiscordHouse, mug: Drawn, desk: Channel, reason: str) -> Message:
    answer = await there.ben.submits(await asks(there.ben, mug), {"words": reason})
    assert "The moderators are told" in await noted(answer)
    return there.fake.said_by_bot(desk)[-1]


async def test_a_report_says_what_where_and_who(
    there: DiscordHouse, mug: Drawn, desk: Channel
) -> None:
    report = await reported(there, mug, desk, "it is @everyone's **logo** [x](https://x.example)")
    words = there.fake.words(report)
    assert f"/channels/{there.guild.id}/{there.design.id}/{mug.message.id}" in words
    assert "Asked for by Ana (@ana)" in words
    assert "Reported by Ben (@ben)" in words
    assert r"\*\*logo\*\* \[x\]" in words


async def test_a_picture_is_reported_once_by_each(
    there: DiscordHouse, mug: Drawn, desk: Channel
) -> None:
    await reported(there, mug, desk, "not nice")
    before = len(there.fake.said_by_bot(desk))
    answer = await there.ben.submits(await asks(there.ben, mug), {"words": "really"})
    assert "reported that already" in await noted(answer)
    assert len(there.fake.said_by_bot(desk)) == before


@pytest.mark.parametrize("kind", ["none", "foreign", "words", "gone"])
async def test_without_a_channel_of_the_server_nobody_is_asked_in_vain(
    there: DiscordHouse, mug: Drawn, kind: str
) -> None:
    foreign = there.fake.guild("elsewhere").channel("secret").id
    told = {"none": None, "foreign": foreign, "words": "general", "gone": "1234567890123456789"}
    await decide(there, told[kind])
    answer = await asks(there.ben, mug)
    assert "Nobody has set a channel for reports" in await noted(answer)
    assert not answer.modal
    assert not there.fake.said_by_bot(foreign)


async def test_a_channel_that_is_closed_to_easel_is_said(there: DiscordHouse, mug: Drawn) -> None:
    closed = there.guild.channel("closed")
    closed.deny(there.fake.bot.id, "send_messages")
    guild = there.client.get_guild(int(there.guild.id))
    assert guild is not None
    await there.fake.until(lambda: guild.get_channel(int(closed.id)), "the channel is known")
    await decide(there, closed.id)
    dialog = await asks(there.ben, mug)
    for _ in range(2):  # it does not count as reported
        answer = await there.ben.submits(dialog, {"words": "not nice"})
        assert "can't write into the channel for reports" in await noted(answer)


async def test_moderators_decide(there: DiscordHouse, mug: Drawn, desk: Channel) -> None:
    report = await reported(there, mug, desk, "not nice")
    for label in ("Delete it", "Block who asked", "Dismiss"):
        refused = await there.ben.clicks(report, label)
        assert "for moderators" in await noted(refused)
    assert mug.message.id in there.fake.world.messages
    deletion = there.fake.hold("DELETE", "/channels/*/messages/*")
    assert (await there.mod.clicks(report, "Delete it")).type == 6
    await deletion.reached()
    deletion.release()
    await there.fake.until(lambda: "Deleted by Mod" in there.fake.words(report), "it is said")
    assert mug.message.id not in there.fake.world.messages
    assert "not nice" in there.fake.words(report)
    assert (await there.mod.clicks(report, "Block who asked")).type == 6
    await there.fake.until(
        lambda: "Who asked was blocked by Mod" in there.fake.words(report), "it is said"
    )
    assert await is_blocked(there, there.ana)
    assert (await there.mod.clicks(report, "Dismiss")).type == 6
    await there.fake.until(lambda: "Dismissed by Mod" in there.fake.words(report), "it is said")
    assert not names(report, buttons.REPORT)


async def test_who_moderates_one_channel_does_not_reach_others(
    there: DiscordHouse, mug: Drawn, desk: Channel
) -> None:
    report = await reported(there, mug, desk, "not nice")
    desk.allow(there.ben.id, "manage_messages")
    deleted = await there.ben.clicks(report, "Delete it")
    assert "can't delete messages in that channel" in await noted(deleted)
    blocked = await there.ben.clicks(report, "Block who asked")
    assert "Only moderators of the whole server" in await noted(blocked)
    desk.overwrites.clear()
    assert mug.message.id in there.fake.world.messages
    assert not await is_blocked(there, there.ana)


@pytest.mark.parametrize("ref", ["delete/{channel}/{message}", "block/{user}", "dismiss/", "x/y"])
async def test_a_forged_report_is_none(there: DiscordHouse, mug: Drawn, ref: str) -> None:
    """Under somebody else's message, with the right of a moderator."""
    said = await there.mod.says(there.design, "look")
    named = ref.format(channel=there.design.id, message=mug.message.id, user=there.ana.id)
    name = buttons.custom_id(buttons.REPORT, named)
    answer = await there.mod.clicks(said, custom_id=name, forged=True)
    assert "does not belong" in await noted(answer)
    assert mug.message.id in there.fake.world.messages
    assert not await is_blocked(there, there.ana)


async def test_who_is_blocked_is_told_so_at_every_door(there: DiscordHouse, mug: Drawn) -> None:
    done = await there.mod.context(there.design, BLOCK, there.ben)
    assert "Ben can't use me here any more" in await noted(done)
    again = await there.mod.context(there.design, BLOCK, there.ben)
    assert "shut out already" in await noted(again)
    [upscale], [more] = names(mug.message, buttons.UPSCALE), names(mug.message, buttons.MORE)
    for answer in (
        await there.ben.clicks(mug.message, "Variations"),
        await there.ben.clicks(mug.message, "Edit"),
        await there.ben.clicks(mug.message, "Undo"),
        await there.ben.selects(mug.message, upscale, f"2x|{mug.version}"),
        await there.ben.selects(mug.message, upscale, f"model|{mug.version}"),
        await there.ben.selects(mug.message, more, f"workspace|{mug.version}"),
        await there.ben.selects(mug.message, more, f"show|{mug.version}"),
        await there.ben.selects(mug.message, more, f"edit_from|{mug.version}"),
        await there.ben.slash(there.design, "cutout"),
    ):
        assert "taken Easel from you" in await noted(answer)
    assert len(await mug.turns()) == 1
    let = await there.mod.context(there.design, UNBLOCK, there.ben)
    assert "Ben can use me again" in await noted(let)
    not_out = await there.mod.context(there.design, UNBLOCK, there.ben)
    assert "was not shut out" in await noted(not_out)
    assert (await there.ben.clicks(mug.message, "Variations")).type == 5
    await mug.ended(2)


async def test_a_dialog_that_was_open_is_no_way_around_a_block(
    there: DiscordHouse, mug: Drawn
) -> None:
    dialog = await there.ben.clicks(mug.message, "Edit")
    await noted(await there.mod.context(there.design, BLOCK, there.ben))
    answer = await there.ben.submits(dialog, {"words": "make it navy"})
    assert "taken Easel from you" in await noted(answer)
    assert len(await mug.turns()) == 1


async def test_some_can_not_be_shut_out(there: DiscordHouse) -> None:
    admin = there.fake.person("admin", there.guild, permissions=["manage_guild"])
    bot = Person(there.fake.world, there.fake.bot)
    for target, told in (
        (there.mod, "That is you"),
        (admin, "from those who manage this server"),
        (bot, "don't listen to bots"),
    ):
        answer = await there.mod.context(there.design, BLOCK, target)
        assert told in await noted(answer)
    assert await there.front.blocks.blocked(f"discord:{there.guild.id}") == []


async def is_blocked(there: DiscordHouse, who: Person) -> bool:
    workspace = f"discord:{there.guild.id}"
    return await there.front.blocks.is_blocked(workspace, f"discord:{who.id}")

"""Menus and dialogs under results: more than one way to enlarge, other channels, deleting, and who
is told what."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from adapters.chat.values import with_choice
from adapters.discord import buttons
from core.engines.fake import FakeEngine
from core.session.models import TurnState
from tests.contract.discord.discord_answer import Answer
from tests.contract.discord.discord_clicking import Person
from tests.contract.discord.discord_dialogs import fields_of
from tests.contract.discord.discord_world import TEXT, Channel
from tests.scenario.discord_house import LINK, DiscordHouse, discord_house
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
    return await drawn(there)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def kept(there: DiscordHouse) -> Drawn:
    """A picture that stays as it is: nothing that is tried on it may do anything."""
    return await drawn(there)


async def chooses(who: Person, mug: Drawn, choice: str, *, action: str = buttons.MORE) -> Answer:
    [name] = names(mug.message, action)
    return await who.selects(mug.message, name, with_choice(choice, mug.version))


async def deletes(there: DiscordHouse, who: Person) -> None:
    """Say yes to the newest question; a press is acknowledged before it is done."""
    question = who.notes[-1]
    assert (await who.clicks(question, "Delete it")).type == 6
    await there.fake.until(
        lambda: there.fake.words(question) == "The message is deleted.", "it is said to be deleted"
    )


async def test_the_edit_dialog_takes_words_and_pictures(there: DiscordHouse, mug: Drawn) -> None:
    dialog = await there.ben.clicks(mug.message, "Edit")
    assert dialog.type == 9
    files = [("logo.png", png("navy")), ("cloth.png", png("olive"))]
    answer = await there.ben.submits(dialog, {"words": "put the logo on it", "files": files})
    assert answer.type == 5
    turn = await mug.ended(2)
    assert turn.state is TurnState.DONE, turn.error
    assert (turn.text, turn.acts_on, len(turn.inputs)) == ("put the logo on it", mug.version, 2)
    assert there.fake.files(await shown(answer))[0].name == "v2.png"


async def test_a_dialog_that_is_sent_twice_is_one_turn(there: DiscordHouse, mug: Drawn) -> None:
    dialog = await there.ana.clicks(mug.message, "Edit")
    first = await there.ana.submits(dialog, {"words": "make it navy"})
    await there.ana.repeats(first)
    second = await there.ana.submits(dialog, {"words": "make it navy"})
    assert "under way already" in await noted(second)
    await mug.ended(2)
    assert len(await mug.turns()) == 2


async def test_enlarging_by_a_model_is_asked_in_a_dialog(there: DiscordHouse, mug: Drawn) -> None:
    dialog = await chooses(there.ben, mug, "model", action=buttons.UPSCALE)
    answer = await there.ben.submits(dialog, {"scale": "2x", "model": "real-esrgan"})
    assert answer.type == 5
    turn = await mug.ended(2)
    assert (turn.text, turn.acts_on, turn.options.model) == ("2x", mug.version, "real-esrgan")
    assert turn.state is TurnState.DONE, turn.error


async def test_a_command_without_a_picture_asks_for_it(there: DiscordHouse) -> None:
    dialog = await there.ana.slash(there.design, "upscale", scale="4x")
    assert next(label for _, label in fields_of(dialog.modal)) == "The picture"
    answer = await there.ana.submits(dialog, {"files": [("cup.png", png())]})
    turn = await there.ended(await there.turn_of(answer))
    assert (turn.state, turn.text) == (TurnState.DONE, "4x")
    dialog = await there.ana.slash(there.design, "cutout")
    answer = await there.ana.submits(dialog, {"files": [("cup.png", png())]})
    turn = await there.ended(await there.turn_of(answer))
    assert turn.text == "transparent"
    await shown(answer)


async def test_menus_on_anybodys_picture_ask_in_a_dialog(there: DiscordHouse) -> None:
    said = await there.ben.says(there.design, "look", files=[("cup.png", png("teal"))])
    dialog = await there.ana.context(there.design, "Edit with Easel", said)
    answer = await there.ana.submits(dialog, {"words": "make it navy"})
    turn = await there.ended(await there.turn_of(answer))
    assert (turn.state, len(turn.inputs)) == (TurnState.DONE, 1)
    dialog = await there.ana.context(there.design, "Upscale", said)
    answer = await there.ana.submits(dialog, {"scale": "2x"})
    turn = await there.ended(await there.turn_of(answer))
    assert (turn.state, turn.text) == (TurnState.DONE, "2x")
    await shown(answer)


async def test_details_are_told_to_one_person(there: DiscordHouse, kept: Drawn) -> None:
    told = await noted(await chooses(there.ben, kept, "details"))
    for part in ("Details of v1", "**Made by:** generate, fake", "64 × 64 px", "a red mug"):
        assert part in told


async def test_a_link_into_the_workspace_is_a_persons_own(there: DiscordHouse, kept: Drawn) -> None:
    told = await noted(await chooses(there.ben, kept, "workspace"))
    assert LINK.format(kept.turn.session_id, f"discord:{there.ben.id}") in told


async def test_the_whole_of_a_picture_is_linked_to(there: DiscordHouse, kept: Drawn) -> None:
    name = buttons.custom_id(buttons.FULL, kept.version)
    told = await noted(await there.ben.clicks(kept.message, custom_id=name, forged=True))
    assert LINK.format(kept.turn.session_id, f"discord:{there.ben.id}") in told


async def test_a_version_is_shown_in_another_channel_and_goes_on_there(
    there: DiscordHouse, mug: Drawn
) -> None:
    other = there.guild.channel("other")
    await known(there, other)
    dialog = await chooses(there.ben, mug, "show")
    answer = await there.ben.submits(dialog, {"channel": other})
    assert "stands in #other" in await noted(answer)
    await there.fake.until(lambda: there.fake.said_by_bot(other), "it is shown")
    [message] = there.fake.said_by_bot(other)
    await settled(message)
    assert there.fake.files(message)[0].name == "v1.png"
    assert "**Ben**: “show v1 here”" in there.fake.words(message)
    answer = await there.ana.clicks(message, "Variations")
    assert answer.type == 5
    turn = await there.ended(await there.turn_of(answer))
    assert turn.session_id != mug.turn.session_id
    assert len(await mug.turns()) == 1
    await noted(await there.ben.submits(dialog, {"channel": other}))
    assert len(await there.house.desk.turns(turn.session_id)) == 2


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("unreadable", "You can't write"),
        ("unwritable", "You can't write"),
        ("closed to easel", "I can't write"),
        ("foreign", "You can't write"),
        ("words", "You can't write"),
    ],
)
async def test_a_version_is_shown_only_where_both_may_write(
    there: DiscordHouse, kept: Drawn, kind: str, told: str
) -> None:
    channel = there.guild.channel(kind)
    if kind == "unreadable":
        channel.deny(there.ben.id, "view_channel")
    elif kind == "unwritable":
        channel.deny(there.ben.id, "send_messages")
    elif kind == "closed to easel":
        channel.deny(there.fake.bot.id, "send_messages")
    elif kind == "foreign":
        channel = there.fake.guild("elsewhere").channel("secret")
    await known(there, channel)
    dialog = await chooses(there.ben, kept, "show")
    answer = await submits_channel(there, dialog, "general" if kind == "words" else channel.id)
    assert told in await noted(answer)
    assert there.fake.said_by_bot(channel) == []
    assert len(await kept.turns()) == 1


async def test_what_is_for_adults_is_shown_to_adults(there: DiscordHouse) -> None:
    dark, darker = there.guild.channel("dark", nsfw=True), there.guild.channel("darker", nsfw=True)
    await known(there, darker)
    mug = await drawn(there, where=dark)
    answer = await there.ana.submits(
        await chooses(there.ana, mug, "show"), {"channel": there.design}
    )
    assert "age-restricted" in await noted(answer)
    answer = await there.ana.submits(await chooses(there.ana, mug, "show"), {"channel": darker})
    assert "stands in #darker" in await noted(answer)
    await there.fake.until(lambda: there.fake.said_by_bot(darker), "it is shown")


async def test_an_author_deletes_a_message_after_being_asked(
    there: DiscordHouse, mug: Drawn
) -> None:
    refused = await chooses(there.ben, mug, "delete")
    assert "Only the one who asked for this picture, or a moderator" in await noted(refused)
    asked = await chooses(there.ana, mug, "delete")
    assert "Delete the message with v1?" in await noted(asked)
    assert mug.message.id in there.fake.world.messages
    question = there.ana.notes[-1]
    await deletes(there, there.ana)
    assert there.fake.words(question) == "The message is deleted."
    assert mug.message.id not in there.fake.world.messages
    assert (await there.house.desk.version(mug.version)).name == "v1"


async def test_a_moderator_deletes_a_message(there: DiscordHouse, mug: Drawn) -> None:
    await noted(await chooses(there.mod, mug, "delete"))
    await deletes(there, there.mod)
    assert mug.message.id not in there.fake.world.messages


async def test_a_message_that_went_meanwhile_is_said_to_be_gone(
    there: DiscordHouse, mug: Drawn
) -> None:
    await noted(await chooses(there.ana, mug, "delete"))
    await noted(await chooses(there.mod, mug, "delete"))
    await deletes(there, there.mod)
    late = await there.ana.clicks(there.ana.notes[-1], "Delete it")
    assert "gone already" in await noted(late)


async def test_where_easel_is_only_the_persons_its_answers_are_deleted_by_them(
    there: DiscordHouse,
) -> None:
    abroad = there.fake.guild("abroad", bot=False)
    abroad.join(there.ana.id)
    mug = await drawn(there, where=abroad.channel("hall"))
    assert not names(mug.message, buttons.REPORT)
    told = await noted(await chooses(there.ana, mug, "delete"))
    assert "Delete the message with v1?" in told
    await deletes(there, there.ana)
    assert mug.message.id not in there.fake.world.messages


async def test_in_a_direct_conversation_everything_can_be_pressed(there: DiscordHouse) -> None:
    mug = await drawn(there, where=there.fake.dm(there.ana))
    dialog = await there.ana.clicks(mug.message, "Edit")
    assert (await there.ana.submits(dialog, {"words": "make it navy"})).type == 5
    assert (await mug.ended(2)).state is TurnState.DONE
    await noted(await chooses(there.ana, mug, "delete"))
    await deletes(there, there.ana)
    assert mug.message.id not in there.fake.world.messages


async def known(there: DiscordHouse, channel: Channel) -> None:
    """Wait until the app knows a channel as it is now."""
    there.fake.world.tell("CHANNEL_UPDATE", {"channel": channel.id}, channel.guild)
    guild = there.client.get_guild

    def told() -> bool:
        server: Any = guild(int(channel.guild))
        found = server.get_channel(int(channel.id)) if server else None
        return found is not None and len(found.overwrites) == len(channel.overwrites)

    await there.fake.until(told, f"#{channel.name} is known")


async def submits_channel(there: DiscordHouse, dialog: Answer, channel: str) -> Answer:
    """Send the dialog with a channel that Discord's own client may not offer."""
    forged = Channel(channel, "forged", TEXT, there.guild.id)
    world = there.fake.world
    before = world.channels.get(channel)
    world.channels[channel] = before or forged
    try:
        return await there.ben.submits(dialog, {"channel": world.channels[channel]})
    finally:
        if before is None:
            del world.channels[channel]

"""What Discord does not allow, what it answers with an error, who may see what, and restarts."""

from __future__ import annotations

from collections.abc import AsyncIterator

import discord
import pytest
import pytest_asyncio
from simcord.builders import ChannelHandle
from simcord.results import InteractionResult

from core.session.models import TurnState
from tests.scenario.discord_simcord.simcord_house import SimcordHouse, simcord_house

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def there(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SimcordHouse]:
    async with simcord_house(tmp_path_factory.mktemp("simcord")) as house:
        yield house


def lane(there: SimcordHouse, name: str, **denied: bool) -> ChannelHandle:
    """A channel in which Easel may not do these things."""
    me = there.guild.me
    assert me is not None
    refused = discord.PermissionOverwrite(**denied)
    return there.guild.create_text_channel(name, overwrites={me: refused} if denied else None)


async def imagined(there: SimcordHouse, channel: ChannelHandle) -> discord.Message:
    """The result of /imagine."""
    asked = await there.ana.slash(channel, "imagine", prompt="a red mug")
    return await there.done(asked)


async def test_a_thread_is_the_session_whoever_writes(there: SimcordHouse) -> None:
    channel = lane(there, "threads")
    result = await imagined(there, channel)
    [thread] = channel.threads
    assert thread.id == result.id
    navy = await there.done(await there.ben.send(thread, "make it navy"))
    assert navy.channel.id == thread.id
    first, second = (await there.turns())[-2:]
    assert first.session_id == second.session_id


@pytest.mark.parametrize("denied", ["create_public_threads", "send_messages_in_threads"])
async def test_where_no_thread_may_be_opened_the_answer_stands_in_place(
    there: SimcordHouse, denied: str
) -> None:
    channel = lane(there, denied.replace("_", "-"), **{denied: False})
    result = await imagined(there, channel)
    assert (channel.threads, result.channel.id) == ([], channel.id)
    said = await there.ben.send(channel, "make it navy", reply_to=result)
    assert (await there.done(said)).channel.id == channel.id


async def test_a_thread_that_discord_refuses_is_done_without(there: SimcordHouse) -> None:
    there.env.inject_error("POST", "/channels/*/messages/*/threads", status=403, code=50013)
    channel = lane(there, "refused")
    result = await imagined(there, channel)
    assert (channel.threads, bool(result.attachments)) == ([], True)


async def test_an_error_while_posting_is_tried_again_until_it_stands_there(
    there: SimcordHouse,
) -> None:
    channel = lane(there, "errors")
    await imagined(there, channel)
    [thread] = channel.threads
    there.env.inject_error("POST", "/channels/*/messages", status=500, times=2)
    said = await there.ben.send(thread, "make it green")
    assert (await there.done(said)).attachments
    answers = [one for one in thread.history() if one.reference and one.author.bot]
    assert [one.reference.message_id for one in answers if one.reference] == [said.id]


async def test_buttons_work_for_a_client_that_remembers_nothing(there: SimcordHouse) -> None:
    result = await imagined(there, lane(there, "restarts"))
    before = await there.done(await there.ben.click(result, label="Variations"))
    await there.restart()
    undone = await there.ended(await there.turn_of(await there.ben.click(before, label="Undo")))
    assert undone.state is TurnState.DONE
    dialog = await there.ana.click(result, label="Edit")
    assert dialog.modal is not None


async def test_who_has_no_part_in_it_stops_nobodys_work(there: SimcordHouse) -> None:
    there.house.engine.delay = 60.0
    asked = await there.ana.slash(lane(there, "stop"), "imagine", prompt="a slow mug")
    turn = await there.turn_of(asked)
    assert asked.response is not None
    refused = await there.cleo.click(asked.response, label="Cancel")
    assert refused.ephemeral or all(one.ephemeral for one in refused.followups)
    assert (await there.desk.turn(turn.session_id, turn.id)).state is not TurnState.CANCELLED
    await there.ana.click(asked.response, label="Cancel")
    there.house.engine.delay = 0.0
    assert (await there.ended(turn)).state is TurnState.CANCELLED


async def test_what_is_told_to_one_person_is_seen_by_that_person(there: SimcordHouse) -> None:
    channel = lane(there, "secret")
    asked = await there.boss.slash(channel, "settings")
    panel = shown(asked)
    assert panel in [one.id for one in channel.history(viewer=there.boss)]
    assert panel not in [one.id for one in channel.history(viewer=there.ana)]


async def test_ones_own_installation_is_no_way_around_the_server(there: SimcordHouse) -> None:
    with there.only_for_people():
        result = await imagined(there, lane(there, "guests"))
    assert result.attachments
    assert (await there.turns())[-1].actor.workspace == f"discord:{there.guild.id}"


async def test_a_direct_conversation_goes_on_with_its_latest_picture(there: SimcordHouse) -> None:
    said = await there.ana.send_dm("a red mug")
    first = await there.ended(await there.turn_of(said))
    more = await there.ended(await there.turn_of(await there.ana.send_dm("make it navy")))
    assert first.session_id == more.session_id


def shown(asked: InteractionResult) -> int:
    assert asked.response is not None and asked.response.ephemeral
    return asked.response.id

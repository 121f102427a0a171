"""What was chosen in the settings of Discord holds from the next turn on."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.contract.discord.discord_world import Channel
from tests.scenario.discord_house import DiscordHouse, heard_all
from tests.scenario.discord_settings_stand import SettingsStand, chooses, opened, settings_stand

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stand(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SettingsStand]:
    async with settings_stand(tmp_path_factory.mktemp("discord")) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def room(stand: SettingsStand) -> AsyncIterator[Channel]:
    """A channel that has decided nothing, in a server that has decided nothing."""
    yield await stand.room()
    await stand.there.front.rules.forget(stand.workspace)


async def _decides(stand: SettingsStand, room: Channel, page: str, what: str, *values: str) -> None:
    panel = await opened(stand.boss, room, *([page] if page != "Pictures" else []))
    await chooses(stand.boss, panel, what, *values)


async def test_the_model_draws(stand: SettingsStand, room: Channel) -> None:
    await _decides(stand, room, "Pictures", "model", "other")
    turn = await stand.draws(stand.there.ana, room)
    assert (await stand.there.house.desk.version(turn.versions[-1])).model == "other"


async def test_the_quality_is_asked_for(stand: SettingsStand, room: Channel) -> None:
    await _decides(stand, room, "Pictures", "quality", "high")
    await stand.draws(stand.there.ana, room)
    assert stand.there.house.engine.calls[-1].quality == "high"


async def test_another_model_is_refused_with_those_that_may_be_used(
    stand: SettingsStand, room: Channel
) -> None:
    await _decides(stand, room, "Pictures", "models", "other")
    offered = await stand.there.ana.autocompletes(room, "imagine", "model", "", prompt="a mug")
    assert [choice["value"] for choice in offered.choices] == ["other"]
    refused = await stand.draws(stand.there.ana, room, model="fake")
    assert refused.error is not None
    assert "may be used here" in refused.error.message
    assert "Other" in refused.error.hint
    drawn = await stand.draws(stand.there.ana, room)
    assert (await stand.there.house.desk.version(drawn.versions[-1])).model == "other"


async def test_who_must_wait_is_told_how_long(stand: SettingsStand, room: Channel) -> None:
    await _decides(stand, room, "People", "cooldown", "60")
    await stand.draws(stand.there.ben, room)
    told = await stand.refused(stand.there.ben, room)
    assert re.search(r"can be given in (1 min|\d\d s)", told)
    assert re.search(r"<t:\d+:R>", told)


async def test_a_role_has_its_own_number(stand: SettingsStand, room: Channel) -> None:
    fake, guild = stand.there.fake, stand.there.guild
    potters = await stand.role("potters")
    cid = fake.person("cid", guild)
    dora = fake.person("dora", guild, roles=["potters"])
    panel = await opened(stand.boss, room, "People")
    await chooses(stand.boss, panel, "quotas", "1")
    await chooses(stand.boss, panel, "quotarole", potters)
    await chooses(stand.boss, panel, "quota", "2")
    await stand.draws(cid, room)
    assert "You have used your one instruction of 24 hours here" in await stand.refused(cid, room)
    await stand.draws(dora, room)
    await stand.draws(dora, room)
    told = await stand.refused(dora, room)
    assert "You have used all of your 2 instructions" in told
    assert re.search(r"<t:\d+:R>", told)


async def test_only_some_roles_may_ask(stand: SettingsStand, room: Channel) -> None:
    fake, guild = stand.there.fake, stand.there.guild
    painters = await stand.role("painters")
    eva = fake.person("eva", guild, roles=["painters"])
    panel = await opened(stand.boss, room, "People")
    await chooses(stand.boss, panel, "roles", painters)
    assert "only people with certain roles" in await stand.refused(stand.there.ana, room)
    await stand.draws(eva, room)
    await stand.draws(stand.boss, room)
    await chooses(stand.boss, panel, "who", "admins")
    assert "only those who manage this server" in await stand.refused(eva, room)


async def test_only_age_restricted_channels(stand: SettingsStand, room: Channel) -> None:
    panel = await opened(stand.boss, room, "The server's settings…", "Safety")
    await chooses(stand.boss, panel, "adult", "yes")
    assert "only in age-restricted channels" in await stand.refused(stand.there.ana, room)
    await stand.draws(stand.there.ana, await stand.room(nsfw=True))


@pytest.mark.parametrize("gate", ["off", "words", "pictures"])
async def test_what_is_checked_goes_with_the_turn(
    stand: SettingsStand, room: Channel, gate: str
) -> None:
    await _decides(stand, room, "Safety", "gate", gate)
    answer = await stand.there.ana.slash(room, "imagine", prompt="a red mug")
    assert (await stand.there.turn_of(answer)).gate == gate


async def test_who_was_blocked_and_let_in_again(stand: SettingsStand, room: Channel) -> None:
    there, blocks = stand.there, stand.there.front.blocks
    fred = there.fake.person("fred", there.guild)
    await blocks.block(stand.workspace, f"discord:{fred.id}", "discord:1", name="fred")
    assert "A moderator of this server has taken Easel from you" in await stand.refused(fred, room)
    panel = await opened(stand.boss, room, "The server's settings…", "Safety")
    await chooses(stand.boss, panel, "blocked", "fred")
    await stand.draws(fred, room)


async def test_replies_need_a_mention(stand: SettingsStand, room: Channel) -> None:
    there, ana = stand.there, stand.there.ana
    await _decides(stand, room, "People", "listen", "mention")
    turn = await stand.draws(ana, room)
    session = await there.house.desk.session(turn.session_id)
    thread = await _thread_of(there, room)
    unheard = await ana.says(thread, "make it blue")
    heard = await ana.says(thread, f"{there.fake.mention} make it green")
    assert (await there.turn_of(heard)).session_id == session.id
    await heard_all()
    assert await there.turns_of(unheard) == []
    await _decides(stand, room, "People", "listen", "all")
    heard = await ana.says(thread, "make it yellow")
    assert (await there.turn_of(heard)).session_id == session.id


async def _thread_of(there: DiscordHouse, room: Channel) -> Channel:
    """The thread of the only picture in a channel."""

    def found() -> list[Channel]:
        return [each for each in there.fake.world.channels.values() if each.parent == room.id]

    await there.fake.until(found, "there is a thread")
    guild = there.client.get_guild(int(there.guild.id))
    assert guild is not None
    (thread,) = found()
    await there.fake.until(lambda: guild.get_thread(int(thread.id)), "the thread is known")
    return thread

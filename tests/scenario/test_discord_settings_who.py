"""Who decides what in Discord: servers, channels, and what is only one's own."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from core.instruction.plan import TurnOptions
from core.policy.rules import Rules
from tests.contract.discord.discord_world import Channel
from tests.scenario.discord_settings_stand import (
    SettingsStand,
    chooses,
    forges,
    inputs,
    opened,
    settings_stand,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stand(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SettingsStand]:
    async with settings_stand(tmp_path_factory.mktemp("discord"), working=False) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def room(stand: SettingsStand) -> AsyncIterator[Channel]:
    """A channel that has decided nothing, in a server that has decided nothing."""
    yield await stand.room()
    await stand.there.front.rules.forget(stand.workspace)


async def test_others_read_what_holds_and_who_can_change_it(
    stand: SettingsStand, room: Channel
) -> None:
    potters = await stand.role("potters")
    await stand.decide(None, quotas={"*": 20, potters.id: 50}, gate="pictures")
    await stand.decide(room, who="roles", roles=[potters.id], reports=f"discord:{room.id}")
    panel = await opened(stand.there.ana, room)
    words = stand.raw(panel)
    assert inputs(panel) == []
    assert f"**Who may ask**: People with certain roles: <@&{potters.id}>" in words
    assert "**Quota**: 20 in 24 hours, some roles otherwise" in words
    assert f"- <@&{potters.id}>: 50 in 24 hours" in words
    assert "each picture before it is shown" in words
    assert f"**Reports**: in <#{room.id}>" in words
    assert "Those who manage this server or this channel can change this" in words


@pytest.mark.parametrize("ref", ["c/people/who", "g/people/who"])
async def test_who_may_not_decide_decides_nothing(
    stand: SettingsStand, room: Channel, ref: str
) -> None:
    panel = await opened(stand.there.ana, room)
    answer = await forges(stand.there.ana, panel, ref, "admins")
    assert answer.ephemeral
    assert "You can't change these settings" in answer.told[0]
    assert await stand.decided(room) == await stand.decided() == Rules()


async def test_pages_of_others_are_only_read(stand: SettingsStand, room: Channel) -> None:
    panel = await opened(stand.there.ana, room)
    await forges(stand.there.ana, panel, "g/safety")
    assert inputs(panel) == []
    assert "Settings of this server" in stand.words(panel)


async def test_who_manages_channels_decides_for_them_alone(
    stand: SettingsStand, room: Channel
) -> None:
    keeper = stand.keeper
    panel = await opened(keeper, room, "People")
    await chooses(keeper, panel, "who", "admins")
    assert await stand.decided(room) == Rules(who="admins")
    await keeper.clicks(panel, "The server's settings…")
    assert inputs(panel) == []
    assert "Those who manage this server can change this" in stand.words(panel)
    answer = await forges(keeper, panel, "g/people/who", "admins")
    assert "You can't change these settings" in answer.told[0]
    assert await stand.decided() == Rules()
    await keeper.clicks(panel, "This channel's settings…")
    assert "model" in inputs(panel)


async def test_who_has_lost_the_right_meanwhile_decides_nothing(
    stand: SettingsStand, room: Channel
) -> None:
    there = stand.there
    former = there.fake.person("former", there.guild, permissions=["manage_channels"])
    panel = await opened(former, room, "People")
    room.deny(former.id, "manage_channels")
    answer = await former.selects(panel, "e1:settings:c/people/who", "admins")
    assert "You can't change these settings" in answer.told[0]
    assert await stand.decided(room) == Rules()


async def test_a_message_of_everybody_never_becomes_a_panel(
    stand: SettingsStand, room: Channel
) -> None:
    shown = (await stand.there.ana.slash(room, "imagine", prompt="a red mug")).original
    assert shown is not None and not shown.only_for
    before = list(shown.components)
    for person in (stand.boss, stand.there.ana):
        answer = await forges(person, shown, "c/people")
        assert answer.type == 4 and answer.ephemeral
    assert shown.components == before


async def test_a_direct_conversation_is_its_persons_own(stand: SettingsStand) -> None:
    there, ana = stand.there, stand.there.ana
    direct = there.fake.dm(ana)
    panel = await opened(ana, direct)
    assert inputs(panel) == ["model", "quality", "gate"]
    await chooses(ana, panel, "quality", "high")
    rules = await there.front.rules.decided(f"discord:@{ana.id}")
    assert rules == Rules(options=TurnOptions(quality="high"))
    for ref in ("c/people/who", "g/people/who", "m/people/who"):
        answer = await forges(ana, panel, ref, "admins")
        assert "I don't know that setting any more" in answer.told[0]


async def test_who_installed_easel_alone_decides_for_themselves(stand: SettingsStand) -> None:
    there, ana = stand.there, stand.there.ana
    elsewhere = there.fake.guild("not ours", bot=False)
    elsewhere.join(ana.id)
    panel = await opened(ana, elsewhere.channel("talk"))
    assert inputs(panel) == ["model", "quality", "gate"]
    await chooses(ana, panel, "gate", "off")
    assert (await there.front.rules.decided(f"discord:@{ana.id}")).gate == "off"
    assert await there.front.rules.decided(f"discord:{elsewhere.id}") == Rules()

"""/usage and /help in Discord: true, and for the eyes of whoever asks."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from core.engines.fake import FakeEngine
from core.engines.port import PriceRule, Usage
from tests.contract.discord.discord_clicking import Person
from tests.contract.discord.discord_world import Channel
from tests.scenario.discord_settings_stand import SettingsStand, settings_stand
from tests.scenario.house import png

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stand(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SettingsStand]:
    engine = FakeEngine(png(), 64, 64, price=PriceRule(each=0.04))
    engine.usage = Usage(cost_usd=0.04)
    folder = tmp_path_factory.mktemp("discord")
    async with settings_stand(folder, engine, content=False, budget_actor_month=5) as running:
        yield running


async def _raw(stand: SettingsStand, person: Person, room: Channel) -> str:
    return stand.raw(await (await person.slash(room, "usage")).message())


async def _usage(person: Person, channel: Channel) -> str:
    answer = await person.slash(channel, "usage")
    assert answer.ephemeral
    (told,) = answer.told
    return told.replace("\\", "")


async def test_what_was_spent_and_what_is_left(stand: SettingsStand) -> None:
    there, room = stand.there, await stand.room()
    await stand.decide(room, quotas={"*": 2}, cooldown=30)
    assert "You: nothing yet" in await _usage(there.ana, room)
    assert "Instructions left to you: 2 of 2 in 24 hours." in await _usage(there.ana, room)
    await stand.decide(room, quotas={"*": 2})
    await stand.draws(there.ana, room)
    await stand.draws(there.ana, room)
    told = await _usage(there.ana, room)
    assert "You: $0.08 of $5.00, $4.92 left" in told
    assert "This channel: $0.08" in told
    assert "This server: $0.08" in told
    free = re.search(r"left to you: 0 of 2 in 24 hours; the next one is free <t:(\d+):R>", told)
    assert free is not None
    quotas = there.front.quotas
    at = await quotas.free_at(stand.workspace, f"discord:{there.ana.id}", 2)
    assert at is not None and 0 <= int(free[1]) - at <= 1
    assert f"1. <@{there.ana.id}>: $0.08" in await _raw(stand, stand.boss, room)
    assert "Who spent the most" not in told
    others = await _usage(there.ben, room)
    assert "You: nothing yet" in others
    assert "left to you: 2 of 2" in others
    direct = await _usage(there.ana, there.fake.dm(there.ana))
    assert "You: $0.08" in direct
    assert "This channel" not in direct and "This server" not in direct


async def test_help_is_about_where_it_is_asked_for(stand: SettingsStand) -> None:
    there, room = stand.there, await stand.room()
    answer = await there.ana.slash(room, "help")
    assert answer.ephemeral
    assert "I can't read other messages here" in answer.told[0]
    answer = await there.ana.slash(there.fake.dm(there.ana), "help")
    assert "every message to me is an instruction" in answer.told[0]

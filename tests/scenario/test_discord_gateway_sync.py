"""Discord is told our commands when they have changed, and the doctor says how things stand."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import discord
import pytest
from discord import app_commands
from pydantic import SecretStr

from adapters.discord.app import offered
from adapters.discord.refusals import DiscordRefusal
from adapters.discord.rest import Rest, Worker
from adapters.discord.syncing import is_synchronised, synchronise
from bot.check_discord import check_discord
from bot.findings import Level
from bot.settings import Settings
from core.policy.keyvalue import RedisKeyValue
from tests.contract.discord.fake_discord import FakeDiscord
from tests.scenario.discord_house import discord_house, pointed_at
from tests.scenario.house import House

PUT = ("PUT", "/applications/*/commands")


@dataclass
class Stand:
    fake: FakeDiscord
    rest: Rest
    kept: RedisKeyValue

    async def sync(self, tree: app_commands.CommandTree[Any] | None = None, **more: Any) -> bool:
        """Whether anything was sent."""
        app = self.fake.world.app_id
        done = await synchronise(tree or offered(), self.rest, self.kept, app, **more)
        return done.sent

    @property
    def sent(self) -> int:
        return len(self.fake.called(*PUT))


@pytest.fixture
async def stand(idle: House) -> AsyncIterator[Stand]:
    async with FakeDiscord() as fake:
        with pointed_at(fake):
            worker = Worker(SecretStr(fake.token))
            yield Stand(fake, Rest(worker.login), RedisKeyValue(idle.parts.redis))
            await worker.close()


def another() -> app_commands.CommandTree[Any]:
    """The commands, and one more."""
    tree = offered()

    @tree.command(name="sketch", description="Draw it roughly")
    async def sketch(interaction: discord.Interaction[Any]) -> None: ...

    return tree


async def test_commands_are_sent_once(stand: Stand) -> None:
    assert [await stand.sync(), await stand.sync()] == [True, False]
    assert stand.sent == 1 and stand.fake.invalid == []


async def test_commands_are_sent_again_when_they_have_changed(stand: Stand) -> None:
    await stand.sync()
    assert await stand.sync(another())
    assert not await is_synchronised(offered(), stand.kept, stand.fake.world.app_id)
    assert await stand.sync()
    assert stand.sent == 3


async def test_commands_are_sent_again_by_force(stand: Stand) -> None:
    await stand.sync()
    assert await stand.sync(force=True)
    assert stand.sent == 2


async def test_processes_that_start_together_send_them_once(stand: Stand) -> None:
    sent = await asyncio.gather(*(stand.sync() for _ in range(4)))
    assert sorted(sent) == [False, False, False, True] and stand.sent == 1


async def test_what_discord_did_not_take_is_sent_again(stand: Stand) -> None:
    stand.fake.fail(*PUT, status=400)
    with pytest.raises(DiscordRefusal):
        await stand.sync()
    assert await stand.sync()


async def test_a_start_sends_them_and_the_next_does_not(tmp_path: Path) -> None:
    async with discord_house(tmp_path, working=False) as there:
        await there.restart()
        assert len(there.fake.called(*PUT)) == 1


async def test_a_start_that_can_t_send_them_hears_nevertheless(tmp_path: Path) -> None:
    async with discord_house(tmp_path, working=False, connected=False) as there:
        there.fake.fail(*PUT, status=400)
        await there.connect()
        await there.turn_of(await there.ana.says(there.design, f"{there.fake.mention} a mug"))


async def test_by_hand_it_says_what_it_did_and_needs_no_store(tmp_path: Path) -> None:
    async with FakeDiscord() as fake:
        status, said = await _easel(tmp_path, fake, "discord", "sync")
        assert status == 0 and "commands were sent to Discord" in said
        assert f"client_id={fake.world.app_id}" in said
        assert len(fake.called(*PUT)) == 1 and fake.gateway.identified == []


async def test_by_hand_with_a_wrong_token_it_says_so(tmp_path: Path) -> None:
    async with FakeDiscord() as fake:
        status, said = await _easel(tmp_path, fake, "discord", "sync", DISCORD_TOKEN="wrong")
        assert status == 2 and "Traceback" not in said


async def _easel(folder: Path, fake: FakeDiscord, *words: str, **more: str) -> tuple[int, str]:
    """Run the command in a process of its own; its exit code and everything that it said."""
    usual = {name: value for name, value in os.environ.items() if not name.startswith("EASEL_")}
    settings = {
        "EASEL_DATA_DIR": str(folder),
        "DISCORD_TOKEN": fake.token,
        "DISCORD_API_URL": fake.api_url,
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *words),
        env=usual | settings | more,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    return process.returncode or 0, said.decode()


def settings_of(fake: FakeDiscord, folder: Path, **more: Any) -> Settings:
    return Settings(
        data_dir=folder,
        discord_token=SecretStr(more.pop("token", fake.token)),
        discord_api_url=fake.api_url,
        discord_gateway_url=fake.gateway_url,
        _env_file=None,
        **more,
    )


async def test_the_doctor_says_who_hears_and_how_to_invite(tmp_path: Path) -> None:
    async with discord_house(tmp_path, working=False) as there:
        found = await check_discord(settings_of(there.fake, tmp_path))
        assert found.level is Level.OK
        assert "hears what is said in threads" in found.words
        assert "commands up to date" in found.words
        assert f"shard group 0 held by {os.uname().nodename}/{os.getpid()}" in found.words
        assert "scope=bot+applications.commands" in found.remedy


async def test_the_doctor_needs_no_running_easel(tmp_path: Path) -> None:
    async with FakeDiscord(content=False) as fake:
        with pointed_at(fake):
            found = await check_discord(settings_of(fake, tmp_path))
        assert found.level is Level.OK and "intent is off" in found.words


async def test_the_doctor_says_what_is_wrong(tmp_path: Path) -> None:
    async with FakeDiscord() as fake:
        with pointed_at(fake):
            wrong = await check_discord(settings_of(fake, tmp_path, token="wrong"))
            fake.api.away = True
            away = await check_discord(settings_of(fake, tmp_path))
    unset = await check_discord(Settings(data_dir=tmp_path, _env_file=None))
    assert (wrong.level, away.level, unset.level) == (Level.BAD, Level.BAD, Level.NOTE)
    assert "does not take DISCORD_TOKEN" in wrong.words and "cannot be asked" in away.words

"""The gateway of a whole Easel: what it asks for, how it starts, falls, returns and catches up."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from discord.gateway import KeepAliveHandler
from pydantic import SecretStr
from structlog.testing import capture_logs

from adapters.discord import checkup, connecting, shards
from adapters.discord.checkup import Application
from adapters.discord.connecting import Connecting, Ways
from adapters.discord.rest import Rest
from core.session.models import Turn
from tests.contract.discord.discord_events import CONTENT
from tests.contract.discord.discord_world import Channel, Guild
from tests.scenario.discord_house import QUICK, DiscordHouse, discord_house
from tests.scenario.house import wait_until


@contextlib.asynccontextmanager
async def beside(
    there: DiscordHouse, ways: Ways = QUICK, token: str = ""
) -> AsyncIterator[Connecting]:
    """A connection as a second process would have it."""
    first = there.connecting
    second = Connecting(SecretStr(token or there.fake.token), there.kept, first._front, ways)
    task = asyncio.create_task(second.listen())
    try:
        yield second
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def thread_of_a_session(there: DiscordHouse) -> Channel:
    """A thread in which a session lives."""
    said = await there.ana.says(there.design, f"{there.fake.mention} a red mug")
    await there.turn_of(said)
    await there.fake.until(lambda: said.id in there.fake.world.channels, "a thread is opened")
    return there.thread_of(said)


async def logged(logs: list[Any], event: str) -> Mapping[str, Any]:
    """The first log line of that name, once there is one."""

    async def there() -> bool:
        return any(line["event"] == event for line in logs)

    await wait_until(there, f"the log says {event}")
    return next(line for line in logs if line["event"] == event)


def words(turns: list[Turn]) -> list[str]:
    return [turn.text for turn in turns]


@pytest.mark.parametrize("granted", [True, False], ids=["granted", "not granted"])
async def test_the_content_of_messages_is_asked_for_only_where_it_is_granted(
    tmp_path: Path, granted: bool
) -> None:
    async with discord_house(tmp_path, working=False, content=granted) as there:
        (asked,) = there.fake.gateway.identified
        assert bool(asked["intents"] & CONTENT) is granted
        assert there.front.hears is granted


async def test_nothing_is_kept_of_messages_and_members(tmp_path: Path) -> None:
    async with discord_house(tmp_path, working=False) as there:
        await there.ana.says(there.design, "good morning")
        await there.quiet()
        guild = there.client.get_guild(int(there.guild.id))
        assert guild is not None and [member.id for member in guild.members] == [guild.me.id]
        assert list(there.client.cached_messages) == []


async def test_a_second_process_waits_and_takes_over_at_a_polite_end(tmp_path: Path) -> None:
    async with discord_house(tmp_path, working=False) as there:
        async with beside(there) as second:
            said = await there.ana.says(there.design, f"{there.fake.mention} a mug")
            await there.turn_of(said)
            assert second.client is None
            await there.disconnect()
            guild = int(there.guild.id)
            await there.fake.until(
                lambda: second.client and second.client.get_guild(guild), "it takes over", seconds=5
            )
            later = await there.ben.says(there.design, f"{there.fake.mention} a cup")
            await there.turn_of(later)
        assert there.fake.gateway.doubled == []


async def test_shards_are_shared_among_processes(tmp_path: Path) -> None:
    two = replace(QUICK, shards=2, groups=2)
    async with discord_house(tmp_path, working=False, connected=False) as there:
        fake = there.fake
        fake.world.max_concurrency = 2
        while int(there.guild.id) >> 22 == int((other := fake.guild("far")).id) >> 22:
            pass
        async with beside(there, two) as first, beside(there, two) as second:

            def knows(guild: Guild) -> list[list[int]]:
                """The shards of those that know a server."""
                clients = [each.client for each in (first, second) if each.client]
                return [each.shard_ids or [] for each in clients if each.get_guild(int(guild.id))]

            await fake.until(lambda: knows(there.guild) and knows(other), "both are connected")
            assert {tuple(each["shard"]) for each in fake.gateway.identified} == {(0, 2), (1, 2)}
            for guild in (there.guild, other):
                assert knows(guild) == [[(int(guild.id) >> 22) % 2]]


async def test_a_lease_that_another_took_ends_the_connection(tmp_path: Path) -> None:
    async with discord_house(tmp_path, working=False) as there:
        client, name = there.client, f"discord:{there.fake.world.app_id}:group:0"
        with capture_logs() as logs:
            await there.kept.set(name, "elsewhere/1/aa", seconds=2.5)
            await there.fake.until(client.is_closed, "the client is closed", seconds=2)
            assert there.fake.gateway.living == []
            await logged(logs, "discord_shards_lost")
        await there.connected()
        assert there.client is not client


async def test_a_frozen_process_hears_nothing_that_came_after_its_lease(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And what it did not hear is read by whoever connects next: here itself."""
    async with discord_house(tmp_path, working=False) as there:
        client, heard = there.client, []

        async def note(message: Any) -> None:
            heard.append(message.content)

        client.listen("message", note)
        direct = there.fake.dm(there.ana)
        await there.turn_of(await there.ana.says(direct, "a mug"))
        awake = shards._now
        monkeypatch.setattr(shards, "_now", lambda: awake() + 60)
        await there.ana.says(direct, "make it blue")
        await there.fake.until(client.is_closed, "the client is closed")
        assert heard == ["a mug"]
        monkeypatch.setattr(shards, "_now", awake)
        await there.connected()
        await there.until_turns(["a mug", "make it blue"])


async def test_what_was_written_meanwhile_is_heard_once_and_in_order(tmp_path: Path) -> None:
    async with discord_house(tmp_path) as there:
        thread = await thread_of_a_session(there)
        direct = there.fake.dm(there.ben)
        await there.turn_of(await there.ben.says(direct, "a green door"))
        await there.quiet()
        await there.disconnect()
        there.ana.writes(thread, "make it blue")
        there.ben.writes(thread, "now with a handle")
        there.ben.writes(direct, "make it red")
        there.ana.writes(there.design, "what a fine morning")
        await there.connect()
        wanted = ["a red mug", "a green door", "make it blue", "now with a handle", "make it red"]
        await there.until_turns(wanted)
        await there.restart()
        await there.quiet()
        assert sorted(words(await there.turns())) == sorted(wanted)
        in_thread = [turn for turn in await there.turns() if turn.place["channel"] == thread.id]
        assert words(in_thread)[-2:] == ["make it blue", "now with a handle"]


async def test_threads_are_not_read_where_their_words_can_t_be(tmp_path: Path) -> None:
    async with discord_house(tmp_path, content=False) as there:
        thread = await thread_of_a_session(there)
        await there.disconnect()
        there.ana.writes(thread, "make it blue")
        before = len(there.fake.calls)
        await there.connect()
        await there.quiet()
        asked = [call.path for call in there.fake.calls[before:] if call.method == "GET"]
        assert f"/channels/{thread.id}/messages" not in asked


async def test_a_lost_connection_is_resumed_with_what_was_missed(tmp_path: Path) -> None:
    async with discord_house(tmp_path, working=False) as there:
        await there.fake.gateway.reconnect()
        said = await there.ana.says(there.design, f"{there.fake.mention} a mug")
        assert (await there.turn_of(said)).text == "a mug"
        await there.fake.until(lambda: there.fake.gateway.resumed, "the session is resumed")
        assert len(there.fake.gateway.identified) == 1


async def test_a_token_that_is_refused_is_said_and_tried_again(tmp_path: Path) -> None:
    async with discord_house(tmp_path, working=False, connected=False) as there:
        right, there.fake.api.token = there.fake.api.token, "another"
        with capture_logs() as logs:
            listening = asyncio.create_task(there.connect())
            line = await logged(logs, "discord_token_refused")
        assert "DISCORD_TOKEN" in line["hint"] and there.fake.token not in str(logs)
        there.fake.api.token = right
        await asyncio.wait_for(listening, 20)


async def test_an_intent_that_is_taken_away_is_done_without(tmp_path: Path) -> None:
    async with discord_house(tmp_path, working=False, connected=False) as there:
        hold = there.fake.hold("PUT", "/applications/*/commands", after=True)
        with capture_logs() as logs:
            listening = asyncio.create_task(there.connect())
            await hold.reached()
            there.fake.world.content = False
            hold.release()
            await logged(logs, "discord_intents_refused")
        await asyncio.wait_for(listening, 20)
        assert there.front.hears is False


async def test_what_nobody_thought_of_is_not_tried_again_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each try costs one of the starts that Discord allows a day."""
    async with discord_house(tmp_path, working=False, connected=False) as there:
        tried = []

        async def examine(rest: Rest) -> Application:
            tried.append(rest)
            if len(tried) < 3:
                raise RuntimeError("nobody thought of it")
            return await checkup.examine(rest)

        monkeypatch.setattr(connecting, "examine", examine)
        with capture_logs() as logs:
            began = asyncio.get_running_loop().time()
            await there.connect()
        assert asyncio.get_running_loop().time() - began > 0.2 + 0.4
        assert [line["event"] for line in logs][:2] == ["discord_fell_down"] * 2


async def test_discord_may_be_away_at_the_start(tmp_path: Path) -> None:
    async with discord_house(tmp_path, working=False, connected=False) as there:
        there.fake.api.away = True
        with capture_logs() as logs:
            listening = asyncio.create_task(there.connect())
            await logged(logs, "discord_waits")
        there.fake.api.away = False
        await asyncio.wait_for(listening, 20)


async def test_a_start_is_not_wasted_when_none_is_left(tmp_path: Path) -> None:
    async with discord_house(tmp_path, working=False, connected=False) as there:
        there.fake.world.starts_left = 0
        with capture_logs() as logs:
            listening = asyncio.create_task(there.connect())
            await logged(logs, "discord_waits")
        assert there.fake.gateway.identified == []
        there.fake.world.starts_left = 5
        await asyncio.wait_for(listening, 20)


async def test_a_command_that_is_not_known_any_more_is_answered_kindly(tmp_path: Path) -> None:
    async with discord_house(tmp_path, working=False) as there:
        await there.front.rest.call(
            "PUT",
            "/applications/{application_id}/commands",
            application_id=there.fake.world.app_id,
            json=[{"name": "sketch", "description": "Of an older Easel", "type": 1}],
        )
        answer = await there.ana.slash(there.design, "sketch")
        assert answer.ephemeral and "Reload Discord" in await answer.note()


async def test_a_shard_that_still_waits_for_its_turn_leaves_nothing_behind(tmp_path: Path) -> None:
    ways = replace(QUICK, shards=2)
    async with discord_house(tmp_path, working=False, connected=False, ways=ways) as there:
        listening = asyncio.create_task(there.connect())
        await there.fake.until(lambda: len(beating()) == 2, "both sockets are open")
        assert len(there.fake.gateway.identified) == 1, "one of them may say who it is"
        listening.cancel()
        await there.disconnect()
        await there.fake.until(lambda: not beating(), "no heart beats any more")


def beating() -> list[threading.Thread]:
    """The threads with which discord.py keeps sockets alive."""
    return [each for each in threading.enumerate() if isinstance(each, KeepAliveHandler)]

"""The gateway of a fake Discord, with the real discord.py at the other end."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import discord
import pytest

from tests.contract.discord.discord_client import PNG, Small, pointed_at, running
from tests.contract.discord.fake_discord import FakeDiscord


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as made:
        with pointed_at(made):
            yield made


class Wire:
    """A client of plain frames."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket

    async def next(self, op: int = 0) -> Any:
        """The next frame of a kind; the code of the close when there is none any more."""
        while True:
            message = await self.socket.receive(timeout=10)
            if message.type is not aiohttp.WSMsgType.TEXT:
                return self.socket.close_code
            frame = json.loads(message.data)
            if frame["op"] == op:
                return frame

    async def identify(self, token: str, intents: int, shard: tuple[int, int] = (0, 1)) -> None:
        data = {"token": token, "intents": intents, "properties": {}, "shard": list(shard)}
        await self.socket.send_json({"op": 2, "d": data})


@contextlib.asynccontextmanager
async def wire(fake: FakeDiscord) -> AsyncIterator[Wire]:
    async with aiohttp.ClientSession() as session, session.ws_connect(fake.gateway_url) as socket:
        yield Wire(socket)


async def test_a_client_learns_of_its_servers_and_what_is_said(fake: FakeDiscord) -> None:
    guild = fake.guild("pottery", premium_tier=2)
    design, ana = guild.channel("design", nsfw=True), fake.person("ana", guild)
    async with running(fake) as app:
        known = app.get_guild(int(guild.id))
        assert known and known.me.id == int(fake.bot.id) and known.filesize_limit == 50 << 20
        place = known.get_channel(int(design.id))
        assert isinstance(place, discord.TextChannel) and place.nsfw
        assert place.permissions_for(known.me).attach_files
        said = await ana.says(design, f"{fake.mention} look", files=[("a.png", PNG)])
        await fake.until(lambda: app.heard, "the message is heard")
        [message] = app.heard
        assert message.mentions[0].id == int(fake.bot.id) and message.author.name == "ana"
        assert await message.attachments[0].read() == PNG
        await ana.edits(said, "look again")
        await ana.reacts(said, "✅")
        await ana.unreacts(said, "✅")
        await ana.unfurls(said)
        await ana.deletes(said)
        await fake.until(lambda: len(app.raw) == 5, "everything is heard")
        assert [kind for kind, _ in app.raw] == ["edit", "react", "unreact", "edit", "delete"]
        assert app.raw[0][1].data["edited_timestamp"] and app.raw[0][1].data["content"]


async def test_direct_messages_come_to_the_first_shard(fake: FakeDiscord) -> None:
    ana = fake.person("ana")
    async with running(fake) as app:
        await ana.says(fake.dm(ana), "psst")
        await fake.until(lambda: app.heard, "the message is heard")
        assert isinstance(app.heard[0].channel, discord.DMChannel)
        assert app.heard[0].guild is None and app.heard[0].content == "psst"


async def test_servers_and_channels_come_and_go(fake: FakeDiscord) -> None:
    ana = fake.person("ana")
    async with running(fake) as app:
        guild = fake.guild("pottery")
        await fake.until(lambda: app.raw, "the server is known")
        design = guild.channel("design")
        role = guild.role("potters")
        guild.join(ana.user)
        said = await ana.says(design, "look")
        await fake.until(lambda: app.heard, "the message is heard")
        known = app.get_guild(int(guild.id))
        assert known and known.get_role(int(role.id))
        await app.http.request(
            discord.http.Route("POST", f"/channels/{design.id}/messages/{said.id}/threads"),
            json={"name": "a mug"},
        )
        await fake.until(lambda: known.get_thread(int(said.id)), "the thread is known")
        await ana.says(fake.thread_of(said), "in it")
        await fake.until(lambda: len(app.heard) == 2, "the reply is heard")
        assert isinstance(app.heard[1].channel, discord.Thread)
        ana.kicks_bot(guild)
        await fake.until(lambda: app.raw[-1][0] == "left", "the server is gone")
        await ana.says(design, "alone")
        ana.invites_bot(guild)
        await fake.until(lambda: app.raw[-1][0] == "join", "the server is back")
        assert len(app.heard) == 2


async def test_without_the_intent_messages_are_empty(fake: FakeDiscord) -> None:
    guild = fake.guild("pottery")
    design, ana = guild.channel("design"), fake.person("ana", guild)
    async with running(fake, intents=discord.Intents.default()) as app:
        await ana.says(design, "secret", files=[("a.png", PNG)])
        own = await app.http.request(
            discord.http.Route("POST", f"/channels/{design.id}/messages"), json={"content": "mine"}
        )
        await ana.says(design, "an answer", reply_to=fake.world.messages[own["id"]])
        await ana.says(design, fake.mention)
        await ana.says(fake.dm(ana), "direct")
        await fake.until(lambda: len(app.heard) == 5, "all is heard")
        assert [one.content for one in app.heard] == [
            "",
            "mine",
            "an answer",
            fake.mention,
            "direct",
        ]
        assert app.heard[0].attachments == []


async def test_events_are_sent_for_their_intents(fake: FakeDiscord) -> None:
    guild = fake.guild("pottery")
    design, ana = guild.channel("design"), fake.person("ana", guild)
    async with running(fake, intents=discord.Intents(guilds=True, dm_messages=True)) as app:
        said = await ana.says(design, "unheard")
        await ana.reacts(said, "✅")
        await ana.says(fake.dm(ana), "heard")
        await fake.until(lambda: app.heard, "the direct message is heard")
        assert [one.content for one in app.heard] == ["heard"] and app.raw == []


async def test_an_intent_that_was_not_granted_is_refused() -> None:
    async with FakeDiscord(content=False) as fake:
        with pointed_at(fake):
            intents = discord.Intents.default()
            intents.message_content = True
            with pytest.raises(discord.PrivilegedIntentsRequired):
                async with running(fake, intents=intents):
                    pass
            async with wire(fake) as raw:
                await raw.identify(fake.token, discord.Intents(members=True).value)
                assert await raw.next() == 4014


async def test_a_bad_token_is_refused(fake: FakeDiscord) -> None:
    async with wire(fake) as raw:
        await raw.identify("another", 1)
        assert await raw.next() == 4004
    fake.token = "another"
    with pytest.raises(discord.LoginFailure):
        async with running(fake):
            pass


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ({"op": 2, "d": {"token": "fake.discord.token", "intents": 1, "shard": [1, 1]}}, 4010),
        ({"op": 2, "d": {"token": "fake.discord.token"}}, 4013),
        ({"op": 3, "d": {}}, 4003),
        ({"op": 42}, 4001),
    ],
)
async def test_bad_frames_close_the_socket(fake: FakeDiscord, frame: Any, code: int) -> None:
    async with wire(fake) as raw:
        await raw.socket.send_json(frame)
        assert await raw.next() == code


async def test_a_client_comes_back_to_its_session(fake: FakeDiscord) -> None:
    guild = fake.guild("pottery")
    design, ana = guild.channel("design"), fake.person("ana", guild)
    async with running(fake) as app:
        await fake.gateway.cut()
        await ana.says(design, "one")
        await fake.until(lambda: app.heard, "it hears again")
        await fake.gateway.reconnect()
        await fake.until(lambda: len(fake.gateway.resumed) == 2, "it came back")
        await ana.says(design, "two")
        await fake.until(lambda: len(app.heard) == 2, "it hears again")
        assert [one.content for one in app.heard] == ["one", "two"]
        assert len(fake.gateway.identified) == 1 and fake.gateway.doubled == []


async def test_what_was_missed_is_replayed(fake: FakeDiscord) -> None:
    guild = fake.guild("pottery")
    design, ana = guild.channel("design"), fake.person("ana", guild)
    async with wire(fake) as raw:
        await raw.identify(fake.token, discord.Intents.default().value)
        session = (await raw.next())["d"]["session_id"]
        seen = (await raw.next())["s"]
        await raw.socket.close(code=4000)
    await fake.until(lambda: not fake.gateway.living, "the socket is closed")
    said = [await ana.says(design, words) for words in ("one", "two")]
    async with wire(fake) as raw:
        data = {"token": fake.token, "session_id": session, "seq": seen}
        await raw.socket.send_json({"op": 6, "d": data})
        replayed = [await raw.next() for _ in range(3)]
    assert [one["s"] for one in replayed] == [seen + 1, seen + 2, seen + 3]
    assert [one["d"].get("id") for one in replayed] == [said[0].id, said[1].id, None]
    assert replayed[-1]["t"] == "RESUMED"


async def test_a_forgotten_session_begins_anew(fake: FakeDiscord) -> None:
    guild = fake.guild("pottery")
    async with wire(fake) as raw:
        await raw.identify(fake.token, 1)
        ready = await raw.next()
        assert (await raw.next())["d"]["id"] == guild.id
    session = ready["d"]["session_id"]
    assert ready["d"]["resume_gateway_url"] == fake.gateway_url
    async with wire(fake) as raw:
        data = {"token": fake.token, "session_id": session, "seq": 1}
        await raw.socket.send_json({"op": 6, "d": data})
        invalid = await raw.next(9)
        assert invalid["d"] is False, "a socket that was closed politely ends its session"


async def test_heartbeats_are_answered_and_silence_is_not_forgiven(fake: FakeDiscord) -> None:
    async with wire(fake) as raw:
        hello = await raw.next(10)
        assert hello["d"]["heartbeat_interval"] == 41250
        await raw.socket.send_json({"op": 1, "d": None})
        assert (await raw.next(11))["op"] == 11
    fake.gateway.interval = 0.05
    async with wire(fake) as raw:
        await raw.identify(fake.token, 1)
        assert (await raw.next())["t"] == "READY"
        assert await raw.next() == 4009


async def test_shards_hear_of_their_own_servers(fake: FakeDiscord) -> None:
    fake.world.shards = 2
    guilds: list[Any] = []
    while len({(int(one.id) >> 22) % 2 for one in guilds}) < 2:
        guilds.append(fake.guild(f"server {len(guilds)}"))
        fake.clock.advance(0.001)
    intents = discord.Intents(guilds=True, guild_messages=True).value
    async with wire(fake) as zero, wire(fake) as one:
        for number, raw in enumerate((zero, one)):
            await raw.identify(fake.token, intents, (number, 2))
            mine = [each.id for each in guilds if (int(each.id) >> 22) % 2 == number]
            assert [each["id"] for each in (await raw.next())["d"]["guilds"]] == mine
            assert [(await raw.next())["d"]["id"] for _ in mine] == mine
        for guild in guilds:
            await fake.person("ana", guild).says(guild.channel("design"), "hello")
        for number, raw in enumerate((zero, one)):
            mine = [each.id for each in guilds if (int(each.id) >> 22) % 2 == number]
            told = [await raw.next() for _ in range(2 * len(mine))]
            assert {each["d"]["guild_id"] for each in told} == set(mine)
            assert [each["t"] for each in told[:2]] == ["CHANNEL_CREATE", "MESSAGE_CREATE"]
    assert fake.gateway.doubled == []
    limit = fake.world.starts_left
    assert limit == 998


async def test_two_holders_of_a_shard_are_noticed(fake: FakeDiscord) -> None:
    async with wire(fake) as first, wire(fake) as second:
        for raw in (first, second):
            await raw.identify(fake.token, 1)
            await raw.next()
        assert len(fake.gateway.doubled) == 1 and len(fake.gateway.living) == 2
    await fake.until(lambda: not fake.gateway.living, "nobody is left")
    async with wire(fake) as third:
        await third.identify(fake.token, 1)
        await third.next()
    assert len(fake.gateway.doubled) == 1


async def test_too_many_may_not_identify_at_once(fake: FakeDiscord) -> None:
    fake.gateway.identify_seconds = 5
    async with wire(fake) as first, wire(fake) as second:
        await first.identify(fake.token, 1, (0, 2))
        assert (await first.next())["t"] == "READY"
        await second.identify(fake.token, 1, (1, 2))
        assert (await second.next(9))["d"] is False
        fake.clock.advance(5)
        await second.identify(fake.token, 1, (1, 2))
        assert (await second.next())["t"] == "READY"


async def test_the_recommendation_is_told(fake: FakeDiscord) -> None:
    fake.world.shards, fake.world.max_concurrency = 3, 2
    async with running(fake, shard_ids=[0], shard_count=1) as app:
        told: Any = await app.http.request(discord.http.Route("GET", "/gateway/bot"))
    assert told["shards"] == 3 and told["session_start_limit"]["max_concurrency"] == 2


async def test_interactions_are_answered_by_a_real_client(fake: FakeDiscord) -> None:
    guild = fake.guild("pottery")
    design, ana = guild.channel("design"), fake.person("ana", guild)
    async with running(fake):
        answer = await ana.slash(design, "echo", words="hi", image=("a.png", PNG))
        message = await answer.message()
        assert (answer.type, answer.text) == (5, "hi")
        assert fake.files(message)[0].data == PNG
        pressed = await ana.clicks(message, "Again 1")
        await fake.until(lambda: "again 1" in fake.words(message), "it is edited")
        assert pressed.type == 6 and message.attachments
        dialog = await ana.slash(design, "ask")
        said = await ana.submits(dialog, {"Words": "blue", "files": [("a.png", PNG)]})
        assert said.text == f"blue [{len(PNG)}]"
        choices = (await ana.autocompletes(design, "echo", "words", "mu")).choices
        assert choices == [{"name": "mu!", "value": "mu!"}]
        counted = await ana.context(design, "Count", await ana.says(design, "look"))
        assert counted.ephemeral and counted.told == ["0 files in look"]
    assert fake.invalid == [] and fake.pinging() == []


async def test_buttons_work_after_a_restart_and_in_direct_messages(fake: FakeDiscord) -> None:
    ana = fake.person("ana")
    direct = fake.dm(ana)
    async with running(fake):
        message = await (await ana.slash(direct, "echo", words="hi")).message()
    fake.world.patience = 0.0
    assert not (await ana.clicks(message, "Again 1")).ok, "nobody is there"
    fake.world.patience = 3.0
    async with running(fake, sync=False):
        assert (await ana.clicks(message, "Again 1")).ok
        await fake.until(lambda: "again 1" in fake.words(message), "it is edited")


async def test_a_user_install_is_answered_where_the_app_is_not(fake: FakeDiscord) -> None:
    elsewhere = fake.guild("elsewhere", bot=False)
    art, ana = elsewhere.channel("art"), fake.person("ana", elsewhere)
    async with running(fake) as app:
        answer = await ana.slash(art, "echo", words="hi", image=("a.png", PNG))
        assert (await answer.message()).attachments
        await ana.says(art, "unheard")
        assert app.get_guild(int(elsewhere.id)) is None
    assert app.heard == []


async def test_a_client_that_does_not_answer_is_waited_for(fake: FakeDiscord) -> None:
    guild = fake.guild("pottery")
    design, ana = guild.channel("design"), fake.person("ana", guild)
    async with running(fake) as app:
        fake.world.patience = 0.1
        hold = fake.hold("POST", "/interactions/*/*/callback")
        answer = await ana.slash(design, "echo", words="hi")
        assert not answer.ok and repr(answer).startswith("<Answer 0")
        await hold.reached()
        fake.clock.advance(3)
        hold.release()
        call = hold.calls[0]
        await fake.until(lambda: call.status, "it is refused")
        assert call.answer["code"] == 10062 and app is not None


async def test_a_repeated_interaction_is_told_again(fake: FakeDiscord) -> None:
    guild = fake.guild("pottery")
    design, ana = guild.channel("design"), fake.person("ana", guild)
    async with running(fake):
        dialog = await ana.slash(design, "ask")
        await ana.repeats(dialog)
        await fake.until(
            lambda: len(fake.called("POST", "/interactions/*/*/callback")) == 2, "it came twice"
        )
        last = fake.called("POST", "/interactions/*/*/callback")[-1]
        await fake.until(lambda: last.status, "the second is refused")
        assert last.answer["code"] == 40060


async def test_discord_goes_away_and_comes_back(fake: FakeDiscord) -> None:
    async with wire(fake) as raw:
        await raw.identify(fake.token, 1)
        await raw.next()
        await fake.goes_away()
        assert await raw.next() == 4000
    app = Small(discord.Intents.default())
    with pytest.raises(aiohttp.ClientError):
        await asyncio.wait_for(app.login(fake.token), 20)
    await app.http.close()
    with pytest.raises(aiohttp.WSServerHandshakeError):
        async with wire(fake):
            pass
    assert fake.calls == []
    fake.comes_back()
    async with running(fake):
        assert len(fake.gateway.living) == 1

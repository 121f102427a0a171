"""Words, files and links that a Discord community sends to do harm: none does."""

from __future__ import annotations

import asyncio
import logging
import re
import struct
import zlib
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
import structlog
from aiohttp import web

from adapters.discord.library import quieten
from adapters.web.shapes import SessionShape, Shape, TurnShape, VersionShape
from core.session.models import Turn, TurnState
from tests.contract.discord import discord_components as components
from tests.contract.discord.discord_clicking import Person
from tests.contract.discord.discord_world import Channel, Message
from tests.scenario.discord_house import DiscordHouse, discord_house
from tests.scenario.discord_incoming_stand import all_heard, replied
from tests.scenario.discord_press_stand import drawn, shown
from tests.scenario.house import png

pytestmark = pytest.mark.asyncio(loop_scope="module")

PRIVATE_THREAD = 12
EVIL = "https://evil.example"
HOSTILE = (
    f"@everyone <@1> <@&2> <#3> [free nitro]({EVIL}) <{EVIL}> {EVIL} ||x|| `y` **z** <a:b:4444> "
    f"<t:0:R> # big"
)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def there(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[DiscordHouse]:
    async with discord_house(tmp_path_factory.mktemp("discord")) as running:
        yield running


# Links to what the sender can't see.


async def told_of(there: DiscordHouse, who: Person, words: str) -> str:
    said = await who.says(there.guild.channel("lobby"), f"{there.fake.mention} {words}")
    told = await replied(there, said)
    assert await there.turns_of(said) == []
    return told.replace("\\", "")


def link_to(channel: Channel, message: Message) -> str:
    return f"https://discord.com/channels/{channel.guild or '@me'}/{channel.id}/{message.id}"


async def test_a_thread_that_sleeps_is_as_age_restricted_as_its_channel(
    there: DiscordHouse,
) -> None:
    adult = there.guild.channel("adult", nsfw=True)
    mug = await drawn(there, where=adult)
    said = there.ana.writes(mug.thread, "like this", files=[("mug.png", png())])
    await there.quiet()
    there.ana.archives(mug.thread)
    guild = there.client.get_guild(int(there.guild.id))
    await there.fake.until(
        lambda: guild and guild.get_thread(int(mug.thread.id)) is None, "the thread sleeps"
    )
    link = link_to(mug.thread, said)
    assert "age-restricted" in await told_of(there, there.ana, f"show v1 of {link} here")
    assert "age-restricted" in await told_of(there, there.ana, f"a mug like {link}")


async def test_a_private_thread_shows_nothing_to_who_is_not_in_it(there: DiscordHouse) -> None:
    thread = there.guild.channel("secret", type=PRIVATE_THREAD, parent=there.design.id)
    thread.owner = there.ana.id
    thread.members[there.ana.id] = there.fake.clock()
    thread.members[there.fake.bot.id] = there.fake.clock()
    there.fake.world.tell("THREAD_CREATE", {"channel": thread.id}, there.guild.id)
    await all_heard(there)
    said = await there.ana.says(thread, f"{there.fake.mention} a mug", files=[("a.png", png())])
    await there.ended(await there.turn_of(said))
    link = link_to(thread, said)
    assert "can't show you" in await told_of(there, there.ben, f"show v1 of {link} here")
    assert "can't show you" in await told_of(there, there.ben, f"a mug like {link}")


async def test_another_server_shows_nothing_to_who_is_not_in_it(there: DiscordHouse) -> None:
    guild = there.fake.guild("elsewhere")
    eve = there.fake.person("eve", guild)
    hall = guild.channel("hall")
    await there.connected()
    mug = await drawn(there, who=eve, where=hall)
    link = link_to(hall, mug.message)
    for words in (f"show {link} here", f"a mug like {link}"):
        assert "can't show you" in await told_of(there, there.ben, words)
    mixed = link.replace(guild.id, there.guild.id)
    assert "can't show you" in await told_of(there, there.ben, f"a mug like {mixed}")
    assert "no such version" in await told_of(there, there.ben, f"show {mug.version} here")


# Words that are to be markup.


def naked(markdown: str) -> str:
    """What is left as markup of somebody's words: signs behind a backslash are none."""
    return re.sub(r"\\.", "", markdown)


def harmless(there: DiscordHouse) -> None:
    """Nothing that we have ever said has these words as markup, or pings."""
    texts = [
        str(part["content"])
        for body in there.fake.bodies()
        for part in components.each_component(body.get("components") or [])
        if part.get("type") == components.TEXT_DISPLAY
    ]
    assert any("evil" in text for text in texts), "it was said"
    for text in texts:
        left = naked(text)
        for sign in (EVIL, "](http", "@everyone", "<@1>", "<@&", "<#3>", "||", "`", "<a:b", "<t:0"):
            assert sign not in left, text
    assert there.fake.pinging() == []


async def test_words_names_and_files_are_only_words(there: DiscordHouse) -> None:
    eve = there.fake.person(HOSTILE[:32], there.guild)
    room = there.guild.channel("room")
    command = await eve.slash(room, "imagine", prompt=HOSTILE, model=f"[m]({EVIL})")
    assert (await there.ended(await there.turn_of(command))).state is TurnState.FAILED
    await shown(command)
    mug = await drawn(there, HOSTILE, who=eve, where=room)
    await eve.slash(room, "imagine", prompt="x", size=f"[s]({EVIL})")
    dull = await eve.says(mug.thread, HOSTILE, files=[(f"[f]({EVIL}).txt", b"no picture")])
    await there.ended(await there.turn_of(dull))
    await eve.reacts(mug.message, "✅")
    await there.quiet()
    harmless(there)
    assert "evil" in mug.thread.name and not any(
        message.pings for message in there.fake.world.messages.values()
    )


# Files that are none, and addresses that are none of Discord's.


def bomb(side: int = 60_000) -> bytes:
    """A picture that says to be very large, and is a few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0)
    body = zlib.compress(bytes(1_000_000), 9)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


async def failed(there: DiscordHouse, turn: Turn) -> str:
    done = await there.ended(turn)
    assert done.state is TurnState.FAILED and done.error is not None and done.versions == ()
    return f"{done.error.message} {done.error.hint}"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (bomb(), "60,000"),
        (b"<svg onload='alert(1)'/>", "an SVG drawing"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "damaged"),
    ],
    ids=["bomb", "svg", "broken"],
)
async def test_a_file_is_what_its_bytes_are(there: DiscordHouse, data: bytes, told: str) -> None:
    answer = await there.ana.slash(there.design, "cutout", image=("mug.png", data))
    assert told in await failed(there, await there.turn_of(answer))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0"])
async def test_an_address_that_is_none_of_discords_is_asked_nothing(
    there: DiscordHouse, host: str
) -> None:
    asked: list[str] = []

    async def hears(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(body=png(), content_type="image/png")

    app = web.Application()
    app.router.add_get("/{path:.*}", hears)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        port = runner.addresses[0][1]
        made = there.ana._command(there.design, "cutout", "", {"image": ("mug.png", png())})
        for file in made.payload["data"]["resolved"]["attachments"].values():
            file["url"] = file["proxy_url"] = f"http://{host}:{port}/latest/meta-data"
        turn = await there.turn_of(await there.ana._sent(made))
        assert "not an address of Discord's files" in await failed(there, turn)
        assert asked == []
    finally:
        await runner.cleanup()


# Secrets.


async def test_tokens_are_in_no_log_and_not_on_the_page(
    there: DiscordHouse, caplog: pytest.LogCaptureFixture
) -> None:
    quieten()
    fake, room = there.fake, there.guild.channel("room")
    fake.fail("PATCH", "/webhooks/*/*/messages/@original", status=503, times=2)
    fake.fail("PATCH", "/webhooks/*/*/messages/@original", ratelimited=1)
    fake.fail("POST", "/interactions/*/*/callback", drop_answer=True)
    with structlog.testing.capture_logs() as logged, caplog.at_level(logging.DEBUG):
        mug = await drawn(there, where=room)
        fake.fail("POST", "/interactions/*/*/callback", code=10062)
        await there.ana.clicks(mug.message, custom_id=f"e1:more:{mug.turn.id}", forged=True)
        await there.quiet()
        events = there.house.desk.events(mug.turn.session_id, "0-0")
        seen = [await anext(events) for _ in range(3)]
    session = await mug.session()
    versions = [await there.house.desk.version(mug.version)]
    page = [TurnShape.of(turn).model_dump_json() for turn in await mug.turns()]
    page += [SessionShape.of(session).model_dump_json()]
    page += [VersionShape.of(version).model_dump_json() for version in versions]
    shapes: dict[str, type[Shape]] = {
        "turn": TurnShape,
        "session": SessionShape,
        "version": VersionShape,
    }
    page += [
        shapes[event.type].model_validate(event.data).model_dump_json()
        for event in seen
        if event.type in shapes
    ]
    tokens = [fake.token, *(each.token for each in fake.world.interactions.values())]
    told = "\n".join([*page, *map(repr, logged), caplog.text])
    assert mug.turn.place["token"] in tokens and logged and page
    assert [token for token in tokens if token in told] == []
    assert "token" not in session.place, "kept no longer than it is needed"


# Floods.


async def test_a_flood_of_one_person_leaves_others_their_turn(there: DiscordHouse) -> None:
    eve = there.fake.person("flood", there.guild)
    mug = await drawn(there, who=eve, where=there.guild.channel("flooded"))
    there.house.engine.gate = gate = asyncio.Event()
    try:
        for number in range(80):
            await eve.says(mug.thread, f"make it navy {number}")
        said = await there.ben.says(there.guild.channel("calm"), f"{there.fake.mention} a cup")
        turn = await there.turn_of(said)
        await there.quiet()
        waiting = [each for each in await mug.turns() if not each.state.ended]
        assert len(waiting) <= 20, "no more than may wait in one session"
        refused = [
            each
            for each in there.fake.said_by_bot(mug.thread)
            if "already wait" in there.fake.words(each)
        ]
        assert 1 <= len(refused) <= 5, "that it is too much is not said at every message"
        for each in waiting:
            await there.house.desk.cancel(each.session_id, each.id)
    finally:
        there.house.engine.gate = None
        gate.set()
    assert (await there.ended(turn)).state is TurnState.DONE

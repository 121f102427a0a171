"""A whole Easel in a fake Discord: a real gateway over real sockets, a worker that fetches pictures
and shows results, an engine that is told what to draw.

    async with discord_house(tmp_path) as there:          # content=False: without that intent
        said = await there.ana.says(there.design, f"{there.fake.mention} a red mug")
        turn = await there.turn_of(said)                  # or of an Answer; as it stands
        await there.ended(turn)                           # a worker runs, unless working=False
        await there.restart()                             # another connection, another process's

`there.fake`, `.guild`, `.ana`, `.ben`, `.mod` (a moderator), `.design` are what
tests/contract/discord makes; `.front` is what handlers get, `.client` discord.py's client, `.house`
has `desk`, `engine`, `parts`. Everything that was sent is looked at when the house is closed: valid
by Discord's description, and pinging nobody.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import discord
from pydantic import SecretStr

from adapters.chat import aside
from adapters.discord.client import EaselClient
from adapters.discord.connecting import Connecting, Ways
from adapters.discord.downloads import Cdn
from adapters.discord.fetching import DiscordFetcher
from adapters.discord.front import Front
from adapters.discord.library import point_at
from adapters.discord.presenter import DiscordPresenter
from adapters.discord.rest import Rest, Worker
from bot import wiring
from bot.base import Base, base
from bot.beside import Beside, Platform
from bot.crew import Crew
from bot.discord import front_of
from bot.front import front_desk
from bot.platforms import OpenPlatforms
from bot.settings import Settings
from core.engines.fake import FakeEngine
from core.policy.keyvalue import RedisKeyValue
from core.session.models import Actor, Turn
from core.turns.desk import FrontDesk
from tests.contract.discord.discord_answer import Answer
from tests.contract.discord.discord_clicking import Person
from tests.contract.discord.discord_world import Channel, Guild, Message
from tests.contract.discord.fake_discord import FakeDiscord
from tests.scenario.house import House, png, wait_until

LINK = "https://easel.example/open/{}?for={}"
QUICK = Ways(lease=5.0, renew=0.5, settling=0.1, wait=0.1)
"""How the house connects."""


class QuickPresenter(DiscordPresenter):
    """With less of a pause between looks."""

    pause = 0.1


@dataclass
class DiscordHouse:
    """The running parts. `acks` are the seconds of each acknowledgement."""

    fake: FakeDiscord
    guild: Guild
    ana: Person
    ben: Person
    mod: Person
    design: Channel
    house: House
    kept: RedisKeyValue
    connecting: Connecting
    acks: list[float]
    fronts: list[Front] = field(default_factory=list)
    _listening: asyncio.Task[None] | None = None

    @property
    def front(self) -> Front:
        """What the handlers of the newest connection get."""
        return self.fronts[-1]

    @property
    def client(self) -> EaselClient:
        """The client that is connected now."""
        assert self.connecting.client is not None, "nothing is connected"
        return self.connecting.client

    async def connect(self) -> None:
        """Listen, and wait until every server is known."""
        self._listening = asyncio.create_task(self.connecting.listen())
        await self.connected()

    async def connected(self) -> None:
        """Wait until there is a connection that knows every server with the app in it."""
        here = [int(guild.id) for guild in self.fake.world.guilds.values() if guild.bot]

        def ready() -> bool:
            client = self.connecting.client
            return client is not None and all(client.get_guild(each) for each in here)

        await self.fake.until(ready, "the gateway is connected")

    async def disconnect(self) -> None:
        """End the connection as a process ends politely."""
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.gather(self._listening, return_exceptions=True)
            self._listening = None

    async def restart(self) -> None:
        """Another connection with nothing remembered."""
        await self.disconnect()
        await self.connect()

    async def turns(self) -> list[Turn]:
        """All turns of all sessions, in the order in which they were accepted."""
        sessions, _ = await self.house.desk.sessions(limit=200, before=None)
        found = [turn for one in sessions for turn in await self.house.desk.turns(one.id)]
        return sorted(found, key=lambda turn: turn.created_at)

    async def until_turns(self, wanted: list[str]) -> None:
        """Wait until people's words have become just these turns, whatever their order."""

        async def there() -> bool:
            return sorted(turn.text for turn in await self.turns()) == sorted(wanted)

        await wait_until(there, f"there are the turns {wanted}")

    async def turns_of(self, asked: Message | Answer) -> list[Turn]:
        """The turns that a message or an interaction became, as they stand."""
        if isinstance(asked, Answer):
            wanted = ("interaction", asked.interaction.id)
        else:
            wanted = ("message", asked.id)
        return [turn for turn in await self.turns() if turn.place.get(wanted[0]) == wanted[1]]

    async def turn_of(self, asked: Message | Answer) -> Turn:
        """The only turn that came of it, once there is one."""

        async def there() -> bool:
            return bool(await self.turns_of(asked))

        await wait_until(there, f"{asked!r} becomes a turn")
        (turn,) = await self.turns_of(asked)
        return turn

    async def ended(self, turn: Turn) -> Turn:
        """The turn as it ended."""

        async def has_ended() -> bool:
            return (await self.house.desk.turn(turn.session_id, turn.id)).state.ended

        await wait_until(has_ended, f"the turn “{turn.text}” ends")
        return await self.house.desk.turn(turn.session_id, turn.id)

    async def quiet(self) -> None:
        """Wait until everything that came was heard, and all is said that is said beside."""
        await heard_all()
        await aside.settled()
        await heard_all()

    def thread_of(self, message: Message) -> Channel:
        """The thread that was opened from a message."""
        return self.fake.thread_of(message)


async def heard_all() -> None:
    """Wait until no handler of discord.py runs."""
    names = ("discord.py: on_message", "discord.py: on_raw", "CommandTree-", "discord-ui-")

    async def idle() -> bool:
        return not [task for task in asyncio.all_tasks() if task.get_name().startswith(names)]

    await wait_until(idle, "everything was heard")


@contextlib.asynccontextmanager
async def discord_house(
    folder: Path,
    engine: FakeEngine | None = None,
    *others: FakeEngine,
    content: bool = True,
    working: bool = True,
    connected: bool = True,
    ways: Ways = QUICK,
    **settings: Any,
) -> AsyncIterator[DiscordHouse]:
    """Everything, closed afterwards."""
    engine = engine or FakeEngine(png(), 64, 64)
    told = Settings(
        data_dir=folder, pixel_workers=1, redelivery_seconds=2, _env_file=None, **settings
    )
    async with contextlib.AsyncExitStack() as stack:
        fake = await stack.enter_async_context(FakeDiscord(content=content))
        stack.enter_context(pointed_at(fake))
        token = SecretStr(fake.token)
        parts = await stack.enter_async_context(base(told, own_store=True))
        crew = Crew(told, (engine, *others), platforms=discord_platforms(token, fake.api_url))
        await stack.enter_async_context(crew)
        desk = await stack.enter_async_context(front_desk(parts))
        home = House(parts, crew, desk, engine, others)
        there = _settled(fake, home, token, parts, desk, crew, ways)
        if working:
            await stack.enter_async_context(home.working())
        stack.push_async_callback(aside.settled)
        stack.push_async_callback(there.disconnect)
        if connected:
            await there.connect()
        yield there
        await there.quiet()
        assert fake.invalid == [] and fake.pinging() == [] and fake.gateway.doubled == []


def _settled(
    fake: FakeDiscord,
    home: House,
    token: SecretStr,
    parts: Base,
    desk: FrontDesk,
    crew: Crew,
    ways: Ways,
) -> DiscordHouse:
    """People, a server, and a connection that is not made yet."""
    acks: list[float] = []
    fronts: list[Front] = []

    def made(rest: Rest, hears: bool) -> Front:
        usual = front_of(parts, desk, crew.catalog, rest, hears)
        fronts.append(replace(usual, heard=acks.append, link_to=link_to))
        return fronts[-1]

    guild = fake.guild("pottery")
    ana, ben = fake.person("ana", guild), fake.person("ben", guild)
    mod = fake.person("mod", guild, permissions=["manage_messages"])
    kept = RedisKeyValue(parts.redis)
    connecting = Connecting(token, kept, made, ways)
    design = guild.channel("design")
    return DiscordHouse(fake, guild, ana, ben, mod, design, home, kept, connecting, acks, fronts)


def discord_platforms(token: SecretStr, api_url: str) -> OpenPlatforms:
    """Discord alone, for a worker."""

    @contextlib.asynccontextmanager
    async def opened(settings: Settings, beside: Beside) -> AsyncIterator[Mapping[str, Platform]]:
        worker = Worker(token)
        rest = Rest(worker.login)
        presenter = QuickPresenter(rest, beside.links, beside.desk, link_to)
        cdn = Cdn(api_url)
        try:
            fetcher = DiscordFetcher(rest, cdn, wiring.limits(settings))
            yield {"discord": Platform(presenter, fetcher)}
        finally:
            await cdn.close()
            await presenter.close()
            await worker.close()

    return opened


def link_to(sid: str, actor: Actor) -> str | None:
    """A link into the workspace, as presenters and handlers are given one."""
    return LINK.format(sid, actor.id)


@contextlib.contextmanager
def pointed_at(fake: FakeDiscord) -> Iterator[None]:
    """This process finds the fake where it looks for Discord."""
    api, gateway = discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY
    point_at(fake.api_url, fake.gateway_url)
    try:
        yield
    finally:
        point_at(api, str(gateway))

"""A whole Easel in simcord: Discord as its author checked it against the real one, without network.

    async with simcord_house(tmp_path) as there:
        asked = await there.ana.slash(there.design, "imagine", prompt="a red mug")
        turn = await there.ended(await there.turn_of(asked))
        result = there.answer(turn)                       # the message, as its people see it
        await there.restart()                             # another client, nothing remembered

simcord waits after everything that people do until discord.py's handlers have ended; it owns their
tasks and their clock. The store and the worker start before it and live beside it on the same loop,
by the real clock: what they do is waited for as in every house. simcord begins in January 2026, so
its clock is put right first; ids tell their time, and we read it.

What simcord does not have, and where that is tested: nonces (a message sent twice stands twice),
limits of rate and of size, bytes on the wire, addresses of files that end. `tests/contract/discord`
has them.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import discord
from discord.http import HTTPClient
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle, GuildHandle
from simcord.env import Env
from simcord.results import InteractionResult

from adapters.chat import aside
from adapters.chat.values import TurnRef
from adapters.discord.app import create_client
from adapters.discord.buttons import CANCEL, custom_id
from adapters.discord.client import EaselClient
from adapters.discord.downloads import Cdn, Expired
from adapters.discord.fetching import DiscordFetcher
from adapters.discord.front import Front
from adapters.discord.presenter import DiscordPresenter
from adapters.discord.rest import Rest
from adapters.discord.syncing import synchronise
from bot import wiring
from bot.base import base
from bot.beside import Beside, Platform
from bot.crew import Crew
from bot.discord import front_of
from bot.front import front_desk
from bot.platforms import OpenPlatforms
from bot.settings import Settings
from core.engines.fake import FakeEngine
from core.session.models import Actor, Turn
from core.turns.desk import FrontDesk
from tests import waiting
from tests.contract.discord.discord_openapi import faults
from tests.scenario.house import House, png, wait_until

_DRAWN_SECONDS = 240
SETTLING_SECONDS = 20.0
"""How long simcord waits for handlers; they end in a moment, but for a busy machine."""


class QuickPresenter(DiscordPresenter):
    """With less of a pause between looks."""

    pause = 0.1


class Line:
    """The way to simcord: what the client that is attached just now has for HTTP."""

    def __init__(self) -> None:
        self.client: EaselClient | None = None
        self._open = asyncio.Event()
        self._open.set()

    async def login(self) -> HTTPClient:
        await self._open.wait()
        assert self.client is not None, "simcord does not run yet"
        return self.client.http

    @contextlib.contextmanager
    def still(self) -> Iterator[None]:
        """Nothing comes through, so that what stands there stays as it is."""
        self._open.clear()
        try:
            yield
        finally:
            self._open.set()


class SimcordCdn(Cdn):
    """Files lie in simcord."""

    def __init__(self, line: Line) -> None:
        super().__init__(None)
        self._line = line

    def own(self, url: str) -> bool:
        return url.startswith("https://cdn.simcord.invalid/")

    async def get(self, url: str, *, most: int) -> bytes:
        http = await self._line.login()
        try:
            return bytes(await http.get_from_cdn(url))
        except discord.NotFound:
            raise Expired("That file is not in Discord any more.", hint="Send it again.") from None


class Installs:
    """For whom the app is installed: Discord says it with each interaction, simcord does not."""

    def __init__(self, env: Env) -> None:
        self.people_only = False
        self._emit = env.backend.emit
        env.backend.emit = self._emitted  # type: ignore[method-assign]

    def _emitted(self, event: str, payload: Mapping[str, Any]) -> None:
        if event == "INTERACTION_CREATE":
            payload = {**payload, "authorizing_integration_owners": self._owners(payload)}
        self._emit(event, payload)

    def _owners(self, payload: Mapping[str, Any]) -> dict[str, str]:
        """By the kind of installation: 0 a server (or "0", Easel's direct one), 1 a person."""
        if self.people_only:
            return {"1": str((payload.get("member") or payload)["user"]["id"])}
        return {"0": str(payload.get("guild_id") or 0)}


@dataclass
class SimcordHouse:
    """The running parts. `ana`, `ben` and `cleo` are people, `mod` manages messages, `boss` (Dana)
    the server."""

    env: Env
    guild: GuildHandle
    design: ChannelHandle
    ana: MemberActor
    ben: MemberActor
    cleo: MemberActor
    mod: MemberActor
    boss: MemberActor
    house: House
    line: Line
    front: Front
    installs: Installs

    @contextlib.contextmanager
    def only_for_people(self) -> Iterator[None]:
        """As in a server in which Easel itself is not."""
        self.installs.people_only = True
        try:
            yield
        finally:
            self.installs.people_only = False

    @property
    def desk(self) -> FrontDesk:
        return self.house.desk

    @property
    def mention(self) -> str:
        """Easel's name as one writes it to call it."""
        return f"<@{self.env.backend.bot_user.id}>"

    async def restart(self) -> None:
        """Another client on the same Discord, with nothing remembered."""
        self.line.client = create_client(self.front)
        await self.env.restart_bot(self.line.client)

    async def turns(self) -> list[Turn]:
        """All turns of all sessions, in the order in which they were accepted."""
        sessions, _ = await self.desk.sessions(limit=200, before=None)
        found = [turn for one in sessions for turn in await self.desk.turns(one.id)]
        return sorted(found, key=lambda turn: turn.created_at)

    async def turn_of(self, asked: InteractionResult | discord.Message) -> Turn:
        """The only turn that came of something people did; handlers have ended by now."""
        if isinstance(asked, InteractionResult):
            wanted = ("interaction", str(asked._interaction.id))
        else:
            wanted = ("message", str(asked.id))
        [turn] = [one for one in await self.turns() if one.place.get(wanted[0]) == wanted[1]]
        return turn

    async def ended(self, turn: Turn) -> Turn:
        """The turn as it ended, once its message says so."""

        async def told() -> bool:
            now = await self.desk.turn(turn.session_id, turn.id)
            return now.state.ended and not self.working(turn)

        await waiting.wait_until(told, f"the turn “{turn.text}” ends", seconds=_DRAWN_SECONDS)
        await self.env.settle()
        return await self.desk.turn(turn.session_id, turn.id)

    async def done(self, asked: InteractionResult | discord.Message) -> discord.Message:
        """The message with the result of what people did."""
        turn = await self.ended(await self.turn_of(asked))
        assert turn.versions, turn.error

        async def there() -> bool:
            return bool(self.showing(turn.versions[-1]))

        await wait_until(there, f"the result of “{turn.text}” is shown")
        return self.showing(turn.versions[-1])[-1]

    def showing(self, words: str) -> list[discord.Message]:
        """Messages of ours, anywhere in the server, in whose parts these words stand."""
        return [one for one in self.ours() if words in str(_raw(one, self.env))]

    def working(self, turn: Turn) -> list[discord.Message]:
        """The message of a turn that is not over."""
        return self.showing(custom_id(CANCEL, str(TurnRef(turn.session_id, turn.id))))

    def ours(self) -> list[discord.Message]:
        """All messages of ours in the server, the oldest first."""
        me = self.env.backend.bot_user.id
        places = [*self.guild.channels.values()]
        places += [thread for channel in places for thread in channel.threads]
        unique = {place.id: place for place in places}
        said = [one for place in unique.values() for one in place.history() if one.author.id == me]
        return sorted(said, key=lambda one: one.id)

    def thread(self) -> ChannelHandle:
        """The only thread of #design."""
        [thread] = self.design.threads
        return thread


def pressable(there: SimcordHouse, message: discord.Message) -> list[dict[str, Any]]:
    """The buttons and menus of a message, wherever they stand in it."""
    return [part for part in _each(_raw(message, there.env)) if "custom_id" in part]


def _each(parts: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for part in parts:
        yield part
        yield from _each(part.get("components", []))


def _raw(message: discord.Message, env: Env) -> list[dict[str, Any]]:
    """The parts of a message as Discord keeps them."""
    return list(env.backend.get_message(message.channel.id, message.id).components)


@contextlib.asynccontextmanager
async def simcord_house(
    folder: Path,
    engine: FakeEngine | None = None,
    *,
    fake: bool = True,
    content: bool = True,
    **settings: Any,
) -> AsyncIterator[SimcordHouse]:
    """Everything, closed afterwards; what simcord saw of us was in order."""
    engine = engine or FakeEngine(png(), 64, 64)
    told = Settings(
        data_dir=folder, redelivery_seconds=2, _env_file=None, **{"pixel_workers": 1, **settings}
    )
    line = Line()
    async with contextlib.AsyncExitStack() as stack:
        parts = await stack.enter_async_context(base(told, own_store=True))
        crew = Crew(told, (engine,) if fake else (), platforms=simcord_platforms(line))
        await stack.enter_async_context(crew)
        desk = await stack.enter_async_context(front_desk(parts))
        home = House(parts, crew, desk, engine)
        await stack.enter_async_context(home.working())
        usual = front_of(parts, desk, crew.catalog, Rest(line.login), content)
        front = replace(usual, link_to=link_to)
        stack.push_async_callback(aside.settled)
        line.client = create_client(front)
        env, installs = await stack.enter_async_context(_running(line.client))
        await _at_work(env, front)
        yield _peopled(env, home, line, front, installs)
        await env.settle()
        assert wrongs(env) == []


@contextlib.asynccontextmanager
async def _running(client: EaselClient) -> AsyncIterator[tuple[Env, Installs]]:
    """As `simcord.run`, but the bot is called Easel."""
    env = Env(client, settle_timeout=SETTLING_SECONDS)
    env.backend.bot_user.name = "Easel"
    env.backend.bot_user.avatar = "easel"
    installs = Installs(env)
    await env.start()
    try:
        yield env, installs
    finally:
        await env.shutdown()
    env.raise_errors()


async def _at_work(env: Env, front: Front) -> None:
    """By the clock on the wall, and with commands."""
    await env.advance_time((datetime.now(UTC) - env.now()).total_seconds())
    assert isinstance(env.bot, EaselClient)
    application = str(env.bot.application_id)
    await synchronise(env.bot.tree, front.rest, front.kept, application)


def _peopled(env: Env, home: House, line: Line, front: Front, installs: Installs) -> SimcordHouse:
    guild = env.create_guild("pottery")

    def person(name: str, **may: bool) -> MemberActor:
        user = env.create_user(name, global_name=name.title(), avatar=name)
        permissions = discord.Permissions(**may)
        roles = [guild.create_role(f"{name}s", permissions=permissions)] if may else []
        return guild.add_member(user, roles=roles)

    return SimcordHouse(
        env=env,
        guild=guild,
        design=guild.create_text_channel("design"),
        ana=person("ana"),
        ben=person("ben"),
        cleo=person("cleo"),
        mod=person("mod", manage_messages=True),
        boss=person("dana", manage_guild=True),
        house=home,
        line=line,
        front=front,
        installs=installs,
    )


def simcord_platforms(line: Line) -> OpenPlatforms:
    """Discord alone, for a worker."""

    @contextlib.asynccontextmanager
    async def opened(settings: Settings, beside: Beside) -> AsyncIterator[Mapping[str, Platform]]:
        rest = Rest(line.login)
        presenter = QuickPresenter(rest, beside.links, beside.desk, link_to)
        fetcher = DiscordFetcher(rest, SimcordCdn(line), wiring.limits(settings))
        try:
            yield {"discord": Platform(presenter, fetcher)}
        finally:
            await presenter.close()

    return opened


def link_to(sid: str, actor: Actor) -> str | None:
    """A link into the workspace."""
    return f"https://easel.example/open/{sid}?for={actor.id}"


def wrongs(env: Env) -> list[str]:
    """What is not in order about what was sent: not as Discord describes it, or pinging."""
    return [*_undescribed(env), *_pinging(env)]


def _undescribed(env: Env) -> Iterator[str]:
    for sent in env.http_requests:
        path = sent.path.split("?")[0]
        for fault in faults(sent.method, path, sent.json):
            yield f"{sent.method} {path}: {fault}"


def _pinging(env: Env) -> Iterator[str]:
    for sent in env.http_requests:
        body = sent.json if isinstance(sent.json, dict) else {}
        body = body.get("data") or body
        if _is_message(body) and body.get("allowed_mentions") not in _PINGS_NOBODY:
            yield f"{sent.method} {sent.path} may ping"


_PINGS_NOBODY: tuple[dict[str, Any], ...] = ({"parse": []}, {"parse": [], "replied_user": False})


def _is_message(body: Mapping[str, Any]) -> bool:
    """Whether it puts words into a channel; dialogs have a name of their own."""
    return bool({"content", "components", "embeds"} & set(body)) and "custom_id" not in body

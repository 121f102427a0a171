"""A worker that shows its turns in a fake Discord, and can be stopped at any of its calls."""

from __future__ import annotations

import asyncio
import contextlib
import io
import random
import secrets
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import discord
from PIL import Image
from pydantic import SecretStr

from adapters.discord.library import point_at
from adapters.discord.places import Place
from adapters.discord.presenter import DiscordPresenter
from adapters.discord.rest import Rest, Worker
from core.engines.fake import FakeEngine
from core.engines.port import PriceRule
from core.session.ledger import Ledger
from core.session.links import LinkStore, MessageLink
from core.session.models import Actor, Turn
from core.session.showing import ShowStore
from core.turns.attention import Attention
from core.turns.request import IncomingFile, TurnRequest
from core.turns.showing import Showing
from tests.contract.discord.discord_calling import Call
from tests.contract.discord.discord_clicking import Person
from tests.contract.discord.discord_components import each_component
from tests.contract.discord.discord_world import Attachment, Channel, Guild, Interaction, Message
from tests.contract.discord.fake_discord import FakeDiscord
from tests.contract.trouble import Hold
from tests.pictures import glass
from tests.scenario.house import House, Thread, house, png, wait_until

PAGES = "https://easel.example/open/"
LEASE_SECONDS = 0.6
MIB = 1024 * 1024


class QuickPresenter(DiscordPresenter):
    """Without the pause between looks, so that each state is shown."""

    pause = 0.05


def link_to(sid: str, actor: Actor) -> str | None:
    return f"{PAGES}{sid}?for={actor.id}"


def noise(side: int) -> bytes:
    """A picture that can't be packed: three bytes a pixel."""
    picture = Image.frombytes("RGB", (side, side), random.Random(7).randbytes(side * side * 3))
    packed = io.BytesIO()
    picture.save(packed, "PNG")
    return packed.getvalue()


@dataclass
class Out:
    """A server with a channel in which Ana asks."""

    fake: FakeDiscord
    guild: Guild
    ana: Person
    design: Channel
    home: House
    rest: Rest
    limit: int = 10 * MIB
    _events: Iterator[int] = field(default_factory=count)

    @property
    def engine(self) -> FakeEngine:
        return self.home.engine

    @property
    def links(self) -> LinkStore:
        return LinkStore(self.home.parts.redis)

    @property
    def place(self) -> Place:
        return Place(
            guild=self.guild.id, channel=self.design.id, user=self.ana.id, user_name="Ana",
            limit=self.limit,
        )  # fmt: skip

    def asked(self, channel: Channel | None = None, **more: Any) -> Interaction:
        """Something that Ana did, which is not answered yet."""
        world, where = self.fake.world, channel or self.design
        made = Interaction(
            world.new_id(), secrets.token_hex(24), 2, self.ana.id, where.id, world.clock(),
            world.clock() + 900, guild=where.guild, name="imagine", command_type=1,
            limit=self.limit, **more,
        )  # fmt: skip
        world.interactions[made.id] = made
        world.tokens[made.token] = made.id
        return made

    async def defer(self, made: Interaction) -> None:
        await self.rest.call(
            "POST",
            "/interactions/{interaction}/{webhook_token}/callback",
            json={"type": 5},
            interaction=made.id,
            webhook_token=made.token,
        )

    async def commands(
        self, text: str, *files: bytes, deferred: bool = True, at: Place | None = None, **more: Any
    ) -> Turn:
        """A turn of a command; where `at` opens nothing it is answered in place."""
        made = self.asked()
        place = (at or self.place).model_copy(
            update={
                "app": self.fake.world.app_id, "interaction": made.id, "token": made.token,
            }
        )  # fmt: skip
        turn = await self.accept(place.thread_key(made.id), place, text, *files, **more)
        if deferred:
            await self.defer(made)
        return turn

    async def imagines(self, text: str, **more: Any) -> Turn:
        """A command whose answer opens a thread."""
        return await self.commands(text, at=self.place.model_copy(update={"opens": text}), **more)

    async def writes(self, text: str, *files: bytes, opens: str = "", **more: Any) -> Turn:
        """A turn of a message in the channel."""
        said = self.ana.writes(self.design, text)
        place = self.place.model_copy(update={"message": said.id, "opens": opens})
        return await self.accept(place.thread_key(said.id), place, text, *files, **more)

    async def accept(
        self, thread: str, place: Place, text: str, *files: bytes, **more: Any
    ) -> Turn:
        return await self.home.desk.accept(
            TurnRequest(
                thread=thread,
                event_keys=(f"{thread}:{next(self._events)}",),
                actor=place.actor,
                channel=place.payer_channel,
                place=place.texts(),
                text=text,
                files=tuple(IncomingFile(name=f"{i}.png", data=d) for i, d in enumerate(files)),
                **more,
            )
        )

    @contextlib.asynccontextmanager
    async def showing(self) -> AsyncIterator[asyncio.Task[None]]:
        """Show turns; on leaving it ends as a process does, wherever it is."""
        parts = self.home.parts
        presenter = QuickPresenter(self.rest, self.links, self.home.desk, link_to)
        loop = Showing(
            parts.store, ShowStore(parts.redis), parts.signals, {"discord": presenter},
            Attention(), lease=LEASE_SECONDS,
        )  # fmt: skip
        task = asyncio.create_task(loop.run())
        try:
            yield task
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await presenter.close()

    async def shown(self, turn: Turn) -> Turn:
        """Wait until the end of a turn was shown."""
        shows = ShowStore(self.home.parts.redis)

        async def over() -> bool:
            return turn.id not in await shows.unshown(turn.session_id)

        await wait_until(over, f"the end of “{turn.text}” is shown")
        return await self.home.desk.turn(turn.session_id, turn.id)

    async def ended(self, turn: Turn) -> Turn:
        """Wait for the end of a turn that nobody shows yet."""
        thread = (await self.home.desk.session(turn.session_id)).thread
        return await Thread(self.home.desk, thread).ended(turn)

    async def dies_at(self, hold: Hold[Call]) -> None:
        """The process that shows ends while a call of its stands there."""
        async with self.showing():
            await hold.reached()
        hold.drop()

    def ledger(self, turn: Turn) -> Ledger:
        return ShowStore(self.home.parts.redis).ledger(turn.session_id, turn.id)

    async def linked(self, message: Message) -> MessageLink | None:
        home = self.fake.world.channels[message.channel].guild or "@me"
        return await self.links.linked(f"discord:{home}:{message.channel}:{message.id}")

    @property
    def said(self) -> list[Message]:
        """What Easel has in the channel."""
        return self.fake.said_by_bot(self.design)

    async def placeholder(self, *named: str) -> Message:
        """The only message of ours, once it says something."""

        def there() -> bool:
            shown = [words(each) for each in self.said if not each.loading]
            return bool(shown) and all(name in shown[-1] for name in named)

        await self.fake.until(there, f"a message with {named}")
        return self.said[-1]


def words(message: Message) -> str:
    """All texts of a message."""
    found = each_component(message.components)
    return "\n".join(one["content"] for one in found if one["type"] == 10)


def pressable(message: Message) -> dict[str, dict[str, Any]]:
    """What can be pressed, by what stands on it."""
    found = [one for one in each_component(message.components) if one["type"] in (2, 3)]
    return {str(one.get("label") or one.get("placeholder")): one for one in found}


def files(message: Message) -> dict[str, Attachment]:
    return {each.name: each for each in message.attachments}


@dataclass
class Stage:
    """A fake Discord and a whole Easel beside it, for many servers one after the other."""

    fake: FakeDiscord
    home: House
    rest: Rest

    @contextlib.asynccontextmanager
    async def out(self, **more: Any) -> AsyncIterator[Out]:
        """A server of its own. Everything that was sent there is valid, and pings nobody."""
        fake, engine = self.fake, self.home.engine
        engine.gate, engine.failures = None, []
        engine.calls.clear()
        fake.api.trouble.faults.clear()
        fake.calls.clear()
        fake.invalid.clear()
        tier = more.pop("premium_tier", 0)
        guild = fake.guild(f"guild {len(fake.world.guilds)}", premium_tier=tier)
        ana = fake.person("ana", guild)
        yield Out(fake, guild, ana, guild.channel("design"), self.home, self.rest, **more)
        assert fake.invalid == [] and fake.pinging() == []


@contextlib.asynccontextmanager
async def discord_stage(folder: Path) -> AsyncIterator[Stage]:
    """Two models, one of which draws what can be seen through; turns are run, nothing is shown."""
    engine = FakeEngine(png(), 64, 64)
    clear = FakeEngine(glass(), 64, 48, name="glass", alpha=True)
    large = FakeEngine(noise(2_000), 2_000, 2_000, name="large")
    small = FakeEngine(noise(500), 500, 500, name="small")
    paid = FakeEngine(png(), 64, 64, name="paid", price=PriceRule(each=0.04), can={"speed_s": 30.0})
    async with (
        FakeDiscord() as fake,
        house(folder, engine, clear, paid, large, small) as home,
        home.working(),
        calling(fake) as rest,
    ):
        yield Stage(fake, home, rest)


@contextlib.asynccontextmanager
async def calling(fake: FakeDiscord) -> AsyncIterator[Rest]:
    """Calls of a worker without a gateway."""
    before = discord.http.Route.BASE
    point_at(fake.api_url, None)
    worker = Worker(SecretStr(fake.token))
    try:
        yield Rest(worker.login)
    finally:
        await worker.close()
        point_at(before, None)

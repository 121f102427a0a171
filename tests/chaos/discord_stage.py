"""The real program beside a fake Discord, for tests that kill it while it shows something there.

async with discord_stage(tmp_path, chance) as stage:   # one server, a provider that draws
    await stage.starts()
    asked = await stage.imagines("a red mug", stage.channel())
    await stage.shown(asked)                           # its end stands in Discord
    stage.check(asked)                                 # once, and nothing else
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import ClassVar

from adapters.discord.places import Place
from core.session import keys
from tests.chaos.easel_process import EaselProcess, free_port
from tests.chaos.platform_stage import PlatformStage
from tests.chaos.slow_provider import SlowProvider, named, picture_of
from tests.contract.discord.discord_answer import Answer
from tests.contract.discord.discord_calling import Call
from tests.contract.discord.discord_clicking import Person
from tests.contract.discord.discord_components import ROW, each_component
from tests.contract.discord.discord_faults import Chosen
from tests.contract.discord.discord_world import Channel, Guild, Message
from tests.contract.discord.fake_discord import FakeDiscord
from tests.contract.openai_double import serving
from tests.pictures import pixels

REDELIVERY_SECONDS = 2
_PATIENCE = 10.0
"""Seconds that an interaction waits here for its answer: a busy machine is no fault of ours."""


@dataclass
class Asked:
    """A channel of its own with one session, and what was asked for there, in order.

    `event` is the interaction or the message that the session began with.
    """

    channel: Channel
    event: str
    sid: str
    words: list[str] = field(default_factory=list)


@dataclass
class DiscordStage(PlatformStage):
    """One server with Ana."""

    fake: FakeDiscord
    guild: Guild
    ana: Person

    FALLEN: ClassVar[tuple[str, ...]] = (*PlatformStage.FALLEN, "not_told")

    async def starts(self) -> None:
        """Start the program; it hears Discord when this returns."""
        await self.server.start()
        await self.server.said("Easel is at")
        await self.fake.gateway.connected(seconds=60)

    def channel(self) -> Channel:
        return self.guild.channel(f"room-{next(self._numbers)}")

    async def imagines(self, words: str, channel: Channel) -> Asked:
        """Ana uses /imagine in a channel, and is answered."""
        asked = Asked(channel, "", "", [words])
        answer = await (await self.sends(asked))
        assert answer.type == 5 and not answer.told, answer
        return asked

    async def sends(self, asked: Asked) -> asyncio.Task[Answer]:
        """Ana uses /imagine; the task ends when she is answered, or never will be."""
        known, [words] = self.fake.world.interactions, asked.words
        before = len(known)
        task = asyncio.create_task(self.ana.slash(asked.channel, "imagine", prompt=words))
        await self.fake.until(lambda: len(known) > before or task.done(), "she has sent it")
        self._began(asked, next(reversed(known)))
        return task

    async def mentions(self, asked: Asked) -> None:
        """Ana mentions the app in a channel, which opens a thread from what she says."""
        said = await self.ana.says(asked.channel, f"{self.fake.mention} {asked.words[0]}")
        self._began(asked, said.id)

    def _began(self, asked: Asked, event: str) -> None:
        place = Place(guild=self.guild.id, channel=asked.channel.id)
        asked.event, asked.sid = event, keys.session_id(place.thread_key(event))

    async def replies(self, asked: Asked, words: str) -> Message:
        """Ana goes on in the thread of a session."""
        asked.words.append(words)
        return await self.ana.says(self.thread(asked), words)

    def thread(self, asked: Asked) -> Channel:
        """The only thread of a session's channel."""
        [thread] = self.threads(asked)
        return thread

    def threads(self, asked: Asked) -> list[Channel]:
        channels = self.fake.world.channels.values()
        return [one for one in channels if one.is_thread and one.parent == asked.channel.id]

    def about(self, channel: Channel) -> Chosen:
        """Chooses calls about that channel: in it, in its thread, or by an interaction of it."""

        def chosen(call: Call) -> bool:
            kind, name, *more = call.path.strip("/").split("/")
            if kind == "channels":
                where = self.fake.world.channels.get(name)
                return where is not None and channel.id in (where.id, where.parent)
            token = more[0] if more else ""
            made = self.fake.world.interactions.get(self.fake.world.tokens.get(token, ""))
            return made is not None and made.channel == channel.id

        return chosen

    async def drawn(self, asked: Asked) -> None:
        """Wait until every turn of a session has ended in the store, shown or not."""
        await self.all_drawn(asked.sid, asked.words, seconds=90)

    async def shown(self, asked: Asked) -> None:
        """Wait until the ends of all turns were shown, as far as Easel knows."""
        await self.drawn(asked)
        await self.all_shown(asked.sid, asked.words)

    def said(self, asked: Asked) -> list[Message]:
        """What Easel has in a channel and in its threads, in order."""
        places = [asked.channel, *self.threads(asked)]
        found = [each for place in places for each in self.fake.said_by_bot(place)]
        return sorted(found, key=lambda message: int(message.id))

    def check(self, asked: Asked) -> None:
        """One result for each turn, in order, of the right picture; nothing else, nothing pending.

        All of it stands in one thread, or began it.
        """
        said, thread = self.said(asked), self.thread(asked)
        assert [message.loading for message in said] == [False] * len(asked.words)
        assert {message.channel for message in said if message.id != thread.id} <= {thread.id}
        for message, words in zip(said, asked.words, strict=True):
            [seen] = [pixels(file.data) for file in message.attachments]
            assert seen == pixels(picture_of(words))
            assert [one for one in each_component(message.components) if one["type"] == ROW]


@contextlib.asynccontextmanager
async def discord_stage(folder: Path, chance: Random, **more: str) -> AsyncIterator[DiscordStage]:
    """All of it; every process is ended afterwards, and everything that was sent was in order.

    `more`: settings of the program.
    """
    async with FakeDiscord() as fake, serving(SlowProvider(chance, (0.05, 0.2))) as provider:
        assert isinstance(provider, SlowProvider)
        fake.world.patience = _PATIENCE
        guild = fake.guild("pottery")
        settings = {
            "EASEL_DATA_DIR": str(folder / "data"),
            "EASEL_PORT": str(free_port()),
            "EASEL_REDELIVERY_SECONDS": str(REDELIVERY_SECONDS),
            "EASEL_PIXEL_WORKERS": "1",
            "EASEL_LOG_FORMAT": "json",
            "DISCORD_TOKEN": fake.token,
            "DISCORD_API_URL": fake.api_url,
            "DISCORD_GATEWAY_URL": fake.gateway_url,
            **named(provider),
            **more,
        }
        server = EaselProcess("serve", folder, settings)
        made = [server]
        ana = fake.person("ana", guild)
        try:
            yield DiscordStage(provider, folder, server, settings, made, fake, guild, ana)
        finally:
            fake.api.trouble.release()
            for process in reversed(made):
                await process.leave_nothing()
        assert [fault for process in made for fault in process.faults()] == []
        assert fake.invalid == [] and fake.pinging() == [] and fake.gateway.doubled == []

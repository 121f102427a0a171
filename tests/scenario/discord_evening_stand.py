"""A server of potters on an evening, and the program in a process of its own."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from tests.chaos.easel_process import EaselProcess, free_port
from tests.contract.discord.discord_answer import Answer
from tests.contract.discord.discord_clicking import Person
from tests.contract.discord.discord_components import BUTTON, each_component
from tests.contract.discord.discord_world import Channel, Guild, Message
from tests.contract.discord.fake_discord import FakeDiscord

_LONGEST_SECONDS = 120.0


@dataclass
class Evening:
    """Three people, a moderator, two channels, and the program."""

    fake: FakeDiscord
    guild: Guild
    ana: Person
    ben: Person
    cleo: Person
    mod: Person
    design: Channel
    photos: Channel
    easel: EaselProcess

    async def starts(self) -> None:
        """Start the program; it hears Discord when this returns."""
        await self.easel.start()
        await self.easel.said("Easel is at")
        await self.fake.gateway.connected(seconds=60)

    def thread(self) -> Channel:
        """The thread that was opened in #design."""
        [thread] = [one for one in self.fake.world.channels.values() if one.is_thread]
        return thread

    async def answer_to(self, asked: Message | Answer) -> Message:
        """The answer to a message or an interaction, once its turn is over."""

        def is_over() -> bool:
            return any(not is_working(each) for each in self.answers(asked))

        await self.fake.until(is_over, f"there is an answer to {asked}", seconds=_LONGEST_SECONDS)
        [message] = self.answers(asked)
        return message

    async def placeholder_of(self, asked: Message) -> Message:
        """What stands there while the answer is on its way."""
        await self.fake.until(lambda: self.answers(asked), "there is a placeholder")
        return self.answers(asked)[0]

    def answers(self, asked: Message | Answer) -> list[Message]:
        """All that stands as an answer; more than one would be one too many."""
        if isinstance(asked, Answer):
            return [asked.original] if asked.original else []
        return [one for one in self.fake.said_by_bot(asked.channel) if one.reference == asked.id]

    def results(self, channel: Channel) -> list[Message]:
        """Messages of ours with pictures."""
        return [one for one in self.fake.said_by_bot(channel) if one.attachments]

    def version(self, message: Message) -> str:
        """The first version that a message names."""
        found = re.search(r"\bv\d+\b", self.fake.words(message).rpartition("”")[2])
        return found[0] if found else ""

    def far(self, one: Message, other: Message) -> float:
        """How unlike their pictures are: the mean distance of a channel of a pixel."""
        return float(np.abs(self.picture(one).astype(int) - self.picture(other)).mean())

    def picture(self, message: Message, number: int = 0) -> np.ndarray:
        return np.asarray(Image.open(io.BytesIO(message.attachments[number].data)))


def is_working(message: Message) -> bool:
    """Whether a message says that something is on its way."""
    return message.loading or "Cancel" in labels(message)


def labels(message: Message) -> list[str]:
    """The words on a message's buttons."""
    shown = each_component(message.components)
    return [str(one.get("label")) for one in shown if one["type"] == BUTTON]


@contextlib.asynccontextmanager
async def evening(folder: Path, **more: str) -> AsyncIterator[Evening]:
    """All of it; nothing is started yet. Everything that was sent was in order at the end.

    `more`: settings of the program.
    """
    async with FakeDiscord() as fake:
        fake.world.patience = 10.0
        guild = fake.guild("pottery")
        ana, ben, cleo = (fake.person(name, guild) for name in ("ana", "ben", "cleo"))
        mod = fake.person("mod", guild, permissions=["manage_messages"])
        settings = {
            "EASEL_DATA_DIR": str(folder / "data"),
            "EASEL_PORT": str(free_port()),
            "EASEL_REDELIVERY_SECONDS": "2",
            "EASEL_LOG_FORMAT": "json",
            "DISCORD_TOKEN": fake.token,
            "DISCORD_API_URL": fake.api_url,
            "DISCORD_GATEWAY_URL": fake.gateway_url,
            **more,
        }
        easel = EaselProcess("serve", folder, settings)
        design, photos = guild.channel("design"), guild.channel("photos")
        try:
            yield Evening(fake, guild, ana, ben, cleo, mod, design, photos, easel)
        finally:
            await easel.leave_nothing()
        assert easel.faults() == []
        assert fake.invalid == [] and fake.pinging() == [] and fake.gateway.doubled == []

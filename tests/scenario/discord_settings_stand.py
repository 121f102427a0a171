"""What tests of settings share: somebody who manages the server, a channel of its own a test, and
what stands in a panel."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import discord

from adapters.discord.accepting import rules_of
from adapters.discord.buttons import SETTINGS, read_custom_id
from adapters.discord.places import Place
from core.engines.fake import FakeEngine
from core.policy.rules import Rules
from core.session.models import Turn
from tests.contract.discord import discord_components as components
from tests.contract.discord.discord_answer import Answer
from tests.contract.discord.discord_clicking import Person
from tests.contract.discord.discord_world import Channel, Json, Message, Role
from tests.scenario.discord_house import DiscordHouse, discord_house
from tests.scenario.house import png


@dataclass
class SettingsStand:
    """A house with `boss`, who manages the server, and `keeper`, who manages channels."""

    there: DiscordHouse
    boss: Person
    keeper: Person

    @property
    def workspace(self) -> str:
        return f"discord:{self.there.guild.id}"

    async def decided(self, channel: Channel | None = None) -> Rules:
        """What a channel, without one the server, has decided itself."""
        name = f"discord:{channel.id}" if channel else ""
        return await self.there.front.rules.decided(self.workspace, name)

    async def decide(self, channel: Channel | None, **decisions: Any) -> None:
        name = f"discord:{channel.id}" if channel else ""
        rules = Rules().changed(**decisions)
        await self.there.front.rules.decide(self.workspace, name, rules)

    async def holds(self, channel: Channel) -> Rules:
        place = Place(guild=self.there.guild.id, channel=channel.id)
        return await rules_of(self.there.front, place)

    async def draws(self, person: Person, channel: Channel, **options: Any) -> Turn:
        """The turn of somebody's command as it ended."""
        answer = await person.slash(channel, "imagine", prompt="a red mug", **options)
        assert answer.told == [], answer.told
        return await self.there.ended(await self.there.turn_of(answer))

    async def refused(self, person: Person, channel: Channel) -> str:
        """What somebody alone is told whose command becomes no turn."""
        answer = await person.slash(channel, "imagine", prompt="a red mug")
        assert answer.ephemeral, answer
        (told,) = answer.told
        assert await self.there.turns_of(answer) == []
        return told.replace("\\", "")

    async def room(self, *, nsfw: bool = False) -> Channel:
        """A new channel, once the app knows it."""
        guild = self.there.guild
        made = guild.channel(f"room-{len(guild.channels)}", nsfw=nsfw)
        await self.there.fake.until(lambda: self._guild.get_channel(int(made.id)), "it is known")
        return made

    async def known(self, channel: Channel) -> None:
        """Wait until the app knows what is allowed in a channel now."""
        self.there.fake.world.tell("CHANNEL_UPDATE", {"channel": channel.id}, channel.guild)
        wanted = len(channel.overwrites)

        def there() -> bool:
            found = self._guild.get_channel(int(channel.id))
            return found is not None and len(found.overwrites) == wanted

        await self.there.fake.until(there, "permissions are known")

    async def role(self, name: str) -> Role:
        """A role of the server, once the app knows it."""
        made = self.there.guild.role(name)
        await self.there.fake.until(lambda: self._guild.get_role(int(made.id)), "it is known")
        return made

    async def thread(self, message: Message) -> Channel:
        """A thread opened from a message."""
        route = "/channels/{channel_id}/messages/{message}/threads"
        where = {"channel_id": message.channel, "message": message.id}
        await self.there.front.rest.call("POST", route, json={"name": "talk"}, **where)
        known = int(message.id)
        await self.there.fake.until(lambda: self._guild.get_thread(known), "the thread is known")
        return self.there.fake.thread_of(message)

    @property
    def _guild(self) -> discord.Guild:
        found = self.there.client.get_guild(int(self.there.guild.id))
        assert found is not None
        return found

    def words(self, panel: Message) -> str:
        """What people read on a panel."""
        return self.there.fake.words(panel).replace("\\", "")

    def raw(self, panel: Message) -> str:
        """The markdown of a panel."""
        parts = components.each_component(panel.components)
        return "\n".join(part["content"] for part in parts if part.get("content"))

    def options(self, panel: Message, what: str) -> list[str]:
        """What stands on the options of a menu."""
        return [option["label"] for option in menu(panel, what)["options"]]

    def values(self, panel: Message, what: str) -> list[str]:
        return [option["value"] for option in menu(panel, what)["options"]]


@contextlib.asynccontextmanager
async def settings_stand(
    folder: Path, *engines: FakeEngine, **house: Any
) -> AsyncIterator[SettingsStand]:
    """With the models "fake" and "other", unless others are given."""
    two = (FakeEngine(png(), 64, 64), FakeEngine(png("navy"), 64, 64, name="other"))
    async with discord_house(folder, *(engines or two), **house) as there:
        boss = there.fake.person("boss", there.guild, permissions=["manage_guild"])
        keeper = there.fake.person("keeper", there.guild, permissions=["manage_channels"])
        yield SettingsStand(there, boss, keeper)


async def opened(person: Person, channel: Channel, *way: str) -> Message:
    """The settings as somebody opens them there, and then presses these buttons."""
    answer = await person.slash(channel, "settings")
    assert answer.ok and answer.ephemeral, answer
    panel = await answer.message()
    for label in way:
        assert (await used(await person.clicks(panel, label))).ok
    return panel


async def used(answer: Answer) -> Answer:
    """An answer that only changed the panel."""
    assert answer.type == 7, (answer, answer.told)
    return answer


async def chooses(person: Person, panel: Message, what: str, *values: Any) -> Answer:
    """Choose in the menu of an input; the panel is drawn anew."""
    return await used(await person.selects(panel, name_of(panel, what), *values))


async def forges(person: Person, message: Message, ref: str, *values: Any) -> Answer:
    """Send what no client sends."""
    answer = await person.selects(message, f"e1:settings:{ref}", *values, forged=True)
    assert answer.ok, "it is answered"
    return answer


def name_of(panel: Message, what: str) -> str:
    """The custom id of the menu of an input."""
    (found,) = [name for name in _menus(panel) if _input(name) == what]
    return found


def inputs(panel: Message) -> list[str]:
    """The inputs that a panel has, in order."""
    return [_input(name) for name in _menus(panel)]


def menu(panel: Message, what: str) -> Json:
    name = name_of(panel, what)
    (found,) = components.found_by(panel.components, components.SELECTS, (name,))
    return found


def chosen(panel: Message, what: str) -> list[str]:
    """The values that a menu shows as chosen."""
    shown = menu(panel, what)
    if shown["type"] == components.SELECT:
        return [option["value"] for option in shown["options"] if option.get("default")]
    return [str(each["id"]) for each in shown.get("default_values") or []]


def _menus(panel: Message) -> Iterator[str]:
    for part in components.each_component(panel.components):
        name = str(part.get("custom_id") or "")
        if part["type"] in components.SELECTS and read_custom_id(name)[0] == SETTINGS:
            yield name


def _input(name: str) -> str:
    return read_custom_id(name)[1].split("/")[2].partition(".")[0]

"""People with a mouse: commands, menus, buttons, selects, dialogs."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

from tests.contract.discord import discord_components as components
from tests.contract.discord.discord_answer import Answer
from tests.contract.discord.discord_commands import CHAT, MESSAGE, USER, commands_of
from tests.contract.discord.discord_dialogs import submission
from tests.contract.discord.discord_json import message_json
from tests.contract.discord.discord_options import fill, found_under, nested
from tests.contract.discord.discord_payloads import began, resolve
from tests.contract.discord.discord_permissions import permissions_of
from tests.contract.discord.discord_person import Writing
from tests.contract.discord.discord_responding import COMMAND, COMPLETION, COMPONENT, SUBMISSION
from tests.contract.discord.discord_world import (
    Channel,
    Interaction,
    Json,
    Message,
    permission,
)

_INSTALLS = {"guild": 0, "user": 1}


class Person(Writing):
    """Somebody who uses Discord. Every deed gives the app's Answer."""

    async def slash(
        self, channel: Channel | str, command: str, /, *, installed: str = "", **options: Any
    ) -> Answer:
        """Use a command, with the words of subcommands after its name; files as (name, bytes)."""
        return await self._sent(self._command(channel, command, installed, options))

    def _command(
        self, channel: Channel | str, words: str, installed: str, options: dict[str, Any]
    ) -> Interaction:
        place = self.place(channel)
        name, *inner = words.split()
        installed = installed or self._installed(place)
        command = self._known(place, name, CHAT, installed)
        known, way = found_under(command, inner)
        resolved: Json = {}
        filled = nested(way, fill(self.world, place, known, options, resolved))
        data = {"id": command["id"], "name": name, "type": CHAT, "options": filled}
        data |= {"resolved": resolved} if resolved else {}
        return began(self.world, self.user, place, COMMAND, data, installed=installed)

    def _installed(self, place: Channel) -> str:
        guild = self.world.guilds.get(place.guild)
        return "user" if guild is not None and not guild.bot else "guild"

    def _known(self, place: Channel, name: str, kind: int, installed: str) -> Json:
        """The command as this person sees it there; fails the test when they don't."""
        self.may(place, "use_application_commands")
        own = installed == "guild"
        for command in commands_of(self.world, place.guild, own=own):
            if (command["name"], command["type"]) == (name, kind):
                self._offered(place, command, installed)
                return command
        raise AssertionError(f"no command {name} of type {kind} was registered for {installed}")

    def _offered(self, place: Channel, command: Json, installed: str) -> None:
        context = 0 if place.guild else 1
        contexts, installs = command.get("contexts"), command.get("integration_types") or [0]
        needed = int(command.get("default_member_permissions") or 0)
        held = permissions_of(self.world, self.id, place)
        if contexts is not None and context not in contexts:
            raise AssertionError(f"{command['name']} is not offered in context {context}")
        if _INSTALLS[installed] not in installs:
            raise AssertionError(f"{command['name']} can't be installed for a {installed}")
        if place.guild and needed & ~held and not held & permission("administrator"):
            raise AssertionError(f"{command['name']} is not offered to {self.name}")

    async def autocompletes(
        self, channel: Channel | str, command: str, option: str, typed: str, /, **others: Any
    ) -> Answer:
        """Type into an option that completes; the Answer has `.choices`."""
        place = self.place(channel)
        name, *inner = command.split()
        installed = self._installed(place)
        known, way = found_under(self._known(place, name, CHAT, installed), inner)
        chosen = next(one for one in known if one["name"] == option)
        if not chosen.get("autocomplete"):
            raise AssertionError(f"{option} does not complete")
        there = [one for one in known if one["name"] in others]
        filled = fill(self.world, place, there, others, {})
        focused = {"name": option, "type": chosen["type"], "value": typed, "focused": True}
        data = {"id": self._known(place, name, CHAT, installed)["id"], "name": name, "type": CHAT}
        data["options"] = nested(way, [*filled, focused])
        made = began(self.world, self.user, place, COMPLETION, data, installed=installed)
        return await self._sent(made)

    async def context(
        self, channel: Channel | str, name: str, target: Message | Writing, *, installed: str = ""
    ) -> Answer:
        """Right click on a message, or on somebody."""
        place = self.place(channel)
        installed = installed or self._installed(place)
        kind = MESSAGE if isinstance(target, Message) else USER
        command = self._known(place, name, kind, installed)
        resolved: Json = {}
        if isinstance(target, Message):
            resolved["messages"] = {target.id: message_json(self.world, target)}
        else:
            resolve(self.world, place, target, resolved)
        data = {"id": command["id"], "name": name, "type": kind, "target_id": target.id}
        data["resolved"] = resolved
        made = began(self.world, self.user, place, COMMAND, data, installed=installed)
        return await self._sent(made)

    async def clicks(
        self, message: Message, label: str = "", *, custom_id: str = "", forged: bool = False
    ) -> Answer:
        """Press a button, by what stands on it or by its custom id.

        `forged`: send a custom id that is not there, as no client does.
        """
        button = self._pressable(message, (components.BUTTON,), (label, custom_id), forged)
        data = {
            "component_type": components.BUTTON,
            "custom_id": custom_id if forged else button["custom_id"],
            "id": button.get("id", 1),
        }
        return await self._pressed(message, data)

    async def selects(
        self, message: Message, name: str, *values: Any, forged: bool = False
    ) -> Answer:
        """Choose in a menu: texts or values of its options, or people, roles, channels.

        `forged`: send values that are not offered.
        """
        select = self._pressable(message, components.SELECTS, (name,), forged)
        place = self.world.channels[message.channel]
        kind = select.get("type", components.SELECT)
        resolved: Json = {}
        if kind == components.SELECT:
            chosen = [value if forged else chosen_of(select, value) for value in values]
        else:
            chosen = [resolve(self.world, place, value, resolved) for value in values]
        least, most = select.get("min_values", 1), select.get("max_values", 1)
        if not forged and not least <= len(chosen) <= most:
            raise AssertionError(f"{name} takes from {least} to {most}")
        data = {"component_type": kind, "values": chosen, "id": select.get("id", 1)}
        data["custom_id"] = name if forged else select["custom_id"]
        data |= {"resolved": resolved} if kind != components.SELECT else {}
        return await self._pressed(message, data)

    def _pressable(
        self, message: Message, kinds: tuple[int, ...], names: tuple[str, ...], forged: bool
    ) -> Json:
        if message.only_for not in ("", self.id):
            raise AssertionError(f"{self.name} does not see that message")
        if message.id not in self.world.messages:
            raise AssertionError("that message is not there any more")
        wanted = tuple(filter(None, names))
        found = components.found_by(message.components, kinds, wanted)
        if forged:
            return found[0] if found else {}
        if len(found) != 1:
            raise AssertionError(f"{len(found)} things to press are named {wanted}")
        if found[0].get("disabled") or found[0].get("url"):
            raise AssertionError(f"{wanted} can't be pressed")
        return found[0]

    async def _pressed(self, message: Message, data: Json) -> Answer:
        place = self.world.channels[message.channel]
        origin = self.world.interactions.get(message.interaction)
        installed = origin.installed if origin else self._installed(place)
        made = began(
            self.world, self.user, place, COMPONENT, data, installed=installed, source=message
        )
        made.name = data["custom_id"]
        return await self._sent(made)

    async def submits(self, dialog: Answer, fields: dict[str, Any]) -> Answer:
        """Fill in a dialog and send it: by custom id or by label; files as [(name, bytes)]."""
        if not dialog.modal:
            raise AssertionError("no dialog is open")
        before = dialog.interaction
        place = self.world.channels[before.channel]
        data = submission(self.world, place, dialog.modal, fields)
        source = self.world.messages.get(before.source)
        made = began(
            self.world,
            self.user,
            place,
            SUBMISSION,
            data,
            installed=before.installed,
            source=source,
        )
        made.name = data["custom_id"]
        return await self._sent(made)

    async def repeats(self, answer: Answer) -> None:
        """Discord delivers the same interaction once more."""
        made = answer.interaction
        self.world.tell("INTERACTION_CREATE", made.payload, made.guild)

    async def _sent(self, made: Interaction) -> Answer:
        """Tell the app, and wait as long as Discord does."""
        self.world.tell("INTERACTION_CREATE", made.payload, made.guild)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(made.answered.wait(), self.world.patience * 1.05)
        return Answer(self.world, made)


def chosen_of(select: Json, value: Any) -> str:
    """The value of an option, by its value, its text, or the beginning of either."""
    options: list[Json] = select["options"]
    for exact in (True, False):
        for option in options:
            names = (option["value"], option["label"])
            if value in names or (not exact and any(str(value) in name for name in names)):
                return str(option["value"])
    raise AssertionError(f"{value!r} is none of {[option['label'] for option in options]}")

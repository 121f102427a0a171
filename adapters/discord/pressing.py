"""Everything that can be pressed under our messages: found by its name, in any process, for years.

What makes or moves pictures is a turn and stands in the queue before Discord has its answer; all
else says what it did, or why not.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any, Self

import discord
import structlog
from discord import ui

from adapters.discord import buttons, deleting, menus, reporting, settings, turn_buttons
from adapters.discord.answering import kindly
from adapters.discord.client import EaselClient
from adapters.discord.front import Front
from adapters.discord.presses import Press, press_of
from adapters.discord.submitting import submitted
from core.errors import NotFound

Interaction = discord.Interaction[Any]
Deed = Callable[[Front, Press], Awaitable[None]]

DEEDS: Mapping[str, Deed] = {
    buttons.CANCEL: turn_buttons.cancel,
    buttons.TRANSPARENT: turn_buttons.saying("transparent"),
    buttons.VARIATIONS: turn_buttons.saying("variations"),
    buttons.UNDO: turn_buttons.undo,
    buttons.AGAIN: turn_buttons.again,
    buttons.OFFER: turn_buttons.agree,
    buttons.SIBLING: turn_buttons.sibling,
    buttons.EDIT: menus.edit,
    buttons.FULL: menus.full,
    buttons.UPSCALE: menus.enlarge,
    buttons.MORE: menus.more,
    buttons.INSTEAD: menus.instead,
    buttons.REMOVE: deleting.remove,
    buttons.REPORT: reporting.handle,
    buttons.SETTINGS: settings.pressed,
}

log = structlog.get_logger(__name__)


def install(client: EaselClient, front: Front) -> None:
    """Listen to presses and to dialogs that are sent."""

    class Pressed(ui.DynamicItem[ui.Item[Any]], template=buttons.TEMPLATE):
        """A button or a menu with a name of ours."""

        @classmethod
        async def from_custom_id(
            cls, interaction: Interaction, item: ui.Item[Any], match: Any, /
        ) -> Self:
            return cls(item)

        async def callback(self, interaction: Interaction) -> None:
            await pressed(front, interaction)

    async def on_interaction(interaction: Interaction) -> None:
        if interaction.type is discord.InteractionType.modal_submit:
            await submitted(front, interaction)
        elif interaction.type is discord.InteractionType.component and not _stands(interaction):
            await pressed(front, interaction)  # discord.py says nothing to these

    client.add_dynamic_items(Pressed)
    client.listen("interaction", on_interaction)


async def pressed(front: Front, interaction: Interaction) -> None:
    """Do what a button or a menu is for, or say why not."""
    async with kindly(front, interaction):
        press = press_of(interaction)
        deed = DEEDS.get(press.action)
        if deed is None:
            log.warning("discord_press_unknown", user=press.place.user, action=press.action)
            raise NotFound(
                "I don't know that button any more.", hint="Use those under a newer message."
            )
        await deed(front, press)


def _stands(interaction: Interaction) -> bool:
    """Whether the thing with a name of ours stands in its message, as in what clients send."""
    told: Any = interaction.data or {}
    name = told.get("custom_id")
    if interaction.message is None or not buttons.TEMPLATE.fullmatch(str(name)):
        return False
    there = ((part.type.value, getattr(part, "custom_id", None)) for part in _parts(interaction))
    return (told.get("component_type"), name) in there


def _parts(interaction: Interaction) -> Iterator[ui.Item[Any]]:
    """What stands in the message, as discord.py sees it."""
    message = interaction.message
    if message is None:
        return iter(())
    kind = ui.LayoutView if message.flags.components_v2 else ui.View
    return kind.from_message(message, timeout=None).walk_children()

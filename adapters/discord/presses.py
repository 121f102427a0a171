"""A button or a menu that somebody used, as Discord tells of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import discord
from discord import ui

from adapters.discord.answering import answered
from adapters.discord.asking import asker_of, keys_of
from adapters.discord.buttons import read_custom_id
from adapters.discord.places import Asker, Place

Interaction = discord.Interaction[Any]


@dataclass(frozen=True, slots=True)
class Press:
    """`action` and `ref` are what its name says (`buttons`), both empty when it is none of ours;
    `value` is what was chosen in a menu."""

    interaction: Interaction
    asker: Asker
    action: str
    ref: str
    value: str

    @property
    def place(self) -> Place:
        """Where it was pressed."""
        return self.asker.place

    @property
    def message(self) -> str:
        """The id of the message that it stands under."""
        message = self.interaction.message
        return str(message.id) if message is not None else ""

    def keys(self, deed: str, *, whoever: bool = False) -> tuple[str, ...]:
        """Event keys of the deed: a delivery that comes again, and a double click.

        `whoever`: two people who press the same at once mean it once.
        """
        return keys_of(self.interaction, deed, f"{self.ref}|{self.value}", whoever=whoever)


def press_of(interaction: Interaction) -> Press:
    """A press, with what a client said of it: none of that was checked."""
    told: Any = interaction.data or {}
    action, ref = read_custom_id(str(told.get("custom_id") or ""))
    values = told.get("values")
    first = values[0] if isinstance(values, list) and values else ""
    return Press(
        interaction,
        asker_of(interaction),
        action,
        ref,
        first if isinstance(first, str) else "",
    )


async def leave(press: Press) -> None:
    """Acknowledge a press that changes nothing, or whose message says by itself what it did."""
    await answered(press.interaction, press.interaction.response.defer())


async def restate(press: Press, view: ui.LayoutView) -> None:
    """Let the message say something else under which was pressed; the press is acknowledged."""
    view.stop()  # what is pressed in it is found by its name, in any process
    nobody = discord.AllowedMentions.none()
    edited = press.interaction.edit_original_response(view=view, allowed_mentions=nobody)
    await answered(press.interaction, edited)

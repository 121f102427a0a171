"""What becomes of a command that fails before or outside its own handler: words, never silence."""

from __future__ import annotations

from typing import Any

import discord
import structlog
from discord import app_commands

from adapters.discord.answering import tell

_CHANGED = (
    "That command has changed in the meantime. Reload Discord (Ctrl+R, or close the app and open "
    "it again), then try it once more."
)
_VALUE = "I can't do anything with one of the values of that command. Choose them from the lists."
_SORRY = "Sorry, that went wrong on my side. Try it again in a moment."

log = structlog.get_logger(__name__)


class EaselTree(app_commands.CommandTree[Any]):
    """The commands; an error that reaches it is logged, and said to whoever asked."""

    async def on_error(
        self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError, /
    ) -> None:
        if isinstance(error, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch):
            log.warning("command_unknown", part="discord", detail=type(error).__name__)
            await _say(interaction, _CHANGED)
        elif isinstance(error, app_commands.TransformerError):
            await _say(interaction, _VALUE)
        else:
            log.error("command_failed", part="discord", exc_info=error)
            await _say(interaction, _SORRY)


async def _say(interaction: discord.Interaction[Any], words: str) -> None:
    if interaction.type is not discord.InteractionType.autocomplete:
        await tell(interaction, words)

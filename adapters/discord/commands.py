"""Commands that are typed. Each stands in a module of its own kind and is listed here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from discord import app_commands

from adapters.discord import drawing_commands, helping, picture_commands, settings, usage
from adapters.discord.front import Front

Command = app_commands.Command[Any, ..., Any]

COMMANDS: Sequence[Callable[[Front], Command]] = (
    drawing_commands.imagine,
    drawing_commands.edit,
    picture_commands.upscale,
    picture_commands.cutout,
    picture_commands.vary,
    usage.usage,
    settings.settings,
    helping.help_command,
)


def install(tree: app_commands.CommandTree[Any], front: Front) -> None:
    """Offer the commands in servers, direct conversations and groups, to whoever installed Easel,
    for a server or for themselves."""
    for made in COMMANDS:
        command = made(front)
        command.allowed_installs = app_commands.AppInstallationType(guild=True, user=True)
        command.allowed_contexts = app_commands.AppCommandContext(
            guild=True, dm_channel=True, private_channel=True
        )
        tree.add_command(command)

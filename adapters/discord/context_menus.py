"""Menus on any message with a picture: the answer stands in place, and replies to it go on."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str as T

from adapters.discord.answering import kindly
from adapters.discord.dialogs import ask_edit, ask_enlarge
from adapters.discord.front import Front
from adapters.discord.targets import do_to, target_of

Interaction = discord.Interaction[Any]
Callback = Callable[[Interaction, discord.Message], Coroutine[Any, Any, None]]


def install(tree: app_commands.CommandTree[Any], front: Front) -> None:
    """Offer the menus wherever the commands are."""
    for name, callback in (
        (T("Edit with Easel"), _edit(front)),
        (T("Upscale"), _upscale(front)),
        (T("Quick upscale"), _at_once(front, "quick_upscale", "2x")),
        (T("Cut out background"), _at_once(front, "cutout", "transparent")),
    ):
        menu = app_commands.ContextMenu(name=name, callback=callback)
        menu.allowed_installs = app_commands.AppInstallationType(guild=True, user=True)
        menu.allowed_contexts = app_commands.AppCommandContext(
            guild=True, dm_channel=True, private_channel=True
        )
        tree.add_command(menu)


def _at_once(front: Front, deed: str, words: str) -> Callback:
    async def done(interaction: Interaction, message: discord.Message) -> None:
        async with kindly(front, interaction):
            target = await target_of(front, interaction, message)
            await do_to(front, interaction, target, deed, words)

    return done


def _edit(front: Front) -> Callback:
    async def asked(interaction: Interaction, message: discord.Message) -> None:
        async with kindly(front, interaction):
            target = await target_of(front, interaction, message)
            await ask_edit(
                front,
                interaction,
                thread=target.thread,
                version=target.version,
                pending=target.pending,
            )

    return asked


def _upscale(front: Front) -> Callback:
    async def asked(interaction: Interaction, message: discord.Message) -> None:
        async with kindly(front, interaction):
            target = await target_of(front, interaction, message)
            await ask_enlarge(
                front,
                interaction,
                thread=target.thread,
                message=target.message,
                version=target.version,
                pending=target.pending,
            )

    return asked

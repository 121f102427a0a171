"""Menus on any message with a picture: the answer stands in place, and replies to it go on."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str as T

from adapters.discord.answering import kindly
from adapters.discord.dialogs import ask_edit, ask_enlarge
from adapters.discord.front import Front
from adapters.discord.targets import do_to, target_of


def install(tree: app_commands.CommandTree[Any], front: Front) -> None:
    """Offer the menus wherever the commands are."""

    async def quick_upscale(
        interaction: discord.Interaction[Any], message: discord.Message
    ) -> None:
        async with kindly(front, interaction):
            target = await target_of(front, interaction, message)
            await do_to(front, interaction, target, "quick_upscale", "2x")

    async def cut_out(interaction: discord.Interaction[Any], message: discord.Message) -> None:
        async with kindly(front, interaction):
            target = await target_of(front, interaction, message)
            await do_to(front, interaction, target, "cutout", "transparent")

    async def edit(interaction: discord.Interaction[Any], message: discord.Message) -> None:
        async with kindly(front, interaction):
            target = await target_of(front, interaction, message)
            await ask_edit(
                front,
                interaction,
                thread=target.thread,
                version=target.version,
                pending=target.pending,
            )

    async def upscale(interaction: discord.Interaction[Any], message: discord.Message) -> None:
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

    for name, callback in (
        (T("Edit with Easel"), edit),
        (T("Upscale"), upscale),
        (T("Quick upscale"), quick_upscale),
        (T("Cut out background"), cut_out),
    ):
        menu = app_commands.ContextMenu(name=name, callback=callback)
        menu.allowed_installs = app_commands.AppInstallationType(guild=True, user=True)
        menu.allowed_contexts = app_commands.AppCommandContext(
            guild=True, dm_channel=True, private_channel=True
        )
        tree.add_command(menu)

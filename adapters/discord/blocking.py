"""Moderators take Easel from somebody, and give it back: a menu on a person, a button of reports.

A block holds in the whole server, so it is for those who moderate the whole server.
"""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str as T

from adapters.chat.words import one_line
from adapters.discord.answering import kindly, tell
from adapters.discord.asking import asker_of
from adapters.discord.escaping import escaped
from adapters.discord.front import Front
from adapters.discord.places import Place
from core.errors import BadInput, NotAllowed

Interaction = discord.Interaction[Any]
Person = discord.Member | discord.User

_NAME = 80


def install_menus(tree: app_commands.CommandTree[Any], front: Front) -> None:
    """Offer the menus on people, in servers, to who may manage messages."""

    async def block(interaction: Interaction, person: Person) -> None:
        async with kindly(front, interaction):
            fresh = await shut_out(front, interaction, person)
            now = "can't use me here any more" if fresh else "is shut out already"
            await tell(interaction, f"{_named(person)} {now}.")

    async def unblock(interaction: Interaction, person: Person) -> None:
        async with kindly(front, interaction):
            lifted = await let_in(front, interaction, person)
            now = "can use me again" if lifted else "was not shut out"
            await tell(interaction, f"{_named(person)} {now}.")

    for name, callback in ((T("Block from Easel"), block), (T("Let use Easel again"), unblock)):
        menu = app_commands.ContextMenu(name=name, callback=callback)
        menu.default_permissions = discord.Permissions(manage_messages=True)
        menu.allowed_installs = app_commands.AppInstallationType(guild=True)
        menu.allowed_contexts = app_commands.AppCommandContext(guild=True)
        tree.add_command(menu)


async def shut_out(front: Front, interaction: Interaction, person: Person) -> bool:
    """Take Easel from somebody; gives whether that is new. Raises NotAllowed, BadInput."""
    place = _moderated(interaction)
    if str(person.id) == place.user:
        raise BadInput("That is you.", hint="Choose somebody else.")
    if person.bot:
        raise BadInput("I don't listen to bots anyway.", hint="Choose a person.")
    if isinstance(person, discord.Member) and _manages(person):
        raise NotAllowed(
            "I can't be taken from those who manage this server.", hint="Talk to them about it."
        )
    return await front.blocks.block(
        place.workspace, f"discord:{person.id}", place.actor.id, name=person.display_name
    )


async def let_in(front: Front, interaction: Interaction, person: Person) -> bool:
    """Give it back; gives whether it was taken. Raises NotAllowed."""
    place = _moderated(interaction)
    return await front.blocks.unblock(place.workspace, f"discord:{person.id}")


def _moderated(interaction: Interaction) -> Place:
    """The place of somebody who moderates its whole server. Raises NotAllowed."""
    place, member = asker_of(interaction).place, interaction.user
    if place.guild and place.present and isinstance(member, discord.Member):
        may = member.guild_permissions
        if may.manage_messages or may.administrator:
            return place
    raise NotAllowed("Only moderators of the whole server may do that.", hint="Ask one of them.")


def _manages(member: discord.Member) -> bool:
    may = member.resolved_permissions or member.guild_permissions
    return may.manage_guild or may.administrator


def _named(person: Person) -> str:
    return escaped(one_line(person.display_name, _NAME), 2 * _NAME)

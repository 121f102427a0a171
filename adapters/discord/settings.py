"""/settings: what a channel, a server, or a person by themselves has decided, and deciding it."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands, ui
from discord.app_commands import locale_str as T

from adapters.chat.filled_in import InInput
from adapters.discord.answering import answered, kindly, tell
from adapters.discord.asking import asker_of
from adapters.discord.front import Front
from adapters.discord.places import Asker
from adapters.discord.presses import Press
from adapters.discord.settings_choices import BLOCKED, QUOTA_ROLE
from adapters.discord.settings_menus import Known
from adapters.discord.settings_panel import panel, read_only
from adapters.discord.settings_saving import below, channel_of, role_chosen, save
from adapters.discord.settings_spots import Scope, Spot, inputs_of
from core.errors import NotAllowed, NotFound
from core.picture.safety import installed

Interaction = discord.Interaction[Any]


def settings(front: Front) -> app_commands.Command[Any, ..., Any]:
    """What holds here, and for those who may: to decide it."""

    @app_commands.command(
        name=T("settings"), description=T("See and choose what holds in this channel and server")
    )
    async def command(interaction: Interaction) -> None:
        async with kindly(front, interaction):
            asker = asker_of(interaction)
            spot = Spot("m" if _is_own(asker) else "c")
            await tell(interaction, "", await _shown(front, interaction, asker, spot))

    return command


async def pressed(front: Front, press: Press) -> None:
    """Something in a panel was used: save it, and show the panel as it is now.

    Raises NotFound, NotAllowed, Unavailable.
    """
    interaction, asker = press.interaction, press.asker
    spot = Spot.read(press.ref)
    if spot is None or (spot.scope == "m") is not _is_own(asker):
        raise NotFound("I don't know that setting any more.", hint="Use /settings again.")
    if spot.what and not may_decide(asker, interaction.permissions, spot.scope):
        raise NotAllowed(
            "You can't change these settings.", hint="Ask somebody who manages this server."
        )
    notice, role = "", ""
    try:
        if spot.what == QUOTA_ROLE:
            role = role_chosen(interaction)
        elif spot.what:
            notice = await save(front, asker.place, interaction, spot)
    except InInput as wrong:
        notice = " ".join(part for part in (wrong.message, wrong.hint) if part)
    await _answer(interaction, await _shown(front, interaction, asker, spot, notice, role))


def may_decide(asker: Asker, may: discord.Permissions, scope: Scope) -> bool:
    """Whether somebody may decide: a server's for who manages it, a channel's for who manages that
    or the server, one's own for everybody."""
    return asker.admin or (scope == "c" and may.manage_channels)


def _is_own(asker: Asker) -> bool:
    """Whether there is nobody else for whom anything could be decided here."""
    return not (asker.place.guild and asker.place.present)


async def _shown(
    front: Front,
    interaction: Interaction,
    asker: Asker,
    spot: Spot,
    notice: str = "",
    role: str = "",
) -> ui.LayoutView:
    """The panel for who may decide, lines for everybody else."""
    place, may = asker.place, interaction.permissions
    guild = interaction.guild
    decides = may_decide(asker, may, spot.scope)
    blocks = decides and BLOCKED in inputs_of(spot.scope, spot.page)
    known = Known(
        rules=await front.rules.decided(place.workspace, channel_of(place, spot)),
        below=await below(front, place, spot),
        catalog=front.catalog,
        channel=place.parent or place.channel,
        roles={str(each.id): each.name for each in guild.roles} if guild else {},
        channels={str(each.id) for each in guild.text_channels} if guild else (),
        blocked=await front.blocks.blocked(place.workspace) if blocks else (),
        hears=front.hears,
        looks=installed(),
        role=role,
        notice=notice,
    )
    if decides:
        return panel(spot, known)
    return read_only(spot, known, back="c" if may_decide(asker, may, "c") else None)


async def _answer(interaction: Interaction, view: ui.LayoutView) -> None:
    """Let the panel be this. What others see is never a panel, whatever a client says."""
    message = interaction.message
    if message is None or not message.flags.ephemeral:
        await tell(interaction, "", view)
        return
    view.stop()  # what is pressed in it is found by its name, in any process
    nobody = discord.AllowedMentions.none()
    edited = interaction.response.edit_message(view=view, allowed_mentions=nobody)
    await answered(interaction, edited)

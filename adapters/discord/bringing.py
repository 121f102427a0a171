"""“Show elsewhere”: a version of one thread stands in another channel and goes on there.

Whoever asks must be able to read and to write there, as Easel must, and what was made where only
adults look is not shown where everybody does.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import discord

from adapters.discord.accepting import accept
from adapters.discord.asking import asker_of, is_adult
from adapters.discord.front import Front
from adapters.discord.places import Asker, Place
from adapters.discord.seeing import may_read, permissions
from core.errors import NotAllowed
from core.session.models import Turn, Version


async def bring(
    front: Front,
    interaction: discord.Interaction[Any],
    channel: str,
    version: Version,
    *,
    once: str,
) -> Turn:
    """Show a version in another channel of the server. `once` names the wish.

    Raises NotAllowed, and what accepting raises.
    """
    there = await _checked(interaction, channel)
    return await accept(
        front,
        there,
        thread=there.place.thread_key(once),
        event_keys=(f"discord:shown:{once}",),
        text=f"show {version.name} here",
        brings=version.id,
    )


async def _checked(interaction: discord.Interaction[Any], channel: str) -> Asker:
    """Who asks, in that channel. Raises NotAllowed."""
    asker, member, guild = asker_of(interaction), interaction.user, interaction.guild
    if guild is None or not asker.place.present or not isinstance(member, discord.Member):
        raise NotAllowed("I can show it only in a server that I am in.", hint="Invite me to yours.")
    found = guild.get_channel_or_thread(int(channel)) if channel.isdecimal() else None
    if found is None or not await may_read(
        interaction.client, asker.place, asker.place.guild, channel
    ):
        raise _not_theirs()
    if not _may_write(found, member):
        raise _not_theirs()
    if not _may_write(found, guild.me):
        raise NotAllowed(
            "I can't write in that channel.",
            hint="Ask a moderator to let me see it, send messages and attach files there.",
        )
    adult = is_adult(found)
    if asker.adult and not adult:
        raise NotAllowed(
            "This channel is age-restricted, and that one is not.",
            hint="Choose an age-restricted channel.",
        )
    return replace(asker, place=_place(asker.place, guild, found), adult=adult)


def _not_theirs() -> NotAllowed:
    return NotAllowed("You can't write in that channel.", hint="Choose another.")


def _may_write(channel: Any, member: discord.Member) -> bool:
    may = permissions(channel, member)
    if not (may.view_channel and may.attach_files):
        return False
    if not isinstance(channel, discord.Thread):
        return may.send_messages
    return may.send_messages_in_threads and (may.manage_threads or not channel.locked)


def _place(place: Place, guild: discord.Guild, channel: Any) -> Place:
    """Where it is shown: in a message that answers nothing."""
    return Place(
        guild=place.guild,
        channel=str(channel.id),
        parent=str(channel.parent_id) if isinstance(channel, discord.Thread) else "",
        user=place.user,
        user_name=place.user_name,
        app=place.app,
        limit=guild.filesize_limit,
    )

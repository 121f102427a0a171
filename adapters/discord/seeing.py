"""Who may see what: a link must not show what its sender could not open.

Easel reads every channel that it is in; the person who pastes a link may not. So it is looked up in
what the gateway told of channels and roles, and where that can't be told, the answer is no.
"""

from __future__ import annotations

from typing import Any

import discord

from adapters.discord.asking import is_adult
from adapters.discord.places import DIRECT, Asker, Place
from core.errors import NotAllowed


async def may_read(client: discord.Client, place: Place, home: str, channel: str) -> bool:
    """Whether the person of a place may read a channel.

    `home` is the channel's server, or "@me". A direct conversation is read by who is in it.
    """
    if (home, channel) == (place.home, place.channel):
        return True
    if home == DIRECT or not (home.isdecimal() and channel.isdecimal()):
        return False
    guild = client.get_guild(int(home))
    if guild is None:
        return False
    member = await member_of(guild, place.user)
    found = await _channel(client, guild, int(channel))
    if member is None or found is None:
        return False
    may = permissions(found, member)
    if not (may.view_channel and may.read_message_history):
        return False
    return await _in_private(found, member, may)


async def check_visible(client: discord.Client, asker: Asker, home: str, channel: str) -> None:
    """Raises NotAllowed for what stands in a channel that the person may not read, or that only
    adults look at, unless it is brought to such a place."""
    if not await may_read(client, asker.place, home, channel):
        raise NotAllowed("I can't show you that message.", hint="Link to one that you can open.")
    guild = client.get_guild(int(home)) if home.isdecimal() else None
    found = await _channel(client, guild, int(channel)) if guild else None
    if is_adult(found) and not asker.adult:
        raise NotAllowed(
            "That channel is age-restricted, and this one is not.",
            hint="Ask for it in an age-restricted channel.",
        )


async def member_of(guild: discord.Guild, user: str) -> discord.Member | None:
    """A person as a member of a server; None where they are none, or Discord does not say."""
    try:
        return await guild.fetch_member(int(user)) if user.isdecimal() else None
    except discord.DiscordException:
        return None


def permissions(channel: Any, member: discord.Member) -> discord.Permissions:
    """What somebody may do in a channel or thread; nothing where that can't be told."""
    try:
        found = channel.permissions_for(member)
    except discord.ClientException:  # a thread whose channel is not known
        return discord.Permissions.none()
    return found if isinstance(found, discord.Permissions) else discord.Permissions.none()


async def _channel(client: discord.Client, guild: discord.Guild, channel: int) -> Any:
    """Threads that nobody has written in for long are not known; Discord is asked for them."""
    found = guild.get_channel_or_thread(channel)
    if found is not None:
        return found
    try:
        asked = await client.fetch_channel(channel)
    except discord.DiscordException:
        return None
    return asked if getattr(asked, "guild", None) == guild else None


async def _in_private(channel: Any, member: discord.Member, may: discord.Permissions) -> bool:
    """Whether a thread is open to all who see its channel, or the person is in it."""
    if not isinstance(channel, discord.Thread) or not channel.is_private() or may.manage_threads:
        return True
    try:
        await channel.fetch_member(member.id)
    except discord.DiscordException:
        return False
    return True

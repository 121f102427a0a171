"""Who may do what where, as Discord computes it."""

from __future__ import annotations

import discord

from tests.contract.discord.discord_refusing import Refused
from tests.contract.discord.discord_world import (
    DM,
    PRIVATE_THREAD,
    Channel,
    Guild,
    World,
    permission,
)

ALL = discord.Permissions.all().value
_ADMINISTRATOR = permission("administrator")
_IN_DM = permission(
    "view_channel",
    "send_messages",
    "attach_files",
    "embed_links",
    "read_message_history",
    "add_reactions",
    "use_application_commands",
)


def permissions_of(world: World, user: str, channel: Channel) -> int:
    """The bits that hold for somebody in a channel; threads take them from their channel."""
    if channel.type == DM:
        return _IN_DM if user in (*channel.recipients, world.bot.id) else 0
    guild = world.guilds[channel.guild]
    if user == guild.owner:
        return ALL
    if user not in guild.members:
        return 0
    home = world.channels[channel.parent] if channel.is_thread else channel
    held = of_roles(guild, user)
    return ALL if held & _ADMINISTRATOR else _overwritten(held, guild, user, home)


def of_roles(guild: Guild, user: str) -> int:
    held = guild.roles[guild.id].permissions
    for role in guild.members[user].roles:
        held |= guild.roles[role].permissions
    return held


def _overwritten(held: int, guild: Guild, user: str, channel: Channel) -> int:
    for group in ([guild.id], guild.members[user].roles, [user]):
        allowed = denied = 0
        for name in group:
            more, less = channel.overwrites.get(name, (0, 0))
            allowed, denied = allowed | more, denied | less
        held = (held & ~denied) | allowed
    return held


def sees(world: World, user: str, channel: Channel) -> bool:
    held = permissions_of(world, user, channel)
    if channel.type == PRIVATE_THREAD and user not in channel.members:
        return bool(held & permission("manage_threads"))
    return bool(held & permission("view_channel"))


def need(world: World, channel: Channel, *names: str) -> None:
    """Raises Refused unless the app sees the channel and may do all of that in it."""
    if not sees(world, world.bot.id, channel):
        raise Refused(50001)
    held = permissions_of(world, world.bot.id, channel)
    if any(not held & permission(name) for name in names):
        raise Refused(50013)


def need_to_send(world: World, channel: Channel, *, files: bool) -> None:
    sending = "send_messages_in_threads" if channel.is_thread else "send_messages"
    need(world, channel, sending, *(["attach_files"] if files else []))

"""What happened, as the gateway tells it: which intent it wants, and with how much in it."""

from __future__ import annotations

import discord

from tests.contract.discord.discord_json import (
    channel_json,
    guild_create_json,
    member_json,
    role_json,
    thread_json,
    thread_member_json,
)
from tests.contract.discord.discord_reading import event
from tests.contract.discord.discord_world import Json, World


def intent(*names: str) -> int:
    return discord.Intents(**dict.fromkeys(names, True)).value


GUILDS, CONTENT = intent("guilds"), intent("message_content")
PRIVILEGED = intent("members", "presences", "message_content")
_MEMBERS = intent("members")
_IN_GUILD = {"MESSAGE": intent("guild_messages"), "REACTION": intent("guild_reactions")}
_DIRECT = {"MESSAGE": intent("dm_messages"), "REACTION": intent("dm_reactions")}
_OF_GUILDS = ("GUILD_CREATE", "GUILD_DELETE", "GUILD_ROLE", "CHANNEL", "THREAD")


def wanted(kind: str, guild: str) -> int:
    """The intent that an event is sent for; 0 where it always is."""
    if kind == "GUILD_MEMBER_ADD" or kind == "GUILD_MEMBER_REMOVE":
        return _MEMBERS
    if kind.startswith("MESSAGE"):
        table = _IN_GUILD if guild else _DIRECT
        return table["REACTION" if "REACTION" in kind else "MESSAGE"]
    return GUILDS if kind.startswith(_OF_GUILDS) else 0


def written(world: World, kind: str, data: Json, *, content: bool) -> Json:
    """The data of an event in full. `content`: every message may be read."""
    if kind in ("MESSAGE_CREATE", "MESSAGE_UPDATE"):
        return event(world, world.messages[data["message"]], content=content)
    if kind == "GUILD_CREATE":
        return guild_create_json(world, world.guilds[data["guild"]])
    if kind.startswith(("THREAD", "CHANNEL")):
        return _of_channel(world, kind, data)
    if kind == "GUILD_ROLE_CREATE":
        role = world.guilds[data["guild_id"]].roles[data["role"]]
        return data | {"role": role_json(role, 1)}
    if kind == "MESSAGE_REACTION_ADD" and "member" in data:
        members = world.guilds[data["guild_id"]].members
        return data | {"member": member_json(world, members[data["member"]])}
    return data


def _of_channel(world: World, kind: str, data: Json) -> Json:
    channel = world.channels[data["channel"]]
    if kind == "THREAD_MEMBERS_UPDATE":
        added = [thread_member_json(channel, data["added"])]
        told = {"id": channel.id, "guild_id": channel.guild, "member_count": len(channel.members)}
        return told | {"added_members": added, "removed_member_ids": []}
    if kind == "THREAD_DELETE":
        names = ("id", "guild_id", "parent_id", "type")
        told = thread_json(world, channel)
        return {name: told[name] for name in names}
    told = channel_json(world, channel)
    if kind == "THREAD_CREATE" and world.bot.id in channel.members:
        told["member"] = thread_member_json(channel, world.bot.id)
    return told | ({"newly_created": True} if data.get("newly_created") else {})

"""INTERACTION_CREATE as Discord sends it (after recorded payloads), and what it refers to."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from tests.contract.discord.discord_json import (
    attachment_json,
    channel_json,
    interaction_channel_json,
    member_json,
    message_json,
    owners_of,
    role_json,
    user_json,
)
from tests.contract.discord.discord_permissions import permissions_of
from tests.contract.discord.discord_world import (
    DM,
    EVERYBODY,
    Channel,
    Interaction,
    Json,
    Message,
    Role,
    User,
    World,
)
from tests.contract.discord.discord_writing import stored

TOKEN_SECONDS = 15 * 60.0
IN_GUILD, WITH_BOT, ELSEWHERE = 0, 1, 2


def began(
    world: World,
    user: User,
    channel: Channel,
    kind: int,
    data: Json,
    *,
    installed: str,
    source: Message | None = None,
) -> Interaction:
    """A new interaction, remembered, not yet told to anybody."""
    id = world.new_id()
    token = f"aW50ZXJhY3Rpb246{secrets.token_urlsafe(120)}"
    now = world.clock()
    made = Interaction(id, token, kind, user.id, channel.id, now, now + TOKEN_SECONDS)
    made.guild, made.installed, made.limit = channel.guild, installed, world.limit_of(channel.id)
    made.source = source.id if source else ""
    made.name, made.command_type = str(data.get("name", "")), int(data.get("type", 0))
    made.payload = _payload(world, made, user, channel, data, source)
    world.interactions[id], world.tokens[token] = made, id
    return made


def _payload(
    world: World,
    made: Interaction,
    user: User,
    channel: Channel,
    data: Json,
    source: Message | None,
) -> Json:
    told: Json = {
        "id": made.id,
        "application_id": world.app_id,
        "type": made.kind,
        "token": made.token,
        "version": 1,
        "data": data,
        "locale": user.locale,
        "channel_id": channel.id,
        "channel": interaction_channel_json(world, channel, user.id),
        "context": _context(channel),
        "attachment_size_limit": made.limit,
        "app_permissions": str(_app_permissions(world, channel, made.installed)),
        "authorizing_integration_owners": owners_of(made.guild, user.id, made.installed),
        "entitlements": [],
        "entitlement_sku_ids": [],
    }
    if source is not None:
        told["message"] = message_json(world, source)
    if not channel.guild:
        return told | {"user": user_json(user)}
    guild = world.guilds[channel.guild]
    member = member_json(world, guild.members[user.id])
    member["permissions"] = str(permissions_of(world, user.id, channel))
    short = {"id": guild.id, "locale": "en-US", "features": []}
    return told | {
        "guild_id": guild.id,
        "guild": short,
        "guild_locale": "en-US",
        "member": member,
    }


def _context(channel: Channel) -> int:
    if channel.type == DM:
        return WITH_BOT
    return IN_GUILD


def _app_permissions(world: World, channel: Channel, installed: str) -> int:
    guild = world.guilds.get(channel.guild)
    if guild is not None and not guild.bot:
        return EVERYBODY
    return permissions_of(world, world.bot.id, channel)


def uploaded(world: World, files: Sequence[tuple[str, bytes]], resolved: Json) -> list[str]:
    """Files that somebody gives to a command or a dialog: they belong to no message."""
    ids = []
    for name, data in files:
        file = stored(world, name, data, world.app_id, ephemeral=True)
        resolved.setdefault("attachments", {})[file.id] = attachment_json(world, file)
        ids.append(file.id)
    return ids


def resolve(world: World, channel: Channel, thing: Any, resolved: Json) -> str:
    """Add somebody, a role or a channel to what an interaction tells; gives the id."""
    if isinstance(thing, Role):
        resolved.setdefault("roles", {})[thing.id] = role_json(thing, 1)
    elif isinstance(thing, Channel):
        told = channel_json(world, thing)
        for name in ("permission_overwrites", "recipients"):
            told.pop(name, None)
        told["permissions"] = str(permissions_of(world, world.bot.id, thing))
        resolved.setdefault("channels", {})[thing.id] = told
    else:
        _resolve_user(world, channel, world.users[thing.id], resolved)
    return str(thing.id)


def _resolve_user(world: World, channel: Channel, user: User, resolved: Json) -> None:
    resolved.setdefault("users", {})[user.id] = user_json(user)
    guild = world.guilds.get(channel.guild)
    if guild is not None and user.id in guild.members:
        member = member_json(world, guild.members[user.id], user=False)
        member["permissions"] = str(permissions_of(world, user.id, channel))
        resolved.setdefault("members", {})[user.id] = member

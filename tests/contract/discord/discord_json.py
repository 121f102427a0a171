"""Everything as Discord writes it in JSON (shapes after recorded payloads)."""

from __future__ import annotations

import hashlib
import hmac
from copy import deepcopy
from urllib.parse import quote

from tests.contract.discord.discord_components import each_component, media_of
from tests.contract.discord.discord_permissions import permissions_of
from tests.contract.discord.discord_world import (
    DM,
    PRIVATE_THREAD,
    VOICE,
    Attachment,
    Channel,
    Guild,
    Json,
    Member,
    Message,
    Role,
    User,
    World,
    iso,
    made_at,
)

URL_SECONDS = 24 * 3600


def user_json(user: User) -> Json:
    return {
        "id": user.id,
        "username": user.name,
        "discriminator": "0",
        "global_name": None if user.bot else user.name.capitalize(),
        "avatar": None,
        "avatar_decoration_data": None,
        "clan": None,
        "collectibles": None,
        "display_name_styles": None,
        "primary_guild": None,
        "public_flags": 0,
        **({"bot": True} if user.bot else {}),
    }


def member_json(world: World, member: Member, *, user: bool = True) -> Json:
    told = {
        "avatar": None,
        "banner": None,
        "communication_disabled_until": None,
        "deaf": False,
        "flags": 0,
        "joined_at": iso(member.joined),
        "mute": False,
        "nick": None,
        "pending": False,
        "premium_since": None,
        "roles": list(member.roles),
    }
    return told | ({"user": user_json(world.users[member.user])} if user else {})


def role_json(role: Role, position: int) -> Json:
    return {
        "id": role.id,
        "name": role.name,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "icon": None,
        "unicode_emoji": None,
        "position": position,
        "permissions": str(role.permissions),
        "managed": bool(role.bot),
        "mentionable": False,
        "flags": 0,
        **({"tags": {"bot_id": role.bot}} if role.bot else {}),
    }


def channel_json(world: World, channel: Channel) -> Json:
    if channel.is_thread:
        return thread_json(world, channel)
    shared = {"id": channel.id, "type": channel.type, "flags": 0, "last_message_id": None}
    if channel.type == DM:
        people = [user_json(world.users[name]) for name in channel.recipients]
        return shared | {"recipients": people}
    spoken = {"bitrate": 64_000, "user_limit": 0, "rtc_region": None}
    return shared | {
        **(spoken if channel.type == VOICE else {}),
        "guild_id": channel.guild,
        "name": channel.name,
        "nsfw": channel.nsfw,
        "parent_id": channel.parent or None,
        "permission_overwrites": _overwrites(world, channel),
        "position": 0,
        "rate_limit_per_user": 0,
        "topic": None,
    }


def _overwrites(world: World, channel: Channel) -> list[Json]:
    roles = world.guilds[channel.guild].roles
    return [
        {"id": who, "type": 0 if who in roles else 1, "allow": str(allow), "deny": str(deny)}
        for who, (allow, deny) in channel.overwrites.items()
    ]


def thread_json(world: World, channel: Channel) -> Json:
    written = [one for one in world.messages_of(channel.id) if one.type != 21]
    metadata = {
        "archived": channel.archived,
        "archive_timestamp": iso(channel.changed),
        "auto_archive_duration": channel.auto_archive,
        "create_timestamp": iso(made_at(channel.id)),
        "locked": channel.locked,
        **({"invitable": True} if channel.type == PRIVATE_THREAD else {}),
    }
    return {
        "id": channel.id,
        "type": channel.type,
        "guild_id": channel.guild,
        "parent_id": channel.parent,
        "owner_id": channel.owner,
        "name": channel.name,
        "flags": 0,
        "last_message_id": written[-1].id if written else None,
        "member_count": len(channel.members),
        "message_count": len(written),
        "total_message_sent": len(written),
        "rate_limit_per_user": 0,
        "thread_metadata": metadata,
    }


def thread_member_json(channel: Channel, user: str) -> Json:
    joined = iso(channel.members[user])
    return {"id": channel.id, "user_id": user, "join_timestamp": joined, "flags": 0}


def interaction_channel_json(world: World, channel: Channel, user: str) -> Json:
    """A channel as interactions tell of it: with what the person may do there."""
    told = channel_json(world, channel)
    told.pop("permission_overwrites", None)
    if channel.guild:
        told["permissions"] = str(permissions_of(world, user, channel))
    return told


def guild_json(world: World, guild: Guild) -> Json:
    roles = [role_json(role, number) for number, role in enumerate(guild.roles.values())]
    return {
        "id": guild.id,
        "name": guild.name,
        "icon": None,
        "splash": None,
        "discovery_splash": None,
        "banner": None,
        "description": None,
        "owner_id": guild.owner,
        "afk_channel_id": None,
        "afk_timeout": 300,
        "verification_level": 0,
        "default_message_notifications": 1,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "nsfw_level": 0,
        "premium_tier": guild.premium_tier,
        "premium_subscription_count": 0,
        "premium_progress_bar_enabled": False,
        "preferred_locale": "en-US",
        "system_channel_id": guild.system_channel or None,
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "public_updates_channel_id": None,
        "vanity_url_code": None,
        "application_id": None,
        "max_members": 500000,
        "max_presences": None,
        "features": [],
        "emojis": [],
        "stickers": [],
        "roles": roles,
    }


def guild_create_json(world: World, guild: Guild) -> Json:
    """All that a bot learns when it connects, or is invited: of members only itself."""
    places = [world.channels[name] for name in guild.channels]
    me = guild.members[world.bot.id]
    return guild_json(world, guild) | {
        "joined_at": iso(me.joined),
        "large": len(guild.members) > 250,
        "member_count": len(guild.members),
        "members": [member_json(world, me)],
        "channels": [channel_json(world, one) for one in places if not one.is_thread],
        "threads": [
            thread_json(world, one) for one in places if one.is_thread and not one.archived
        ],
        "presences": [],
        "voice_states": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def url_of(world: World, file: Attachment) -> str:
    """A signed address that holds for a day, new whenever it is asked for."""
    kind = "ephemeral-attachments" if file.ephemeral else "attachments"
    path = f"/{kind}/{file.place}/{file.id}/{quote(file.name)}"
    now = int(world.clock())
    ends, begins = f"{now + URL_SECONDS:x}", f"{now:x}"
    return f"{world.base}{path}?ex={ends}&is={begins}&hm={signature(world, file, ends, begins)}&"


def signature(world: World, file: Attachment, ends: str, begins: str) -> str:
    signed = f"{file.id}/{ends}/{begins}/{file.expired}".encode()
    return hmac.new(world.url_secret.encode(), signed, hashlib.sha256).hexdigest()


def attachment_json(world: World, file: Attachment) -> Json:
    url = url_of(world, file)
    width, height = file.size
    return {
        "id": file.id,
        "filename": file.name,
        "size": len(file.data),
        "url": url,
        "proxy_url": url,
        "content_type": file.mime,
        "content_scan_version": 0,
        **({"width": width, "height": height} if width else {}),
        **({"description": file.description} if file.description else {}),
        **({"ephemeral": True} if file.ephemeral else {}),
    }


def message_json(world: World, message: Message, *, deep: bool = True) -> Json:
    """A message in full, with fresh addresses. `deep`: with the message that it replies to."""
    told = {
        "id": message.id,
        "channel_id": message.channel,
        "type": message.type,
        "author": user_json(world.users[message.author]),
        "content": message.content,
        "timestamp": iso(made_at(message.id)),
        "edited_timestamp": iso(message.edited) if message.edited else None,
        "tts": False,
        "pinned": False,
        "flags": message.flags,
        "mention_everyone": message.everyone,
        "mentions": [user_json(world.users[name]) for name in message.mentions],
        "mention_roles": list(message.mention_roles),
        "embeds": deepcopy(message.embeds),
        "components": _components(world, message),
        "attachments": [attachment_json(world, one) for one in _shown_bare(message)],
    }
    if message.nonce:
        told["nonce"] = message.nonce
    if message.reactions:
        told["reactions"] = [_reaction(world, *each) for each in message.reactions.items()]
    if message.interaction:
        told |= _interaction(world, message)
    if message.author == world.bot.id and message.interaction:
        told |= {"application_id": world.app_id, "webhook_id": world.app_id}
    if message.reference or message.type in (19, 21):
        told |= _reference(world, message, deep)
    if message.id in world.channels:
        told["thread"] = thread_json(world, world.channels[message.id])
    return told


def _shown_bare(message: Message) -> list[Attachment]:
    """Attachments that components show are told of in the components alone
    (discord/discord-api-docs issue 8277)."""
    shown = {
        media.get("attachment_id")
        for component in each_component(message.components)
        for media in media_of(component)
    }
    return [one for one in message.attachments if one.id not in shown]


def _components(world: World, message: Message) -> list[Json]:
    told = deepcopy(message.components)
    files = {one.id: one for one in message.attachments}
    for component in each_component(told):
        for media in media_of(component):
            file = files.get(str(media.get("attachment_id")))
            if file is not None:
                url = url_of(world, file)
                width, height = file.size
                media |= {"url": url, "proxy_url": url, "content_type": file.mime}
                media |= {"width": width or None, "height": height or None, "flags": 0}
    return told


def _reaction(world: World, emoji: str, users: list[str]) -> Json:
    return {
        "emoji": {"id": None, "name": emoji},
        "count": len(users),
        "count_details": {"burst": 0, "normal": len(users)},
        "burst_colors": [],
        "me": world.bot.id in users,
        "me_burst": False,
    }


def _interaction(world: World, message: Message) -> Json:
    made = world.interactions[message.interaction]
    metadata: Json = {
        "id": made.id,
        "type": made.kind,
        "user": user_json(world.users[made.user]),
        "authorizing_integration_owners": owners_of(made.guild, made.user, made.installed),
    }
    if made.kind == 2:
        metadata |= {"name": made.name, "command_type": made.command_type}
    return {"interaction_metadata": metadata}


def owners_of(guild: str, user: str, installed: str) -> dict[str, str]:
    return {"1": user} if installed == "user" else {"0": guild or "0"}


def _reference(world: World, message: Message, deep: bool) -> Json:
    target = world.messages.get(message.reference)
    place = target.channel if target else message.channel
    told: Json = {
        "message_reference": {
            "type": 0,
            "channel_id": place,
            "message_id": message.reference,
            **({"guild_id": world.channels[place].guild} if world.channels[place].guild else {}),
        }
    }
    if deep:
        told["referenced_message"] = message_json(world, target, deep=False) if target else None
    return told

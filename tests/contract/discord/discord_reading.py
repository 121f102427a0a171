"""What the app may read of messages: everything, or only what is meant for it."""

from __future__ import annotations

from tests.contract.discord.discord_json import member_json, message_json
from tests.contract.discord.discord_world import DM, Json, Message, World

_EMPTIED: Json = {"content": "", "embeds": [], "attachments": [], "components": []}


def readable(world: World, message: Message) -> bool:
    """Without MESSAGE_CONTENT: its own messages, direct ones, and those that mention it.

    A reply mentions whom it answers, unless its pings are off; responses to interactions are no
    exception any more (discord/discord-api-docs issue 5395).
    """
    direct = world.channels[message.channel].type == DM
    return direct or message.author == world.bot.id or world.bot.id in message.mentions


def told(world: World, message: Message, *, content: bool) -> Json:
    """The message for the app. `content`: it was granted MESSAGE_CONTENT."""
    seen = message_json(world, message)
    if not content and not readable(world, message):
        seen |= _EMPTIED
    replied = world.messages.get(message.reference)
    if seen.get("referenced_message") and replied and not (content or readable(world, replied)):
        seen["referenced_message"] |= _EMPTIED
    return seen


def event(world: World, message: Message, *, content: bool) -> Json:
    """The same as an event: with where it is and who wrote it there."""
    seen = told(world, message, content=content)
    channel = world.channels[message.channel]
    seen["channel_type"] = channel.type
    guild = world.guilds.get(channel.guild)
    if guild is not None:
        seen["guild_id"] = guild.id
        for user in seen["mentions"]:
            if user["id"] in guild.members:
                user["member"] = member_json(world, guild.members[user["id"]], user=False)
        if message.author in guild.members:
            seen["member"] = member_json(world, guild.members[message.author], user=False)
    return seen

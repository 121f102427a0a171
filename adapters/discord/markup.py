"""Discord's markup turned back to the words that a person wrote, and thread names made of words.

Everything is read in one pass, so that what stands for something else is never read again. Words,
quotation marks and line breaks stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Collection

import discord

from adapters.chat.words import one_line

_NAME_LETTERS = 90
"""Of the hundred characters that a thread's name may have."""
_ADDRESSED = re.compile(r"\s*<@!?([0-9]{15,22})>")
_MARKUP = re.compile(
    r"<@!?(?P<user>[0-9]{15,22})>|<@&(?P<role>[0-9]{15,22})>|<#(?P<channel>[0-9]{15,22})>"
    r"|<a?:(?P<emoji>\w{1,64}):[0-9]{15,22}>|</(?P<command>[^:<>\n]{1,100}):[0-9]{15,22}>"
)


def words(message: discord.Message, own: Collection[str]) -> str:
    """The words of a message. `own` are mentions of Easel ("<@1>"), which are left out."""

    def plain(match: re.Match[str]) -> str:
        if match["emoji"]:
            return f":{match['emoji']}:"
        return f"/{match['command']}" if match["command"] else _name(message, match)

    return _MARKUP.sub(plain, _without(message.content, own)).strip()


def mentions(text: str, own: Collection[str]) -> bool:
    """Whether a text has one of these mentions in it."""
    return any(mention in text for mention in own)


def mentions_of(client: discord.Client, guild: discord.Guild | None) -> tuple[str, ...]:
    """How Easel is mentioned: by its user, and by the role that Discord made for it."""
    me = client.user.id if client.user else 0
    role = guild.self_role if guild else None
    return (f"<@{me}>", f"<@!{me}>", *([f"<@&{role.id}>"] if role else ()))


def addressed_to(text: str) -> str:
    """The id of the person whom a text begins by addressing; empty for none."""
    match = _ADDRESSED.match(text)
    return match[1] if match else ""


def thread_name(words: str) -> str:
    """What a thread is called that these words open."""
    return one_line(words, _NAME_LETTERS) or "Pictures"


def _without(text: str, own: Collection[str]) -> str:
    mention = "|".join(map(re.escape, own))
    text = re.sub(rf"\A(?:\s*(?:{mention})[,:]?)+\s*", "", text)
    return re.sub(rf"[ \t]?(?:{mention})", "", text)


def _name(message: discord.Message, match: re.Match[str]) -> str:
    """A person, a role or a channel as people read it."""
    guild = message.guild
    if match["user"]:
        named = {str(each.id): each.display_name for each in message.mentions}
        return f"@{named.get(match['user'], 'someone')}"
    if match["role"]:
        role = guild.get_role(int(match["role"])) if guild else None
        return f"@{role.name if role else 'role'}"
    channel = guild.get_channel_or_thread(int(match["channel"])) if guild else None
    return f"#{channel.name if channel else 'channel'}"

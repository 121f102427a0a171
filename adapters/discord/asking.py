"""Who asked and where, read from what Discord tells in an interaction or a message."""

from __future__ import annotations

from typing import Any

import discord

from adapters.discord.places import DEFAULT_LIMIT, Asker, Place

TOGETHER_SECONDS = 2.0
"""Pressing the same again within this time is a double click."""
_NAME_LETTERS = 80


def asker_of(interaction: discord.Interaction[Any], *, opens: str = "") -> Asker:
    """Who used a command, a button or a dialog. `opens` names the thread that the answer opens."""
    user, channel = interaction.user, interaction.channel
    guild = interaction.guild_id
    may = interaction.permissions
    place = Place(
        guild=str(guild or ""),
        channel=str(interaction.channel_id or ""),
        parent=_parent(channel),
        user=str(user.id),
        user_name=user.display_name[:_NAME_LETTERS],
        app=str(interaction.application_id),
        interaction=str(interaction.id),
        token=interaction.token,
        opens=opens,
        limit=interaction.filesize_limit or DEFAULT_LIMIT,
        present=_is_present(interaction),
    )
    own = guild is None
    return Asker(
        place=place,
        roles=_roles(user),
        moderator=(own and place.present) or may.manage_messages or may.administrator,
        admin=own or not place.present or may.manage_guild or may.administrator,
        adult=is_adult(channel),
    )


def asker_of_message(message: discord.Message, client: discord.Client) -> Asker:
    """Who wrote a message; the answer to it is a reply."""
    user, guild, channel = message.author, message.guild, message.channel
    may = _permissions(channel, user)
    place = Place(
        guild=str(guild.id) if guild else "",
        channel=str(channel.id),
        parent=_parent(channel),
        message=str(message.id),
        user=str(user.id),
        user_name=user.display_name[:_NAME_LETTERS],
        app=str(client.application_id or ""),
        limit=guild.filesize_limit if guild else DEFAULT_LIMIT,
    )
    return Asker(
        place=place,
        roles=_roles(user),
        moderator=guild is None or may.manage_messages or may.administrator,
        admin=guild is None or may.manage_guild or may.administrator,
        adult=is_adult(channel),
    )


def keys_of(
    interaction: discord.Interaction[Any], deed: str, value: str, *, whoever: bool = False
) -> tuple[str, ...]:
    """Event keys of what was asked for: a delivery that comes again, and a double click.

    `whoever`: two people who press the same at once mean it once. A command that is typed again is
    meant again.
    """
    once = f"discord:interaction:{interaction.id}:{deed}"
    message = _message(interaction)
    if not message:
        return (once,)
    moment = int(interaction.created_at.timestamp() / TOGETHER_SECONDS)
    who = "" if whoever else interaction.user.id
    same = f"discord:press:{message}:{deed}:{value}:{who}"
    return (once, f"{same}:{moment}", f"{same}:{moment + 1}")


def may_open_thread(channel: object, may: discord.Permissions) -> bool:
    """Whether a thread can be opened from a message there, by what Easel may do."""
    if not isinstance(channel, discord.TextChannel):
        return False
    return may.create_public_threads and may.send_messages_in_threads


def is_adult(channel: object) -> bool:
    """Whether a channel is age-restricted; a thread is when its channel is."""
    asked = getattr(channel, "is_nsfw", None)
    return bool(asked()) if callable(asked) else False


def _message(interaction: discord.Interaction[Any]) -> str:
    """The message that was pressed, or on which a menu was used."""
    if interaction.message is not None:
        return str(interaction.message.id)
    told: Any = interaction.data or {}
    return str(told.get("target_id") or "")


def _is_present(interaction: discord.Interaction[Any]) -> bool:
    """Whether Easel itself is there: in the server, or one side of the direct conversation.

    Somebody's own installation is no way around what a server with Easel in it has decided.
    """
    guild = interaction.guild_id
    if guild is not None:
        known = interaction.client.get_guild(guild) is not None
        return known or interaction.is_guild_integration()
    return bool(interaction.context.dm_channel)


def _parent(channel: object) -> str:
    return str(channel.parent_id) if isinstance(channel, discord.Thread) else ""


def _roles(user: discord.User | discord.Member) -> tuple[str, ...]:
    if not isinstance(user, discord.Member):
        return ()
    return tuple(str(role.id) for role in user.roles if not role.is_default())


def _permissions(channel: Any, user: discord.User | discord.Member) -> discord.Permissions:
    """What somebody may do in a channel; nothing where that is not known."""
    if not isinstance(user, discord.Member):
        return discord.Permissions.none()
    try:
        found = channel.permissions_for(user)
    except discord.ClientException:  # a thread whose channel is not known
        return user.guild_permissions
    return found if isinstance(found, discord.Permissions) else discord.Permissions.none()

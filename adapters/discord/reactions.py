"""Reactions to results: a check mark approves versions, a cross of the author or of a moderator
takes our message away."""

from __future__ import annotations

import contextlib

import discord

from adapters.chat.aside import soon
from adapters.discord.approvals import show_approvals
from adapters.discord.client import EaselClient
from adapters.discord.front import Front
from adapters.discord.places import Place
from adapters.discord.removing import take_away
from adapters.discord.seeing import permissions
from core.errors import NotFound
from core.session.links import MessageLink

APPROVING = frozenset("✅☑✔")
REMOVING = frozenset("❌❎✖")
_LOOK = "\ufe0f"
"""Says that the sign before it is shown in colour; some clients send it, some do not."""


def install(client: EaselClient, front: Front) -> None:
    """Listen to reactions."""

    async def on_added(payload: discord.RawReactionActionEvent) -> None:
        await _heard(client, front, payload, added=True)

    async def on_removed(payload: discord.RawReactionActionEvent) -> None:
        await _heard(client, front, payload, added=False)

    client.listen("raw_reaction_add", on_added)
    client.listen("raw_reaction_remove", on_removed)


async def _heard(
    client: EaselClient, front: Front, payload: discord.RawReactionActionEvent, *, added: bool
) -> None:
    sign = (payload.emoji.name or "").replace(_LOOK, "")
    if payload.emoji.id is not None or sign not in APPROVING | REMOVING or _is_own(client, payload):
        return
    place = Place(
        guild=str(payload.guild_id or ""),
        channel=str(payload.channel_id),
        message=str(payload.message_id),
        user=str(payload.user_id),
    )
    link = await front.links.linked(place.message_key(place.message))
    if link is None:
        return
    if sign in APPROVING:
        await _judge(front, place, link, approves=added)
    elif added and (_moderates(client, payload) or await _wrote(front, place, link)):
        soon("discord_message_not_deleted", take_away(front, place, place.message))


def _is_own(client: EaselClient, payload: discord.RawReactionActionEvent) -> bool:
    """Whether the reaction is Easel's, or of another bot."""
    member = payload.member
    own = client.user is not None and payload.user_id == client.user.id
    return own or (member is not None and member.bot)


async def _judge(front: Front, place: Place, link: MessageLink, *, approves: bool) -> None:
    """Approve, or take that back; only for those who took part in the session."""
    person = place.actor.id
    if not link.versions or not await front.links.took_part(person, link.session):
        return
    if await front.blocks.is_blocked(place.workspace, person):
        return
    judged = front.links.approve if approves else front.links.unapprove
    for version in link.versions:
        await judged(link.session, version, person)
    soon("discord_approvals_not_shown", show_approvals(front, place, link))


def _moderates(client: EaselClient, payload: discord.RawReactionActionEvent) -> bool:
    """Whether the person may delete the messages of others there."""
    guild = client.get_guild(payload.guild_id) if payload.guild_id else None
    if guild is None or payload.member is None:
        return False
    channel = guild.get_channel_or_thread(payload.channel_id)
    return permissions(channel, payload.member).manage_messages if channel else False


async def _wrote(front: Front, place: Place, link: MessageLink) -> bool:
    """Whether the person asked for what the message shows."""
    with contextlib.suppress(NotFound):
        return (await front.desk.turn(link.session, link.turn)).actor.id == place.actor.id
    return False

"""/usage: what was spent, and how much is left to whoever asks. Only they see it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str as T

from adapters.chat.usage import month, spent, sums, usage_lines
from adapters.discord.accepting import rules_of
from adapters.discord.answering import kindly, tell
from adapters.discord.asking import asker_of
from adapters.discord.escaping import escaped
from adapters.discord.front import Front
from adapters.discord.places import Asker
from core.policy.quotas import time_left

_MOST_PEOPLE = 5
_LINE = 300


def usage(front: Front) -> app_commands.Command[Any, ..., Any]:
    """What this person, the channel and the server have spent this month, and what is left."""

    @app_commands.command(
        name=T("usage"), description=T("See what was spent this month, and what is left to you")
    )
    async def command(interaction: discord.Interaction[Any]) -> None:
        async with kindly(front, interaction):
            await tell(interaction, await usage_words(front, asker_of(interaction)))

    return command


async def usage_words(front: Front, asker: Asker) -> str:
    """As markdown. Raises Unavailable."""
    told, place = await front.usage(), asker.place
    shared = bool(place.guild and place.present)
    channel, ours = (place.payer_channel, "This server") if shared else ("", "")
    lines = [f"### {escaped(month(told), 20)}"]
    spending = usage_lines(told, place.actor, channel, ours=ours)
    lines += [escaped(line, _LINE) for line in spending]
    lines += await _left(front, asker)
    if shared and asker.admin:
        lines += _by_person(told, place.workspace)
    return "\n".join(lines)


async def _left(front: Front, asker: Asker) -> list[str]:
    """How many more instructions this person has, and when the next one is free."""
    place, rules = asker.place, await rules_of(front, asker.place)
    lines = []
    if rules.cooldown:
        lines.append(f"There is a pause of {time_left(rules.cooldown)} between two instructions.")
    most = rules.quota_of(asker.roles)
    if most == 0:
        return [*lines, "Your roles give you no instructions here."]
    if most is not None:
        left = await front.quotas.left(place.workspace, place.actor.id, most)
        free_at = await front.quotas.free_at(place.workspace, place.actor.id, most)
        free = f"; the next one is free <t:{int(free_at) + 1}:R>" if free_at else ""
        lines.append(f"Instructions left to you: {left} of {most} in 24 hours{free}.")
    return lines


def _by_person(told: Mapping[str, Any], workspace: str) -> list[str]:
    """Who spent the most here; for those who manage the server."""
    people = sums(sums(told, "by_person"), workspace)
    first = sorted(people.items(), key=lambda each: (-each[1], each[0]))[:_MOST_PEOPLE]
    if not first:
        return []
    return [
        "**Who spent the most here**",
        *(f"1. {_person(who)}: {spent(usd)}" for who, usd in first),
    ]


def _person(actor: str) -> str:
    """Somebody by their id; Discord shows their name, and pings nobody."""
    user = actor.rpartition(":")[2]
    return f"<@{user}>" if user.isdecimal() else escaped(actor, 100)

"""Check of Discord: the token, what its application may, its commands, and who hears its events."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.discord.app import offered
from adapters.discord.checkup import Application, examine, invitation
from adapters.discord.refusals import DiscordRefusal
from adapters.discord.shards import Shards
from adapters.discord.syncing import is_synchronised
from bot.discord import asking, kept_by_others
from bot.findings import Finding, Level, bad, note, warn
from bot.settings import Settings
from core.errors import Unavailable
from core.policy.keyvalue import KeyValue

_PART = "Discord"


async def check_discord(settings: Settings) -> Finding:
    """Nothing is sent to any channel, and no event is taken from a running Easel."""
    if settings.discord_token is None:
        return note(_PART, "not set up", "DISCORD_TOKEN, the token of a bot, switches it on.")
    try:
        async with asking(settings) as rest:
            found = await examine(rest)
    except DiscordRefusal as refused:
        return bad(
            _PART,
            f"Discord does not take DISCORD_TOKEN ({refused.http_status}).",
            "Copy the bot's token from the developer portal, or reset it there.",
        )
    except Unavailable as problem:
        return bad(_PART, f"Discord cannot be asked ({problem.admin}).", "Check the network.")
    if not (found.for_servers and found.for_people):
        return warn(
            _PART,
            f"{found.name} can't be installed for everybody.",
            "In the developer portal, under Installation, tick Guild Install and User Install.",
        )
    async with kept_by_others(settings) as kept:
        words = ", ".join([found.name, _hearing(found), *await _of_store(found, kept)])
    return Finding(_PART, Level.OK, words, f"Bring it into a server: {invitation(found.id)}")


def _hearing(found: Application) -> str:
    if found.reads_messages:
        return "hears what is said in threads"
    return "hears only mentions, replies and commands (the message-content intent is off)"


async def _of_store(found: Application, kept: KeyValue | None) -> Sequence[str]:
    """What only the store knows; nothing where it can't be asked."""
    if kept is None:
        return ()
    try:
        current = await is_synchronised(offered(), kept, found.id)
        holders = await Shards(kept, found.id).holders()
    except Unavailable:
        return ()
    return (
        "commands up to date" if current else "commands are sent by the next `easel serve`",
        *(_held(group, holder) for group, holder in enumerate(holders)),
    )


def _held(group: int, holder: str) -> str:
    return f"shard group {group} held by {holder}" if holder else f"shard group {group} is free"

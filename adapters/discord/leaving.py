"""Easel was taken out of a server: what that had decided is not kept.

Discord tells it once, to who listens then; doing it again is harmless. Quotas end by themselves
within a day, and so does what was said once, so that nobody has either anew by taking Easel out and
in again.
"""

from __future__ import annotations

import discord
import structlog

from adapters.discord.client import EaselClient
from adapters.discord.front import Front
from adapters.discord.welcome import SAID, said_once
from core.policy.quotas import DAY_SECONDS

log = structlog.get_logger(__name__)


def install(client: EaselClient, front: Front) -> None:
    """Listen to being taken out of servers."""

    async def on_removed(guild: discord.Guild) -> None:
        workspace = f"discord:{guild.id}"
        await front.rules.forget(workspace)
        await front.blocks.forget(workspace)
        for name in said_once(str(guild.id)):
            await front.kept.renew(name, SAID, seconds=DAY_SECONDS)
        log.info("discord_server_left", guild=guild.id)

    client.listen("guild_remove", on_removed)

"""The chat platforms of this installation, as workers use them: fetching files, showing turns."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager

from bot import discord, slack
from bot.beside import Beside, Platform
from bot.settings import Settings

OpenPlatforms = Callable[[Settings, Beside], AbstractAsyncContextManager[Mapping[str, Platform]]]
"""Opens the platforms of an installation, by the first part of their actors' ids ("slack")."""


@contextlib.asynccontextmanager
async def open_platforms(
    settings: Settings, beside: Beside
) -> AsyncIterator[Mapping[str, Platform]]:
    """Those that are set up."""
    found: dict[str, Platform] = {}
    async with contextlib.AsyncExitStack() as stack:
        if slack.is_set_up(settings):
            platform = slack.slack_platform(settings, beside)
            found["slack"] = await stack.enter_async_context(platform)
        if discord.is_set_up(settings):
            discord_platform = discord.discord_platform(settings, beside)
            found["discord"] = await stack.enter_async_context(discord_platform)
        yield found

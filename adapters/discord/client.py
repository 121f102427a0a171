"""Easel's connection to Discord: which events it asks for, and who hears them.

Nothing is handled that came after the connection was lost to another process (`holds`): it is the
other's, then. What is said in a channel is heard in the order in which it was said. A message that
can't be written down because the store is away waits for it; where that takes longer than the
connection is held, catching up brings it (`catching_up`).
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from time import monotonic
from typing import Any
from weakref import WeakValueDictionary

import discord
import structlog
from discord import app_commands
from discord.gateway import DiscordWebSocket, KeepAliveHandler

from adapters.discord.failing import EaselTree
from adapters.discord.rest import MOST_WAITED
from core.errors import Unavailable

_AGAIN_SECONDS = 0.5
_PATIENCE_SECONDS = 30.0
_DRAIN_SECONDS = 3.0
_HANDLERS = ("discord.py: ", "CommandTree-", "discord-ui-")
"""What discord.py calls the tasks in which handlers run."""

Handler = Callable[..., Awaitable[None]]
Pacing = Callable[[int], Awaitable[None]]

log = structlog.get_logger(__name__)


class ConnectionLost(Exception):
    """The shards are held by another process by now, or may be."""


def intents(*, message_content: bool) -> discord.Intents:
    """What Easel listens to; the content of messages only where the application may have it."""
    return discord.Intents(
        guilds=True,
        guild_messages=True,
        dm_messages=True,
        guild_reactions=True,
        dm_reactions=True,
        message_content=message_content,
    )


class EaselClient(discord.AutoShardedClient):
    """discord.py's client with Easel's habits; `tree` has the commands.

    `holds` says whether the shards are still ours, `pacing` waits until one may identify itself.
    """

    def __init__(
        self,
        *,
        message_content: bool,
        shard_ids: Sequence[int] = (0,),
        shard_count: int = 1,
        holds: Callable[[], bool] = lambda: True,
        pacing: Pacing | None = None,
        settling_seconds: float = 2.0,
    ) -> None:
        super().__init__(
            intents=intents(message_content=message_content),
            shard_ids=list(shard_ids),
            shard_count=shard_count,
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
            chunk_guilds_at_startup=False,
            allowed_mentions=discord.AllowedMentions.none(),
            max_ratelimit_timeout=MOST_WAITED,
            guild_ready_timeout=settling_seconds,
        )
        self.tree: app_commands.CommandTree[Any] = EaselTree(self)
        self._holds = holds
        self._pacing = pacing
        self._heard_by: dict[str, list[Handler]] = {}
        self._order: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    def listen(self, event: str, handler: Handler) -> None:
        """Let a handler hear an event ("message", "raw_message_edit", …), beside others."""
        self._heard_by.setdefault(event, []).append(handler)

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """Of each thing that comes, discord.py says the name here before it does anything."""
        if event == "socket_event_type" and not self._holds():
            raise ConnectionLost
        super().dispatch(event, *args, **kwargs)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        if self._pacing is None:
            await super().before_identify_hook(shard_id, initial=initial)
        else:
            await self._pacing(shard_id or 0)

    async def on_message(self, message: discord.Message) -> None:
        await self._told("message", message.channel.id, message)

    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        await self._told("raw_message_edit", payload.channel_id, payload)

    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        await self._told("raw_message_delete", payload.channel_id, payload)

    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        await self._told("raw_bulk_message_delete", payload.channel_id, payload)

    async def on_raw_reaction_add(self, payload: discord.RawReactionActionEvent) -> None:
        await self._told("raw_reaction_add", payload.channel_id, payload)

    async def on_raw_reaction_remove(self, payload: discord.RawReactionActionEvent) -> None:
        await self._told("raw_reaction_remove", payload.channel_id, payload)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        await self._told("guild_join", guild.id, guild)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        await self._told("guild_remove", guild.id, guild)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        await self._said("interaction", interaction)

    async def on_shard_ready(self, shard_id: int) -> None:
        await self._said("shard_ready", shard_id)

    async def on_shard_resumed(self, shard_id: int) -> None:
        await self._said("shard_resumed", shard_id)

    async def on_shard_disconnect(self, shard_id: int) -> None:
        await self._said("shard_disconnect", shard_id)

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        log.exception("event_failed", part="discord", about=event_method)

    async def _said(self, event: str, what: object) -> None:
        for handler in self._heard_by.get(event, ()):
            await handler(what)

    async def _told(self, event: str, where: int, what: object) -> None:
        """Hand an event to its handlers, after what was said before in the same place."""
        handlers = self._heard_by.get(event)
        if not handlers:
            return
        async with self._in_order(where):
            for handler in handlers:
                await self._insisting(event, handler, what)

    @contextlib.asynccontextmanager
    async def _in_order(self, where: int) -> AsyncIterator[None]:
        lock = self._order.setdefault(where, asyncio.Lock())
        async with lock:
            yield

    async def _insisting(self, event: str, handler: Handler, what: object) -> None:
        """Discord says each thing once: while the store is away, the thing waits for it."""
        until = monotonic() + _PATIENCE_SECONDS
        while self._holds():
            try:
                await handler(what)
                return
            except Unavailable as problem:
                log.warning("event_waits", part="discord", about=event, detail=problem.admin)
                if monotonic() > until:
                    raise
            await asyncio.sleep(_AGAIN_SECONDS)

    async def close(self) -> None:
        """Hear nothing more, let what is under way end its answers, then let go."""
        for shard in self.shards.values():
            with contextlib.suppress(Exception):
                await shard.disconnect()
        await _ended(_handling())
        await super().close()
        for left in self._half_open():
            await left.close(code=1000)

    def _half_open(self) -> list[DiscordWebSocket]:
        """Sockets that were being opened when we were told to end: discord.py leaves them, each
        with a thread that beats for it."""
        beating = (each for each in threading.enumerate() if isinstance(each, KeepAliveHandler))
        return [each.ws for each in beating if each.ws._connection is self._connection]


def _handling() -> set[asyncio.Task[Any]]:
    mine = asyncio.current_task()
    return {
        task
        for task in asyncio.all_tasks()
        if task is not mine and task.get_name().startswith(_HANDLERS)
    }


async def _ended(tasks: set[asyncio.Task[Any]]) -> None:
    if tasks:
        _, left = await asyncio.wait(tasks, timeout=_DRAIN_SECONDS)
        for task in left:
            task.cancel()

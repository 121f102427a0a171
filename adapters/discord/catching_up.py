"""What people wrote while no process listened: in the threads and direct conversations of sessions.

Discord repeats nothing to a connection that begins anew. So a connection notes in the store, again
and again, until when it has heard everything; one that begins later asks the places of lately
touched sessions for what came after that. A message that was heard before is known by its key.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from time import time
from typing import Any

import discord
import structlog

from adapters.discord.client import EaselClient
from adapters.discord.front import Front
from adapters.discord.places import DIRECT, snowflake_at
from core.errors import EaselError, Unavailable
from core.session.models import Session

NOTE_SECONDS = 5.0
_UNNOTICED_SECONDS = 120.0
"""So long may a connection be dead before discord.py notices: a heartbeat's pause and patience."""
_DAY = timedelta(days=1)
_MOST_PLACES = 200
_MOST_MESSAGES = 100
_PAGE = 200
_MOST_PAGES = 25
_PAUSE_SECONDS = 0.2
_AGAIN_SECONDS = 5.0
_PATIENCE_SECONDS = 300.0

log = structlog.get_logger(__name__)


class CatchingUp:
    """Of one connection; `name` is that of its group of shards in the store."""

    def __init__(self, client: EaselClient, front: Front, name: str) -> None:
        self._client = client
        self._front = front
        self._name = f"{name}:heard"
        self._complete: set[int] = set()
        client.listen("shard_ready", self.on_begun)
        client.listen("shard_resumed", self.on_resumed)
        client.listen("shard_disconnect", self.on_interrupted)

    async def on_begun(self, shard: int) -> None:
        """A shard begins anew: what it has missed is heard now."""
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await self._insisting(shard)
        except TimeoutError:
            log.warning("catching_up_given_up", shard=shard)
        await self.on_resumed(shard)

    async def on_resumed(self, shard: int) -> None:
        """Discord has repeated what a shard had missed, or it has been read."""
        self._complete.add(shard)
        await self._note()

    async def on_interrupted(self, shard: int) -> None:
        self._complete.discard(shard)

    async def keep_noting(self) -> None:
        """Note until when everything was heard, again and again until cancelled."""
        while True:
            await asyncio.sleep(NOTE_SECONDS)
            await self._note()

    async def _note(self) -> None:
        if not self._complete >= set(self._client.shard_ids or ()):
            return
        try:
            await self._front.kept.set(self._name, repr(time()))
        except Unavailable as problem:
            log.warning("not_noted", part="discord", detail=problem.admin)

    async def _insisting(self, shard: int) -> None:
        while True:
            try:
                return await self._catch_up(shard)
            except (EaselError, discord.DiscordException, OSError) as problem:
                log.warning("catching_up_waits", shard=shard, detail=type(problem).__name__)
            await asyncio.sleep(_AGAIN_SECONDS)

    async def _catch_up(self, shard: int) -> None:
        noted = await self._front.kept.get(self._name)
        if noted is None:
            return
        after = int(snowflake_at(float(noted) - _UNNOTICED_SECONDS))
        heard = 0
        async for channel in self._places(shard, after):
            heard += await self._hear(channel, after)
            await asyncio.sleep(_PAUSE_SECONDS)
        log.info("caught_up", shard=shard, messages=heard)

    async def _hear(self, channel: Any, after: int) -> int:
        """Hand on what was written after an id, the oldest first; how much that was."""
        heard = 0
        try:
            async for message in channel.history(
                limit=_MOST_MESSAGES, after=discord.Object(after), oldest_first=True
            ):
                if not message.author.bot:
                    await self._hand_on(message)
                    heard += 1
        except (discord.Forbidden, discord.NotFound):
            log.info("catching_up_not_allowed", channel=channel.id)
        return heard

    async def _hand_on(self, message: discord.Message) -> None:
        """One message that can't be heard must not keep the others from it."""
        try:
            await self._client.on_message(message)
        except EaselError:
            raise
        except Exception:
            log.exception("message_not_heard", channel=message.channel.id)

    async def _places(self, shard: int, after: int) -> AsyncIterator[Any]:
        """Where there may be something: each thread and direct conversation once."""
        seen: set[str] = set()
        async for session in self._lately():
            home, channel = _where(session)
            if channel in seen or not channel.isdecimal():
                continue
            found = await self._opened(shard, home, int(channel), after)
            if found is not None:
                seen.add(channel)
                yield found
            if len(seen) == _MOST_PLACES:
                return

    async def _opened(self, shard: int, home: str, channel: int, after: int) -> Any:
        """The place, where it is this shard's to look at and has something new.

        Threads that nobody has written in for long are not known to the client; they need no look.
        Without the content of messages there is nothing to hear in threads.
        """
        if home == DIRECT:
            return await self._direct(channel) if shard == 0 else None
        guild = self._client.get_guild(int(home)) if home.isdecimal() else None
        if guild is None or guild.shard_id != shard or not self._front.hears:
            return None
        thread = guild.get_thread(channel)
        return thread if thread is not None and (thread.last_message_id or 0) > after else None

    async def _direct(self, channel: int) -> Any:
        try:
            return await self._client.fetch_channel(channel)
        except (discord.Forbidden, discord.NotFound):
            return None

    async def _lately(self) -> AsyncIterator[Session]:
        """Sessions of ours that were touched within a day, the latest first."""
        oldest, before = datetime.now(UTC) - _DAY, None
        for _ in range(_MOST_PAGES):
            page, before = await self._front.desk.sessions(limit=_PAGE, before=before)
            for session in page:
                if session.updated_at < oldest:
                    return
                if session.thread.startswith("discord:"):
                    yield session
            if before is None:
                return


def _where(session: Session) -> tuple[str, str]:
    """The server of a session, and the channel that its turns are shown in."""
    _, home, channel, *_ = (*session.thread.split(":"), "", "")
    return home, session.place.get("channel") or channel

"""Word that something happened, from any process to all: one subscription a process.

A signal is only a hint to look; what it is about stands in the store. So a signal that is lost
(a broken connection) costs a moment and nothing else: everyone is woken when the connection is
back, and whoever listens looks by himself from time to time.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Iterator

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from core.session import keys

_PAUSE_SECONDS = 0.5
_INSIST_SECONDS = 0.1

log = structlog.get_logger(__name__)


class Signals:
    """Hears the signals channel and wakes those who wait for a word."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._waiting: dict[str, set[asyncio.Event]] = defaultdict(set)
        self._following: dict[str, set[asyncio.Queue[str]]] = defaultdict(set)
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._listen(), name="signals")

    async def close(self) -> None:
        """Stop listening. Asked again and again, because a connection that is just being opened
        may swallow the wish to stop."""
        task, self._task = self._task, None
        while task is not None and not task.done():
            task.cancel()
            await asyncio.wait({task}, timeout=_INSIST_SECONDS)

    @contextlib.contextmanager
    def awaiting(self, word: str) -> Iterator[asyncio.Event]:
        """An event, set whenever `word` is signalled ("event <session>", "cancel <turn>")."""
        event = asyncio.Event()
        self._waiting[word].add(event)
        try:
            yield event
        finally:
            self._waiting[word].discard(event)
            if not self._waiting[word]:
                del self._waiting[word]

    @contextlib.contextmanager
    def following(self, kind: str) -> Iterator[asyncio.Queue[str]]:
        """What is signalled of a kind, such as the sessions of "show <session>"."""
        heard: asyncio.Queue[str] = asyncio.Queue()
        self._following[kind].add(heard)
        try:
            yield heard
        finally:
            self._following[kind].discard(heard)

    async def _listen(self) -> None:
        while True:
            try:
                await self._hear()
            except (RedisError, OSError) as problem:
                log.debug("signals_lost", error=str(problem))
                await asyncio.sleep(_PAUSE_SECONDS)

    async def _hear(self) -> None:
        async with self._redis.pubsub() as channel:
            await channel.subscribe(keys.SIGNALS)
            self._wake(*self._waiting)
            while True:
                message = await channel.get_message(ignore_subscribe_messages=True, timeout=5.0)
                if message is not None:
                    self._wake(message["data"])

    def _wake(self, *words: str) -> None:
        for word in words:
            for event in self._waiting.get(word, ()):
                event.set()
            kind, _, about = word.partition(" ")
            for heard in self._following.get(kind, ()):
                heard.put_nowait(about)

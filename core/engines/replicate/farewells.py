"""What is still said to Replicate when nobody waits for the answer any more."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

from core.engines.replicate.errors import CallFailed
from core.errors import EaselError

_HEARD_SECONDS = 1.5
_CLOSE_SECONDS = 4.0


class Farewells:
    """What is still said to Replicate after a task was cancelled."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def say(self, words: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(_quietly(words))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def heard(self, words: Coroutine[Any, Any, None]) -> None:
        """Give them a moment; what takes longer goes on without us."""
        await asyncio.wait({self.say(words)}, timeout=_HEARD_SECONDS)

    async def close(self) -> None:
        """Give them a moment, then hang up."""
        if not self._tasks:
            return
        _, left = await asyncio.wait(self._tasks, timeout=_CLOSE_SECONDS)
        for task in left:
            task.cancel()


async def _quietly(words: Coroutine[Any, Any, None]) -> None:
    """Nobody waits any more for what comes of it."""
    with suppress(CallFailed, EaselError):
        await words

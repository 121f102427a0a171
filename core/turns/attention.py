"""How many turns a process attends to at the same moment.

Many turns may be under way, and most of them wait for an engine. When a crowd of them comes back at
once, each would have a word in every round of the event loop, and whoever stands at the door of the
same process would wait for all of them. So only a few are attended to at a time; the others wait
their turn for some milliseconds, which nobody sees in a picture that took seconds.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator
from contextvars import ContextVar
from typing import Any

PLACES = 2

_HELD: ContextVar[tuple[Attention, asyncio.Task[Any] | None] | None] = ContextVar(
    "attention", default=None
)
"""Who attends to what runs here. Tasks that are begun meanwhile see it too, and hold nothing."""


@contextlib.asynccontextmanager
async def waiting() -> AsyncIterator[None]:
    """Wait for something outside: whoever is attended to lets others be meanwhile."""
    attention, holder = _HELD.get() or (None, None)
    if attention is None or holder is not asyncio.current_task():
        yield
        return
    async with attention.elsewhere():
        yield


class Attention:
    """A few places, held by turns whenever they do something themselves."""

    def __init__(self, places: int = PLACES) -> None:
        self._free = places
        self._waiting: deque[asyncio.Future[None]] = deque()

    @contextlib.asynccontextmanager
    async def held(self) -> AsyncIterator[None]:
        """Be attended to."""
        await self._take()
        before = _HELD.set((self, asyncio.current_task()))
        try:
            yield
        finally:
            _HELD.reset(before)
            self._give()

    @contextlib.asynccontextmanager
    async def elsewhere(self) -> AsyncIterator[None]:
        """Let others be attended to while something else is waited for. Only within `held`.

        Whoever fails or is cancelled there does not wait for a place to end in.
        """
        self._give()
        try:
            yield
            await self._take()
        except BaseException:
            self._free -= 1
            raise

    async def _take(self) -> None:
        if self._free > 0 and not self._waiting:
            self._free -= 1
            return
        place = asyncio.get_running_loop().create_future()
        self._waiting.append(place)
        try:
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():
                self._give()
            raise
        finally:
            if place in self._waiting:
                self._waiting.remove(place)

    def _give(self) -> None:
        """Free a place, and hand it on to the first who waits."""
        self._free += 1
        while self._free > 0 and self._waiting:
            place = self._waiting.popleft()
            if not place.done():
                self._free -= 1
                place.set_result(None)

"""How many turns a process attends to at the same moment.

Many turns may be under way, and most of them wait for an engine. When a crowd of them comes back at
once, each would have a word in every round of the event loop, and whoever stands at the door of the
same process would wait for all of them. So only a few are attended to at a time; the others wait
their turn for some milliseconds, which nobody sees in a picture that took seconds.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

PLACES = 2


class Attention:
    """A few places, held by turns whenever they do something themselves."""

    def __init__(self, places: int = PLACES) -> None:
        self._places = asyncio.Semaphore(places)

    @contextlib.asynccontextmanager
    async def held(self) -> AsyncIterator[None]:
        """Be attended to."""
        async with self._places:
            yield

    @contextlib.asynccontextmanager
    async def elsewhere(self) -> AsyncIterator[None]:
        """Let others be attended to while something else is waited for. Only within `held`."""
        self._places.release()
        try:
            yield
        finally:
            await _surely(self._places)


async def _surely(places: asyncio.Semaphore) -> None:
    """Take a place back even while being cancelled, since whoever holds it will give it back."""
    waiting = asyncio.ensure_future(places.acquire())
    cancelled = False
    while not waiting.done():
        try:
            await asyncio.shield(waiting)
        except asyncio.CancelledError:
            cancelled = True
    if cancelled:
        raise asyncio.CancelledError

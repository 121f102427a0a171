"""How a running turn shows that it is alive: what happens now, how far it is, unfinished pictures.

Engines may report as often as they like. What reaches the store is throttled, because everyone who
looks at the session hears every word; the newest word always arrives.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from time import monotonic

from core.assets.blobs import Blobs
from core.picture.codec import probe
from core.session.models import Asset, Turn, TurnProgress, now
from core.session.store import SessionStore

_PAUSE_SECONDS = 0.2


class TurnReporter:
    """The `Progress` of one turn."""

    def __init__(self, turn: Turn, store: SessionStore, blobs: Blobs) -> None:
        self.turn = turn
        self._store = store
        self._blobs = blobs
        self._shown = 0
        self._prefix = ""
        self._expected = ""
        self._ready_at: float | None = None
        self._latest: TurnProgress | None = None
        self._told_at = 0.0
        self._later: asyncio.Task[None] | None = None

    def step(self, place: int, count: int) -> None:
        """Which step of the plan runs, for plans with several."""
        self._expected, self._ready_at = "", None
        self._prefix = f"Step {place} of {count}: " if count > 1 else ""

    def expect(self, words: str, seconds: float | None = None) -> None:
        """What the work of this step will probably take; told with every stage from now on."""
        self._expected = words
        self._ready_at = now().timestamp() + seconds if seconds else None

    async def stage(self, words: str, fraction: float | None = None) -> None:
        said = f"{self._prefix}{words}"
        self._latest = TurnProgress(
            stage=said if self._prefix else said[:1].upper() + said[1:],
            expected=self._expected,
            ready_at=self._ready_at,
            fraction=None if fraction is None else min(1.0, max(0.0, fraction)),
        )
        if self._later is None:
            wait = max(0.0, self._told_at + _PAUSE_SECONDS - monotonic())
            self._later = asyncio.create_task(self._after(wait, self._tell))

    async def preview(self, data: bytes, mime: str) -> None:
        """Show an unfinished picture, except where pictures are looked at before they are shown."""
        if self.turn.gate == "pictures":
            return
        info = probe(data)
        sha256 = await self._blobs.put(data)
        await self._store.record_asset(
            Asset(
                sha256=sha256,
                mime=mime,
                width=info.width,
                height=info.height,
                bytes=len(data),
                alpha=info.alpha,
            )
        )
        await self._emit(sha256, mime)

    async def withdraw(self) -> None:
        """Take the previews back: what they showed was refused."""
        if self._shown:
            await self._emit(None, None)

    async def close(self) -> None:
        """Nothing is told any more."""
        if self._later is not None:
            self._later.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._later
            self._later = None

    async def _emit(self, sha256: str | None, mime: str | None) -> None:
        turn = self.turn
        data = {"turn_id": turn.id, "sha256": sha256, "mime": mime, "index": self._shown}
        self._shown += 1
        await self._store.emit(turn.session_id, turn.id, "preview", data)

    async def _after(self, seconds: float, tell: Callable[[], Awaitable[None]]) -> None:
        await asyncio.sleep(seconds)
        self._later = None
        await tell()

    async def _tell(self) -> None:
        latest, self._latest = self._latest, None
        self._told_at = monotonic()
        if latest is not None:
            await self._store.save_progress(self.turn.session_id, self.turn.id, latest)

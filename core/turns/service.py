"""What adapters call: open sessions, accept and cancel turns, read, listen."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Protocol

from core.picture.fitting import Fitted
from core.session.models import Actor, Asset, Session, Turn, Version
from core.turns.request import Event, TurnRequest


class Desk(Protocol):
    """The front desk of the core, one per process."""

    async def open_session(self, thread: str | None, actor: Actor, *, title: str = "") -> Session:
        """Find or open the session of a thread; without a thread key, a new web session."""
        ...

    async def sessions(self, *, limit: int, before: str | None) -> tuple[list[Session], str | None]:
        """Newest first, a page at a time; the second value is the cursor of the next page.

        Raises BadInput when `before` is no cursor.
        """
        ...

    async def session(self, sid: str) -> Session:
        """Raises NotFound."""
        ...

    async def turns(self, sid: str) -> list[Turn]: ...

    async def versions(self, sid: str) -> list[Version]: ...

    async def turn(self, sid: str, tid: str) -> Turn:
        """Raises NotFound."""
        ...

    async def accept(self, request: TurnRequest) -> Turn:
        """Check and durably accept a turn; the same event again gives the same turn.

        Raises BadInput, BadPicture, TooLarge, NotFound (acts_on), QueueFull, Unavailable, DiskFull.
        """
        ...

    async def cancel(self, sid: str, tid: str) -> Turn:
        """Cancel a queued or running turn. Raises NotFound, Conflict (it has ended)."""
        ...

    async def claimed(self, sid: str, event_key: str) -> Turn | None:
        """The turn that was accepted for an event in the last day, None when there was none."""
        ...

    async def amend(self, sid: str, tid: str, change: Callable[[Turn], Turn]) -> Turn | None:
        """Change a turn that still waits; None when it waits no more. `change` may be called again.

        Raises NotFound, BadInput.
        """
        ...

    async def release(self, sid: str, tid: str) -> None:
        """Let a turn start that waits for more of its message; again is harmless."""
        ...

    async def drop(self, sid: str, tid: str) -> Turn:
        """Cancel a turn if it still waits, otherwise leave it. Raises NotFound, Conflict."""
        ...

    def events(self, sid: str, after: str | None) -> AsyncIterator[Event]:
        """The session as it stands, then what happens from now on, or after the event `after`.

        What happens after the first event was given is not missed by who reads the rest then.
        """
        ...

    async def asset_bytes(self, sha256: str) -> bytes:
        """Raises NotFound."""
        ...

    async def asset(self, sha256: str) -> Asset | None:
        """What is known of an asset, if it was recorded."""
        ...

    async def version(self, vid: str) -> Version:
        """Raises NotFound."""
        ...

    async def export(
        self, sha256: str, *, format: str | None, version: str | None
    ) -> tuple[bytes, str]:
        """A file to take away, and its mime type: labelled as made by AI, its recipe inside.

        `format` is "png", "webp" or "jpeg"; None keeps the asset's own. `version` is the id of the
        version whose recipe is written. Raises NotFound, BadInput.
        """
        ...

    async def fitted(self, sha256: str, *, version: str | None, most_bytes: int) -> Fitted:
        """The best file of at most `most_bytes`: what `export` gives, else the same pixels packed
        harder, else a smaller view; its `words` say what a person should know of it.

        Takes up to half a minute for the largest pictures. Raises NotFound, BadPicture, TooLarge.
        """
        ...

    async def thumbnail(self, sha256: str, side: int) -> bytes:
        """A small WebP, at most `side` pixels on its longer side. Raises NotFound."""
        ...

    async def checkered(self, sha256: str, side: int) -> bytes:
        """A JPEG over a checkerboard, at most `side` pixels on its longer side: a view of a
        transparent picture that reads on any ground. Raises NotFound."""
        ...

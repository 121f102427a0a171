"""What is remembered of a request at its provider, so that a crash does not pay for it twice.

A provider gives no idempotency keys, so that the order of things has to do: the wish to call is
written down before the call is made, and the provider's name for it as soon as that is known. An
engine that can ask its provider about calls finds them again by these notes; for one that cannot,
they say that something may have been billed.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from pydantic import BaseModel, ConfigDict


class CallNote(BaseModel):
    """One call to a provider. `ref` is the provider's name for it, once that is known.

    `marker` is whatever the engine needs to recognise the call in the provider's list.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    marker: str
    intended_at: datetime
    ref: str | None = None


class Journal(Protocol):
    """The notes of one request. All writes are durable when they return."""

    async def recall(self) -> CallNote | None:
        """The call that an earlier attempt at this request intended or made, if there was one."""
        ...

    async def intend(self, marker: str) -> None:
        """A call is about to be made; a note of an earlier one is replaced."""
        ...

    async def claim(self, ref: str) -> bool:
        """The intended call is `ref` at the provider.

        False: that one belongs to another request, so that it is not ours.
        """
        ...

    async def forget(self) -> None:
        """The call came to nothing; the next attempt makes a new one."""
        ...


class _Unkept:
    """Remembers nothing: for calls that cost nothing, and for trying an engine alone."""

    async def recall(self) -> CallNote | None:
        return None

    async def intend(self, marker: str) -> None:
        """Not kept."""

    async def claim(self, ref: str) -> bool:
        return True

    async def forget(self) -> None:
        """Nothing to forget."""


UNKEPT: Journal = _Unkept()

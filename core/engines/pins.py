"""Models that a workspace keeps in its catalog although nobody curated them."""

from __future__ import annotations

from typing import Protocol


class Pins(Protocol):
    """The ids of found models that a workspace has pinned. Raises Unavailable when it is away."""

    async def all(self, workspace: str) -> list[str]:
        """In the order of the alphabet."""
        ...

    async def add(self, workspace: str, name: str) -> None:
        """Pin a model; again changes nothing."""
        ...

    async def remove(self, workspace: str, name: str) -> None:
        """Let go of a model; one that is not pinned changes nothing."""
        ...

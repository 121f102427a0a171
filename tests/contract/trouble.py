"""What goes wrong with calls to a fake platform, on order: the same on every one of them."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

CallT = TypeVar("CallT")


@dataclass(kw_only=True)
class Failing(ABC, Generic[CallT]):
    """What happens to the next `times` calls that `when` chooses.

    One of: `status` (a server error), `ratelimited` (429, seconds), `hang` (seconds, then as
    always), `drop` (no answer, nothing done), `drop_answer` (done, no answer); or what a platform
    adds. `hits` counts them.
    """

    status: int = 0
    ratelimited: float = 0.0
    hang: float = 0.0
    drop: bool = False
    drop_answer: bool = False
    times: int = 1
    when: Callable[[CallT], bool] = lambda call: True
    hits: int = 0

    @abstractmethod
    def fits(self, call: CallT) -> bool:
        """Whether it is about such a call."""


FaultT = TypeVar("FaultT", bound=Failing[Any])


@dataclass
class Hold(Generic[CallT]):
    """A point at which calls stand still. `after`: carried out, not yet answered."""

    fits: Callable[[CallT], bool]
    after: bool
    times: int
    calls: list[CallT] = field(default_factory=list)
    _reached: asyncio.Event = field(default_factory=asyncio.Event)
    _over: asyncio.Event = field(default_factory=asyncio.Event)
    _dropped: bool = False

    async def reached(self, seconds: float = 30) -> CallT:
        """The first call that stands here."""
        async with asyncio.timeout(seconds):
            await self._reached.wait()
        return self.calls[0]

    def release(self) -> None:
        """Let it go on."""
        self._over.set()

    def drop(self) -> None:
        """End it without an answer; a call held before it is carried out never is."""
        self._dropped = True
        self._over.set()

    async def stand(self, call: CallT) -> bool:
        """Wait here; whether to go on."""
        self.calls.append(call)
        self._reached.set()
        await self._over.wait()
        return not self._dropped


class Trouble(Generic[CallT, FaultT]):
    """All faults and holds in force, the oldest first."""

    def __init__(self) -> None:
        self.faults: list[FaultT] = []
        self.holds: list[Hold[CallT]] = []

    def fault(self, call: CallT) -> FaultT | None:
        for fault in self.faults:
            if fault.times and fault.fits(call) and fault.when(call):
                fault.times -= 1
                fault.hits += 1
                return fault
        return None

    async def stand(self, call: CallT, *, after: bool) -> bool:
        """Whether the call goes on, after any hold at this point."""
        for hold in self.holds:
            if hold.times and hold.after == after and hold.fits(call):
                hold.times -= 1
                return await hold.stand(call)
        return True

    def release(self) -> None:
        for hold in self.holds:
            hold.drop()

"""Trouble on purpose: refusals, broken answers, and points at which a call stands still."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from tests.contract.discord.discord_calling import Call

Chosen = Callable[[Call], bool]


def fits(call: Call, method: str, path: str) -> bool:
    """Whether a call is one of a method and a path; each `*` stands for a part of the path."""
    asked, named = call.path.split("/"), path.split("/")
    same = len(asked) == len(named) and all(map(fnmatchcase, asked, named))
    return same and method in ("*", call.method)


@dataclass
class Fault:
    """What happens to the next `times` calls that fit and that `when` chooses.

    One of: `code` (Discord's own number; `status` may say another than its usual one), `status`
    (a server error), `ratelimited` (429, seconds), `hang` (seconds, then as always), `drop` (no
    answer, nothing done), `drop_answer` (done, no answer).
    """

    method: str
    path: str
    code: int = 0
    status: int = 0
    ratelimited: float = 0.0
    hang: float = 0.0
    drop: bool = False
    drop_answer: bool = False
    times: int = 1
    when: Chosen = lambda call: True
    hits: int = 0


@dataclass
class Hold:
    """A point at which calls stand still. `after`: carried out, not yet answered."""

    method: str
    path: str
    after: bool
    when: Chosen
    times: int
    calls: list[Call] = field(default_factory=list)
    _reached: asyncio.Event = field(default_factory=asyncio.Event)
    _over: asyncio.Event = field(default_factory=asyncio.Event)
    _dropped: bool = False

    async def reached(self, seconds: float = 30) -> Call:
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

    async def stand(self, call: Call) -> bool:
        """Wait here; whether to go on."""
        self.calls.append(call)
        self._reached.set()
        await self._over.wait()
        return not self._dropped


class Trouble:
    """All faults and holds in force, the oldest first."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.holds: list[Hold] = []

    def fault(self, call: Call) -> Fault | None:
        for fault in self.faults:
            if fault.times and fits(call, fault.method, fault.path) and fault.when(call):
                fault.times -= 1
                fault.hits += 1
                return fault
        return None

    async def stand(self, call: Call, *, after: bool) -> bool:
        """Whether the call goes on, after any hold at this point."""
        for hold in self.holds:
            chosen = fits(call, hold.method, hold.path) and hold.after == after and hold.when(call)
            if chosen and hold.times:
                hold.times -= 1
                return await hold.stand(call)
        return True

    def release(self) -> None:
        for hold in self.holds:
            hold.drop()

"""Which shards of the gateway are this process's: a lease in the store for each group of them.

A process holds one group or none. A lease is taken for some seconds and renewed long before they
are over. When it could not be renewed (another has it; the store is away; this process was
frozen), it counts as lost from the moment at which the store lets it lapse, whatever the store has
to say by then. All processes agree on how many shards there are, since a shard is a share of them.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import socket
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

import structlog

from core.errors import Conflict, Unavailable
from core.policy.keyvalue import KeyValue

LEASE_SECONDS = 15.0
RENEW_SECONDS = 5.0
_LOOK_SECONDS = 1.0
_BETWEEN_IDENTIFIES = 5.0
"""Seconds in which one shard of a bucket may identify itself (Discord's documents, "Sharding")."""
_SETTLING_SECONDS = 10.0
_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)

log = structlog.get_logger(__name__)


def _now() -> float:
    """Seconds of a clock that goes on while the machine sleeps, where there is such a clock."""
    return time.clock_gettime(_CLOCK)


@dataclass(frozen=True)
class Division:
    """How the gateway is shared: into so many shards, and those into so many groups."""

    shards: int
    groups: int

    def of(self, group: int) -> list[int]:
        """The shards of a group."""
        return list(range(group, self.shards, self.groups))


class Lease:
    """A group of shards that is ours for now: its number, its name in the store.

    `lost` is set when it is not any more.
    """

    def __init__(self, kept: KeyValue, name: str, group: int, mine: str, until: float) -> None:
        self.group = group
        self.name = name
        self.lost = asyncio.Event()
        self._kept = kept
        self._mine = mine
        self._until = until

    def held(self) -> bool:
        """Whether it is certainly ours; a look at the clock."""
        return _now() < self._until

    async def keep(self, renew_seconds: float, seconds: float) -> None:
        """Renew it for `seconds` again and again, until it is lost."""
        while self.held():
            await asyncio.sleep(min(renew_seconds, self._until - _now()))
            begun = _now()
            if begun < self._until and await self._renewed(seconds):
                self._until = begun + seconds
        self.lost.set()

    async def _renewed(self, seconds: float) -> bool:
        """Whether it is ours for longer. While the store is away, it is ours as long as it was."""
        try:
            if await self._kept.renew(self.name, self._mine, seconds=seconds):
                return True
            self._until = 0.0
        except Unavailable as problem:
            log.warning("shards_not_renewed", group=self.group, detail=problem.admin)
        return False

    async def give_back(self) -> None:
        """Let another have it at once. One that can't be given back lapses by itself."""
        self._until = 0.0
        with contextlib.suppress(Unavailable):
            await self._kept.renew(self.name, self._mine, seconds=0)


class Shards:
    """The groups of one application's shards, as this process sees them.

    The times are seconds: `seconds` a lease lasts, `renew_seconds` between two renewals.
    """

    def __init__(
        self,
        kept: KeyValue,
        application: str,
        groups: int = 1,
        *,
        seconds: float = LEASE_SECONDS,
        renew_seconds: float = RENEW_SECONDS,
    ) -> None:
        self._kept = kept
        self._root = f"discord:{application}"
        self._groups = groups
        self._seconds = seconds
        self._renew_seconds = renew_seconds

    @contextlib.asynccontextmanager
    async def taken(self) -> AsyncIterator[Lease]:
        """Wait for a free group and hold it. Raises Unavailable."""
        lease = await self._free()
        log.info("shards_taken", group=lease.group, of=self._groups)
        keeping = asyncio.create_task(lease.keep(self._renew_seconds, self._seconds))
        try:
            yield lease
        finally:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)
            await lease.give_back()

    async def _free(self) -> Lease:
        mine, told = f"{socket.gethostname()}/{os.getpid()}/{secrets.token_hex(8)}", False
        while True:
            for group in range(self._groups):
                begun = _now()
                name = self._lease_name(group)
                if await self._kept.set(name, mine, seconds=self._seconds, fresh=True):
                    return Lease(self._kept, name, group, mine, begun + self._seconds)
            if not told:
                log.info("shards_wait", groups=self._groups)
                told = True
            await asyncio.sleep(_LOOK_SECONDS)

    async def holders(self) -> list[str]:
        """Who holds each group ("machine/process"); empty for one that is free."""
        known = await self._known()
        held = [await self._held_by(each) for each in range(known.groups if known else 1)]
        return [(owner or "").rpartition("/")[0] for owner in held]

    async def division(self, lease: Lease, shards: int) -> Division:
        """How all processes share the gateway; `shards` is how many it would be now.

        Raises Conflict where others share it into another number of groups, and Unavailable.
        """
        lock = f"{self._root}:shards"
        async with self._kept.locked(lock, seconds=_SETTLING_SECONDS, patience=_SETTLING_SECONDS):
            known = await self._known()
            if known is None or not await self._others(lease, known):
                known = Division(shards, self._groups)
                await self._kept.set(f"{self._root}:shards", f"{known.shards}/{known.groups}")
        if known.groups != self._groups:
            raise Conflict(
                f"Other processes share Discord's gateway into {known.groups} groups of shards, "
                f"this one is told {self._groups}.",
                hint="Set EASEL_DISCORD_SHARD_GROUPS to the same number for all of them.",
            )
        return known

    async def forget_division(self) -> None:
        """Let it be decided anew, since Discord does not take it any more."""
        await self._kept.delete(f"{self._root}:shards")

    async def may_identify(self, bucket: int) -> None:
        """Wait until one shard of this bucket may, among all processes."""
        name = f"{self._root}:identify:{bucket}"
        while True:
            if await self._kept.set(name, "1", seconds=_BETWEEN_IDENTIFIES, fresh=True):
                return
            await asyncio.sleep(_LOOK_SECONDS / 4)

    async def _others(self, lease: Lease, known: Division) -> bool:
        groups = range(max(known.groups, self._groups))
        return any([await self._held_by(each) for each in groups if each != lease.group])

    async def _known(self) -> Division | None:
        shards, _, groups = (await self._kept.get(f"{self._root}:shards") or "").partition("/")
        return Division(int(shards), int(groups)) if groups else None

    async def _held_by(self, group: int) -> str | None:
        return await self._kept.get(self._lease_name(group))

    def _lease_name(self, group: int) -> str:
        return f"{self._root}:group:{group}"

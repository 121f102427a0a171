"""Only one process holds a group of shards, by leases in a real store."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.discord import shards
from adapters.discord.shards import Division, Lease, Shards
from core.errors import Conflict, Unavailable
from core.policy.keyvalue import RedisKeyValue
from tests.scenario.house import house, wait_until

APP = "1"


class Unsteady(RedisKeyValue):
    """A store that can be away."""

    away = False

    async def renew(self, name: str, value: str, *, seconds: float) -> bool:
        if self.away:
            raise Unavailable("The store is away.")
        return await super().renew(name, value, seconds=seconds)


@pytest.fixture
async def kept(tmp_path: Path) -> AsyncIterator[Unsteady]:
    async with house(tmp_path) as home:
        yield Unsteady(home.parts.redis)


def of(kept: RedisKeyValue, groups: int = 1, *, seconds: float = 0.6) -> Shards:
    return Shards(kept, APP, groups, seconds=seconds, renew_seconds=0.1)


class Standby:
    """Waits for a group, and keeps it until told otherwise."""

    def __init__(self, of: Shards) -> None:
        self.lease: Lease | None = None
        self._of = of
        self._end = asyncio.Event()
        self._task = asyncio.create_task(self._wait())

    async def _wait(self) -> None:
        async with self._of.taken() as self.lease:
            await self._end.wait()

    async def has_it(self) -> Lease:
        async def has() -> bool:
            return self.lease is not None

        await wait_until(has, "the group is taken")
        assert self.lease is not None
        return self.lease

    async def leaves(self) -> None:
        self._end.set()
        if self.lease is None:
            self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


@contextlib.asynccontextmanager
async def standby(of: Shards) -> AsyncIterator[Standby]:
    waiting = Standby(of)
    try:
        yield waiting
    finally:
        await waiting.leaves()


async def test_a_group_is_one_process_s_and_goes_to_the_next_at_a_polite_end(
    kept: Unsteady,
) -> None:
    async with standby(of(kept, seconds=300)) as first:
        held = await first.has_it()
        async with standby(of(kept)) as second:
            assert held.held() and second.lease is None
            await first.leaves()
            assert not held.held()
            assert (await second.has_it()).group == 0


async def test_each_process_takes_another_group(kept: Unsteady) -> None:
    async with standby(of(kept, 2)) as first, standby(of(kept, 2)) as second:
        groups = {(await first.has_it()).group, (await second.has_it()).group}
        assert groups == {0, 1}


async def test_it_is_kept_for_longer_than_a_lease(kept: Unsteady) -> None:
    async with standby(of(kept, seconds=1.5)) as first:
        held = await first.has_it()
        async with standby(of(kept)) as second:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(2.0):
                    await held.lost.wait()
            assert held.held() and second.lease is None


async def test_it_is_lost_when_the_store_stays_away_and_not_before(kept: Unsteady) -> None:
    async with standby(of(kept)) as first:
        held = await first.has_it()
        kept.away = True
        await asyncio.wait_for(held.lost.wait(), 5)
        assert not held.held()
        kept.away = False
        async with standby(of(kept)) as second:
            assert (await second.has_it()).group == 0


async def test_it_is_lost_at_once_when_another_has_it(kept: Unsteady) -> None:
    async with standby(of(kept, seconds=30)) as first:
        held = await first.has_it()
        await kept.set(held.name, "another process")
        await asyncio.wait_for(held.lost.wait(), 5)
        assert not held.held()
        await first.leaves()
        assert await kept.get(held.name) == "another process"


async def test_a_frozen_process_knows_by_the_clock_that_it_may_be_lost(
    kept: Unsteady, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with standby(of(kept, seconds=30)) as first:
        held = await first.has_it()
        later = shards._now() + 31
        monkeypatch.setattr(shards, "_now", lambda: later)
        assert not held.held()


async def test_all_agree_on_how_the_shards_are_shared(kept: Unsteady) -> None:
    two = of(kept, 2, seconds=30)
    async with standby(two) as first, standby(two) as second:
        mine, other = await first.has_it(), await second.has_it()
        assert await two.division(mine, 5) == Division(5, 2)
        assert await two.division(other, 9) == Division(5, 2), "decided while others are connected"
        await second.leaves()
        assert await two.division(mine, 9) == Division(9, 2), "decided anew by one alone"


async def test_another_number_of_groups_is_refused_while_others_are_connected(
    kept: Unsteady,
) -> None:
    async with standby(of(kept, 2, seconds=30)) as first:
        await of(kept, 2).division(await first.has_it(), 4)
        async with standby(of(kept, 3, seconds=30)) as second:
            with pytest.raises(Conflict, match="2 groups"):
                await of(kept, 3).division(await second.has_it(), 4)


@pytest.mark.parametrize(
    ("division", "shared"),
    [
        (Division(1, 1), [[0]]),
        (Division(5, 2), [[0, 2, 4], [1, 3]]),
        (Division(1, 2), [[0], []]),
    ],
    ids=str,
)
def test_each_shard_is_in_one_group(division: Division, shared: list[list[int]]) -> None:
    assert [division.of(group) for group in range(division.groups)] == shared


async def test_who_holds_what_is_known(kept: Unsteady) -> None:
    async with standby(of(kept, 2, seconds=30)) as first:
        await of(kept, 2).division(await first.has_it(), 2)
        mine, free = await of(kept, 2).holders()
        assert "/" in mine and free == ""

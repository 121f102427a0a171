"""`kill -9` of the serving process at random moments: every accepted turn ends once, in order.

The long run kills more often, and the store's server as well, in any order.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from random import Random
from time import monotonic

import pytest

from bot.store_place import StorePlace
from tests.chaos.accounts import check_calls, check_ends_told, check_thread, words_for
from tests.chaos.conftest import Easel
from tests.chaos.easel_process import kill_store
from tests.chaos.insisting import Person
from tests.chaos.records import Records
from tests.chaos.slow_provider import SlowProvider
from tests.waiting import SOAK, moment

_ROUNDS = 200 if SOAK else 20
_STORE_SHARE = 0.3 if SOAK else 0.0
_THREADS = ("qa", "qb", "qc")


@pytest.mark.timeout(7_200 if SOAK else 600)
async def test_a_server_killed_at_any_moment_loses_and_doubles_nothing(
    easel: Easel, provider: SlowProvider, person: Person, chance: Random, tmp_path: Path
) -> None:
    place = StorePlace(tmp_path / "data")
    server = easel("serve")
    await server.start()
    threads = [await person.opens(name) for name in _THREADS]
    records = Records(place.url, threads)
    kills: list[float] = []
    for number in range(1, _ROUNDS + 1):
        saying = asyncio.gather(
            *(person.says(thread, words_for(number, thread.name)) for thread in threads)
        )
        if number % 3 == 0:
            await records.between_steps()
        else:
            await _some_moment(number, provider, chance)
        if chance.random() < _STORE_SHARE:
            await kill_store(server, place)
        else:
            await records.note()
            await server.kill()
            kills.append(monotonic())
            await server.start()
        await saying
    for thread in threads:
        await check_thread(person, thread)
        await check_ends_told(place.url, thread)
    records.check(provider.drawn)
    repeated = check_calls(provider.drawn, threads, kills)
    print(f"{len(kills)} kills, {len(provider.drawn)} calls, {repeated} of them repeated")
    assert await server.end() == 0


async def _some_moment(number: int, provider: SlowProvider, chance: Random) -> None:
    """Mostly while something is being drawn, and sometimes wherever a start happens to be."""
    if number % 5 == 0:
        await moment(chance.uniform(0.0, 1.5))
        return
    await provider.one_more()
    await moment(chance.uniform(0.0, 0.5))

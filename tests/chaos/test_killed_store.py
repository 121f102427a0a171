"""The embedded store's server killed while turns run: its supervisor brings it back, and nothing
is lost, asked twice or out of order."""

from __future__ import annotations

import asyncio
from pathlib import Path
from random import Random

from bot.store_place import StorePlace
from tests.chaos.accounts import check_calls, check_ends_told, check_thread, words_for
from tests.chaos.conftest import Easel
from tests.chaos.easel_process import kill_store
from tests.chaos.insisting import Person, Thread
from tests.chaos.slow_provider import SlowProvider
from tests.waiting import moment

_KILLS = 5
_AT_ONCE = 3
_THREADS = ("sa", "sb", "sc")


async def test_a_store_killed_while_turns_run_costs_nothing(
    easel: Easel, provider: SlowProvider, person: Person, chance: Random, tmp_path: Path
) -> None:
    place = StorePlace(tmp_path / "data")
    server = easel("serve")
    await server.start()
    threads = [await person.opens(name) for name in _THREADS]
    for number in range(1, _KILLS + 1):
        more = provider.one_more()
        saying = asyncio.gather(
            *(_says_more(person, thread, (number - 1) * _AT_ONCE) for thread in threads)
        )
        await more
        await moment(chance.uniform(0.0, 0.5))
        await kill_store(server, place)
        await saying
    for thread in threads:
        await check_thread(person, thread)
        await check_ends_told(place.url, thread)
    assert check_calls(provider.drawn, threads, kills=[]) == 0
    assert await server.end() == 0


async def _says_more(person: Person, thread: Thread, before: int) -> None:
    for place in range(before + 1, before + _AT_ONCE + 1):
        await person.says(thread, words_for(place, thread.name))

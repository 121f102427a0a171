"""Two worker processes on one store: many threads side by side, each in order, and one worker
killed in the middle."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from itertools import chain
from pathlib import Path
from random import Random
from time import monotonic

import pytest

from bot.store_place import StorePlace
from tests.chaos.accounts import check_calls, check_ends_told, check_thread, words_for
from tests.chaos.conftest import Easel
from tests.chaos.insisting import Person, Thread
from tests.chaos.slow_provider import SlowProvider, named
from tests.contract.openai_double import serving

_SESSIONS = 20
_TURNS = 3


@pytest.fixture
async def other_provider(chance: Random) -> AsyncIterator[SlowProvider]:
    """What the second worker draws with, so that it can be seen who drew."""
    async with serving(SlowProvider(chance)) as served:
        assert isinstance(served, SlowProvider)
        yield served


async def test_two_workers_share_twenty_threads_and_one_is_killed(
    easel: Easel,
    provider: SlowProvider,
    other_provider: SlowProvider,
    person: Person,
    tmp_path: Path,
) -> None:
    many = {
        "EASEL_MAX_RUNNING": "64",
        "EASEL_REDELIVERY_SECONDS": "5",
        "EASEL_PROVIDER_LIMITS": "openai=64",
    }
    server = easel("serve", EASEL_WORKER_INSIDE="false", **many)
    first = easel("worker", NAME="first", **many)
    second = easel("worker", NAME="second", **many, **named(other_provider))
    await server.start()
    threads = [await person.opens(f"w{n}x") for n in range(_SESSIONS)]
    providers = (provider, other_provider)
    released = asyncio.Event()
    for each in providers:
        each.held = released
    await asyncio.gather(first.start(), second.start())
    await asyncio.gather(first.said("worker_ready"), second.said("worker_ready"))
    await asyncio.gather(*(_says_all(person, thread) for thread in threads))

    await _all_open(providers)
    shares = [len(each.drawn) for each in providers]
    assert min(shares) > 0, shares
    for each in providers:
        each.held = None
    released.set()
    await other_provider.until_drawing(lambda: len(other_provider.drawn) > shares[1] + 2)
    await second.kill()
    kills = [monotonic()]

    for thread in threads:
        await check_thread(person, thread)
        await check_ends_told(StorePlace(tmp_path / "data").url, thread)
    drawn = sorted(chain(*(each.drawn for each in providers)), key=lambda call: call.began)
    repeated = check_calls(drawn, threads, kills)
    print(f"{shares} at once, {len(drawn)} calls, {repeated} of them repeated")
    assert await first.end() == 0
    assert await server.end() == 0


async def _says_all(person: Person, thread: Thread) -> None:
    for place in range(1, _TURNS + 1):
        await person.says(thread, words_for(place, thread.name))


async def _all_open(providers: tuple[SlowProvider, ...]) -> None:
    """Wait until a picture is being drawn for every thread at once."""

    def open_now() -> int:
        return sum(each.open_now for each in providers)

    async def one(provider: SlowProvider) -> None:
        await provider.until_drawing(lambda: open_now() == _SESSIONS)

    waiting = [asyncio.create_task(one(each)) for each in providers]
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()
    assert open_now() == _SESSIONS

"""Processes that end with their test, a provider to draw for them, and somebody who writes."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from random import Random

import pytest

from tests.chaos.easel_process import EaselProcess, free_port
from tests.chaos.insisting import Person
from tests.chaos.slow_provider import SlowProvider, named
from tests.contract.openai_double import serving

pytest.register_assert_rewrite("tests.chaos.accounts", "tests.chaos.records")

Easel = Callable[..., EaselProcess]


@pytest.fixture
def chance() -> Random:
    """Chance that can be repeated: EASEL_CHAOS_SEED sets the seed that a failed run printed."""
    seed = int(os.environ.get("EASEL_CHAOS_SEED") or Random().randrange(10**9))
    print(f"EASEL_CHAOS_SEED={seed}")
    return Random(seed)


@pytest.fixture
async def provider(chance: Random) -> AsyncIterator[SlowProvider]:
    async with serving(SlowProvider(chance)) as served:
        assert isinstance(served, SlowProvider)
        yield served


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
async def easel(tmp_path: Path, provider: SlowProvider, port: int) -> AsyncIterator[Easel]:
    """Makes processes on one data folder, not started yet; all are ended with the test."""
    made: list[EaselProcess] = []

    def process(command: str, **settings: str) -> EaselProcess:
        told = {
            "EASEL_DATA_DIR": str(tmp_path / "data"),
            "EASEL_PORT": str(port),
            "EASEL_REDELIVERY_SECONDS": "2",
            "EASEL_PIXEL_WORKERS": "1",
            "EASEL_MAX_QUEUED": "1000",
            "EASEL_LOG_FORMAT": "json",
            **named(provider),
            **settings,
        }
        made.append(EaselProcess(command, tmp_path, told))
        return made[-1]

    yield process
    try:
        for each in reversed(made):
            await each.leave_nothing()
    finally:
        for each in made:
            if each.faults():
                pytest.fail("\n".join(each.faults()[:5]))


@pytest.fixture
async def person(port: int) -> AsyncIterator[Person]:
    somebody = Person(f"http://127.0.0.1:{port}")
    yield somebody
    await somebody.close()

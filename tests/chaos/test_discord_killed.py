"""`kill -9` while turns are shown in Discord, at each point where it matters: one message with the
right picture, in one thread that leads to its session, and nothing that is "thinking" for ever.

One kill serves for many points: a session stands still at each of them. The long run kills the
program and its store at moments that chance chooses, again and again.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Mapping, Sequence
from random import Random

import pytest
import pytest_asyncio

from tests.chaos.discord_points import (
    BY_COMMAND,
    BY_MESSAGE,
    DEFERRAL,
    Point,
    Standing,
    broken_off,
    go_on,
    new_words,
    stood,
)
from tests.chaos.discord_stage import REDELIVERY_SECONDS, Asked, DiscordStage, discord_stage
from tests.chaos.easel_process import EaselProcess, kill_store
from tests.waiting import SOAK, moment, wait_until

pytestmark = pytest.mark.asyncio(loop_scope="module")

_MANY = {"EASEL_MAX_RUNNING": "64", "EASEL_PROVIDER_LIMITS": "openai=64"}
_ROUNDS, _SESSIONS = (60, 6) if SOAK else (1, 3)
_STORE_KILLS = 20 if SOAK else 1
_LEASE_OVER = REDELIVERY_SECONDS + 1.0
"""Seconds in which somebody who believes that they still show a session would do so."""


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[DiscordStage]:
    """One process does everything."""
    folder = tmp_path_factory.mktemp("easel")
    async with discord_stage(folder, random.Random(), **_MANY) as running:
        await running.starts()
        yield running


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def apart(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[DiscordStage]:
    """Workers are processes of their own, and not started yet."""
    many = {**_MANY, "EASEL_WORKER_INSIDE": "false"}
    async with discord_stage(tmp_path_factory.mktemp("apart"), random.Random(), **many) as running:
        await running.starts()
        yield running


@pytest.mark.timeout(300)
async def test_a_program_killed_while_it_shows_leaves_one_result(
    stage: DiscordStage, subtests: pytest.Subtests
) -> None:
    standing = await stood(stage, DEFERRAL | BY_COMMAND)
    standing |= await stood(stage, BY_MESSAGE, by_command=False)
    await stage.server.kill()
    broken_off(stage, standing)
    await stage.starts()
    await go_on(stage, await each_checked(standing, subtests))
    assert stage.fallen() == []


@pytest.mark.timeout(300)
async def test_another_worker_goes_on_where_one_was_killed(
    apart: DiscordStage, subtests: pytest.Subtests
) -> None:
    first, second = await two_workers(apart, "killed")
    standing = await stood(apart, BY_COMMAND)
    standing |= await stood(apart, BY_MESSAGE, by_command=False)
    await second.start()
    await second.said("worker_ready")
    await first.kill()
    broken_off(apart, standing)
    await go_on(apart, await each_checked(standing, subtests))
    assert apart.fallen() == []
    await second.kill()


@pytest.mark.timeout(300)
async def test_a_worker_that_stood_still_while_another_went_on_adds_nothing(
    apart: DiscordStage, subtests: pytest.Subtests
) -> None:
    """What it was about to say of a turn's progress comes after the result, and does not stay."""
    first, second = await two_workers(apart, "frozen")
    standing = await stood(apart, drawn(BY_COMMAND))
    standing |= await stood(apart, drawn(BY_MESSAGE), by_command=False)
    await second.start()
    await second.said("worker_ready")
    first.freeze()
    for each in standing.values():
        await apart.shown(each.asked)
    for each in standing.values():
        each.goes_on()
    first.thaw()
    await moment(_LEASE_OVER)
    for each in standing.values():
        await wait_until(each.is_right, "the result stands there", seconds=20)
    await each_checked(standing, subtests)
    await first.kill()
    await second.kill()


@pytest.mark.timeout(7_200 if SOAK else 300)
async def test_a_store_killed_while_people_ask_loses_nothing_that_was_accepted(
    stage: DiscordStage, chance: Random
) -> None:
    for _ in range(_STORE_KILLS):
        asked = [Asked(stage.channel(), "", "", [new_words()]) for _ in range(4)]
        tasks = [await stage.sends(each) for each in asked]
        await moment(chance.uniform(0.0, 0.3))
        await kill_store(stage.server, stage.store)
        answers = await asyncio.gather(*tasks)
        for each, answer in zip(asked, answers, strict=True):
            assert answer.ok, "nobody is left without a word"
            if answer.ephemeral:
                assert "again" in await answer.note()
                assert stage.calls_for(each.words[0]) == []
            else:
                await stage.shown(each)
                stage.check(each)
                assert len(stage.calls_for(each.words[0])) == 1


@pytest.mark.timeout(7_200 if SOAK else 300)
async def test_kills_at_any_moment_leave_one_result_for_each_turn(
    stage: DiscordStage, chance: Random
) -> None:
    """What is written while nothing listens is heard later."""
    sessions = [await stage.imagines(new_words(), stage.channel()) for _ in range(_SESSIONS)]
    await all_right(stage, sessions)
    for number in range(1, _ROUNDS + 1):
        for each in sessions:
            await stage.replies(each, new_words())
        await moment(chance.uniform(0.0, 3.0))
        if number % 5 == 0:
            await kill_store(stage.server, stage.store)
        else:
            await stage.server.kill()
            for each in sessions:
                await stage.replies(each, new_words())
            await stage.starts()
        if number % 10 == 0:
            await all_right(stage, sessions)
    await all_right(stage, sessions)


def drawn(points: Mapping[str, Point]) -> dict[str, Point]:
    """Those of the points at which the picture is there."""
    return {name: point for name, point in points.items() if not point.drawing}


async def two_workers(stage: DiscordStage, name: str) -> tuple[EaselProcess, EaselProcess]:
    """One that runs and one that is not started yet."""
    first = stage.another("worker", f"{name}-first")
    await first.start()
    await first.said("worker_ready")
    return first, stage.another("worker", f"{name}-second")


async def each_checked(standing: Mapping[str, Standing], subtests: pytest.Subtests) -> list[Asked]:
    """All are right; the sessions."""
    for name, each in standing.items():
        with subtests.test(name):
            await each.check()
    return [each.asked for each in standing.values()]


async def all_right(stage: DiscordStage, sessions: Sequence[Asked]) -> None:
    for each in sessions:
        await stage.shown(each)
        stage.check(each)

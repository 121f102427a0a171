"""Whatever dies: every accepted turn ends once, in order, and no step is paid twice."""

from __future__ import annotations

import asyncio
from pathlib import Path

import psutil

from core.session.models import TurnState
from core.turns.queue import TurnQueue
from tests.scenario.house import House, Thread, house, wait_until


async def test_a_turn_goes_on_after_its_worker_is_stopped(idle: House) -> None:
    idle.engine.gate = asyncio.Event()
    thread = idle.thread()
    async with idle.working():
        turn = await thread.say("a red mug")
        await idle.drawing(1)
    stopped = await idle.desk.turn(turn.session_id, turn.id)
    assert stopped.state is TurnState.RUNNING
    assert idle.engine.cancelled == 1
    idle.engine.gate.set()
    async with idle.working():
        assert (await thread.ended(turn)).state is TurnState.DONE
    assert len(await idle.desk.versions(turn.session_id)) == 1
    assert b"easel_redeliveries_total 1.0" in idle.parts.metrics.render()


async def test_a_step_with_a_record_is_never_run_again(idle: House) -> None:
    thread = idle.thread()
    async with idle.working():
        await thread.done("a red mug")
        local = idle.crew.catalog.choose("adjust").engine
        adjust, held = local.run, asyncio.Event()

        async def hold(request, progress, journal=None):  # type: ignore[no-untyped-def]
            held.set()
            await asyncio.Event().wait()

        local.run = hold  # type: ignore[method-assign]
        turn = await thread.say("make it navy, then rotate 90")
        await held.wait()
    local.run = adjust  # type: ignore[method-assign]
    async with idle.working():
        ended = await thread.ended(turn)
    assert ended.state is TurnState.DONE, ended.error
    assert [call.operation for call in idle.engine.calls] == ["generate", "edit"]
    assert len(await idle.desk.versions(turn.session_id)) == 3


async def test_a_turn_that_was_never_woken_is_found(idle: House) -> None:
    async def forget(self: TurnQueue, sid: str, tid: str) -> None:
        return None

    wake, TurnQueue.wake = TurnQueue.wake, forget  # type: ignore[method-assign]
    try:
        thread = idle.thread()
        turn = await thread.say("a red mug")
        await idle.desk.close()
    finally:
        TurnQueue.wake = wake  # type: ignore[method-assign]
    async with idle.working():
        assert (await thread.ended(turn)).state is TurnState.DONE


async def test_a_killed_store_loses_nothing(home: House) -> None:
    home.engine.delay = 0.2
    threads = [home.thread() for _ in range(3)]
    turns = [(thread, await thread.say(f"{n} mugs")) for thread in threads for n in range(1, 4)]
    await home.drawing(2)
    _store(home).kill()
    for thread, turn in turns:
        assert (await thread.ended(turn)).state is TurnState.DONE
    assert len(home.engine.calls) == len(turns)
    for thread, turn in turns[::3]:
        assert await _order(home, thread, turn.session_id) == [1, 2, 3]


async def test_sessions_outlive_a_restart(tmp_path: Path) -> None:
    async with house(tmp_path) as home, home.working():
        thread = home.thread()
        first = await thread.done("a red mug")
    async with house(tmp_path) as home, home.working():
        again = Thread(home.desk, thread.key)
        second = await again.done("make it navy", event="later")
        assert second.parents == (first.id,)
        assert await home.desk.asset_bytes(first.asset.sha256)


async def test_several_workers_share_the_threads(idle: House) -> None:
    idle.engine.delay = 0.05
    threads = [idle.thread() for _ in range(6)]
    async with idle.working(), idle.working(), idle.working():
        turns = [(t, await t.say(f"{n} mugs")) for n in range(1, 5) for t in threads]
        for thread, turn in turns:
            assert (await thread.ended(turn)).state is TurnState.DONE
    assert len(idle.engine.calls) == len(turns)
    for thread, turn in turns[: len(threads)]:
        assert await _order(idle, thread, turn.session_id) == [1, 2, 3, 4]


async def _order(home: House, thread: Thread, sid: str) -> list[int]:
    """The numbers of a thread's turns in the order of their versions."""
    by_id = {turn.id: turn.number for turn in await home.desk.turns(sid)}
    return [by_id[version.turn_id] for version in await home.desk.versions(sid)]


def _store(home: House) -> psutil.Process:
    """The process of the embedded store."""
    folder = str(home.parts.settings.data_dir)
    for process in psutil.Process().children(recursive=True):
        if any("appendonly" in part or folder in part for part in process.cmdline()):
            return process
    raise AssertionError("the store does not run")


async def test_a_cancelled_worker_lets_another_go_on_at_once(idle: House) -> None:
    idle.engine.gate = asyncio.Event()
    thread = idle.thread()
    async with idle.working():
        turn = await thread.say("a red mug")
        await idle.drawing(1)
    async with idle.working():
        await idle.drawing(2)
        idle.engine.gate.set()
        await thread.ended(turn)

    async def free() -> bool:
        return await idle.parts.store.head_turn(turn.session_id) is None

    await wait_until(free, "the inbox is empty")

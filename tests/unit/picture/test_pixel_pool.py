"""The pixel pool with real processes: order, cancelling, deaths, errors, places."""

from __future__ import annotations

import asyncio
import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from core.errors import BadInput, EngineError, EngineFault, TooLarge, Unavailable
from core.picture import pool as pool_module
from core.picture.pool import PixelPool

ROOT = Path(__file__).parents[3]
Report = Callable[[Any], None]


def told(report: Report, count: int) -> int:
    for number in range(count):
        report(number)
    return os.getpid()


def forever(report: Report) -> None:
    report(os.getpid())
    threading.Event().wait()


def until_there(report: Report, path: str) -> str:
    report("begun")
    while not Path(path).exists():
        threading.Event().wait(0.005)
    return path


def dying(report: Report, number: int) -> None:
    report("soon")
    os.kill(os.getpid(), number)


def broken(report: Report) -> None:
    ctypes.string_at(0)


def refusing(report: Report) -> None:
    raise TooLarge("Too big.", hint="Smaller.", admin="9 Gpx", code="too_big")


def failing_engine(report: Report) -> None:
    raise EngineError("No.", kind=EngineFault.QUOTA, retry_after=3.0, may_have_billed=True)


def dividing(report: Report) -> float:
    return 1 / 0


def starving(report: Report) -> None:
    raise MemoryError


def big(report: Report, size: int) -> bytes:
    return bytes(size)


def hoarding(report: Report, size: int) -> int:
    globals()["hoard"] = b"x" * size
    return os.getpid()


def unpicklable(report: Report) -> Any:
    return lambda: None


def politeness(report: Report) -> tuple[bool, int, int, bool]:
    idle = os.sched_getscheduler(0) == os.SCHED_IDLE
    return idle, os.getsid(0), os.getpgid(0), "sched" in sys.modules


@asynccontextmanager
async def opened(workers: int = 1, **more: Any) -> AsyncIterator[PixelPool]:
    pool = PixelPool(workers, **more)
    await pool.start()
    try:
        yield pool
    finally:
        await pool.close()


class Heard:
    """What a job reported, and a way to wait for the first word."""

    def __init__(self) -> None:
        self.words: list[Any] = []
        self.first = asyncio.Event()

    async def __call__(self, word: Any) -> None:
        self.words.append(word)
        self.first.set()


def gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


async def test_reports_come_in_order_and_before_the_result() -> None:
    async with opened() as pool:
        heard = Heard()
        pid = await pool.run(told, 500, on_message=heard)
        assert heard.words == list(range(500))
        assert pid != os.getpid()
        assert await pool.run(told, 3) == pid, "the child is kept"


async def test_children_are_polite_and_warm() -> None:
    async with opened(warm=("no_such_module", "sched")) as pool:
        idle, session, group, warm = await pool.run(politeness)
        assert idle
        assert session == os.getsid(0)  # elsewhere it would be polite to nobody
        assert group != os.getpgid(0)  # Ctrl-C is for the parent
        assert warm


async def test_cancelling_stops_the_work_and_frees_the_place() -> None:
    async with opened() as pool:
        heard = Heard()
        task = asyncio.create_task(pool.run(forever, on_message=heard))
        await heard.first.wait()
        task.cancel()
        async with asyncio.timeout(1.0):
            with pytest.raises(asyncio.CancelledError):
                await task
        assert gone(heard.words[0])
        assert await pool.run(told, 0) != heard.words[0]


async def test_cancelling_one_that_waits_leaves_the_others_alone(tmp_path: Path) -> None:
    async with opened() as pool:
        heard, go = Heard(), tmp_path / "go"
        running = asyncio.create_task(pool.run(until_there, str(go), on_message=heard))
        await heard.first.wait()
        waiting = asyncio.create_task(pool.run(told, 0))
        last = asyncio.create_task(pool.run(told, 1))
        await asyncio.wait([waiting], timeout=0)
        waiting.cancel()
        go.touch()
        assert await running == str(go)
        assert await last > 0
        assert waiting.cancelled()


async def test_no_more_run_at_once_than_there_are_places_and_others_wait_in_order(
    tmp_path: Path,
) -> None:
    async with opened(2) as pool:
        order: list[int] = []
        gates = [tmp_path / str(number) for number in range(6)]

        async def job(number: int) -> None:
            async def begun(_: Any) -> None:
                order.append(number)
                if len(order) % 2 == 0:
                    for gate in gates[: len(order)]:
                        gate.touch()

            await pool.run(until_there, str(gates[number]), on_message=begun)

        await asyncio.gather(*(job(number) for number in range(6)))
        assert [set(order[at : at + 2]) for at in (0, 2, 4)] == [{0, 1}, {2, 3}, {4, 5}]


@pytest.mark.parametrize(
    ("number", "kind"),
    [(signal.SIGKILL, EngineFault.TRANSIENT), (signal.SIGTERM, EngineFault.UNKNOWN)],
)
async def test_a_child_that_dies_is_an_error_and_is_replaced(
    number: signal.Signals, kind: EngineFault
) -> None:
    async with opened() as pool:
        with pytest.raises(EngineError) as caught:
            await pool.run(dying, int(number))
        assert caught.value.kind is kind
        assert caught.value.hint
        assert await pool.run(told, 0) > 0


async def test_a_crash_leaves_its_last_words_to_the_operator() -> None:
    async with opened() as pool:
        with pytest.raises(EngineError) as caught:
            await pool.run(broken)
        assert "Segmentation fault" in caught.value.admin
        assert "broken" in caught.value.admin
        assert "Segmentation" not in caught.value.message + caught.value.hint


async def test_a_child_that_dies_while_idle_is_noticed_before_the_next_job() -> None:
    async with opened() as pool:
        pid = await pool.run(told, 0)
        os.kill(pid, signal.SIGKILL)
        async with asyncio.timeout(5):
            while not gone(pid):
                await asyncio.wait([asyncio.ensure_future(asyncio.to_thread(os.sched_yield))])
        assert await pool.run(told, 0) != pid


async def test_errors_of_the_tree_come_back_as_themselves() -> None:
    async with opened() as pool:
        with pytest.raises(TooLarge) as large:
            await pool.run(refusing)
        error = large.value
        assert (error.message, error.hint, error.admin) == ("Too big.", "Smaller.", "9 Gpx")
        assert (error.code, error.status, str(error)) == ("too_big", 413, "Too big.")
        with pytest.raises(EngineError) as engine:
            await pool.run(failing_engine)
        assert engine.value.kind is EngineFault.QUOTA
        assert (engine.value.retry_after, engine.value.may_have_billed) == (3.0, True)


@pytest.mark.parametrize(
    ("job", "kind", "text"),
    [
        (dividing, EngineFault.UNKNOWN, "ZeroDivisionError"),
        (starving, EngineFault.TRANSIENT, "MemoryError"),
        (unpicklable, EngineFault.UNKNOWN, "pickle"),
    ],
)
async def test_other_exceptions_are_told_to_the_operator_only(
    job: Callable[..., Any], kind: EngineFault, text: str
) -> None:
    async with opened() as pool:
        pid = await pool.run(told, 0)
        with pytest.raises(EngineError) as caught:
            await pool.run(job)
        assert caught.value.kind is kind
        assert text in caught.value.admin
        assert text not in caught.value.message + caught.value.hint
        assert await pool.run(told, 0) == pid, "an exception costs no child"


async def test_what_the_listener_raises_stops_the_work() -> None:
    async with opened() as pool:
        pids: list[int] = []

        async def deaf(pid: int) -> None:
            pids.append(pid)
            raise BadInput("no ears")

        with pytest.raises(BadInput):
            await pool.run(forever, on_message=deaf)
        assert gone(pids[0])


async def test_the_event_loop_answers_while_fifty_megabytes_come_back() -> None:
    async with opened() as pool:
        await pool.run(told, 0)
        loop, laps = asyncio.get_running_loop(), [0.0]
        task = asyncio.create_task(pool.run(big, 50 * 2**20))
        before = loop.time()
        while not task.done():
            await asyncio.wait([task], timeout=0.001)
            laps.append(loop.time() - before)
            before = loop.time()
        assert len(task.result()) == 50 * 2**20
        assert max(laps) < 0.25


async def test_a_child_that_keeps_much_memory_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool_module, "RESIDENT_LIMIT", 120 * 2**20)
    async with opened() as pool:
        pid = await pool.run(told, 0)
        assert await pool.run(hoarding, 2**20) == pid
        assert await pool.run(hoarding, 200 * 2**20) == pid
        assert await pool.run(told, 0) != pid


async def test_closing_ends_what_runs_and_what_waits() -> None:
    async with opened() as pool:
        heard = Heard()
        running = asyncio.create_task(pool.run(forever, on_message=heard))
        await heard.first.wait()
        waiting = asyncio.create_task(pool.run(told, 0))
        await asyncio.wait([waiting], timeout=0)
        await pool.close()
        for task in (running, waiting):
            with pytest.raises(Unavailable):
                await task
        assert gone(heard.words[0])
        with pytest.raises(Unavailable):
            await pool.run(told, 0)


def test_children_die_with_a_parent_that_is_killed() -> None:
    program = (
        "import asyncio\n"
        "from core.picture.pool import PixelPool\n"
        "from tests.unit.picture.test_pixel_pool import forever\n"
        "async def say(pid): print(pid, flush=True)\n"
        "async def main():\n"
        "    await PixelPool(1).run(forever, on_message=say)\n"
        "asyncio.run(main())\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
        child.wait(timeout=5)

"""Few turns are attended to at a time, whatever way they end."""

from __future__ import annotations

import asyncio
import contextlib

import pytest

from core.turns.attention import Attention


async def rounds(count: int = 5) -> None:
    """Let everybody else have a word."""
    loop = asyncio.get_running_loop()
    for _ in range(count):
        turn = loop.create_future()
        loop.call_soon(turn.set_result, None)
        await turn


async def test_only_so_many_are_attended_to_at_once() -> None:
    attention, here, most = Attention(2), 0, 0

    async def work() -> None:
        nonlocal here, most
        async with attention.held():
            here += 1
            most = max(most, here)
            await rounds()
            here -= 1

    await asyncio.gather(*(work() for _ in range(10)))
    assert most == 2


async def test_who_waits_elsewhere_takes_no_place() -> None:
    attention, gate = Attention(1), asyncio.Event()
    passed = []

    async def draws() -> None:
        async with attention.held(), attention.elsewhere():
            await gate.wait()

    async def passes() -> None:
        async with attention.held():
            passed.append(True)

    drawing = [asyncio.create_task(draws()) for _ in range(3)]
    await rounds()
    await asyncio.gather(*(passes() for _ in range(3)))
    assert len(passed) == 3
    gate.set()
    await asyncio.gather(*drawing)


@pytest.mark.parametrize("stage", ["elsewhere", "coming back", "waiting for a first place"])
async def test_a_cancelled_turn_ends_at_once_and_no_place_is_lost(stage: str) -> None:
    attention, gate, release = Attention(1), asyncio.Event(), asyncio.Event()

    async def draws() -> None:
        async with attention.held(), attention.elsewhere():
            await gate.wait()

    async def holds() -> None:
        async with attention.held():
            await release.wait()

    first = asyncio.create_task(holds() if stage.startswith("waiting") else draws())
    await rounds()
    holder = first if stage.startswith("waiting") else asyncio.create_task(holds())
    drawn = asyncio.create_task(draws()) if stage.startswith("waiting") else first
    await rounds()
    if stage == "coming back":
        gate.set()
        await rounds()
        assert not drawn.done()
    drawn.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.wait_for(drawn, 1)
    release.set()
    await holder
    async with asyncio.timeout(1):
        for _ in range(3):
            async with attention.held():
                await rounds()


async def test_a_failure_elsewhere_gives_its_place_back_once() -> None:
    attention = Attention(1)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            async with attention.held(), attention.elsewhere():
                raise ZeroDivisionError
    first = asyncio.Event()

    async def holds() -> None:
        async with attention.held():
            first.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(holds())
    await first.wait()
    second = asyncio.create_task(holds())
    await rounds()
    first.clear()
    await rounds()
    assert not first.is_set()
    for each in (task, second):
        each.cancel()
    await asyncio.gather(task, second, return_exceptions=True)

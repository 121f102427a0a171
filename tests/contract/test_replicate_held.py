"""The call that makes a prediction is held open: its end comes at once, its id before that."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from core.engines.replicate.engine import ReplicateEngine
from core.engines.replicate.predictions import PATIENCE
from tests.contract.openai_wishes import Watcher
from tests.contract.replicate_double import Behaviour, ReplicateDouble, Trouble
from tests.contract.replicate_wishes import HASTY, TOKEN, Notebook, wish
from tests.waiting import wait_until

LIST = r"GET /v1/predictions"
LOOK = r"GET /v1/predictions/\w+"
HELD = replace(HASTY, wait=60)
ONLY_HELD = replace(HELD, slow=600.0)
"""Looks never tell that a prediction is over."""
UNNOTICED = replace(ONLY_HELD, notice=())


def looks(platform: ReplicateDouble) -> int:
    return platform.count("GET", r"/v1/predictions/\w+")


async def noticed(notes: Notebook, ref: str) -> None:
    async def known() -> bool:
        return notes.note is not None and notes.note.ref == ref

    await wait_until(known, f"{ref} is noted")


@pytest.fixture
async def held(platform: ReplicateDouble) -> AsyncIterator[ReplicateEngine]:
    engine = ReplicateEngine(TOKEN, platform.base_url, patience=ONLY_HELD)
    yield engine
    await engine.close()


async def test_the_picture_comes_with_the_call_and_needs_no_look(
    platform: ReplicateDouble, held: ReplicateEngine
) -> None:
    gate = asyncio.Event()
    platform.plan.append(Behaviour(gate=gate))
    notes = Notebook()
    running = asyncio.create_task(held.run(wish(), Watcher(), notes))
    await platform.until(lambda: bool(platform.predictions))
    await noticed(notes, platform.predictions[0].id)
    gate.set()
    async with asyncio.timeout(20):
        assert (await running).pictures
    assert (platform.creates, looks(platform)) == (1, 0)
    (asked,) = [asked for asked in platform.asked if asked.method == "POST"]
    assert asked.headers["prefer"] == f"wait={PATIENCE.wait}" == "wait=60"


async def test_progress_is_told_while_the_call_is_held_open(platform: ReplicateDouble) -> None:
    engine = ReplicateEngine(TOKEN, platform.base_url, patience=HELD)
    queue, gate = asyncio.Event(), asyncio.Event()
    platform.plan.append(Behaviour(queue=queue, gate=gate, logs=" 45%|##### | 9/20"))
    watcher = Watcher()
    running = asyncio.create_task(engine.run(wish(), watcher, Notebook()))
    await platform.until(lambda: looks(platform) >= 1)
    queue.set()

    async def told() -> bool:
        return ("drawing", 0.45) in watcher.stages

    await wait_until(told, "how far it is")
    gate.set()
    await running
    await engine.close()
    assert ("waiting in Replicate's queue", None) in watcher.stages


@pytest.mark.parametrize("trouble", [404, 503])
async def test_looks_that_fail_are_no_loss_while_the_call_is_held_open(
    platform: ReplicateDouble, trouble: int
) -> None:
    engine = ReplicateEngine(TOKEN, platform.base_url, patience=replace(HELD, lost=0.0))
    gate = asyncio.Event()
    platform.plan.append(Behaviour(gate=gate))
    platform.troubles.append(Trouble(LOOK, trouble, times=1_000))
    running = asyncio.create_task(engine.run(wish(), Watcher(), Notebook()))
    await platform.until(lambda: looks(platform) >= 5)
    gate.set()
    assert (await running).pictures
    await engine.close()


async def test_a_list_that_can_not_be_had_leaves_the_call_alone(
    platform: ReplicateDouble, held: ReplicateEngine
) -> None:
    gate = asyncio.Event()
    platform.plan.append(Behaviour(gate=gate))
    platform.troubles.append(Trouble(LIST, 503, times=1_000))
    running = asyncio.create_task(held.run(wish(), Watcher(), Notebook()))
    await platform.until(lambda: platform.count("GET", "/v1/predictions") >= 2)
    gate.set()
    assert (await running).pictures
    assert platform.creates == 1


async def test_an_answer_that_comes_while_the_list_is_read_is_not_kept_waiting(
    platform: ReplicateDouble, held: ReplicateEngine
) -> None:
    gate = asyncio.Event()
    platform.list_gate = asyncio.Event()
    platform.plan.append(Behaviour(gate=gate))
    running = asyncio.create_task(held.run(wish(), Watcher(), Notebook()))
    await platform.until(lambda: bool(platform.predictions))

    async def asked() -> bool:
        return platform.count("GET", "/v1/predictions") == 1

    await wait_until(asked, "the list is asked for")
    gate.set()
    async with asyncio.timeout(20):
        assert (await running).pictures
    platform.list_gate.set()


async def test_a_call_that_is_cut_off_once_its_id_is_known_is_no_failure(
    platform: ReplicateDouble, held: ReplicateEngine
) -> None:
    gate, cut = asyncio.Event(), asyncio.Event()
    platform.plan.append(Behaviour(gate=gate, cut=cut))
    notes = Notebook()
    running = asyncio.create_task(held.run(wish(), Watcher(), notes))
    await platform.until(lambda: bool(platform.predictions))
    await noticed(notes, platform.predictions[0].id)
    cut.set()
    await platform.until(lambda: looks(platform) >= 2)
    gate.set()
    assert (await running).pictures
    assert platform.creates == 1


async def test_a_call_that_is_cut_off_before_is_looked_for(platform: ReplicateDouble) -> None:
    engine = ReplicateEngine(TOKEN, platform.base_url, patience=UNNOTICED)
    gate, cut = asyncio.Event(), asyncio.Event()
    platform.plan.append(Behaviour(gate=gate, cut=cut))
    notes = Notebook()
    running = asyncio.create_task(engine.run(wish(), Watcher(), notes))
    await platform.until(lambda: bool(platform.predictions))
    cut.set()
    await noticed(notes, platform.predictions[0].id)
    gate.set()
    assert (await running).pictures
    await engine.close()
    assert platform.creates == 1


@pytest.mark.parametrize("known", [True, False])
async def test_a_held_call_is_cancelled_at_once(platform: ReplicateDouble, known: bool) -> None:
    """Its answer would come in a minute; nobody waits for that, by its id or without."""
    patience = ONLY_HELD if known else UNNOTICED
    engine = ReplicateEngine(TOKEN, platform.base_url, patience=patience)
    platform.plan.append(Behaviour(gate=asyncio.Event()))
    notes = Notebook()
    running = asyncio.create_task(engine.run(wish(), Watcher(), notes))
    await platform.until(lambda: bool(platform.predictions))
    if known:
        await noticed(notes, platform.predictions[0].id)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert platform.predictions[0].status == "canceled"
    assert (notes.written[-1], notes.note) == ("forget", None)
    assert platform.count("GET", "/v1/predictions") == 1
    await engine.close()


async def test_a_cancelled_call_that_the_list_does_not_show_is_cancelled_by_its_answer(
    platform: ReplicateDouble,
) -> None:
    engine = ReplicateEngine(TOKEN, platform.base_url, patience=HASTY)
    platform.plan.append(Behaviour(gate=asyncio.Event(), listed=asyncio.Event()))
    notes = Notebook()
    running = asyncio.create_task(engine.run(wish(), Watcher(), notes))
    await platform.until(lambda: bool(platform.predictions))
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await engine.close()
    assert platform.predictions[0].status == "canceled"
    assert notes.note is None


async def test_a_worker_that_is_killed_while_the_call_is_held_finds_it_by_its_id(
    platform: ReplicateDouble, held: ReplicateEngine
) -> None:
    gate = asyncio.Event()
    platform.plan.append(Behaviour(gate=gate))
    notes = Notebook()
    first = ReplicateEngine(TOKEN, platform.base_url, patience=ONLY_HELD)
    running = asyncio.create_task(first.run(wish(), Watcher(), notes))
    await platform.until(lambda: bool(platform.predictions))
    await noticed(notes, platform.predictions[0].id)
    kept = notes.note
    running.cancel()
    platform.troubles.append(Trouble(r"POST /v1/predictions/\w+/cancel", hang_up=True, times=9))
    await asyncio.gather(running, return_exceptions=True)
    await first.close()
    platform.troubles.append(Trouble(LIST, 503, times=1_000))
    again = asyncio.create_task(held.run(wish(), Watcher(), Notebook(note=kept)))
    gate.set()
    assert (await again).pictures
    assert len(platform.predictions) == 1

"""The process that shows ends at each of its calls; the next one goes on, and nothing is double."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from adapters.slack import presenter
from core.session.models import TurnState
from tests.contract.slack.slack_faults import Call, Chosen
from tests.pictures import pixels
from tests.scenario.house import Thread, png
from tests.scenario.slack_out_stand import Out, Stage, slack_stage, words

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    async with slack_stage(tmp_path_factory.mktemp("easel")) as stage:
        yield stage


@pytest_asyncio.fixture(loop_scope="module")
async def out(stage: Stage) -> AsyncIterator[Out]:
    async with stage.out() as stand:
        yield stand


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(
    "method",
    [
        "chat.postMessage",
        "files.getUploadURLExternal",
        "upload",
        "files.completeUploadExternal",
        "files.info",
        "chat.delete",
    ],
)
async def test_a_process_that_ends_at_a_call_leaves_one_result(
    out: Out, method: str, after: bool
) -> None:
    turn = await out.draws_after_the_placeholder()
    hold = out.fake.hold(method, after=after)
    await out.dies_at(hold)
    async with out.showing():
        await out.shown(turn)
    [only] = out.said
    assert pixels(out.fake.file(only).data) == pixels(png())
    assert len(only.files) == 1


async def test_a_command_whose_first_message_got_no_answer_has_one_thread(out: Out) -> None:
    out.thread, out.more_place = "", {"opening": "*Ana*: a red mug"}
    turn = await out.says("a red mug")
    await out.dies_at(out.fake.hold("chat.postMessage", after=True))
    async with out.showing():
        await out.shown(turn)
    root, result = out.said
    assert root.text == "*Ana*: a red mug" and result.thread_ts == root.ts


async def test_an_answer_without_a_picture_stands_there_once_too(out: Out) -> None:
    turn = await out.says("undo")
    await ended(out, turn.session_id, turn.id)
    await out.dies_at(out.fake.hold("chat.postMessage", after=True))
    async with out.showing():
        await out.shown(turn)
    [answer] = out.said
    assert "nothing to undo" in words(answer)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("method", ["chat.postMessage", "chat.delete"])
async def test_so_does_one_that_waited_in_line(
    out: Out, monkeypatch: pytest.MonkeyPatch, method: str, after: bool
) -> None:
    monkeypatch.setattr(presenter, "_WAITED_SECONDS", 0.0)
    await ended(out, (first := await out.says("a red mug")).session_id, first.id)
    out.engine.gate = gate = asyncio.Event()
    await out.says("make it blue")
    last = await out.says("undo")
    async with out.showing():
        await out.fake.until(lambda: len(out.said) == 3, "the placeholders")
        hold = out.fake.hold(method, after=after, when=about_undo(out, method))
        gate.set()
        await hold.reached()
    hold.drop()
    async with out.showing():
        await out.shown(last)
    assert [bool(message.files) for message in out.said] == [True, True, False]
    assert "Back at v1" in words(out.said[-1])


def about_undo(out: Out, method: str) -> Chosen:
    """Chooses the calls that bring the answer, and take its placeholder away."""
    placeholder = out.said[-1].ts

    def chosen(call: Call) -> bool:
        told = call.params
        return told.get("ts") == placeholder if "delete" in method else "Back at" in str(told)

    return chosen


async def ended(out: Out, sid: str, tid: str) -> TurnState:
    """Wait for the end of a turn that nobody shows yet."""
    turn = await out.home.desk.turn(sid, tid)
    return (await Thread(out.home.desk, out.key).ended(turn)).state

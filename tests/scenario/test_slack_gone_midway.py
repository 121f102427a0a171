"""The place goes away while a turn is at work: it ends, and it is said where that is possible."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio
import structlog

from adapters.slack import delivery
from core.session.models import Turn, TurnState
from tests.contract.slack.slack_oauth import end
from tests.scenario.slack_out_stand import PAGES, Out, Stage, slack_stage, words

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    async with slack_stage(tmp_path_factory.mktemp("easel")) as stage:
        yield stage


@pytest_asyncio.fixture(loop_scope="module")
async def out(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Out]:
    monkeypatch.setattr(delivery, "_AGAIN_SECONDS", 0.1)
    async with stage.out() as stand, stand.showing():
        yield stand


def archived(out: Out) -> None:
    out.design.archived = True


def removed(out: Out) -> None:
    out.design.members.discard(out.team.bot_user)


def revoked(out: Out) -> None:
    end(out.fake.world, out.team.id)


async def midway(out: Out, goes: Callable[[Out], None], *, waits: bool = False) -> list[Turn]:
    """Turns whose channel goes away once the placeholders stand there."""
    out.engine.gate = asyncio.Event()
    turns = [await out.says("a red mug")]
    await out.home.drawing()
    if waits:
        turns.append(await out.says("make it blue"))
    await out.fake.until(lambda: len(out.said) == len(turns), "the placeholders")
    goes(out)
    out.engine.gate.set()
    return [await out.shown(turn) for turn in turns]


@pytest.mark.parametrize(
    ("goes", "said"),
    [(archived, "This channel is archived"), (removed, "I'm not in this channel")],
)
async def test_the_person_is_told_once_and_the_picture_is_kept(
    out: Out, goes: Callable[[Out], None], said: str
) -> None:
    with structlog.testing.capture_logs() as logs:
        [turn] = await midway(out, goes)
    assert (turn.state, len(turn.versions)) == (TurnState.DONE, 1)
    [told] = out.fake.said_by_bot(out.fake.dm(out.ana))
    assert said in words(told) and f"{PAGES}{turn.session_id}" in words(told)
    assert not out.results
    assert [line["turn"] for line in logs if line["event"] == "turn_unshowable"] == [turn.id]


async def test_those_that_wait_end_too(out: Out) -> None:
    turns = await midway(out, archived, waits=True)
    assert all(turn.state.ended for turn in turns)
    assert len(out.fake.said_by_bot(out.fake.dm(out.ana))) == len(turns)


async def test_where_the_token_is_revoked_nothing_is_tried_for_ever(out: Out) -> None:
    with structlog.testing.capture_logs() as logs:
        [turn] = await midway(out, revoked)
    assert turn.state is TurnState.DONE
    told = [line for line in logs if line["event"] == "turn_unshowable"]
    assert len(told) == 1 and "not installed" in told[0]["reason"]
    assert out.team.token not in str(logs)
    assert len(out.fake.calls) < 25

"""A first look at a picture that takes long: one message, gone at the end whatever dies."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from adapters.chat import wording
from adapters.slack import previews
from core.session.models import Turn, TurnState
from core.turns.reporter import TurnReporter
from tests.contract.slack.slack_world import Message
from tests.pictures import pixels
from tests.scenario.house import png, wait_until
from tests.scenario.slack_out_stand import Out, Stage, slack_stage

pytestmark = pytest.mark.asyncio(loop_scope="module")
PREVIEW_NAME = "not-finished-yet.jpg"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    async with slack_stage(tmp_path_factory.mktemp("easel")) as stage:
        yield stage


@pytest_asyncio.fixture(loop_scope="module")
async def out(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Out]:
    monkeypatch.setattr(previews, "AFTER_SECONDS", 0.0)
    monkeypatch.setattr(previews, "_AGAIN_SECONDS", 0.05)
    monkeypatch.setattr(previews, "_SHARING_SECONDS", 1.0)
    async with stage.out() as stand:
        yield stand


async def drawing(out: Out, text: str = "a red mug") -> Turn:
    """A turn that is being drawn until the gate is opened."""
    out.engine.gate = asyncio.Event()
    turn = await out.says(text)
    await out.home.drawing()
    return turn


async def previewed(out: Out, turn: Turn, colour: str = "gold") -> TurnReporter:
    parts = out.home.parts
    reporter = TurnReporter(turn, parts.store, parts.blobs)
    await reporter.preview(png(colour), "image/png")
    return reporter


def opened(out: Out) -> None:
    assert out.engine.gate is not None
    out.engine.gate.set()


def looks(out: Out) -> list[Message]:
    return [one for one in out.said if one.text == wording.PREVIEW]


def left(out: Out) -> list[str]:
    """Files of first looks that still lie in Slack."""
    files = [file for file in out.fake.world.files.values() if file.team == out.team.id]
    return [file.id for file in files if file.name == PREVIEW_NAME and file.mode != "tombstone"]


async def test_what_takes_long_is_seen_once_before_it_is_finished(out: Out) -> None:
    async with out.showing():
        turn = await drawing(out)
        await out.fake.until(lambda: out.said, "a placeholder")
        await previewed(out, turn)
        await out.fake.until(lambda: looks(out), "a first look")
        [look] = looks(out)
        assert look.thread_ts == out.thread
        assert out.fake.file(look).alt == "Not finished yet: a red mug"
        assert out.fake.file(look).mime == "image/jpeg"
        reporter = await previewed(out, turn, "teal")
        await reporter.stage("drawing", 0.7)
        await out.fake.until(lambda: "70%" in str(out.said[0].blocks), "it goes on")
        assert looks(out) == [look]
        opened(out)
        await out.shown(turn)
    [only] = out.said
    assert pixels(out.fake.file(only).data) == pixels(png())
    assert left(out) == []


async def test_what_comes_soon_is_not_previewed(out: Out, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(previews, "AFTER_SECONDS", 15.0)
    async with out.showing():
        turn = await drawing(out)
        await out.fake.until(lambda: out.said, "a placeholder")
        reporter = await previewed(out, turn)
        await reporter.stage("drawing", 0.7)
        await out.fake.until(lambda: "70%" in str(out.said[0].blocks), "it goes on")
        opened(out)
        await out.shown(turn)
    assert len(out.fake.called("files.getUploadURLExternal")) == 1


async def test_what_was_refused_is_taken_back_at_once(out: Out) -> None:
    async with out.showing():
        turn = await drawing(out)
        reporter = await previewed(out, turn)
        await out.fake.until(lambda: looks(out), "a first look")
        await reporter.withdraw()
        await out.fake.until(lambda: not looks(out) and not left(out), "it is taken back")
        await out.home.desk.cancel(turn.session_id, turn.id)
        await out.shown(turn)
    assert [message.files for message in out.said] == [[]]


async def test_a_cancelled_turn_leaves_no_first_look(out: Out) -> None:
    async with out.showing():
        turn = await drawing(out)
        await previewed(out, turn)
        await out.fake.until(lambda: looks(out), "a first look")
        await out.home.desk.cancel(turn.session_id, turn.id)
        turn = await out.shown(turn)
    assert turn.state is TurnState.CANCELLED
    assert not looks(out) and not left(out)


@pytest.mark.parametrize(
    ("method", "trouble"),
    [
        ("files.getUploadURLExternal", {"error": "file_uploads_disabled"}),
        ("files.getUploadURLExternal", {"ratelimited": 1}),
        ("upload", {"status": 500}),
        ("files.completeUploadExternal", {"error": "internal_error"}),
        ("files.completeUploadExternal", {"drop_answer": True}),
        ("files.info", {"status": 503}),
        ("chat.delete", {"ratelimited": 1}),
        ("files.delete", {"drop_answer": True}),
        ("files.delete", {"status": 503}),
    ],
)
async def test_trouble_with_it_harms_nothing(
    out: Out, method: str, trouble: dict[str, object]
) -> None:
    out.fake.fail(method, **trouble)
    out.fake.world.share_delay = 0.0
    async with out.showing():
        turn = await drawing(out)
        await previewed(out, turn)

        async def tried() -> bool:
            return bool((await out.ledger(turn).entries()).get(previews.PART))

        await wait_until(tried, "a first look is tried")
        opened(out)
        await out.shown(turn)
    [only] = out.said
    assert pixels(out.fake.file(only).data) == pixels(png())
    shared = {name for message in out.said for name in message.files}
    assert not shared & set(left(out))


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(
    "method", ["files.getUploadURLExternal", "upload", "files.completeUploadExternal"]
)
async def test_a_process_that_ends_while_sending_it_leaves_nothing(
    out: Out, method: str, after: bool
) -> None:
    turn = await drawing(out)
    hold = out.fake.hold(method, after=after)
    async with out.showing():
        await out.fake.until(lambda: out.said, "a placeholder")
        await previewed(out, turn)
        await hold.reached()
    hold.drop()
    async with out.showing():
        opened(out)
        await out.shown(turn)
    [only] = out.said
    assert out.fake.file(only).name == "v1.png"
    assert all(out.fake.world.files[file].stage != "complete" for file in left(out))


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("method", ["files.info", "chat.delete", "files.delete"])
async def test_a_process_that_ends_while_taking_it_away_leaves_nothing(
    out: Out, method: str, after: bool
) -> None:
    turn = await drawing(out)
    async with out.showing():
        await out.fake.until(lambda: out.said, "a placeholder")
        await previewed(out, turn)
        await out.fake.until(lambda: looks(out), "a first look")
        [look] = looks(out)
        hold = out.fake.hold(
            method,
            after=after,
            when=lambda call: (
                look.files[0] == call.params.get("file") or look.ts == call.params.get("ts")
            ),
        )
        opened(out)
        await hold.reached()
    hold.drop()
    async with out.showing():
        await out.shown(turn)
    [only] = out.said
    assert out.fake.file(only).name == "v1.png"
    assert left(out) == []

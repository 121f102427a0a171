"""What a thread shows when Slack refuses, asks to wait, or gives no answer: each picture once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from adapters.slack import delivery
from core.session.models import Actor, TurnState
from core.turns.request import TurnRequest
from tests.contract.slack.slack_world import AnswerUrl
from tests.scenario.slack_out_stand import PAGES, Out, Stage, actions_of, slack_stage, words

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    async with slack_stage(tmp_path_factory.mktemp("easel")) as stage:
        yield stage


@pytest_asyncio.fixture(loop_scope="module")
async def out(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Out]:
    monkeypatch.setattr(delivery, "_PAUSES", (0.05, 0.1))
    monkeypatch.setattr(delivery, "_AGAIN_SECONDS", 0.1)
    async with stage.out() as stand, stand.showing():
        yield stand


@pytest.mark.parametrize(("error", "times"), [("invalid_blocks", 1), ("internal_error", 2)])
async def test_without_blocks_beside_the_file_the_placeholder_becomes_the_card(
    out: Out, error: str, times: int
) -> None:
    out.fake.fail("files.completeUploadExternal", error=error, times=times)
    turn = await out.shown(await out.draws_after_the_placeholder())
    card = next(message for message in out.said if not message.files)
    [result] = out.results
    assert "v1 for “a red mug”" in result.text and not result.blocks
    assert actions_of(card)["easel:vary"]["value"] == turn.versions[0]
    assert len(out.said) == 2


@pytest.mark.parametrize(
    ("method", "trouble"),
    [
        ("chat.postMessage", {"ratelimited": 1}),
        ("chat.postMessage", {"status": 503}),
        ("chat.postMessage", {"drop": True}),
        ("chat.postMessage", {"drop_answer": True}),
        ("files.getUploadURLExternal", {"drop_answer": True}),
        ("upload", {"status": 500}),
        ("upload", {"drop_answer": True}),
        ("files.completeUploadExternal", {"ratelimited": 1}),
        ("files.completeUploadExternal", {"drop": True}),
        ("files.completeUploadExternal", {"drop_answer": True}),
        ("files.info", {"status": 500}),
        ("chat.delete", {"drop_answer": True}),
    ],
)
async def test_trouble_in_between_is_one_result_and_no_placeholder(
    out: Out, method: str, trouble: dict[str, Any]
) -> None:
    fault = out.fake.fail(method, **trouble)
    await out.shown(await out.draws_after_the_placeholder())
    assert fault.times == 0, "it happened"
    [only] = out.said
    assert len(only.files) == 1


async def test_a_share_that_takes_its_time_is_waited_for(out: Out) -> None:
    out.fake.world.share_delay = 1.0
    await out.does("a red mug")
    assert len(out.results) == 1
    assert len(out.fake.called("files.completeUploadExternal")) == 1


async def test_a_lost_answer_and_a_late_share_are_still_one_result(out: Out) -> None:
    out.fake.world.share_delay = 1.0
    out.fake.fail("files.completeUploadExternal", drop_answer=True)
    await out.does("a red mug")
    assert len(out.results) == 1 and len(out.fake.called("upload")) == 1


@pytest.mark.parametrize(
    ("method", "error", "said"),
    [
        ("files.getUploadURLExternal", "file_uploads_disabled", "does not let me upload"),
        ("files.completeUploadExternal", "storage_limit_reached", "no room for files"),
        ("files.getUploadURLExternal", "file_upload_size_restricted", "did not accept"),
    ],
)
async def test_a_refused_file_is_said_and_can_be_worked_on(
    out: Out, method: str, error: str, said: str
) -> None:
    out.fake.fail(method, error=error)
    turn = await out.does("a red mug")
    [answer] = out.said
    assert said in words(answer) and "Open in the workspace" in words(answer)
    assert PAGES not in words(answer) + answer.text, "all read it, and a link is one person's"
    assert actions_of(answer)["easel:vary"]["value"] == turn.versions[0]
    assert f"workspace|{turn.versions[0]}" in str(actions_of(answer)["easel:more"])


async def test_a_missing_permission_is_named(out: Out) -> None:
    scopes = {"chat:write", "files:read", "channels:history", "im:write"}
    out.fake.scopes(out.team, scopes)
    await out.does("a red mug")
    [answer] = out.said
    assert "files:write" in words(answer)


async def test_without_leave_to_look_at_files_the_picture_is_there_once(out: Out) -> None:
    out.fake.scopes(out.team, {"chat:write", "files:write", "channels:history"})
    await out.does("a red mug")
    await out.fake.until(lambda: out.results, "the picture")
    assert len(out.said) == 1


async def test_an_archived_channel_is_told_of_in_a_direct_message_and_nothing_is_drawn(
    out: Out,
) -> None:
    out.engine.gate = asyncio.Event()
    out.design.archived = True
    turn = await out.does("a red mug")
    [told] = out.fake.said_by_bot(out.fake.dm(out.ana))
    assert "archived" in words(told) and f"{PAGES}{turn.session_id}" in words(told)

    async def cancelled() -> bool:
        return (await out.home.desk.turn(turn.session_id, turn.id)).state is TurnState.CANCELLED

    assert await cancelled() and not out.said


async def test_nobody_is_given_the_link_of_somebody_else(out: Out) -> None:
    """What Ben asks for on the page of Ana's session is answered at Ana's place."""
    await out.does("a red mug")
    out.design.archived = True
    ben = Actor(id=f"slack:{out.team.id}:U0BEN", name="Ben", workspace=f"slack:{out.team.id}")
    request = TurnRequest(thread=out.key, event_keys=("web:1",), actor=ben, text="a blue cup")
    turn = await out.shown(await out.home.desk.accept(request))
    assert turn.place["user"] == out.ana.id
    [told] = out.fake.said_by_bot(out.fake.dm(out.ana))
    assert "archived" in words(told) and PAGES not in words(told) + told.text


async def test_who_came_by_a_command_is_told_where_they_asked(out: Out) -> None:
    out.design.members.discard(out.team.bot_user)
    url = AnswerUrl(out.ana.id, out.design.id, out.team.id, out.fake.clock() + 600)
    secret = out.fake.world.new_answer_url(url, "commands")
    out.thread, out.more_place = "", {"opening": "*Ana*: a red mug", "answer_url": secret}
    await out.does("a red mug")
    [told] = out.fake.world.ephemerals
    assert told.only_for == out.ana.id and "/invite" in words(told)


async def test_a_placeholder_that_was_taken_away_does_not_come_back_but_the_answer_does(
    out: Out,
) -> None:
    out.engine.gate = asyncio.Event()
    turn = await out.says("a red mug")
    await out.home.drawing()
    await out.fake.until(lambda: out.said, "a placeholder")
    del out.fake.world.messages[out.design.id, out.said[0].ts]
    await out.home.desk.cancel(turn.session_id, turn.id)
    await out.shown(turn)
    [answer] = out.said
    assert "Cancelled." in words(answer)


async def test_words_that_look_like_markup_ping_nobody(out: Out) -> None:
    await out.does("<!channel> a mug for <@U1> & <https://x.example|friends>")
    for call in out.fake.calls:
        sent = str(call.params.get("text", "")) + str(call.params.get("blocks", ""))
        assert "<!channel>" not in sent and "<@U1>" not in sent and "<https://x" not in sent
    assert len(out.results) == 1

"""What a thread in Slack shows of a turn, from its first sign to what it came to."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from adapters.slack.places import Place
from core.errors import EngineError, EngineFault
from core.session import keys
from core.session.models import TurnState
from tests.contract.slack.slack_world import Message
from tests.pictures import pixels
from tests.scenario.house import png, wait_until
from tests.scenario.slack_out_stand import Out, Stage, actions_of, slack_stage, words

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    async with slack_stage(tmp_path_factory.mktemp("easel")) as stage:
        yield stage


@pytest_asyncio.fixture(loop_scope="module")
async def out(stage: Stage) -> AsyncIterator[Out]:
    async with stage.out() as stand, stand.showing():
        yield stand


async def test_a_placeholder_first_then_the_picture_in_its_place(out: Out) -> None:
    out.engine.gate = asyncio.Event()
    turn = await out.says("a red mug")
    await out.fake.until(lambda: out.said and "Fake" in words(out.said[0]), "it says who draws")
    placeholder = out.said[0]
    assert placeholder.thread_ts == out.thread
    assert set(actions_of(placeholder)) == {"easel:cancel"}
    out.engine.gate.set()
    turn = await out.shown(turn)
    [result] = out.said
    assert result.files and result.thread_ts == out.thread and result.ts != placeholder.ts
    assert pixels(out.fake.file(result).data) == pixels(png())
    assert out.names()[-4:] == [
        "files.getUploadURLExternal",
        "upload",
        "files.completeUploadExternal",
        "chat.delete",
    ]
    assert out.fake.file(result).name == "v1.png"
    assert out.fake.file(result).alt == "v1: a red mug"
    linked = await out.links.linked(out.place.message_key(result.ts))
    assert linked and (linked.turn, linked.versions) == (turn.id, turn.versions)


async def test_what_it_will_take_is_said_before_anything_is_spent_and_stays(out: Out) -> None:
    [paid] = [each for each in out.home.others if each.name == "paid"]
    paid.gate, paid.previews = asyncio.Event(), 1
    paid.delay = 0.4
    turn = await out.says("a red mug --model paid --n 2")
    await out.fake.until(lambda: out.said and "with Paid" in words(out.said[0]), "it says who")
    assert "about $0.08, 30 s" in words(out.said[0])
    paid.gate.set()
    await out.fake.until(lambda: "50%" in words(out.said[0]), "it draws")
    assert "about $0.08, 30 s" in words(out.said[0])
    await out.shown(turn)


async def test_the_picture_has_its_facts_and_its_buttons(out: Out) -> None:
    turn = await out.does("a red mug")
    [result] = out.said
    assert "*v1* · fake · 64 × 64 px" in words(result)
    pressed = actions_of(result)
    assert list(pressed) == [
        "easel:transparent", "easel:upscale", "easel:vary", "easel:undo", "easel:more",
    ]  # fmt: skip
    [vid] = turn.versions
    assert pressed["easel:transparent"]["value"] == vid
    chosen = [option["value"] for option in pressed["easel:upscale"]["options"]]
    assert chosen == [f"2x|{vid}", f"4x|{vid}", f"4k|{vid}", f"model|{vid}"]


async def test_a_turn_that_waits_says_how_many_are_before_it_and_can_act_on_another(
    out: Out,
) -> None:
    await out.does("a red mug")
    await out.does("make it blue")
    out.engine.gate = asyncio.Event()
    first = await out.says("make it green")
    await out.home.drawing(3)
    second, third = await out.says("make it pink"), await out.says("make it grey")

    def waiting() -> list[str]:
        return [words(message) for message in out.said if "2 turns before" in words(message)]

    await out.fake.until(waiting, "the last one says that two are before it")
    card = next(message for message in out.said if "2 turns before" in words(message))
    options = actions_of(card)["easel:instead"]["options"]
    assert [option["text"]["text"][:3] for option in options] == ["v1:"], "v2 is meant anyway"
    assert options[0]["value"] == f"{third.session_id}/{third.id}|{third.session_id}.v1"
    out.engine.gate.set()
    for turn in (first, second, third):
        await out.shown(turn)
    order = [out.fake.file(message).name for message in out.results]
    assert order == ["v1.png", "v2.png", "v3.png", "v4.png", "v5.png"]
    assert len(out.said) == 5, "no placeholder is left"


async def test_a_turn_that_runs_says_what_it_edits_and_can_act_on_another(out: Out) -> None:
    await out.does("a red mug")
    await out.does("make it blue")
    out.engine.gate = asyncio.Event()
    turn = await out.says("make it green --size 64x64")

    def telling() -> list[Message]:
        return [message for message in out.said if "Editing v2" in words(message)]

    await out.fake.until(telling, "the placeholder names the picture")
    card = telling()[0]
    assert "64 × 64 px" in words(card)
    options = actions_of(card)["easel:instead"]["options"]
    assert [option["value"] for option in options] == [
        f"{turn.session_id}/{turn.id}|{turn.session_id}.v1"
    ]
    out.engine.gate.set()
    await out.shown(turn)


async def test_variations_are_one_message_and_each_can_be_chosen(out: Out) -> None:
    turn = await out.does("a red mug --n 3")
    [result] = out.said
    assert [out.fake.file(result, n).name for n in range(3)] == ["v1.png", "v2.png", "v3.png"]
    chosen = [option["value"] for option in actions_of(result)["easel:more"]["options"]]
    for choice in ("edit_from", "transparent", "vary", "details", "delete"):
        assert {f"{choice}|{vid}" for vid in turn.versions} <= set(chosen), choice
    assert all(f"*v{number}*" in words(result) for number in (1, 2, 3))


async def test_a_transparent_picture_stays_true_and_is_shown_on_a_checkerboard(out: Out) -> None:
    turn = await out.does("a red mug --model glass --transparent")
    [result] = out.said
    version = await out.home.desk.version(turn.versions[0])
    kept = await out.home.desk.asset_bytes(version.asset.sha256)
    true, view = out.fake.file(result, 0), out.fake.file(result, 1)
    assert version.asset.alpha and true.name == "v1.png"
    assert pixels(true.data) == pixels(kept)
    assert (view.name, view.mime) == ("v1-on-checkerboard.jpg", "image/jpeg")
    assert "only to show where it is transparent" in view.alt
    assert "easel:transparent" not in actions_of(result), "it is so already"


async def test_undo_turns_the_placeholder_into_the_answer_with_the_buttons_of_that_version(
    out: Out,
) -> None:
    await out.does("a red mug")
    await out.does("make it blue")
    turn = await out.does("undo")
    answer = out.said[-1]
    assert "Back at v1." in words(answer) and not answer.files
    assert actions_of(answer)["easel:vary"]["value"] == keys.version_id(turn.session_id, 1)
    assert len(out.said) == 3


async def test_an_answer_that_waited_stands_below_what_it_follows(out: Out) -> None:
    await out.does("a red mug")
    out.engine.gate = asyncio.Event()
    first = await out.says("make it blue")
    await out.home.drawing(2)
    second = await out.says("undo")
    await out.fake.until(lambda: len(out.said) == 3, "the placeholders")
    entry = await out.ledger(second).get("placeholder")
    assert entry is not None
    await wait_until(lambda: long_since(entry.at), "it has waited for a while")
    out.engine.gate.set()
    for turn in (first, second):
        await out.shown(turn)
    assert [words(message)[:8] for message in out.said] == [
        "*v1* · f", "*v2* · f", "Back at ",
    ]  # fmt: skip
    answer = out.said[-1]
    assert not answer.edits
    linked = await out.links.linked(out.place.message_key(answer.ts))
    assert linked is not None and linked.turn == second.id


async def long_since(at: float) -> bool:
    return time.time() - at > 0.7


async def test_a_picture_without_words_asks_what_to_do_with_it(out: Out) -> None:
    turn = await out.does("", png("navy"))
    [answer] = out.said
    assert not answer.files, "it stands in the thread already"
    assert "?" in words(answer)
    assert actions_of(answer)["easel:transparent"]["value"] == turn.versions[0]


async def test_an_edit_of_a_sent_picture_does_not_send_that_picture_back(out: Out) -> None:
    await out.does("make it blue", png("navy"))
    [result] = out.said
    assert [out.fake.world.files[name].name for name in result.files] == ["v2.png"]


async def test_a_failure_is_kind_and_can_be_tried_again(out: Out) -> None:
    out.engine.failures.append(
        EngineError("The model <@U1> is tired.", kind=EngineFault.BAD_REQUEST, hint="Say & less.")
    )
    turn = await out.does("a red mug")
    [answer] = out.said
    assert turn.state is TurnState.FAILED
    assert "The model &lt;@U1&gt; is tired." in words(answer) and "Say &amp; less." in words(answer)
    assert actions_of(answer)["easel:again"]["value"] == f"{turn.session_id}/{turn.id}"
    assert "easel:cancel" not in actions_of(answer)


async def test_a_cancelled_turn_says_so(out: Out) -> None:
    out.engine.gate = asyncio.Event()
    turn = await out.says("a red mug")
    await out.home.drawing()
    await out.fake.until(lambda: out.said, "a placeholder")
    await out.home.desk.cancel(turn.session_id, turn.id)
    await out.shown(turn)
    [answer] = out.said
    assert "Cancelled." in words(answer)
    assert set(actions_of(answer)) == {"easel:again"}


async def test_a_recap_is_a_file_with_a_line(out: Out) -> None:
    await out.does("a red mug")
    turn = await out.does("recap")
    assert turn.enclosed
    sheet = out.results[-1]
    assert out.fake.file(sheet).name.startswith("pictures-1.")
    assert len(out.said) == 2


async def test_a_version_is_put_on_view_again(out: Out) -> None:
    await out.does("a red mug")
    turn = await out.does("show v1")
    assert turn.shows
    assert [out.fake.file(message).name for message in out.results] == ["v1.png", "v1.png"]
    assert actions_of(out.results[-1])["easel:vary"]["value"] == turn.shows[0]


async def test_a_command_opens_one_thread_in_the_channel(out: Out) -> None:
    out.thread, out.more_place = "", {"opening": "*Ana*: a red mug"}
    turn = await out.does("a red mug")
    root, result = out.said
    assert root.text == "*Ana*: a red mug" and not root.thread_ts
    assert result.thread_ts == root.ts and result.files
    there = Place(team=out.team.id, channel=out.design.id, thread=root.ts)
    assert await out.links.known(there.thread_key()) == out.key
    session = await out.home.desk.session(turn.session_id)
    assert session.place["thread"] == root.ts
    await out.does("make it blue")
    assert [one.thread_ts for one in out.said] == ["", root.ts, root.ts]


async def test_agents_show_that_they_work_and_assistants_and_the_rest_not(out: Out) -> None:
    out.team.agent = True
    await out.does("a red mug")
    await out.fake.until(lambda: len(out.fake.statuses) == 2, "both states")
    assert [each["status"] for each in out.fake.statuses] == ["processing", "active"]
    assert {each["thread_ts"] for each in out.fake.statuses} == {out.thread}


async def test_where_the_app_is_no_agent_the_status_line_is_used_and_remembered(out: Out) -> None:
    await out.does("a red mug")
    await out.does("make it blue")
    await out.fake.until(lambda: len(out.fake.statuses) >= 4, "the status line, twice on and off")
    assert [each["status"] for each in out.fake.statuses] == ["is drawing…", ""] * 2
    assert len(out.fake.called("agents.sessions.setStatus")) == 1


async def test_a_workspace_without_any_status_is_left_alone_and_sees_its_pictures(
    out: Out,
) -> None:
    out.fake.fail("assistant.threads.setStatus", error="missing_scope", times=9)
    await out.does("a red mug")
    await out.does("make it blue")

    async def asked_once() -> bool:
        return len(out.fake.called("assistant.threads.setStatus")) == 1

    await wait_until(asked_once, "it was asked for once")
    assert len(out.results) == 2 and not out.fake.statuses

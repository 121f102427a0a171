"""Turns that wait: amended, dropped, completed by another event of their message, held for it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from core.errors import Conflict, NotFound, TooLarge
from core.session.models import FileRef, Turn, TurnState
from core.session.store import SessionStore
from tests.scenario.chat_house import PLACE, Chat, thread, working
from tests.scenario.house import House, house, png

PIC, LOGO = FileRef(id="F1", name="pic.png"), FileRef(id="F2", name="logo.png")


@pytest.fixture
def chat() -> Chat:
    return Chat(files={"F1": png("teal"), "F2": png("gold", (32, 32))})


def _says(words: str) -> Any:
    return lambda turn: turn.model_copy(update={"text": words})


# --- amended ---------------------------------------------------------------------------------


async def test_a_waiting_turn_follows_its_edit(idle: House) -> None:
    here = idle.thread()
    turn = await here.say("a red mug")
    changed = await idle.desk.amend(turn.session_id, turn.id, _says("a blue mug"))
    assert changed is not None
    assert changed.text == "a blue mug"
    async with idle.working():
        await here.ended(turn)
    assert [call.prompt for call in idle.engine.calls] == ["a blue mug"]


async def test_an_edit_that_comes_late_changes_nothing(home: House) -> None:
    home.engine.gate = asyncio.Event()
    here = home.thread()
    turn = await here.say("a red mug")
    await home.drawing()
    assert await home.desk.amend(turn.session_id, turn.id, _says("a blue mug")) is None
    home.engine.gate.set()
    ended = await here.ended(turn)
    assert ended.text == "a red mug"
    assert await home.desk.amend(turn.session_id, turn.id, _says("a blue mug")) is None
    with pytest.raises(NotFound):
        await home.desk.amend(turn.session_id, "t0", _says("a blue mug"))


async def test_of_two_edits_at_once_none_is_lost(idle: House) -> None:
    turn = await idle.thread().say("a mug")
    sid, tid = turn.session_id, turn.id

    def adding(word: str) -> Any:
        return lambda waiting: waiting.model_copy(update={"text": f"{waiting.text} {word}"})

    words = [f"w{number}" for number in range(8)]
    await asyncio.gather(*(idle.desk.amend(sid, tid, adding(word)) for word in words))
    assert set((await idle.desk.turn(sid, tid)).text.split()) == {"a", "mug", *words}


async def test_an_edit_at_the_last_moment_still_counts(
    idle: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = idle.thread()
    turn = await here.say("a red mug")
    take, late = SessionStore.take_slot, [_says("a blue mug")]

    async def take_slot(self: SessionStore, *args: Any, **more: Any) -> bool:
        while late:  # the worker has read the turn, and has not begun it
            assert await idle.desk.amend(turn.session_id, turn.id, late.pop())
        return await take(self, *args, **more)

    monkeypatch.setattr(SessionStore, "take_slot", take_slot)
    async with idle.working():
        assert (await here.ended(turn)).text == "a blue mug"
    assert [call.prompt for call in idle.engine.calls] == ["a blue mug"]


# --- dropped ---------------------------------------------------------------------------------


async def test_a_waiting_turn_can_be_dropped(idle: House) -> None:
    here = idle.thread()
    first, second = await here.say("a red mug"), await here.say("a blue mug")
    dropped = await idle.desk.drop(second.session_id, second.id)
    assert dropped.state is TurnState.CANCELLED
    async with idle.working():
        await here.ended(first)
    assert [call.prompt for call in idle.engine.calls] == ["a red mug"]
    with pytest.raises(Conflict):
        await idle.desk.drop(second.session_id, second.id)
    with pytest.raises(NotFound):
        await idle.desk.drop(second.session_id, "t0")


async def test_a_running_turn_is_not_dropped(home: House) -> None:
    home.engine.gate = asyncio.Event()
    here = home.thread()
    turn = await here.say("a red mug")
    await home.drawing()
    assert (await home.desk.drop(turn.session_id, turn.id)).state is TurnState.RUNNING
    home.engine.gate.set()
    assert (await here.ended(turn)).state is TurnState.DONE


# --- claimed ---------------------------------------------------------------------------------


async def test_an_accepted_event_leads_to_its_turn(idle: House) -> None:
    here = idle.thread()
    turn = await here.say("a red mug", event="message 1")
    found = await idle.desk.claimed(turn.session_id, "message 1")
    assert found is not None
    assert found.id == turn.id
    assert await idle.desk.claimed(turn.session_id, "message 2") is None


# --- completed by another event of the same message ------------------------------------------


async def test_files_of_any_event_of_a_message_belong_to_its_turn(idle: House, chat: Chat) -> None:
    here = thread(idle)
    first = await here.say("flip it", event="m", place=PLACE)
    again = await here.say("flip it", event="m", place=PLACE, pending=(PIC,))
    both = await here.say("flip it", event="m", place=PLACE, pending=(PIC, LOGO))
    assert first.id == again.id == both.id
    assert [ref.id for ref in both.pending] == ["F1", "F2"]
    async with working(idle, chat):
        ended = await here.ended(first)
    assert ended.state is TurnState.DONE, ended.error
    assert ended.names == ("pic.png", "logo.png")
    assert ended.pending == ()
    assert chat.fetched == ["F1", "F2"]


async def test_files_that_come_after_the_start_do_not_disturb_it(idle: House, chat: Chat) -> None:
    idle.engine.gate = asyncio.Event()
    async with working(idle, chat):
        here = thread(idle)
        turn = await here.say("a red mug", event="m", place=PLACE)
        await idle.drawing()
        late = await here.say("a red mug", event="m", place=PLACE, pending=(PIC,))
        assert late.state is TurnState.RUNNING
        idle.engine.gate.set()
        ended = await here.ended(turn)
    assert (ended.inputs, chat.fetched) == ((), [])


async def test_a_file_that_is_gone_is_told_and_nothing_is_drawn(idle: House, chat: Chat) -> None:
    here = thread(idle)
    async with working(idle, chat):
        gone = FileRef(id="F9", name="gone.png")
        turn = await here.do("make it navy", place=PLACE, pending=(PIC, gone))
    assert turn.state is TurnState.FAILED
    assert turn.error is not None
    assert (turn.error.message, turn.error.hint) == ("gone.png is gone.", "Attach it again.")
    assert idle.engine.calls == []


async def test_files_count_before_they_are_fetched(idle: House) -> None:
    many = tuple(FileRef(id=f"F{number}") for number in range(17))
    with pytest.raises(TooLarge) as caught:
        await thread(idle).say("combine these", place=PLACE, pending=many)
    assert caught.value.code == "too_many_files"


async def test_a_worker_without_the_platform_says_so(idle: House) -> None:
    here = thread(idle)
    async with idle.working():
        turn = await here.do("flip it", place=PLACE, pending=(PIC,))
    assert turn.error is not None
    assert "chat" in turn.error.message
    assert turn.error.hint


# --- held ------------------------------------------------------------------------------------


async def test_a_held_turn_starts_when_its_time_is_over(home: House) -> None:
    here = home.thread()
    began = monotonic()
    turn = await here.say("a red mug", hold_seconds=0.8)
    assert turn.held_until is not None
    ended = await here.ended(turn)
    assert 0.8 <= monotonic() - began < 6
    assert ended.state is TurnState.DONE
    assert ended.held_until is None


async def test_the_event_with_the_files_lets_a_held_turn_start(idle: House, chat: Chat) -> None:
    here = thread(idle)
    async with working(idle, chat):
        turn = await here.say("flip it", event="m", place=PLACE, hold_seconds=10)
        whole = await here.say("flip it", event="m", place=PLACE, pending=(PIC,))
        assert whole.held_until is None
        began = monotonic()
        ended = await here.ended(turn)
        assert monotonic() - began < 5
    assert ended.names == ("pic.png",)


async def test_another_event_that_waits_itself_does_not_start_it(idle: House) -> None:
    here = idle.thread()
    turn = await here.say("flip it", event="m", hold_seconds=10)
    again = await here.say("flip it", event="m", hold_seconds=10)
    assert again.held_until == turn.held_until
    plain = await here.say("flip it", event="m")
    assert plain.held_until is None


# --- brings ----------------------------------------------------------------------------------


async def test_a_version_of_another_thread_is_brought_along(home: House) -> None:
    there = home.thread()
    first = await there.done("a red mug")
    second = await there.done("rotate 90")
    here = home.thread()
    turn = await here.do("", brings=second.id)
    assert turn.state is TurnState.DONE, turn.error
    brought = await home.desk.version(turn.versions[0])
    assert brought.asset == second.asset
    assert (brought.name, brought.parents) == ("v1", ())
    assert await here.head(turn) == "v1"
    assert (await here.done("rotate 90")).parents == (brought.id,)
    assert (await home.desk.session(first.session_id)).head == second.id


async def test_what_is_not_there_cannot_be_brought(home: House) -> None:
    turn = await home.thread().do("", brings=f"s{'0' * 20}.v1")
    assert turn.state is TurnState.FAILED
    assert turn.error is not None
    assert turn.error.code == "not_found"


# --- over a restart --------------------------------------------------------------------------


async def test_what_waits_outlives_a_restart(tmp_path: Path, chat: Chat) -> None:
    async with house(tmp_path) as home:
        here = thread(home)
        turn: Turn = await here.say("flip it", event="m", place=PLACE, pending=(PIC,))
    async with house(tmp_path) as home, working(home, chat):
        await chat.ended(turn)
        assert (await home.desk.turn(turn.session_id, turn.id)).names == ("pic.png",)

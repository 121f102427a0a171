"""A thread is an edit session: turns in order, versions in a tree, one outcome each."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import NoReturn

import pytest

from core.engines.fake import FakeEngine
from core.errors import Conflict, EngineError, EngineFault, NotFound, QueueFull
from core.instruction.plan import Edit, Generate
from core.session.models import Actor, TurnState
from tests.scenario.house import House, house, png


async def test_a_thread_is_refined_turn_by_turn(home: House) -> None:
    thread = home.thread()
    first = await thread.done("a red mug on a table")
    second = await thread.done("make the mug navy, keep everything else the same")
    assert (first.name, second.name) == ("v1", "v2")
    assert first.parents == ()
    assert second.parents == (first.id,)
    assert [call.operation for call in home.engine.calls] == ["generate", "edit"]
    assert home.engine.calls[1].images == (await home.desk.asset_bytes(first.asset.sha256),)
    assert home.engine.calls[1].prompt.startswith("make the mug navy, keep everything else the")
    session = await home.desk.session(first.session_id)
    assert session.head == second.id
    assert session.title == "a red mug on a table"


async def test_what_a_turn_will_edit_is_said_before_anything_is_spent(home: House) -> None:
    thread = home.thread()
    await thread.done("a red mug")
    home.engine.gate = asyncio.Event()
    turn = await thread.say("make it navy")
    await home.drawing(2)
    running = await home.desk.turn(turn.session_id, turn.id)
    assert running.state is TurnState.RUNNING
    assert "v1" in running.echo
    assert running.subject is not None
    assert running.subject.endswith(".v1")
    home.engine.gate.set()
    await thread.ended(turn)


async def test_turns_of_a_thread_run_in_order_and_never_two_at_once(home: House) -> None:
    thread = home.thread()
    most = 0
    draw = home.engine.run

    async def counted(request, progress, journal):  # type: ignore[no-untyped-def]
        nonlocal most
        most = max(most, home.engine.running + 1)
        return await draw(request, progress, journal)

    home.engine.run = counted  # type: ignore[method-assign,assignment]
    home.engine.delay = 0.05
    words = [f"a picture of {n} mugs --n 1" for n in range(1, 9)]
    turns = await asyncio.gather(*(thread.say(text) for text in words))
    ended = [await thread.ended(turn) for turn in turns]
    assert all(turn.state is TurnState.DONE for turn in ended)
    by_number = sorted(ended, key=lambda turn: turn.number)
    assert [turn.number for turn in by_number] == list(range(1, 9))
    drawn = [call.prompt.splitlines()[0] for call in home.engine.calls]
    assert drawn == [
        step.prompt for turn in by_number for step in turn.plan if isinstance(step, Generate | Edit)
    ]
    assert most == 1
    starts = [turn.started_at for turn in by_number]
    ends = [turn.finished_at for turn in by_number]
    assert all(end and start and end <= start for end, start in zip(ends, starts[1:], strict=False))


async def test_threads_never_wait_for_each_other(home: House) -> None:
    gate = home.engine.gate = asyncio.Event()
    people = [Actor(id=f"web:{name}") for name in ("ana", "ben", "cem")]
    threads = [home.thread(person) for person in people]
    turns = [await thread.say("a red mug") for thread in threads]
    await home.drawing(3)
    assert home.engine.running == 3
    gate.set()
    for thread, turn in zip(threads, turns, strict=True):
        assert (await thread.ended(turn)).state is TurnState.DONE


async def test_one_person_cannot_take_all_places(tmp_path: Path) -> None:
    async with house(tmp_path, max_running=2) as home, home.working():
        gate = home.engine.gate = asyncio.Event()
        mine = [home.thread() for _ in range(4)]
        turns = [await thread.say("a red mug") for thread in mine]
        await home.drawing(2)
        other = home.thread(Actor(id="web:ben"))
        turn = await other.say("a blue mug")
        await home.drawing(3)
        assert [call.prompt for call in home.engine.calls].count("a red mug") == 2
        gate.set()
        assert (await other.ended(turn)).state is TurnState.DONE
        for thread, each in zip(mine, turns, strict=True):
            assert (await thread.ended(each)).state is TurnState.DONE


async def test_the_same_event_five_times_at_once_is_one_turn(home: House) -> None:
    thread = home.thread()
    turns = await asyncio.gather(*(thread.say("a red mug", event="once") for _ in range(5)))
    assert len({turn.id for turn in turns}) == 1
    await thread.ended(turns[0])
    again = await thread.say("a red mug", event="once")
    assert again.id == turns[0].id
    assert again.state is TurnState.DONE
    assert len(await home.desk.turns(again.session_id)) == 1
    assert len(home.engine.calls) == 1
    assert b"easel_duplicates_dropped_total 5.0" in home.parts.metrics.render()


async def test_undo_redo_jump_and_branch(home: House) -> None:
    thread = home.thread()
    for text in ("a red mug", "make it navy", "add a lemon"):
        await thread.done(text)
    turn = await thread.do("undo")
    assert await thread.head(turn) == "v2"
    await thread.do("undo")
    assert await thread.head(turn) == "v1"
    await thread.do("redo")
    assert await thread.head(turn) == "v2"
    branch = await thread.done("make it green", acts_on=f"{turn.session_id}.v1")
    assert branch.name == "v4"
    assert branch.parents == (f"{turn.session_id}.v1",)
    assert await thread.head(turn) == "v4"
    nothing = await thread.do("redo")
    assert nothing.state is TurnState.FAILED
    assert nothing.error is not None
    assert nothing.error.code == "nothing_to_redo"
    await thread.do("back to v3")
    assert await thread.head(turn) == "v3"
    assert await thread.head(await thread.do("undo")) == "v4"


async def test_undo_with_nothing_to_undo_is_told_kindly(home: House) -> None:
    thread = home.thread()
    first = await thread.done("a red mug")
    turn = await thread.do("undo")
    assert turn.state is TurnState.FAILED
    assert turn.error is not None
    assert turn.error.code == "nothing_to_undo"
    assert turn.error.hint
    assert (await home.desk.session(first.session_id)).head == first.id


async def test_several_steps_are_one_turn(home: House) -> None:
    thread = home.thread()
    await thread.done("a red mug")
    turn = await thread.do("make it navy, then crop to 2:1, then rotate 90")
    assert turn.state is TurnState.DONE, turn.error
    assert [step.op for step in turn.plan] == ["edit", "adjust", "adjust"]
    versions = [await home.desk.version(vid) for vid in turn.versions]
    assert [version.name for version in versions] == ["v2", "v3", "v4"]
    assert (versions[1].asset.width, versions[1].asset.height) == (64, 32)
    assert (versions[2].asset.width, versions[2].asset.height) == (32, 64)
    assert await thread.head(turn) == "v4"


async def test_an_upload_is_a_version_to_go_back_to(home: House) -> None:
    thread = home.thread()
    turn = await thread.do("flip it", png("teal"))
    assert turn.state is TurnState.DONE, turn.error
    uploaded, flipped = [await home.desk.version(vid) for vid in turn.versions]
    assert (uploaded.operation, flipped.operation) == ("upload", "adjust")
    assert flipped.parents == (uploaded.id,)
    assert await thread.head(await thread.do("undo")) == uploaded.name


async def test_a_failure_leaves_the_session_as_it_was(home: House) -> None:
    thread = home.thread()
    first = await thread.done("a red mug")
    home.engine.failures.append(
        EngineError("That was refused.", kind=EngineFault.MODERATION, hint="Try other words.")
    )
    home.engine.previews = 1
    turn = await thread.do("make it rude")
    assert turn.state is TurnState.FAILED
    assert turn.error is not None
    assert (turn.error.code, turn.error.hint) == ("engine_moderation", "Try other words.")
    assert (await home.desk.session(first.session_id)).head == first.id
    assert len(await home.desk.versions(first.session_id)) == 1
    assert (await thread.done("make it navy")).name == "v2"


async def test_a_plan_that_fails_half_way_moves_nothing_and_keeps_what_was_made(
    home: House,
) -> None:
    thread = home.thread()
    first = await thread.done("a red mug")
    local = home.crew.catalog.choose("adjust").engine

    async def refuse(request: object, progress: object, journal: object = None) -> NoReturn:
        raise EngineError("No.", kind=EngineFault.UNKNOWN)

    local.run = refuse  # type: ignore[method-assign]
    turn = await thread.do("make it navy, then rotate 90")
    assert turn.state is TurnState.FAILED
    assert (await home.desk.session(first.session_id)).head == first.id
    assert [version.name for version in await home.desk.versions(first.session_id)] == ["v1", "v2"]
    assert any("v2" in note for note in turn.notes)
    back = await thread.do("back to v2")
    assert await thread.head(back) == "v2"
    assert (await thread.do("undo, then rotate 90")).state is TurnState.FAILED
    assert await thread.head(back) == "v2"


async def test_a_fault_of_ours_is_an_outcome_too(home: House) -> None:
    home.engine.failures.append(ZeroDivisionError("secret detail"))
    turn = await home.thread().do("a red mug")
    assert turn.state is TurnState.FAILED
    assert turn.error is not None
    assert "secret" not in turn.error.message + turn.error.hint


async def test_an_engine_that_sends_no_picture_is_not_believed(tmp_path: Path) -> None:
    engine = FakeEngine(b"<html>not a picture</html>", 8, 8)
    async with house(tmp_path, engine) as home, home.working():
        turn = await home.thread().do("a red mug")
        assert turn.state is TurnState.FAILED
        assert turn.error is not None
        assert turn.error.code == "engine_unknown"


async def test_no_more_than_twenty_turns_wait(idle: House) -> None:
    thread = idle.thread()
    for _ in range(20):
        await thread.say("a red mug")
    with pytest.raises(QueueFull) as caught:
        await thread.say("one more")
    assert caught.value.hint


async def test_a_version_of_another_thread_cannot_be_edited(home: House) -> None:
    theirs = await home.thread().done("a red mug")
    with pytest.raises(NotFound):
        await home.thread().say("make it navy", acts_on=theirs.id)


async def test_an_ended_turn_cannot_be_cancelled(home: House) -> None:
    turn = await home.thread().do("a red mug")
    with pytest.raises(Conflict):
        await home.desk.cancel(turn.session_id, turn.id)

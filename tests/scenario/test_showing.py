"""Turns are shown on their platform by one process at a time, until the end of each was shown."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import timedelta
from time import monotonic
from typing import Any

import pytest

from core.errors import Unavailable
from core.session import keys
from core.session.connect import ask
from core.session.models import Turn, TurnState, now
from core.session.showing import ShowStore
from core.turns.presenting import Unshowable
from tests.scenario.chat_house import PLACE, Chat, thread, working
from tests.scenario.house import ANA, House, Thread, wait_until


@pytest.fixture
def chat() -> Chat:
    return Chat()


def _redis(home: House) -> Any:
    return home.parts.redis


async def _settled(home: House, turn: Turn) -> None:
    """Wait until nothing of a session is left to show."""

    async def settled() -> bool:
        return not await ask(_redis(home).llen(keys.unshown(turn.session_id)))

    await wait_until(settled, "nothing is left to show")


def _later(seconds: float) -> Unavailable:
    away = Unavailable("The platform is busy.")
    away.seconds = seconds
    return away


async def test_a_placeholder_stands_within_a_moment(idle: House, chat: Chat) -> None:
    async with working(idle, chat):
        warm = thread(idle)
        await chat.ended(await warm.say("a red mug", place=PLACE))
        idle.engine.gate = asyncio.Event()
        began = monotonic()
        turn = await thread(idle).say("a blue mug", place=PLACE)
        first = await chat.seen(turn, TurnState.RUNNING)
        assert monotonic() - began < 1.0
        assert first.scene.versions == ()
        idle.engine.gate.set()
        await chat.ended(turn)
    last = chat.of(turn)[-1]
    assert [version.name for version in last.scene.versions] == ["v1"]
    assert last.turn.state is TurnState.DONE


async def test_ends_are_shown_once_and_in_order(idle: House, chat: Chat) -> None:
    idle.engine.gate = asyncio.Event()
    async with working(idle, chat):
        here = thread(idle)
        turns = [await here.say(f"{n} mugs", place=PLACE) for n in (2, 3, 4)]
        waiting = await chat.seen(turns[2])
        assert waiting.turn.progress is not None
        assert waiting.turn.progress.queue_place == 2
        await idle.desk.cancel(turns[1].session_id, turns[1].id)
        idle.engine.gate.set()
        await chat.ended(*turns)
        await _settled(idle, turns[0])
    assert chat.ends() == [turn.id for turn in turns]
    assert chat.of(turns[1])[-1].turn.state is TurnState.CANCELLED


async def test_turns_are_first_seen_in_order(idle: House, chat: Chat) -> None:
    """The first look of the first turn has trouble; that of the second waits for it."""
    idle.engine.gate = asyncio.Event()
    here = thread(idle)
    first, second = [await here.say(f"{n} mugs", place=PLACE) for n in (2, 3)]
    chat.refusals.append(_later(0.3))
    async with working(idle, chat):
        await chat.seen(second)
        idle.engine.gate.set()
        await chat.ended(first, second)
    begun = [look.turn.id for look in chat.looks]
    assert begun.index(first.id) < begun.index(second.id)


async def test_a_cancelled_turn_waits_with_its_end_for_the_one_before(
    idle: House, chat: Chat
) -> None:
    idle.engine.gate = asyncio.Event()
    async with working(idle, chat):
        here = thread(idle)
        first = await here.say("two mugs", place=PLACE)
        second = await here.say("three mugs", place=PLACE)
        await chat.seen(second)
        await idle.desk.cancel(second.session_id, second.id)
        await idle.drawing(1)
        assert chat.ends() == []
        idle.engine.gate.set()
        await chat.ended(first, second)
    assert chat.ends() == [first.id, second.id]


async def test_unfinished_pictures_are_shown(idle: House, chat: Chat) -> None:
    idle.engine.previews, idle.engine.delay = 2, 0.9
    async with working(idle, chat):
        turn = await thread(idle).say("a red mug", place=PLACE)
        await chat.ended(turn)
    shown = [look.scene.preview for look in chat.of(turn)]
    assert shown[0] is None
    assert any(shown)
    preview = next(sha256 for sha256 in shown if sha256)
    assert await idle.desk.asset_bytes(preview)


async def test_the_subject_and_versions_on_view_are_part_of_the_scene(
    idle: House, chat: Chat
) -> None:
    async with working(idle, chat):
        here = thread(idle)
        await here.do("a red mug", place=PLACE)
        await here.do("make it navy", place=PLACE)
        edit = await here.say("make it green", place=PLACE, acts_on=_v1(here.key))
        shown = await here.say("show v2", place=PLACE)
        await chat.ended(edit, shown)
    subject = chat.of(edit)[-1].scene.subject
    assert subject is not None
    assert subject.name == "v1"
    assert [version.name for version in chat.of(shown)[-1].scene.versions] == ["v2"]


def _v1(key: str) -> str:
    return keys.version_id(keys.session_id(key), 1)


async def test_of_several_workers_one_shows_a_session(idle: House, chat: Chat) -> None:
    idle.engine.delay = 0.2
    async with working(idle, chat, "first"), working(idle, chat, "second"):
        here = [thread(idle) for _ in range(3)]
        turns = [await each.say(f"{n} mugs", place=PLACE) for n in (2, 3) for each in here]
        await chat.ended(*turns)
    assert sorted(chat.ends()) == sorted(turn.id for turn in turns)
    for turn in turns:
        assert len({look.by for look in chat.of(turn)}) == 1
    assert chat.most == 1


async def test_the_next_worker_goes_on_where_one_was_stopped(idle: House, chat: Chat) -> None:
    idle.engine.gate = asyncio.Event()
    chat.slow = 0.3
    async with contextlib.AsyncExitStack() as first:
        await first.enter_async_context(working(idle, chat, "first"))
        turn = await thread(idle).say("a red mug", place=PLACE)
        await chat.seen(turn, TurnState.RUNNING)
        async with working(idle, chat, "second"):
            chat.gate = asyncio.Event()
            await idle.parts.store.emit(turn.session_id, turn.id, "preview", _preview())
            await chat.until(lambda: sum(chat.within.values()) == 1, "a look is under way")
            await first.aclose()
            chat.gate.set()
            idle.engine.gate.set()
            await chat.ended(turn)
            await _settled(idle, turn)
    assert chat.ends() == [turn.id]
    assert {look.by for look in chat.of(turn)} == {"first", "second"}
    assert chat.most == 1
    assert chat.found[0] == set()
    assert chat.found[-1] == {"placeholder"}


def _preview() -> dict[str, Any]:
    return {"turn_id": "", "sha256": "0" * 64, "mime": "image/png", "index": 0}


async def test_a_lapsed_lease_is_taken_over(idle: House, chat: Chat) -> None:
    here = thread(idle)
    turn = await here.say("a red mug", place=PLACE)
    shows = ShowStore(_redis(idle))
    assert await shows.hold(turn.session_id, "a process that has died", 1.5)
    async with working(idle, chat):
        await here.ended(turn)
        assert chat.looks == []
        await chat.ended(turn)
    assert chat.ends() == [turn.id]


async def test_who_has_lost_the_lease_stops_showing(idle: House, chat: Chat) -> None:
    """What was under way there may come after the end, so that the end is shown once more."""
    idle.engine.gate, chat.gate = asyncio.Event(), asyncio.Event()
    async with working(idle, chat):
        turn = await thread(idle).say("a red mug", place=PLACE)
        await chat.until(lambda: sum(chat.within.values()) == 1, "a look is under way")
        await ask(_redis(idle).set(keys.shower(turn.session_id), "another", px=1500))
        await chat.until(lambda: sum(chat.within.values()) == 0, "the look is broken off")
        assert await ask(_redis(idle).get(keys.shower(turn.session_id))) == "another"
        chat.gate.set()
        idle.engine.gate.set()
        await _settled(idle, turn)
    assert chat.ends() == [turn.id, turn.id]


async def test_what_nobody_could_see_is_not_drawn(idle: House, chat: Chat) -> None:
    idle.engine.gate = asyncio.Event()
    chat.refusals.append(Unshowable("The channel is closed."))
    async with working(idle, chat):
        here = thread(idle)
        turn = await here.say("a red mug", place=PLACE)
        ended = await here.ended(turn)
        assert ended.state is TurnState.CANCELLED
        await _settled(idle, turn)
    assert chat.looks == []
    assert idle.engine.running == 0


@pytest.mark.parametrize("trouble", [_later(0.1), ZeroDivisionError("a fault of ours")])
async def test_trouble_on_the_way_is_tried_again(
    idle: House, chat: Chat, trouble: Exception
) -> None:
    chat.refusals.append(trouble)
    async with working(idle, chat):
        turn = await thread(idle).say("a red mug", place=PLACE)
        await chat.ended(turn)
        await _settled(idle, turn)
    assert chat.ends() == [turn.id]
    assert chat.refusals == []


async def test_a_turn_that_came_before_any_worker_is_shown(idle: House, chat: Chat) -> None:
    turn = await thread(idle).say("a red mug", place=PLACE)
    async with working(idle, chat):
        await chat.ended(turn)


async def test_a_turn_without_a_place_is_shown_nowhere(idle: House, chat: Chat) -> None:
    async with working(idle, chat):
        here = thread(idle)
        await here.do("a red mug")
        told = await here.say("make it navy", place=PLACE)
        await chat.ended(told)
    assert {look.turn.id for look in chat.looks} == {told.id}


async def test_what_a_worker_cannot_reach_is_left_for_one_that_can(idle: House, chat: Chat) -> None:
    here = thread(idle)
    async with idle.working():
        turn = await here.do("a red mug", place=PLACE)
        assert await ShowStore(_redis(idle)).unshown(turn.session_id) == [turn.id]
        assert await ask(_redis(idle).get(keys.shower(turn.session_id))) is None
    async with working(idle, chat):
        await chat.ended(turn)


async def test_what_comes_from_a_page_is_shown_in_the_chat_of_its_session(
    idle: House, chat: Chat
) -> None:
    async with working(idle, chat):
        here = thread(idle)
        await chat.ended(await here.say("a red mug", place=PLACE))
        on_the_page = Thread(idle.desk, here.key, ANA)
        turn = await on_the_page.say("make it navy", event="page")
        await chat.ended(turn)
    assert chat.of(turn)[-1].turn.place == PLACE


async def test_an_end_of_the_day_before_yesterday_is_no_news(idle: House, chat: Chat) -> None:
    turn = await thread(idle).say("a red mug", place=PLACE)
    await idle.desk.cancel(turn.session_id, turn.id)
    long_ago = (now() - timedelta(days=2)).isoformat()
    await ask(_redis(idle).hset(keys.turn(turn.session_id, turn.id), "finished_at", long_ago))
    async with working(idle, chat):
        await _settled(idle, turn)
    assert chat.looks == []


async def test_a_turn_that_was_forgotten_holds_nobody_up(idle: House, chat: Chat) -> None:
    here = thread(idle)
    gone = await here.say("a red mug", place=PLACE)
    kept = await here.say("a blue mug", place=PLACE)
    await ask(_redis(idle).lrem(keys.inbox(gone.session_id), 1, gone.id))
    await ask(_redis(idle).delete(keys.turn(gone.session_id, gone.id)))
    async with working(idle, chat):
        await chat.ended(kept)
        await _settled(idle, kept)
    assert chat.ends() == [kept.id]

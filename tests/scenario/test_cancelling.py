"""Any turn can be stopped at any stage, and the next one goes on."""

from __future__ import annotations

import asyncio
from time import monotonic

from core.session.models import TurnState
from tests.scenario.house import House, wait_until

SOON = 2.0


async def test_a_waiting_turn_is_cancelled_at_once_and_never_drawn(idle: House) -> None:
    thread = idle.thread()
    first, second = await thread.say("a red mug"), await thread.say("a blue mug")
    assert (await idle.desk.cancel(second.session_id, second.id)).state is TurnState.CANCELLED
    async with idle.working():
        assert (await thread.ended(first)).state is TurnState.DONE
    assert [call.prompt for call in idle.engine.calls] == ["a red mug"]


async def test_a_running_turn_stops_its_engine_within_two_seconds(home: House) -> None:
    home.engine.gate = asyncio.Event()
    thread = home.thread()
    turn, following = await thread.say("a red mug"), await thread.say("a blue mug")
    await home.drawing(1)
    begun = monotonic()
    cancelled = await home.desk.cancel(turn.session_id, turn.id)
    assert cancelled.state is TurnState.CANCELLED

    async def stopped() -> bool:
        return home.engine.cancelled == 1

    await wait_until(stopped, "the engine stops")
    assert monotonic() - begun < SOON
    home.engine.gate.set()
    assert (await thread.ended(following)).state is TurnState.DONE
    versions = await home.desk.versions(turn.session_id)
    assert [version.turn_id for version in versions] == [following.id]


async def test_a_turn_cancelled_while_its_result_arrives_stays_cancelled(home: House) -> None:
    thread = home.thread()
    finish = home.crew  # the crew's own store finishes turns; cancelling must win before it
    assert finish
    turns = []
    for _ in range(10):
        turn = await thread.say("a red mug")
        turns.append(turn)
        try:
            await home.desk.cancel(turn.session_id, turn.id)
        except Exception as ended:
            assert "already ended" in str(ended)
    states = [(await thread.ended(turn)).state for turn in turns]
    made = {version.turn_id for version in await home.desk.versions(turns[0].session_id)}
    for turn, state in zip(turns, states, strict=True):
        assert (turn.id in made) == (state is TurnState.DONE)

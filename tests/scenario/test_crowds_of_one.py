"""One person may have so many turns under way, however many threads they open."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from redis.asyncio import Redis

from core.errors import QueueFull
from core.session import keys
from core.session.models import Actor
from core.session.store import SessionStore
from core.turns.request import TurnRequest
from tests.scenario.house import ANA, House, house
from tests.scenario.slack_house import slack_house

MOST = 4
BEN = Actor(id="web:ben", name="Ben")


@pytest_asyncio.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    """Nobody works, so that whatever is accepted waits."""
    async with house(tmp_path, max_waiting=MOST) as running:
        yield running


def a_turn(number: int, actor: Actor = ANA) -> TurnRequest:
    """Each in a thread of its own."""
    thread = f"web:{actor.id}-{number}"
    return TurnRequest(thread=thread, event_keys=(f"e{number}",), actor=actor, text="a mug")


async def marks(home: House) -> int:
    redis: Redis = home.parts.redis
    return int(await redis.zcard(keys.waiting(ANA.id)))


async def test_past_the_bound_a_person_waits_and_others_do_not(home: House) -> None:
    turns = [await home.desk.accept(a_turn(number)) for number in range(MOST)]
    for number in (90, 91):
        with pytest.raises(QueueFull, match="4 of your instructions") as refused:
            await home.desk.accept(a_turn(number))
        assert refused.value.hint and refused.value.status == 429
    sessions, _ = await home.desk.sessions(limit=50, before=None)
    assert len(sessions) == MOST, "what is refused leaves nothing behind"
    await home.desk.accept(a_turn(1, BEN))

    again = await home.desk.accept(a_turn(2))
    assert again.id == turns[2].id, "what was accepted stays so, however often it is told"

    await home.desk.cancel(turns[0].session_id, turns[0].id)
    await home.desk.accept(a_turn(92))
    with pytest.raises(QueueFull):
        await home.desk.accept(a_turn(93))


async def test_turns_that_have_ended_do_not_count(home: House) -> None:
    async with home.working():
        for _ in range(3 * MOST):
            await home.thread().do("a red mug")
    assert await marks(home) <= MOST


async def test_a_process_that_has_just_begun_lets_one_in_at_most(home: House) -> None:
    for number in range(MOST):
        await home.desk.accept(a_turn(number))
    home.desk._store = SessionStore(home.parts.redis, max_waiting=MOST)
    await home.desk.accept(a_turn(94))
    with pytest.raises(QueueFull):
        await home.desk.accept(a_turn(95))


async def test_in_slack_it_is_said_to_the_person_alone(tmp_path: Path) -> None:
    async with slack_house(tmp_path, working=False, max_waiting=2) as there:
        mention = f"{there.team.mention} a red mug"
        said = [await there.ana.says(there.design, mention) for _ in range(3)]
        assert all(answer.ok for each in said for answer in each.answers)
        await there.told()
        [note] = there.ana.notes
        assert "2 of your instructions already wait" in note.text
        assert note.only_for == there.ana.id
        assert await there.turns(said[2]) == []

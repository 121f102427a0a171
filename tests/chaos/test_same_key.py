"""The same `Idempotency-Key` is the same turn: five times at once, and again after a restart."""

from __future__ import annotations

import asyncio

from tests.chaos.conftest import Easel
from tests.chaos.insisting import Person
from tests.chaos.slow_provider import SlowProvider


async def test_the_same_key_five_times_at_once_is_one_turn(
    easel: Easel, provider: SlowProvider, person: Person
) -> None:
    server = easel("serve")
    await server.start()
    thread = await person.opens("ka")
    answers = await asyncio.gather(
        *(person.says(thread, "a red mug", key="the same") for _ in range(5))
    )
    assert {(turn["id"], turn["number"]) for turn in answers} == {(answers[0]["id"], 1)}
    whole = await person.all_ended(thread)
    assert len(whole["turns"]) == len(whole["versions"]) == len(provider.drawn) == 1

    await server.kill()
    await server.start()
    again = await person.says(thread, "a red mug", key="the same")
    assert (again["id"], again["state"]) == (answers[0]["id"], "done")
    other = await person.says(thread, "make it navy", key="another")
    whole = await person.all_ended(thread)
    assert [turn["id"] for turn in whole["turns"]] == [again["id"], other["id"]]
    assert [call.words for call in provider.drawn] == ["a red mug", "make it navy"]
    assert await server.end() == 0

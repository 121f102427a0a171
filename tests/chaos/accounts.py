"""The audit after a chaos run: nothing lost, nothing doubled, all in order."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from redis.asyncio import Redis

from core.session import keys
from tests.chaos.insisting import Person, Thread
from tests.chaos.slow_provider import Drawn, picture_of

ROTATED = ", then rotate 90"
_ON_THE_WAY = 0.2
"""For so long a call that was sent before a kill may not have been read by the provider yet."""
_UNTIL_RECORDED = 2.0
"""Seconds within which an answered call has become a record, on a machine that is busy."""


def words_for(place: int, name: str) -> str:
    """The instruction of that place in a thread; no two are alike, every third has two steps."""
    mark = f"{name}{place}"
    if place == 1:
        return f"a red mug with the mark {mark}"
    return f"paint the mark {mark} on the mug" + (ROTATED if place % 3 == 0 else "")


def drawn_for(text: str) -> str:
    """The words that reach the provider for an instruction."""
    return text.removesuffix(ROTATED)


async def check_thread(person: Person, thread: Thread) -> None:
    """Every accepted turn ended once, in order, and the versions are those that it made."""
    whole = await person.all_ended(thread)
    turns, versions = whole["turns"], whole["versions"]
    assert [turn["id"] for turn in turns] == thread.turns
    assert [turn["text"] for turn in turns] == thread.said
    assert [turn["number"] for turn in turns] == list(range(1, len(turns) + 1))
    assert [(turn["state"], turn["error"]) for turn in turns] == [("done", None)] * len(turns)
    ends = [turn["finished_at"] for turn in turns]
    assert ends == sorted(ends)
    assert [version["name"] for version in versions] == [f"v{n + 1}" for n in range(len(versions))]
    assert [vid for turn in turns for vid in turn["versions"]] == [v["id"] for v in versions]
    for turn in turns:
        _check_turn(turn, {version["id"]: version for version in versions})
    parents = [version["parents"] for version in versions]
    assert parents == [[], *([version["id"]] for version in versions[:-1])]
    assert whole["head"] == versions[-1]["id"]


def _check_turn(turn: dict[str, Any], versions: dict[str, dict[str, Any]]) -> None:
    made = [versions[vid] for vid in turn["versions"]]
    assert len(made) == (2 if ROTATED in turn["text"] else 1)
    assert {version["turn_id"] for version in made} == {turn["id"]}
    expected = hashlib.sha256(picture_of(drawn_for(turn["text"]))).hexdigest()
    assert made[0]["asset"]["sha256"] == expected


async def check_ends_told(url: str, thread: Thread) -> None:
    """The end of each turn was told once: listeners saw one result, whoever carried it out."""
    async with Redis.from_url(url, decode_responses=True) as redis:
        rows: Any = await redis.xrange(keys.events(thread.sid))
        told = [fields["ref"] for _, fields in rows if fields.get("end")]
        assert told == thread.turns[-len(told) :]
        assert len(told) == len(thread.turns) or len(rows) >= 500  # older ones are trimmed


def check_calls(drawn: Sequence[Drawn], threads: Sequence[Thread], kills: Sequence[float]) -> int:
    """Nothing is drawn twice but what a kill cut short, and nothing out of turn.

    Gives the number of repeated calls.
    """
    by_words: dict[str, list[Drawn]] = defaultdict(list)
    for call in drawn:
        by_words[call.words].append(call)
    assert set(by_words) == {drawn_for(text) for thread in threads for text in thread.said}
    for calls in by_words.values():
        for first, second in pairwise(calls):
            assert any(_cut_short(first, second, kill) for kill in kills), (first, second, kills)
    for thread in threads:
        wished = [drawn_for(text) for text in thread.said]
        order = [wished.index(call.words) for call in drawn if call.words in wished]
        assert order == sorted(order)
    return len(drawn) - len(by_words)


def _cut_short(first: Drawn, second: Drawn, kill: float) -> bool:
    """Whether a kill explains that a call was made again: it came before there was a record."""
    recorded = first.answered + _UNTIL_RECORDED if first.answered else second.began
    return first.began - _ON_THE_WAY <= kill <= min(recorded, second.began)

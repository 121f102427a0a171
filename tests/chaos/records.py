"""Which steps have a record, read from the store behind Easel's back while it runs."""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic

from redis.asyncio import Redis
from redis.exceptions import RedisError

from core.session import keys
from tests.chaos.accounts import ROTATED, drawn_for
from tests.chaos.insisting import Thread
from tests.chaos.slow_provider import Drawn
from tests.waiting import wait_until


class Records:
    """Notes since when drawings have had a record."""

    def __init__(self, url: str, threads: Sequence[Thread]) -> None:
        self._url = url
        self._threads = threads
        self._since: dict[str, float] = {}

    async def note(self) -> bool:
        """Note what has a record now; gives whether a turn is between two steps."""
        said = [
            (thread.sid, tid, text)
            for thread in self._threads
            for tid, text in zip(thread.turns, thread.said, strict=True)
        ]
        between = False
        for (_, _, text), (recorded, state) in zip(said, await self._ask(said), strict=False):
            if recorded:
                self._since.setdefault(drawn_for(text), monotonic())
            between |= bool(recorded) and state == "running" and ROTATED in text
        return between

    async def between_steps(self) -> None:
        """Wait for a moment in which a turn has done its first step and not its second."""
        await wait_until(self.note, "a turn is between two steps")

    def check(self, drawn: Sequence[Drawn]) -> None:
        """A step is never run again once it has a record."""
        assert self._since
        again = [call for call in drawn if call.began > self._since.get(call.words, call.began)]
        assert again == []

    async def _ask(self, said: Sequence[tuple[str, str, str]]) -> list[tuple[bool, str]]:
        """For each turn, whether its first step has a record, and its state; none while away."""
        try:
            async with Redis.from_url(self._url, decode_responses=True) as redis:
                pipe = redis.pipeline(transaction=False)
                for sid, tid, _ in said:
                    pipe.hexists(keys.steps(sid, tid), "0")
                    pipe.hget(keys.turn(sid, tid), "state")
                told = await pipe.execute()
        except (RedisError, OSError):
            return []
        return list(zip(told[::2], told[1::2], strict=True))

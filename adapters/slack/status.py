"""Slack's own sign that an app is at work in a thread, where the workspace has it.

Sessions of agents (with a Stop button) where the app is declared as one, else the status line of
assistants, else nothing. It is only a sign: it is set beside everything else, and never waited for.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, defaultdict
from time import monotonic

import structlog

from adapters.slack.api import SlackApi
from adapters.slack.places import Place
from adapters.slack.refusals import SlackLater, SlackRefusal
from core.errors import EaselError

_KNOWN_SECONDS = 24 * 3600.0
_MOST_KNOWN = 5_000
_AGENT, _ASSISTANT, _NOTHING = "agents.sessions.setStatus", "assistant.threads.setStatus", ""
_NEXT = {_AGENT: _ASSISTANT, _ASSISTANT: _NOTHING}

log = structlog.get_logger(__name__)


class Status:
    """What is said of threads. `at_work` and `done` return at once and never fail."""

    def __init__(self) -> None:
        self._ways: OrderedDict[str, tuple[str, float]] = OrderedDict()
        self._turns: defaultdict[str, set[str]] = defaultdict(set)
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def at_work(self, api: SlackApi, place: Place, turn: str, title: str) -> None:
        """A turn of the thread waits or runs."""
        turns = self._turns[place.thread_key()]
        if turn not in turns:
            turns.add(turn)
            self._say(api, place, title)

    def done(self, api: SlackApi, place: Place, turn: str, title: str) -> None:
        """A turn has ended; Slack says so when it was the last of its thread."""
        key = place.thread_key()
        if turn in self._turns[key]:
            self._turns[key].discard(turn)
            self._say(api, place, title)
        if not self._turns[key]:
            del self._turns[key]

    async def close(self) -> None:
        """Stop saying anything."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _say(self, api: SlackApi, place: Place, title: str) -> None:
        """After what is being said of this thread, say how it is then."""
        key = place.thread_key()
        before = self._tasks.get(key)

        async def say() -> None:
            if before is not None:
                await asyncio.wait({before})
            await self._tell(api, place, title, busy=bool(self._turns.get(key)))

        task = asyncio.create_task(say(), name=f"status {key}")
        self._tasks[key] = task
        task.add_done_callback(lambda ended: self._left(key, ended))

    def _left(self, key: str, ended: asyncio.Task[None]) -> None:
        if self._tasks.get(key) is ended:
            del self._tasks[key]
        if not ended.cancelled() and (problem := ended.exception()):
            log.warning("status_not_said", exc_info=problem)

    async def _tell(self, api: SlackApi, place: Place, title: str, *, busy: bool) -> None:
        way = self._way(place.home)
        while way:
            try:
                await self._call(api, way, place, title, busy=busy)
                return
            except SlackRefusal as refused:
                if refused.lasting:
                    return
                way = _NEXT[way]
                self._remember(place.home, way)
            except (SlackLater, EaselError):
                return

    async def _call(self, api: SlackApi, way: str, place: Place, title: str, *, busy: bool) -> None:
        where = {"channel_id": place.channel, "thread_ts": place.thread}
        if way == _AGENT:
            await api.call(
                way,
                spare=busy,
                **where,
                status="processing" if busy else "active",
                title=title,
                initiator_user_id=place.user or None,
            )
        else:
            await api.call(way, spare=busy, **where, status="is drawing…" if busy else "")

    def _way(self, home: str) -> str:
        way, until = self._ways.get(home, (_AGENT, 0.0))
        return way if monotonic() < until else _AGENT

    def _remember(self, home: str, way: str) -> None:
        self._ways[home] = (way, monotonic() + _KNOWN_SECONDS)
        self._ways.move_to_end(home)
        while len(self._ways) > _MOST_KNOWN:
            self._ways.popitem(last=False)

"""What happens in a session, as it happens, for whoever looks at it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from typing import Any

import structlog

from core.errors import BadInput, NotFound, Unavailable
from core.session import keys
from core.session.connect import reachable
from core.session.models import TurnProgress, TurnState
from core.session.signals import Signals
from core.session.store import SessionStore
from core.turns.request import Event

_LOOK_SECONDS = 5.0
_AWAY_SECONDS = 0.5

log = structlog.get_logger(__name__)

Row = tuple[str, dict[str, str]]


class Listening:
    """Turns the notes in a session's stream of events into what they are about."""

    def __init__(self, store: SessionStore, signals: Signals) -> None:
        self._store = store
        self._signals = signals

    async def events(self, sid: str, after: str | None) -> AsyncIterator[Event]:
        """The session itself first, then what happens from now on, or after the event `after`.

        While the store is away nothing happens, and nothing that happened is missed. Raises
        NotFound, BadInput.
        """
        with self._signals.awaiting(f"event {sid}") as word:
            with reachable():
                last = _checked(after) if after else await self._store.last_event(sid)
                yield await self._session(last, sid)
            while True:
                word.clear()
                try:
                    async for event in self._since(sid, last):
                        last = event.id
                        yield event
                except Unavailable as away:
                    log.debug("events_wait", detail=away.admin)
                    await asyncio.sleep(_AWAY_SECONDS)
                    continue
                try:
                    async with asyncio.timeout(_LOOK_SECONDS):
                        await word.wait()
                except TimeoutError:
                    continue

    async def _since(self, sid: str, last: str) -> AsyncIterator[Event]:
        while True:
            with reachable():
                rows = await self._store.events_after(sid, last)
            with reachable():
                told = await asyncio.gather(
                    *(self._told(sid, row) for row in _newest_of_each(rows))
                )
            for event in told:
                if event is not None:
                    yield event
            if not rows:
                return
            last = rows[-1][0]

    async def _told(self, sid: str, row: Row) -> Event | None:
        event_id, fields = row
        try:
            match fields["type"]:
                case "turn":
                    return await self._turn(event_id, sid, fields)
                case "version":
                    vid = keys.version_id(sid, int(fields["ref"]))
                    version = await self._store.version(vid)
                    return Event(id=event_id, type="version", data=version.model_dump(mode="json"))
                case "session":
                    return await self._session(event_id, sid)
                case "preview":
                    return Event(id=event_id, type="preview", data=json.loads(fields["data"]))
        except NotFound:
            log.debug("event_of_nothing", session=sid, kind=fields["type"])
        return None

    async def _turn(self, event_id: str, sid: str, fields: dict[str, str]) -> Event | None:
        """The turn as it stands; its end is told in its place, after the versions it made."""
        tid = fields["ref"]
        turn = await self._store.turn(sid, tid)
        if turn.state.ended and "end" not in fields:
            return None
        if turn.state is TurnState.QUEUED:
            place = await self._store.queue_place(sid, tid)
            progress = TurnProgress(stage="waiting", queue_place=place or 0)
            turn = turn.model_copy(update={"progress": progress})
        return Event(id=event_id, type="turn", data=turn.model_dump(mode="json"))

    async def _session(self, event_id: str, sid: str) -> Event:
        session = await self._store.session(sid)
        return Event(id=event_id, type="session", data=session.model_dump(mode="json"))


def _newest_of_each(rows: Sequence[Row]) -> list[Row]:
    """Every thing is told as it stands now, so of several notes on one only the last counts."""
    last: dict[tuple[str, Any], int] = {
        (fields["type"], fields["ref"]): index for index, (_, fields) in enumerate(rows)
    }
    return [rows[index] for index in sorted(last.values())]


def _checked(after: str) -> str:
    """An id of an event, as the store gives them."""
    moment, dash, place = after.partition("-")
    if not (dash and moment.isdecimal() and place.isdecimal() and len(after) < 42):
        raise BadInput("That is no event of ours.", hint="Leave “Last-Event-ID” out.")
    return after

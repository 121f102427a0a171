"""A session's events as server-sent events, in public shapes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from sse_starlette import EventSourceResponse, ServerSentEvent

from adapters.web.shapes import PreviewShape, SessionShape, Shape, TurnShape, VersionShape
from core.errors import EaselError
from core.turns.request import Event

HEARTBEAT_SECONDS = 15

_SHAPES: dict[str, type[Shape]] = {
    "turn": TurnShape,
    "preview": PreviewShape,
    "version": VersionShape,
    "session": SessionShape,
}


def stream(events: AsyncIterator[Event], closing: asyncio.Event) -> EventSourceResponse:
    """Told until `closing` is set. Heartbeats keep proxies from closing a quiet stream."""
    return EventSourceResponse(_told(events, closing), ping=HEARTBEAT_SECONDS, sep="\n")


async def _told(
    events: AsyncIterator[Event], closing: asyncio.Event
) -> AsyncIterator[ServerSentEvent]:
    yield ServerSentEvent(comment="listening")
    closed = asyncio.ensure_future(closing.wait())
    try:
        while (event := await _next(events, closed)) is not None:
            shape = _SHAPES[event.type].model_validate(event.data)
            yield ServerSentEvent(data=shape.model_dump_json(), event=event.type, id=event.id)
    except EaselError:
        return  # The store is away: the browser asks again, from the event it heard last.
    finally:
        closed.cancel()


async def _next(events: AsyncIterator[Event], closed: asyncio.Future[Any]) -> Event | None:
    """The next event; None when there will be no more."""
    coming = asyncio.ensure_future(anext(events, None))
    try:
        await asyncio.wait({coming, closed}, return_when=asyncio.FIRST_COMPLETED)
        return coming.result() if coming.done() else None
    finally:
        coming.cancel()

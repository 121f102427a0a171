"""A session's events as server-sent events, in public shapes."""

from __future__ import annotations

from collections.abc import AsyncIterator

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


def stream(events: AsyncIterator[Event]) -> EventSourceResponse:
    """Heartbeats keep proxies from closing a quiet stream; browsers come back by themselves."""
    return EventSourceResponse(_told(events), ping=HEARTBEAT_SECONDS, sep="\n")


async def _told(events: AsyncIterator[Event]) -> AsyncIterator[ServerSentEvent]:
    yield ServerSentEvent(comment="listening")
    try:
        async for event in events:
            shape = _SHAPES[event.type].model_validate(event.data)
            yield ServerSentEvent(data=shape.model_dump_json(), event=event.type, id=event.id)
    except EaselError:
        return  # The store is away: the browser asks again, from the event it heard last.

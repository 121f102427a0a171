"""Turns: ask for one, look at it, cancel it, and listen to what happens in its session."""

from __future__ import annotations

import secrets
from time import perf_counter
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request, Response

from adapters.web.front import Fronted, Visited, opened
from adapters.web.intake import read_turn
from adapters.web.routes.common import REFUSALS, SessionId, TurnId, version_id
from adapters.web.shapes import NewTurn, TurnShape, reply
from adapters.web.sse import stream
from core.turns.request import TurnRequest

router = APIRouter(prefix="/api/sessions/{sid}", tags=["turns"], responses=REFUSALS)

_NEW_TURN = NewTurn.model_json_schema(ref_template="#/components/schemas/{model}")
_NEW_TURN.pop("$defs")
_FILE = {"type": "string", "contentMediaType": "application/octet-stream"}
_FORM = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "text": {"type": "string", "description": "The instruction."},
        "files": {"type": "array", "maxItems": 16, "items": _FILE},
        "mask": {**_FILE, "description": "PNG of the subject's size; alpha 0 = change this."},
        "version": {"type": "string", "description": "Act on this one: its id, or v3."},
        "options": {"type": "string", "description": "TurnOptions as JSON."},
    },
}
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {"schema": _FORM},
            "application/json": {"schema": _NEW_TURN},
        },
    }
}


@router.post("/turns", status_code=202, response_model=TurnShape, openapi_extra=_BODY)
async def ask(
    sid: SessionId,
    request: Request,
    front: Fronted,
    visitor: Visited,
    idempotency_key: Annotated[str | None, Header(min_length=1, max_length=200)] = None,
) -> Response:
    """Ask for a turn. The same `Idempotency-Key` again gives the same turn."""
    session = await opened(front, visitor, sid)
    wish, form = await read_turn(request, front.limits)
    actor = visitor.acting_in(sid)
    turn = await front.desk.accept(
        TurnRequest(
            thread=session.thread,
            event_keys=(f"web:{actor.id}:{idempotency_key or secrets.token_hex(16)}",),
            actor=actor,
            channel="web",
            text=wish.text,
            files=tuple(form.files),
            mask=form.mask,
            acts_on=version_id(sid, wish.version) if wish.version else None,
            options=wish.options,
        )
    )
    response = reply(TurnShape.of(turn), 202, {"Location": f"/api/sessions/{sid}/turns/{turn.id}"})
    front.telemetry.ack(perf_counter() - request.state.arrived)
    return response


@router.get("/turns/{tid}", response_model=TurnShape)
async def show_turn(sid: SessionId, tid: TurnId, front: Fronted, visitor: Visited) -> Response:
    """One turn."""
    await opened(front, visitor, sid)
    return reply(TurnShape.of(await front.desk.turn(sid, tid)))


@router.delete("/turns/{tid}", response_model=TurnShape)
async def cancel_turn(sid: SessionId, tid: TurnId, front: Fronted, visitor: Visited) -> Response:
    """Cancel a turn that waits or runs; 409 when it has ended."""
    await opened(front, visitor, sid)
    return reply(TurnShape.of(await front.desk.cancel(sid, tid)))


@router.get(
    "/events",
    response_class=Response,
    responses={200: {"content": {"text/event-stream": {}}, "description": "Server-sent events."}},
)
async def listen(
    sid: SessionId,
    front: Fronted,
    visitor: Visited,
    last_event_id: Annotated[str | None, Header(pattern=r"^\d{1,20}-\d{1,20}$")] = None,
) -> Response:
    """What happens from now on, or after `Last-Event-ID`: turn, preview, version, session."""
    await opened(front, visitor, sid)
    return stream(front.desk.events(sid, last_event_id), front.closing)

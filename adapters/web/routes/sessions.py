"""Sessions: open one, list them, see one whole."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from adapters.web.front import Front, Fronted, Visited, opened
from adapters.web.intake import read_json
from adapters.web.routes.common import REFUSALS, SessionId
from adapters.web.shapes import (
    AssetShape,
    NewSession,
    SessionPage,
    SessionRow,
    SessionShape,
    TurnShape,
    VersionShape,
    WholeSession,
    reply,
)
from adapters.web.visitor import Visitor
from core.errors import NotFound
from core.session.models import Session

_PAGES_LOOKED_THROUGH = 10

router = APIRouter(prefix="/api/sessions", tags=["sessions"], responses=REFUSALS)

_BODY: dict[str, Any] = {
    "requestBody": {"content": {"application/json": {"schema": NewSession.model_json_schema()}}}
}


@router.post("", status_code=201, response_model=SessionShape, openapi_extra=_BODY)
async def open_session(request: Request, front: Fronted, visitor: Visited) -> Response:
    """Open a new session."""
    actor = visitor.known()
    wish = await read_json(request, NewSession)
    session = await front.desk.open_session(None, actor, title=wish.title.strip())
    return reply(SessionShape.of(session), 201, {"Location": f"/api/sessions/{session.id}"})


@router.get("", response_model=SessionPage)
async def list_sessions(
    front: Fronted,
    visitor: Visited,
    limit: Annotated[int, Query(ge=1, le=100)] = 30,
    before: Annotated[str | None, Query(max_length=64)] = None,
) -> Response:
    """Sessions, the latest touched first."""
    found, after = await _visible(front, visitor, limit, before)
    rows = await asyncio.gather(*(_row(front, session) for session in found))
    return reply(SessionPage(sessions=tuple(rows), next=after))


@router.get("/{sid}", response_model=WholeSession)
async def show_session(sid: SessionId, front: Fronted, visitor: Visited) -> Response:
    """A session with all its turns and versions."""
    session = await opened(front, visitor, sid)
    # One after the other: whatever a turn or the head names is then among the versions.
    turns = await front.desk.turns(sid)
    versions = await front.desk.versions(sid)
    return reply(
        WholeSession.of(session).model_copy(
            update={
                "turns": tuple(TurnShape.of(turn) for turn in turns),
                "versions": tuple(VersionShape.of(version) for version in versions),
            }
        )
    )


async def _visible(
    front: Front, visitor: Visitor, limit: int, before: str | None
) -> tuple[list[Session], str | None]:
    """A page of the sessions that a visitor may open, and the cursor of the next."""
    if visitor.everything:
        return await front.desk.sessions(limit=limit, before=before)
    if visitor.actor is None:
        return await _linked(front, visitor), None
    found: list[Session] = []
    for _ in range(_PAGES_LOOKED_THROUGH):
        page, before = await front.desk.sessions(limit=limit, before=before)
        found += [session for session in page if visitor.may_open(session)]
        if before is None or len(found) >= limit:
            break
    return found, before


async def _linked(front: Front, visitor: Visitor) -> list[Session]:
    found = []
    for sid in visitor.linked:
        try:
            found.append(await front.desk.session(sid))
        except NotFound:
            continue
    return sorted(found, key=lambda session: session.updated_at, reverse=True)


async def _row(front: Front, session: Session) -> SessionRow:
    try:
        head = await front.desk.version(session.head) if session.head else None
    except NotFound:
        head = None
    return SessionRow.with_head(session, AssetShape.of(head.asset) if head else None)

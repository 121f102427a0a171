"""Server-sent events over a real socket: names, ids, shapes, going on, letting go."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from adapters.web import sse
from adapters.web.app import end_streams
from core.errors import Unavailable
from core.session.models import Session, Turn
from core.turns.request import Event
from tests.contract.loopback_server import listening
from tests.unit.web.desk_double import YOU, DeskDouble, Workspace, picture


@dataclass
class Heard:
    id: str
    type: str
    data: dict[str, Any]


@pytest.fixture
async def browser(workspace: Workspace) -> AsyncIterator[httpx.AsyncClient]:
    async with (
        listening(workspace.app()) as address,
        httpx.AsyncClient(base_url=address, timeout=10) as client,
    ):
        yield client


async def heard(answer: httpx.Response) -> AsyncGenerator[Heard, None]:
    fields: dict[str, str] = {}
    async for line in answer.aiter_lines():
        name, _, value = line.partition(": ")
        if line == "" and "data" in fields:
            yield Heard(fields.get("id", ""), fields["event"], json.loads(fields["data"]))
        fields = {} if line == "" else fields | {name: value}


def turn_of(session: Session) -> Turn:
    return Turn(id="t" + 20 * "a", session_id=session.id, number=1, actor=YOU, text="a mug")


async def test_a_listener_hears_the_session_and_then_what_happens(
    browser: httpx.AsyncClient, desk: DeskDouble, session: Session
) -> None:
    turn = turn_of(session)
    version = desk.draw(session, picture())
    preview = {"turn_id": turn.id, "sha256": None, "mime": None, "index": 1}
    async with browser.stream("GET", f"/api/sessions/{session.id}/events") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        events = heard(answer)
        first = await anext(events)
        assert (first.type, first.data["id"]) == ("session", session.id)
        await desk.tell(session.id, "turn", turn.model_dump(mode="json"))
        await desk.tell(session.id, "preview", preview)
        await desk.tell(session.id, "version", version.model_dump(mode="json"))
        told = [await anext(events) for _ in range(3)]
        await events.aclose()
    assert [(event.id, event.type) for event in told] == [
        ("1-1", "turn"),
        ("1-2", "preview"),
        ("1-3", "version"),
    ]
    assert told[0].data["text"] == "a mug"
    assert "schema_version" not in told[0].data
    assert "actor" not in told[0].data
    assert told[1].data == preview
    assert told[2].data["asset"]["sha256"] == version.asset.sha256


async def test_a_listener_who_comes_back_goes_on_where_he_was(
    browser: httpx.AsyncClient, desk: DeskDouble, session: Session
) -> None:
    for _ in range(3):
        await desk.tell(session.id, "turn", turn_of(session).model_dump(mode="json"))
    headers = {"Last-Event-ID": "1-1"}
    place = f"/api/sessions/{session.id}/events"
    async with browser.stream("GET", place, headers=headers) as answer:
        events = heard(answer)
        assert [(await anext(events)).id for _ in range(3)] == ["1-1", "1-2", "1-3"]
        await events.aclose()


async def test_a_listener_who_leaves_is_let_go(
    browser: httpx.AsyncClient, desk: DeskDouble, session: Session
) -> None:
    async with browser.stream("GET", f"/api/sessions/{session.id}/events") as answer:
        await anext(aiter(answer.aiter_lines()))
        await desk.until_listeners(1)
    await desk.until_listeners(0)


async def test_a_quiet_stream_has_a_heartbeat(
    browser: httpx.AsyncClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sse, "HEARTBEAT_SECONDS", 0.05)
    async with browser.stream("GET", f"/api/sessions/{session.id}/events") as answer:
        async for line in answer.aiter_lines():
            if line.startswith(": ping"):
                break
        else:
            pytest.fail("the stream ended without a heartbeat")


async def test_a_server_that_stops_lets_its_listeners_go(
    workspace: Workspace, desk: DeskDouble, session: Session
) -> None:
    app = workspace.app()
    async with (
        listening(app) as address,
        httpx.AsyncClient(base_url=address, timeout=10) as client,
        client.stream("GET", f"/api/sessions/{session.id}/events") as answer,
    ):
        events = heard(answer)
        await anext(events)
        end_streams(app)
        assert [event async for event in events] == []
        await desk.until_listeners(0)


async def test_a_stream_ends_cleanly_when_the_store_goes_away(
    browser: httpx.AsyncClient, desk: DeskDouble, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(sid: str, after: str | None) -> AsyncIterator[Event]:
        yield Event(id="1-1", type="session", data=session.model_dump(mode="json"))
        raise Unavailable("The store is away.")

    monkeypatch.setattr(desk, "events", broken)
    async with browser.stream("GET", f"/api/sessions/{session.id}/events") as answer:
        assert [event.id async for event in heard(answer)] == ["1-1"]


@pytest.mark.parametrize(
    ("sid", "last", "status"), [("s" + 20 * "0", "1-1", 404), (None, "yesterday", 400)]
)
async def test_a_listener_is_refused_before_the_stream_begins(
    browser: httpx.AsyncClient, session: Session, sid: str | None, last: str, status: int
) -> None:
    place = f"/api/sessions/{sid or session.id}/events"
    answer = await browser.get(place, headers={"Last-Event-ID": last})
    assert (answer.status_code, set(answer.json())) == (status, {"error"})

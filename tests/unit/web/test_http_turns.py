"""Turns over HTTP: what comes in reaches the core as it was meant, within bounds."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from core.instruction.plan import TurnOptions
from core.session.models import Session, TurnState
from tests.unit.web.desk_double import YOU, DeskDouble, Workspace, picture


@pytest.fixture
def turns(session: Session) -> str:
    return f"/api/sessions/{session.id}/turns"


def words(answer: httpx.Response) -> str:
    return str(answer.json()["error"]["message"])


async def test_a_form_with_pictures_becomes_a_turn(
    client: httpx.AsyncClient, desk: DeskDouble, session: Session, turns: str
) -> None:
    version = desk.draw(session, picture())
    mask = picture("white")
    answer = await client.post(
        turns,
        data={"text": "make it “navy”\nplease", "version": "v1", "options": '{"n": 2}'},
        files=[
            ("files", ("a.png", picture("blue"), "image/png")),
            ("files", ("b.exe", picture("green"), "text/html")),
            ("mask", ("mask.png", mask, "image/png")),
        ],
    )
    (asked,) = desk.requests
    assert answer.status_code == 202
    assert answer.headers["location"] == f"{turns}/{answer.json()['id']}"
    assert (asked.thread, asked.actor) == (session.thread, YOU)
    assert asked.text == "make it “navy”\nplease"
    assert [(f.name, f.data) for f in asked.files] == [
        ("a.png", picture("blue")),
        ("b.exe", picture("green")),
    ]
    assert (asked.mask, asked.acts_on, asked.options.n) == (mask, version.id, 2)


async def test_json_is_taken_as_well(
    client: httpx.AsyncClient, desk: DeskDouble, session: Session, turns: str
) -> None:
    version = desk.draw(session, picture())
    body = {"text": "4x", "version": version.id, "options": {"transparent": True}}
    answer = await client.post(turns, json=body)
    assert (answer.status_code, answer.json()["state"]) == (202, "queued")
    progress = answer.json()["progress"]
    assert (progress["stage"], progress["queue_place"]) == ("waiting", 0)
    assert desk.requests[0].options == TurnOptions(transparent=True)
    assert desk.requests[0].acts_on == version.id


async def test_the_same_key_is_one_turn_and_no_key_is_always_a_new_one(
    client: httpx.AsyncClient, desk: DeskDouble, session: Session, turns: str
) -> None:
    keyed = [
        await client.post(turns, json={"text": "x"}, headers={"Idempotency-Key": "k1"})
        for _ in range(3)
    ]
    free = [await client.post(turns, json={"text": "x"}) for _ in range(2)]
    assert len({answer.json()["id"] for answer in keyed}) == 1
    assert len({answer.json()["id"] for answer in free}) == 2
    assert len(desk.kept[session.id]) == 3


async def test_the_time_to_the_acknowledgement_is_counted(
    client: httpx.AsyncClient, workspace: Workspace, turns: str
) -> None:
    await client.post(turns, json={"text": "x"})
    (seconds,) = workspace.counters.acks
    assert 0 < seconds < 5


BAD: list[tuple[dict[str, Any], int, str]] = [
    ({"json": {"text": "x", "colour": "red"}}, 400, "“colour” is not right"),
    ({"json": {"text": "x", "options": {"n": 11}}}, 400, "“options.n” is not right"),
    ({"data": {"text": "x", "options": "{"}, "files": {}}, 400, "not right"),
    ({"files": {"file": b"x"}}, 400, "no field “file”"),
    ({"files": {"options": b"{"}}, 400, "“options” is not right"),
    ({"files": {"options": b'{"size": "big"}'}}, 400, "“size” is not right"),
    ({"files": {"text": b"\xff\xfe"}}, 400, "no UTF-8"),
    ({"files": [("text", b"a"), ("text", b"b")]}, 400, "came twice"),
    ({"files": [("mask", b"a"), ("mask", b"b")]}, 400, "came twice"),
    ({"files": {"text": 64_001 * b"a"}}, 413, "too long"),
    ({"json": {"text": 256_000 * "a"}}, 413, "too much text"),
    ({"json": {"text": "x", "version": "v0"}}, 404, "There is no"),
    ({"json": {"text": "x", "version": "first"}}, 404, "no version “first”"),
    ({"json": {"text": "x", "version": "s00.v1"}}, 404, "no version “s00.v1”"),
    ({"files": [("files", (f"{n}.png", b"x")) for n in range(17)]}, 413, "more than 16 files"),
    ({"json": {"text": " "}}, 400, "Say what to draw"),
    ({"content": b"x", "headers": {"content-type": "multipart/form-data"}}, 400, "not arrive"),
    (
        {"content": b"x", "headers": {"content-type": "multipart/form-data; boundary=a"}},
        400,
        "did not arrive whole",
    ),
    (
        {
            "content": b'--a\r\nContent-Disposition: form-data; name="text"\r\n\r\nhel',
            "headers": {"content-type": "multipart/form-data; boundary=a"},
        },
        400,
        "did not arrive whole",
    ),
]


@pytest.mark.parametrize(("sent", "status", "said"), BAD)
async def test_bad_input_is_answered_in_words_and_changes_nothing(
    client: httpx.AsyncClient,
    desk: DeskDouble,
    session: Session,
    turns: str,
    sent: dict[str, Any],
    status: int,
    said: str,
) -> None:
    answer = await client.post(turns, **sent)
    assert (answer.status_code, said in words(answer)) == (status, True), answer.text
    assert desk.kept[session.id] == []


async def test_a_file_field_left_empty_in_a_form_is_no_file(
    client: httpx.AsyncClient, desk: DeskDouble, turns: str
) -> None:
    body = (
        b'--a\r\nContent-Disposition: form-data; name="text"\r\n\r\na mug\r\n'
        b'--a\r\nContent-Disposition: form-data; name="files"; filename=""\r\n\r\n\r\n--a--\r\n'
    )
    headers = {"content-type": "multipart/form-data; boundary=a"}
    assert (await client.post(turns, content=body, headers=headers)).status_code == 202
    assert desk.requests[0].files == ()


async def test_a_file_past_the_limit_is_refused_while_it_comes_and_never_kept(
    session: Session, workspace: Workspace, turns: str
) -> None:
    workspace.limits = replace(workspace.limits, max_file_bytes=2_000_000)
    head = b'--a\r\nContent-Disposition: form-data; name="files"; filename="big.png"\r\n\r\n'
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        yield head
        while True:
            sent += 500_000
            yield bytes(500_000)

    headers = {"content-type": "multipart/form-data; boundary=a"}
    async with workspace.client() as client:
        answer = await client.post(turns, content=endless(), headers=headers)
    assert answer.status_code == 413
    assert words(answer) == "“big.png” is larger than 2 MB."
    assert sent < 4_000_000


async def test_a_turn_is_shown_and_cancelled_once(
    client: httpx.AsyncClient, desk: DeskDouble, turns: str
) -> None:
    asked = (await client.post(turns, json={"text": "x"})).json()
    place = f"{turns}/{asked['id']}"
    assert (await client.get(place)).json() == asked
    cancelled = await client.delete(place)
    assert (cancelled.status_code, cancelled.json()["state"]) == (200, TurnState.CANCELLED)
    again = await client.delete(place)
    assert (again.status_code, again.json()["error"]["code"]) == (409, "turn_ended")


@pytest.mark.parametrize("tid", ["t" + 20 * "0", "nonsense"])
@pytest.mark.parametrize("method", ["GET", "DELETE"])
async def test_an_unknown_turn_is_not_found(
    client: httpx.AsyncClient, turns: str, method: str, tid: str
) -> None:
    answer = await client.request(method, f"{turns}/{tid}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


async def test_a_turn_shows_what_the_contract_names_and_nothing_else(
    client: httpx.AsyncClient, turns: str
) -> None:
    shown = (await client.post(turns, json={"text": "x"})).json()
    assert set(shown) == {
        *("id", "session_id", "number", "state", "text", "plan", "model", "versions", "error"),
        *("cost_usd", "notes", "created_at", "started_at", "finished_at"),
        *("echo", "progress", "inputs", "subject", "options", "means", "shows", "enclosed"),
    }


async def test_a_version_shows_what_the_contract_names_and_nothing_else(
    client: httpx.AsyncClient, desk: DeskDouble, session: Session
) -> None:
    desk.draw(session, picture())
    (shown,) = (await client.get(f"/api/sessions/{session.id}")).json()["versions"]
    assert set(shown) == {
        *("id", "name", "parents", "turn_id", "operation", "model", "asset"),
        *("drift", "alpha_report", "recipe"),
    }
    assert set(shown["asset"]) == {"sha256", "mime", "width", "height", "bytes", "alpha"}
    assert "details" not in shown["recipe"]
    assert json.dumps(shown).count("schema_version") == 0

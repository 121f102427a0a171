"""Refusals and failures: one shape for all, a wait where waiting helps, no traceback for people."""

from __future__ import annotations

import httpx
import pytest
from structlog.testing import capture_logs

from core.errors import (
    BadPicture,
    DiskFull,
    EaselError,
    EngineError,
    EngineFault,
    QueueFull,
    Unavailable,
)
from core.session.models import Session
from tests.unit.web.desk_double import DeskDouble, Workspace

POLICY = "content-security-policy"


@pytest.mark.parametrize(
    ("refusal", "status", "wait"),
    [
        (QueueFull("Full.", hint="Wait."), 429, "5"),
        (Unavailable("Away.", hint="Wait."), 503, "5"),
        (DiskFull("No room.", hint="Make some."), 507, None),
        (BadPicture("Broken.", hint="Send another."), 415, None),
        (EngineError("Busy.", kind=EngineFault.RATE_LIMITED, retry_after=12.4), 502, "12"),
    ],
)
async def test_refusals_of_the_core_keep_their_status_and_words(
    client: httpx.AsyncClient,
    desk: DeskDouble,
    session: Session,
    refusal: EaselError,
    status: int,
    wait: str | None,
) -> None:
    desk.refusal = refusal
    answer = await client.post(f"/api/sessions/{session.id}/turns", json={"text": "x"})
    assert (answer.status_code, answer.headers.get("retry-after")) == (status, wait)
    told = {"code": refusal.code, "message": refusal.message, "hint": refusal.hint}
    assert answer.json() == {"error": told}


async def test_what_only_an_operator_should_read_goes_to_the_log(
    client: httpx.AsyncClient, desk: DeskDouble, session: Session
) -> None:
    desk.refusal = Unavailable("Away.", admin="redis://10.0.0.1 refused")
    with capture_logs() as lines:
        answer = await client.post(f"/api/sessions/{session.id}/turns", json={"text": "x"})
    assert "redis" not in answer.text
    assert [line["admin"] for line in lines] == ["redis://10.0.0.1 refused"]


async def test_what_nobody_foresaw_is_logged_and_answered_kindly(
    client: httpx.AsyncClient, desk: DeskDouble, session: Session
) -> None:
    desk.refusal = RuntimeError("a secret detail")
    with capture_logs() as lines:
        answer = await client.post(f"/api/sessions/{session.id}/turns", json={"text": "x"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "internal")
    assert "secret" not in answer.text
    assert answer.headers[POLICY]
    assert [(line["event"], line["exc_info"]) for line in lines] == [("request_failed", True)]


@pytest.mark.parametrize(
    ("method", "place", "status", "code"),
    [
        ("GET", "/nothing", 404, "not_found"),
        ("GET", "/api/nothing", 404, "not_found"),
        ("GET", "/api/sessions/", 404, "not_found"),
        ("GET", "/static/nothing.js", 404, "not_found"),
        ("GET", "/static/../app.py", 404, "not_found"),
        ("GET", "/static/%2e%2e/app.py", 404, "not_found"),
        ("GET", "/docs", 404, "not_found"),
        ("PUT", "/api/sessions", 405, "method_not_allowed"),
    ],
)
async def test_wrong_addresses_are_answered_in_the_same_shape(
    client: httpx.AsyncClient, method: str, place: str, status: int, code: str
) -> None:
    answer = await client.request(method, place)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert answer.json()["error"]["message"]


async def test_a_method_that_is_not_there_names_those_that_are(client: httpx.AsyncClient) -> None:
    answer = await client.put("/api/sessions")
    assert set(answer.headers["allow"].split(", ")) & {"GET", "POST"}


async def test_readiness_names_the_parts_that_are_away(
    client: httpx.AsyncClient, workspace: Workspace
) -> None:
    workspace.counters.away = ["store", "pictures"]
    answer = await client.get("/readyz")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert answer.json()["error"] == {
        "code": "not_ready",
        "message": "Away: store, pictures.",
        "hint": "",
    }
    assert (await client.get("/healthz")).status_code == 200


@pytest.mark.parametrize("place", ["/", "/nothing", "/api/models", "/healthz", "/static/icon.svg"])
async def test_every_answer_carries_the_safety_headers(
    client: httpx.AsyncClient, place: str
) -> None:
    headers = (await client.get(place)).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    policy = headers[POLICY]
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


async def test_the_page_and_its_parts_have_the_right_types_and_are_asked_for_again(
    client: httpx.AsyncClient,
) -> None:
    for place, kind in (
        ("/", "text/html; charset=utf-8"),
        ("/static/js/api.js", "text/javascript; charset=utf-8"),
        ("/static/icon.svg", "image/svg+xml; charset=utf-8"),
    ):
        answer = await client.get(place)
        assert (answer.status_code, answer.headers["content-type"]) == (200, kind), place
        assert answer.headers["cache-control"] == "no-cache"
        tag = {"If-None-Match": answer.headers["etag"]}
        assert (await client.get(place, headers=tag)).status_code == 304

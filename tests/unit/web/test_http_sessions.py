"""Sessions over HTTP: opening, listing, seeing one whole."""

from __future__ import annotations

import httpx
import pytest

from core.session.models import Session
from tests.unit.web.desk_double import YOU, DeskDouble, picture


async def test_a_session_is_opened_for_the_person_at_the_machine(
    client: httpx.AsyncClient, desk: DeskDouble
) -> None:
    answer = await client.post("/api/sessions", json={"title": "Mugs"})
    shown = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/api/sessions/{shown['id']}"
    assert (shown["title"], shown["head"]) == ("Mugs", None)
    assert desk.known[shown["id"]].owner == YOU


async def test_a_session_needs_no_body(client: httpx.AsyncClient) -> None:
    assert (await client.post("/api/sessions")).status_code == 201


@pytest.mark.parametrize("body", [b"{", b'{"title": 3}', b'{"colour": "red"}', b"\xff", b"[]"])
async def test_a_wrong_body_is_answered_in_words(client: httpx.AsyncClient, body: bytes) -> None:
    answer = await client.post("/api/sessions", content=body)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "bad_input"
    assert "not right" in answer.json()["error"]["message"]


async def test_the_list_shows_each_head_and_goes_on_page_by_page(
    client: httpx.AsyncClient, desk: DeskDouble
) -> None:
    opened = [await desk.open_session(f"web:{n}", YOU, title=f"{n}") for n in range(5)]
    version = desk.draw(opened[4], picture())
    first = (await client.get("/api/sessions", params={"limit": 2})).json()
    assert [row["title"] for row in first["sessions"]] == ["4", "3"]
    assert first["sessions"][0]["thumbnail"]["sha256"] == version.asset.sha256
    assert first["sessions"][1]["thumbnail"] is None
    rest = (await client.get("/api/sessions", params={"before": first["next"]})).json()
    assert [row["title"] for row in rest["sessions"]] == ["2", "1", "0"]
    assert rest["next"] is None


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=many", "before=nowhere"])
async def test_a_wrong_place_in_the_list_is_bad_input(
    client: httpx.AsyncClient, query: str
) -> None:
    answer = await client.get(f"/api/sessions?{query}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_input")


async def test_a_session_is_shown_whole(
    client: httpx.AsyncClient, desk: DeskDouble, session: Session
) -> None:
    asked = await client.post(f"/api/sessions/{session.id}/turns", json={"text": "a mug"})
    version = desk.draw(session, picture(), asked.json()["id"])
    whole = (await client.get(f"/api/sessions/{session.id}")).json()
    assert whole["head"] == version.id
    assert [turn["text"] for turn in whole["turns"]] == ["a mug"]
    assert [(v["id"], v["turn_id"]) for v in whole["versions"]] == [(version.id, version.turn_id)]


@pytest.mark.parametrize("sid", ["s" + 20 * "0", "nonsense", "s{}", "%2e%2e"])
async def test_an_unknown_session_is_not_found(client: httpx.AsyncClient, sid: str) -> None:
    answer = await client.get(f"/api/sessions/{sid}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


async def test_the_list_of_models_says_what_each_can_do(client: httpx.AsyncClient) -> None:
    (model,) = (await client.get("/api/models")).json()["models"]
    assert (model["id"], model["usable"], model["missing"]) == ("fake", True, "")
    assert model["capabilities"]["operations"] == ["edit", "generate", "inpaint", "vary"]
    assert model["price"]["free"] is True

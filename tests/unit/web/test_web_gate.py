"""Who is let in: people at the machine, holders of links, people named by a trusted proxy."""

from __future__ import annotations

import ipaddress
from typing import Any

import httpx
import pytest

from adapters.web.gate import COOKIE, KEPT_LINKS, LOCAL, Call, Gate, TrustedProxy
from adapters.web.links import EVERYTHING, Links
from core.errors import NotAllowed
from core.session.models import Actor, Session
from core.turns.request import TurnRequest
from tests.unit.web.desk_double import DeskDouble, Workspace, picture

SECRET = "a secret that is long enough"
ANNA = Actor(id="slack:T1:anna", name="Anna")
PUBLIC = "https://easel.example"


def call(method: str = "GET", **headers: str) -> Call:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Call(method, {"host": "localhost:8080"} | named, {}, "127.0.0.1")


def refusal(gate: Gate, asked: Call) -> str:
    with pytest.raises(NotAllowed) as refused:
        gate.admit(asked)
    assert refused.value.hint
    return refused.value.code


@pytest.mark.parametrize("host", ["localhost:8080", "127.0.0.1", "127.3.2.1:80", "[::1]:8080"])
def test_the_person_at_the_machine_needs_no_sign_in(host: str) -> None:
    visitor = Gate(open_locally=True).admit(call(host=host))
    assert (visitor.known(), visitor.everything) == (LOCAL, True)


@pytest.mark.parametrize(
    "host",
    ["evil.example", "localhost.evil.example:8080", "127.0.0.1.evil.example", "", "[::1", "a b"],
)
def test_a_foreign_name_that_leads_to_this_machine_is_refused(host: str) -> None:
    assert refusal(Gate(open_locally=True), call(host=host)) == "wrong_host"


@pytest.mark.parametrize(
    ("asked", "comes_in"),
    [
        (call("POST"), True),
        (call("POST", origin="http://localhost:8080"), True),
        (call("POST", origin="http://localhost:8080", sec_fetch_site="same-origin"), True),
        (call("POST", origin="http://localhost:3000"), False),
        (call("POST", origin="http://evil.example"), False),
        (call("POST", origin="null"), False),
        (call("DELETE", origin="http://evil.example"), False),
        (call("POST", sec_fetch_site="cross-site"), False),
        (call("POST", sec_fetch_site="same-site"), False),
        (call("GET", sec_fetch_site="cross-site", sec_fetch_mode="no-cors"), False),
        (call("GET", sec_fetch_site="same-site", sec_fetch_mode="cors"), False),
        (call("GET", sec_fetch_site="cross-site", sec_fetch_mode="navigate"), True),
        (call("GET", sec_fetch_site="none", sec_fetch_mode="navigate"), True),
    ],
)
def test_pages_of_other_sites_cannot_act(asked: Call, comes_in: bool) -> None:
    gate = Gate(open_locally=True)
    if comes_in:
        assert gate.admit(asked).everything
    else:
        assert refusal(gate, asked) == "wrong_origin"


@pytest.mark.parametrize(
    "asked",
    [call(host="easel.example"), call(x_forwarded_for="203.0.113.9"), call(forwarded="for=x")],
)
def test_who_comes_through_a_proxy_does_not_sit_at_the_machine(asked: Call) -> None:
    assert refusal(Gate(open_locally=True, public_url=PUBLIC), asked) == "sign_in"


def test_elsewhere_nobody_comes_in_unnamed() -> None:
    assert refusal(Gate(open_locally=False), call()) == "sign_in"
    assert refusal(Gate(open_locally=False, links=Links(SECRET)), call()) == "sign_in"


def test_a_public_name_is_the_only_one() -> None:
    gate = Gate(open_locally=False, public_url=PUBLIC, links=Links(SECRET))
    assert refusal(gate, call(host="other.example")) == "wrong_host"
    gate.check_site(call("POST", host="easel.example", origin=PUBLIC))


@pytest.mark.parametrize(
    ("peer", "header", "name"),
    [
        ("10.0.0.7", "x-user", "anna"),
        ("10.0.1.7", "x-user", None),
        ("", "x-user", None),
        ("10.0.0.7", "x-other", None),
    ],
)
def test_only_the_trusted_proxy_names_people(peer: str, header: str, name: str | None) -> None:
    proxy = TrustedProxy("X-User", (ipaddress.ip_network("10.0.0.0/24"),))
    gate = Gate(open_locally=False, proxy=proxy)
    asked = Call("GET", {"host": "easel", header: "anna"}, {}, peer)
    if name is None:
        assert refusal(gate, asked) == "sign_in"
    else:
        visitor = gate.admit(asked)
        assert (visitor.known(), visitor.everything) == (
            Actor(id="web:user:anna", name="anna"),
            False,
        )


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def test_a_link_opens_its_session_until_it_expires() -> None:
    clock = Clock()
    links = Links(SECRET, clock)
    token = links.make("s1", ANNA, 60)
    assert (links.read(token).session, links.read(token).actor) == ("s1", ANNA)
    clock.now += 60
    with pytest.raises(NotAllowed) as refused:
        links.read(token)
    assert refused.value.code == "link_expired"


@pytest.mark.parametrize("token", ["", ".", "a.b", "é.ü", "e30.e30", 900 * "A"])
def test_a_made_up_link_is_refused(token: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        Links(SECRET).read(token)
    assert refused.value.code == "link_invalid"


def test_a_changed_link_is_refused() -> None:
    links = Links(SECRET)
    token = links.make("s1", ANNA, 60)
    content, _, signature = token.partition(".")
    other, _, foreign = links.make("s2", ANNA, 60).partition(".")
    assert links.read(f"{other}.{foreign}").session == "s2"
    for made_up in (f"{other}.{signature}", f"{content}.{foreign}", f"{content}."):
        with pytest.raises(NotAllowed):
            links.read(made_up)
    with pytest.raises(NotAllowed):
        Links(f"another {SECRET}").read(token)


@pytest.fixture
def links(workspace: Workspace) -> Links:
    links = Links(SECRET)
    workspace.gate = Gate(open_locally=False, public_url=PUBLIC, links=links)
    return links


def at(**more: Any) -> dict[str, Any]:
    return {"base_url": PUBLIC, "follow_redirects": False} | more


async def test_opening_a_link_leads_to_its_session_and_to_no_other(
    workspace: Workspace, desk: DeskDouble, links: Links, session: Session
) -> None:
    other = await desk.open_session("web:two", ANNA)
    other_version = desk.draw(other, picture())
    request = TurnRequest(thread=other.thread, event_keys=("k",), actor=ANNA, text="a secret")
    other_turn = await desk.accept(request)
    async with workspace.client(**at()) as client:
        assert (await client.get(f"/api/sessions/{session.id}")).status_code == 403
        opened = await client.get(f"/open/{links.make(session.id, ANNA, 60)}")
        assert (opened.status_code, opened.headers["location"]) == (303, f"/#/s/{session.id}")
        cookie = opened.headers["set-cookie"]
        assert all(part in cookie for part in ("HttpOnly", "SameSite=lax", "Secure"))

        shown = (await client.get("/api/sessions")).json()
        assert [row["id"] for row in shown["sessions"]] == [session.id]
        assert (await client.get(f"/api/sessions/{session.id}")).status_code == 200
        asked = await client.post(f"/api/sessions/{session.id}/turns", json={"text": "x"})
        assert (asked.status_code, desk.requests[-1].actor) == (202, ANNA)

        closed = f"/api/sessions/{other.id}"
        for place in (closed, f"{closed}/events", f"{closed}/turns/{other_turn.id}"):
            assert (await client.get(place)).status_code == 404
        assert (await client.post(f"{closed}/turns", json={"text": "x"})).status_code == 404
        assert (await client.delete(f"{closed}/turns/{other_turn.id}")).status_code == 404
        recipe = {"download": "x", "version": other_version.id}
        place = f"/api/assets/{other_version.asset.sha256}"
        assert (await client.get(place, params=recipe)).status_code == 404
        assert (await client.post("/api/sessions")).json()["error"]["code"] == "link_only"
        assert (await client.get("/metrics")).json()["error"]["code"] == "operator_only"


async def test_several_links_are_held_beside_each_other_up_to_a_bound(
    workspace: Workspace, desk: DeskDouble, links: Links
) -> None:
    opened = [await desk.open_session(f"web:{n}", ANNA) for n in range(KEPT_LINKS + 1)]
    async with workspace.client(**at()) as client:
        for session in opened:
            await client.get(f"/open/{links.make(session.id, ANNA, 60)}")
        shown = (await client.get("/api/sessions")).json()["sessions"]
        assert {row["id"] for row in shown} == {session.id for session in opened[1:]}
        assert len(client.cookies[COOKIE]) < 4_000


async def test_an_operators_link_opens_everything(
    workspace: Workspace, links: Links, session: Session
) -> None:
    headers = {"Authorization": f"Bearer {links.make(EVERYTHING, ANNA, 60)}"}
    async with workspace.client(**at(headers=headers)) as client:
        assert (await client.get(f"/api/sessions/{session.id}")).status_code == 200
        assert (await client.get("/metrics")).content.startswith(b"easel_")
        assert (await client.post("/api/sessions")).status_code == 201


async def test_people_named_by_a_proxy_see_their_own_sessions(
    workspace: Workspace, desk: DeskDouble, session: Session
) -> None:
    proxy = TrustedProxy("X-User", (ipaddress.ip_network("127.0.0.0/8"),))
    workspace.gate = Gate(open_locally=False, proxy=proxy)
    for n in range(7):
        await desk.open_session(f"web:b{n}", Actor(id="web:user:ben"))
        await desk.open_session(f"web:a{n}", Actor(id="web:user:anna"))
    async with workspace.client(headers={"X-User": "anna"}) as client:
        made = (await client.post("/api/sessions")).json()["id"]
        found: list[str] = []
        page: dict[str, Any] = {"next": "0"}
        while page["next"]:
            query = {"limit": "3", "before": page["next"]}
            page = (await client.get("/api/sessions", params=query)).json()
            found += [row["id"] for row in page["sessions"]]
        assert found[0] == made
        assert [desk.known[sid].owner.id for sid in found] == 8 * ["web:user:anna"]
        assert (await client.get(f"/api/sessions/{session.id}")).status_code == 404


async def test_a_wrong_link_says_so_and_sets_no_cookie(workspace: Workspace, links: Links) -> None:
    async with workspace.client(**at()) as client:
        answer = await client.get("/open/made-up")
    assert answer.json()["error"]["code"] == "link_invalid"
    assert "set-cookie" not in answer.headers


async def test_where_links_are_not_in_use_none_opens(client: httpx.AsyncClient) -> None:
    assert (await client.get("/open/any")).json()["error"]["code"] == "no_links"


async def test_probes_are_answered_under_any_name(workspace: Workspace) -> None:
    async with workspace.client(base_url="http://10.1.2.3:8080") as client:
        assert (await client.get("/healthz")).json() == {"status": "ok"}
        assert (await client.get("/readyz")).status_code == 200
        assert (await client.get("/metrics")).json()["error"]["code"] == "wrong_host"

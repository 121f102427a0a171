"""The catalog over HTTP: what a card shows, models that people add, what was spent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import httpx
import pytest

from adapters.web.gate import Gate, TrustedProxy
from adapters.web.links import Links
from core.engines.fake import FakeEngine
from core.engines.port import Capabilities, ModelCard, PriceRule, SizeRule, Traits
from core.errors import BadInput, EngineError, EngineFault, Unavailable
from core.session.models import Actor, ErrorInfo, Session, Turn, TurnState
from tests.unit.web.desk_double import DeskDouble, Workspace, picture

FLOWERS = ModelCard(
    id="garden/flowers",
    engine="garden",
    title="Flowers",
    capabilities=Capabilities(operations=frozenset({"generate", "edit"}), scales=(2, 4)),
    price=PriceRule(known=False),
    found=True,
)
CURATED = ModelCard(
    id="garden/roses",
    engine="garden",
    title="Roses",
    capabilities=Capabilities(
        operations=frozenset({"upscale", "generate"}),
        sizes=SizeRule(kind="fixed", sizes=((1024, 1024), (1536, 1024))),
    ),
    traits=Traits(rendering="free", subjects=("rose",)),
    price=PriceRule(each=0.04),
    usable=False,
    missing="no key",
)


class Garden(FakeEngine):
    """Lists one model, and finds another by its name unless `trouble` stands in the way."""

    def __init__(self) -> None:
        super().__init__(picture(), 8, 8, name="garden")
        self.trouble: Exception | None = None
        self.known: list[ModelCard] = []

    def models(self) -> Sequence[ModelCard]:
        return [CURATED, *self.known]

    async def find(self, name: str) -> ModelCard | None:
        if self.trouble is not None:
            raise self.trouble
        if name not in ("garden:garden/flowers", FLOWERS.id):
            return None
        self.known = [FLOWERS]
        return FLOWERS


@pytest.fixture
def garden(workspace: Workspace) -> Garden:
    engine = Garden()
    workspace.engines.append(engine)
    return engine


async def listed(client: httpx.AsyncClient) -> dict[str, dict[str, Any]]:
    answer = await client.get("/api/models")
    assert answer.status_code == 200
    return {model["id"]: model for model in answer.json()["models"]}


async def pin(client: httpx.AsyncClient, model: str) -> httpx.Response:
    return await client.post("/api/models", json={"model": model})


async def test_a_card_shows_all_that_a_page_needs(garden: Garden, workspace: Workspace) -> None:
    async with workspace.client() as client:
        shown = (await listed(client))[CURATED.id]
    assert shown["title"] == "Roses"
    assert shown["traits"]["rendering"] == "free"
    assert shown["traits"]["subjects"] == ["rose"]
    assert shown["price"]["words"] == "$0.04 a picture"
    assert (shown["price"]["each"], shown["price"]["known"]) == (0.04, True)
    assert shown["capabilities"]["operations"] == ["generate", "upscale"]
    assert shown["capabilities"]["size_words"] == "1024 × 1024, 1536 × 1024"
    assert (shown["usable"], shown["missing"]) == (False, "no key")
    assert (shown["found"], shown["pinned"]) == (False, False)


async def test_a_found_model_is_listed_while_it_is_pinned(
    garden: Garden, workspace: Workspace
) -> None:
    async with workspace.client() as client:
        assert FLOWERS.id not in await listed(client)
        answer = await pin(client, " garden:garden/flowers ")
        assert (answer.status_code, answer.json()["id"]) == (201, FLOWERS.id)
        assert workspace.pins.kept == {"local": {FLOWERS.id}}
        shown = (await listed(client))[FLOWERS.id]
        assert (shown["found"], shown["pinned"], shown["usable"]) == (True, True, True)
        assert shown["price"]["words"] == "price not published"
        gone = await client.delete(f"/api/models/{FLOWERS.id}")
        assert (gone.status_code, gone.content) == (204, b"")
        assert FLOWERS.id not in await listed(client)
        assert (await client.delete(f"/api/models/{FLOWERS.id}")).status_code == 404


async def test_a_pin_outlives_the_process_that_found_the_model(
    garden: Garden, workspace: Workspace
) -> None:
    await workspace.pins.add("local", FLOWERS.id)
    async with workspace.client() as client:
        assert (await listed(client))[FLOWERS.id]["usable"]


async def test_a_model_that_is_listed_anyway_is_not_pinned(
    garden: Garden, workspace: Workspace
) -> None:
    async with workspace.client() as client:
        answer = await pin(client, CURATED.id)
    assert (answer.status_code, answer.json()["pinned"]) == (201, False)
    assert workspace.pins.kept["local"] == set()


REFUSALS: list[tuple[Exception | None, str, int, str]] = [
    (None, "nobody/nothing", 404, "There is no model called “nobody/nothing” here."),
    (BadInput("That is not an image model."), FLOWERS.id, 400, "That is not an image model."),
    (EngineError("It is away.", kind=EngineFault.TRANSIENT), FLOWERS.id, 502, "It is away."),
    (None, " ", 400, "“model” is not right: string should have at least 1 character."),
    (None, "x" * 201, 400, "“model” is not right: string should have at most 200 characters."),
]


@pytest.mark.parametrize(("trouble", "name", "status", "words"), REFUSALS)
async def test_what_cannot_be_added_is_refused_in_words(
    garden: Garden,
    workspace: Workspace,
    trouble: Exception | None,
    name: str,
    status: int,
    words: str,
) -> None:
    garden.trouble = trouble
    async with workspace.client() as client:
        answer = await pin(client, name)
    assert (answer.status_code, answer.json()["error"]["message"]) == (status, words)
    assert workspace.pins.kept["local"] == set()


async def test_a_pinned_model_that_cannot_be_had_now_says_why_and_can_be_let_go(
    garden: Garden, workspace: Workspace
) -> None:
    garden.trouble = EngineError("The garden is closed.", kind=EngineFault.TRANSIENT)
    await workspace.pins.add("local", FLOWERS.id)
    async with workspace.client() as client:
        shown = (await listed(client))[FLOWERS.id]
        assert (shown["usable"], shown["missing"]) == (False, "The garden is closed")
        assert shown["pinned"]
        assert (await client.delete(f"/api/models/{FLOWERS.id}")).status_code == 204


async def test_the_list_is_there_without_the_store(garden: Garden, workspace: Workspace) -> None:
    workspace.pins.away = Unavailable("Away.")
    async with workspace.client() as client:
        assert CURATED.id in await listed(client)
        assert (await pin(client, FLOWERS.id)).status_code == 503


async def test_a_workspace_adds_a_hundred_models_and_no_more(
    garden: Garden, workspace: Workspace
) -> None:
    workspace.pins.kept["local"] = {f"garden/{number}" for number in range(100)}
    async with workspace.client() as client:
        answer = await pin(client, FLOWERS.id)
    assert (answer.status_code, len(workspace.pins.kept["local"])) == (409, 100)


async def test_who_holds_a_link_alone_neither_adds_nor_sees_what_others_spend(
    garden: Garden, workspace: Workspace, session: Session
) -> None:
    links = Links("a long secret text")
    workspace.gate = Gate(open_locally=False, links=links)
    await workspace.pins.add("T1", FLOWERS.id)
    token = links.make(session.id, Actor(id="slack:T1:U1", workspace="T1"), 60)
    async with workspace.client(headers={"Authorization": f"Bearer {token}"}) as client:
        assert (await listed(client))[FLOWERS.id]["pinned"]
        refused = [
            await pin(client, FLOWERS.id),
            await client.delete(f"/api/models/{FLOWERS.id}"),
            await client.get("/api/usage"),
        ]
    assert [answer.status_code for answer in refused] == [403, 403, 403]
    assert workspace.pins.kept["T1"] == {FLOWERS.id}


SPENT = {
    "total_usd": 3.0,
    "by_model": {"gpt-image-2": 3.0},
    "by_actor": {"web:user:ann": 1.25, "web:user:bob": 1.75},
    "by_channel": {"slack:C1": 3.0},
    "budgets": {"workspace_month": 10.0},
}


async def test_the_operator_sees_all_that_was_spent(workspace: Workspace) -> None:
    workspace.spent = SPENT
    async with workspace.client() as client:
        told = (await client.get("/api/usage", params={"month": "2026-10"})).json()
        assert (await client.get("/api/usage")).json()["month"] == "2026-11"
        assert (await client.get("/api/usage?month=2026-13")).status_code == 400
    budgets = {"workspace_month": 10.0, "actor_month": None, "turn": None}
    assert told == {"month": "2026-10", **SPENT, "budgets": budgets}


async def test_a_person_sees_what_they_spent_themselves(
    workspace: Workspace, proxied: Callable[[str], dict[str, Any]]
) -> None:
    workspace.spent = SPENT
    async with workspace.client(**proxied("ann")) as client:
        told = (await client.get("/api/usage")).json()
    assert (told["total_usd"], told["by_actor"]) == (1.25, {"web:user:ann": 1.25})
    assert (told["by_model"], told["by_channel"]) == ({}, {})


@pytest.fixture
def proxied(workspace: Workspace) -> Callable[[str], dict[str, Any]]:
    """Come in as a person whom a trusted proxy names."""
    from ipaddress import ip_network

    proxy = TrustedProxy("X-User", (ip_network("127.0.0.0/8"),))
    workspace.gate = Gate(open_locally=False, public_url="https://easel.example", proxy=proxy)
    return lambda name: {
        "headers": {"X-User": name, "Host": "easel.example"},
        "base_url": "https://easel.example",
    }


async def test_a_failed_turn_tells_which_model_would_do_it(
    client: httpx.AsyncClient, desk: DeskDouble, session: Session
) -> None:
    asked = f"/api/sessions/{session.id}/turns"
    tid = (await client.post(asked, json={"text": "x"})).json()["id"]
    turn: Turn = await desk.turn(session.id, tid)
    error = ErrorInfo(code="model_not_ready", message="Not ready.", offer="studio")
    desk.put(turn.model_copy(update={"state": TurnState.FAILED, "error": error}))
    told = (await client.get(f"{asked}/{tid}")).json()["error"]
    assert told == {
        "code": "model_not_ready", "message": "Not ready.", "hint": "", "offer": "studio",
    }  # fmt: skip

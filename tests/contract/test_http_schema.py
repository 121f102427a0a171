"""The HTTP interface against its own schema: no failure of ours, and answers as announced."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest
import schemathesis
from hypothesis import given, settings
from schemathesis import GenerationMode, checks

from core.session.models import TurnState
from core.turns.request import TurnRequest
from tests.unit.web.desk_double import YOU, Workspace, picture

PROMISES = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]


async def _things(workspace: Workspace) -> dict[str, str]:
    """Something that is there, for each name in a path."""
    desk = workspace.desk
    session = await desk.open_session("web:schema", YOU)
    version = desk.draw(session, picture())
    request = TurnRequest(thread="web:schema", event_keys=("k",), actor=YOU, text="a mug")
    turn = await desk.accept(request)
    desk.put(turn.model_copy(update={"state": TurnState.DONE, "versions": (version.id,)}))
    await workspace.pins.add(YOU.workspace, "owner/pinned")
    there = {"sid": session.id, "tid": turn.id, "sha256": version.asset.sha256}
    return {**there, "model": "owner/pinned"}


WORKSPACE = Workspace()
THERE = asyncio.run(_things(WORKSPACE))

# The stream of events never ends by itself; tests/unit/web/test_http_events.py listens to it.
schema = schemathesis.openapi.from_asgi(
    "/api/openapi.json", WORKSPACE.app(), headers={"Host": "localhost"}
).exclude(path_regex="/events$")


@schema.hook
def map_path_parameters(context: Any, path_parameters: dict[str, Any] | None) -> Any:
    """Half of the addresses lead to something that is there."""
    return path_parameters and {
        name: THERE[name] if str(value)[-1:] in "02468ace" else value
        for name, value in path_parameters.items()
    }


Operation = schemathesis.APIOperation[Any, Any, Any, Any]
OPERATIONS: list[Operation] = [cast("Any", found).ok() for found in schema.get_all_operations()]


TAKE_NOTHING = ("GET /api/models", "GET /healthz", "GET /readyz", "GET /metrics")
"""Routes that cannot be asked wrongly."""


def check(operation: Operation, mode: GenerationMode) -> None:
    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(max_examples=40, deadline=None, database=None, derandomize=True)
    def holds(case: schemathesis.Case[Any]) -> None:
        case.call_and_validate(checks=PROMISES, headers={"Host": "localhost"})

    holds()


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: str(operation.label))
def test_a_route_that_is_asked_rightly_answers_as_the_schema_says(operation: Operation) -> None:
    check(operation, GenerationMode.POSITIVE)


@pytest.mark.parametrize(
    "operation",
    [operation for operation in OPERATIONS if operation.label not in TAKE_NOTHING],
    ids=lambda operation: str(operation.label),
)
def test_a_route_that_is_asked_wrongly_answers_as_the_schema_says(operation: Operation) -> None:
    check(operation, GenerationMode.NEGATIVE)


def test_every_route_of_the_contract_is_in_the_schema() -> None:
    assert {operation.label for operation in OPERATIONS} == {
        "POST /api/sessions",
        "GET /api/sessions",
        "GET /api/sessions/{sid}",
        "POST /api/sessions/{sid}/turns",
        "GET /api/sessions/{sid}/turns/{tid}",
        "DELETE /api/sessions/{sid}/turns/{tid}",
        "GET /api/assets/{sha256}",
        "GET /api/models",
        "POST /api/models",
        "DELETE /api/models/{model}",
        "GET /api/usage",
        "GET /healthz",
        "GET /readyz",
        "GET /metrics",
    }

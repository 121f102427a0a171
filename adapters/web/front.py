"""What the routes stand on: the core's desk, the catalog, the gate, the limits, the counters."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Protocol, cast

from fastapi import Depends, Request

from adapters.web.gate import Gate
from adapters.web.visitor import Visitor
from core.engines.catalog import Catalog
from core.engines.pins import Pins
from core.errors import NotFound
from core.session.models import Session
from core.turns.limits import TurnLimits
from core.turns.service import Desk

SpendReport = Callable[[str | None], Awaitable[Mapping[str, Any]]]
"""What was spent in a month ("2026-11", None: this one), shaped as `UsageShape`."""


class Telemetry(Protocol):
    """What the program counts and checks."""

    def ack(self, seconds: float) -> None:
        """A turn was acknowledged, so long after its request had arrived."""

    def render_metrics(self) -> bytes:
        """All metrics in Prometheus' text format."""
        ...

    async def ready(self) -> Sequence[str]:
        """The parts that are away; none when all is well."""
        ...


@dataclass(frozen=True)
class Front:
    """Given to `create_app`, reached by every route. `closing`: streams end, the server stops.

    `pins` and `usage` are None where nothing keeps them.
    """

    desk: Desk
    catalog: Catalog
    gate: Gate
    limits: TurnLimits
    telemetry: Telemetry
    pins: Pins | None = None
    usage: SpendReport | None = None
    closing: asyncio.Event = field(default_factory=asyncio.Event)


async def _front(request: Request) -> Front:
    return cast("Front", request.app.state.front)


async def _visitor(request: Request) -> Visitor:
    return cast("Visitor", request.state.visitor)


Fronted = Annotated[Front, Depends(_front)]
Visited = Annotated[Visitor, Depends(_visitor)]


async def opened(front: Front, visitor: Visitor, sid: str) -> Session:
    """The session, when this visitor may open it; to others it does not exist. Raises NotFound."""
    session = await front.desk.session(sid)
    if not visitor.may_open(session):
        raise NotFound("There is no such session here.", hint="It may have been forgotten.")
    return session

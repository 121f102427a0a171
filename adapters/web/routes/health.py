"""For machines that watch: does it live, is it ready, what does it count."""

from __future__ import annotations

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST

from adapters.web.front import Fronted, Visited
from adapters.web.routes.common import REFUSALS
from adapters.web.shapes import Health, reply
from core.errors import NotAllowed, Unavailable

router = APIRouter(tags=["health"], responses=REFUSALS)


@router.get("/healthz", response_model=Health)
async def alive() -> Response:
    """The process answers."""
    return reply(Health())


@router.get("/readyz", response_model=Health)
async def ready(front: Fronted) -> Response:
    """Everything that a turn needs is there; 503 names what is not."""
    away = await front.telemetry.ready()
    if away:
        raise Unavailable(f"Away: {', '.join(away)}.", code="not_ready")
    return reply(Health())


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {}}, "description": "Prometheus' text format."}},
)
async def metrics(front: Fronted, visitor: Visited) -> Response:
    """Counters of the whole program, so for those who may see everything."""
    if not visitor.everything:
        raise NotAllowed("Metrics are for the operator.", code="operator_only")
    return Response(front.telemetry.render_metrics(), media_type=CONTENT_TYPE_LATEST)

"""The web application: everything put together."""

from __future__ import annotations

from fastapi import FastAPI

from adapters.web import errors
from adapters.web.front import Front, SpendReport, Telemetry
from adapters.web.gate import Gate
from adapters.web.guard import Guard
from adapters.web.routes import assets, health, models, page, sessions, spending, turns
from core.engines.catalog import Catalog
from core.engines.pins import Pins
from core.turns.limits import TurnLimits
from core.turns.service import Desk


def create_app(
    desk: Desk,
    catalog: Catalog,
    gate: Gate,
    limits: TurnLimits,
    telemetry: Telemetry,
    *,
    pins: Pins | None = None,
    usage: SpendReport | None = None,
) -> FastAPI:
    """The interface and the page. `desk` and `catalog` stay the caller's to close.

    `pins` keeps the models that people add, `usage` tells what was spent; without them the
    routes for it say so.
    """
    app = FastAPI(
        title="Easel",
        description="Each thread is an edit session for pictures.",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.front = Front(desk, catalog, gate, limits, telemetry, pins, usage)
    errors.install(app)
    for routes in (sessions, turns, assets, models, spending, health, page):
        app.include_router(routes.router)
    app.mount("/static", page.PARTS)
    app.add_middleware(Guard, gate=gate)
    return app


def end_streams(app: FastAPI) -> None:
    """Let all who listen go, so that a server that stops need not wait for them.

    Pages come back by themselves and go on where they were.
    """
    app.state.front.closing.set()

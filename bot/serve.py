"""`easel serve`: the web workspace, with a worker inside unless told otherwise."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable, Coroutine, Iterator, Mapping
from typing import Any

import structlog
import uvicorn
from fastapi import FastAPI
from rich.console import Console
from starlette.types import ASGIApp, Receive, Scope, Send

from adapters.web.app import create_app, end_streams
from bot import discord, slack, wiring
from bot.base import base, told_to_end, until
from bot.crew import Crew, kept_up
from bot.doors import door, entrance, gate
from bot.front import front_desk
from bot.health import Health
from bot.settings import Settings
from bot.settled import settle
from bot.spending import spending
from core.engines.port import Engine
from core.policy.pins import RedisPins
from core.policy.spend import Spend

_WAITING = 1024
_GRACE_SECONDS = 2
_KEEP_ALIVE_SECONDS = 75
"""Longer than clients and proxies usually keep a silent connection, so that the one that closes it
is never the one that a request is just on its way to."""

log = structlog.get_logger(__name__)


async def serve(settings: Settings, more: tuple[Engine, ...] = ()) -> None:
    """Serve until told to end. `more`: engines beside those of the settings."""
    entry = gate(settings)
    with told_to_end() as ending, door(settings) as opened:
        async with (
            base(settings, own_store=True) as parts,
            Crew(settings, more) as crew,
            front_desk(parts) as desk,
            contextlib.AsyncExitStack() as stack,
        ):
            limits = wiring.limits(settings)
            app = create_app(
                desk,
                crew.catalog,
                entry,
                limits,
                Health(parts),
                pins=RedisPins(parts.redis),
                usage=spending(Spend(parts.redis), wiring.budgets(settings)),
            )
            site: ASGIApp = app
            works: list[Coroutine[Any, Any, None]] = []
            if slack.is_set_up(settings):
                gateway = await stack.enter_async_context(
                    slack.slack_gateway(parts, desk, crew.catalog)
                )
                site = beside(app, {"/slack/": gateway.site})
                if gateway.hearing is not None:
                    works.append(kept_up("slack", gateway.hearing))
            if discord.is_set_up(settings):
                hearing = await stack.enter_async_context(
                    discord.discord_gateway(parts, desk, crew.catalog)
                )
                works.append(kept_up("discord", hearing))
            server = _Server(_config(site), lambda: _announce(opened, settings))
            works.append(_serving(server, app, opened))
            if settings.worker_inside:
                works.append(crew.work(parts))
            settle()
            await until(ending, *works)
    log.info("serve_ended")


def beside(app: ASGIApp, sites: Mapping[str, ASGIApp]) -> ASGIApp:
    """The app, with other sites in front of it under their beginnings of paths.

    They are not behind its gate: each knows itself whom it answers.
    """

    async def dispatch(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        found = next((site for start, site in sites.items() if path.startswith(start)), app)
        await found(scope, receive, send)

    return dispatch


def _config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        backlog=_WAITING,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        proxy_headers=False,
    )


class _Server(uvicorn.Server):
    """Leaves the signals of the process to the process, and tells when it listens."""

    def __init__(self, config: uvicorn.Config, listening: Callable[[], None]) -> None:
        super().__init__(config)
        self._listening = listening

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._listening()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def _serving(server: _Server, app: FastAPI, opened: socket.socket) -> None:
    """Answer requests; when this is cancelled, those under way may end."""
    task = asyncio.create_task(server.serve(sockets=[opened]))
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        end_streams(app)
        server.should_exit = True
        await task
        raise


def _announce(opened: socket.socket, settings: Settings) -> None:
    """Where to go; for an installation that other machines can reach, with the operator's link."""
    said = [f"Easel is at {entrance(opened, settings)}  (Ctrl-C ends it)"]
    if slack.is_set_up(settings):
        said.append(f"Slack: {slack.ways_in(settings)}")
    if discord.is_set_up(settings):
        said.append(f"Discord: {discord.ways_in(settings)}")
    Console(highlight=False).print("\n".join(said), soft_wrap=True, markup=False)

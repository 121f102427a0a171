"""Slack in this installation: who Easel is there, how events come in, what workers need."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

from starlette.types import ASGIApp

from adapters.chat import aside
from adapters.slack.api import Apis
from adapters.slack.app import create_app
from adapters.slack.distribution import distribution
from adapters.slack.fetching import SlackFetcher
from adapters.slack.front import Front
from adapters.slack.http import slack_site
from adapters.slack.identity import OneWorkspace, bare_client
from adapters.slack.oauth import InstallFlow
from adapters.slack.presenter import SlackPresenter
from adapters.slack.sockets import listen
from adapters.slack.uninstall import Leaving
from adapters.slack.workspaces import ManyWorkspaces
from bot import wiring
from bot.base import Base
from bot.beside import Beside, Platform
from bot.chat import chat_parts
from bot.linking import linking
from bot.settings import Settings
from core.engines.catalog import Catalog
from core.errors import BadInput
from core.policy.keyvalue import KeyValue
from core.turns.service import Desk


@dataclass(frozen=True)
class Slack:
    """Who Easel is in Slack, and its calls there; the way to install it where there are many."""

    tokens: OneWorkspace | ManyWorkspaces
    apis: Apis
    flow: InstallFlow | None = None


def is_set_up(settings: Settings) -> bool:
    """Whether there is a Slack to go to."""
    return settings.slack_bot_token is not None or settings.slack_client_id is not None


def ways_in(settings: Settings) -> str:
    """How its events come in, in words."""
    ways = []
    if settings.slack_app_token is not None:
        ways.append("events come over a socket")
    if settings.slack_signing_secret is not None:
        ways.append("events come to /slack/events")
    return ", ".join(ways)


@contextlib.asynccontextmanager
async def open_slack(settings: Settings, kept: KeyValue) -> AsyncIterator[Slack]:
    """The parts that every process shares. Raises BadInput: something is set half."""
    api_url = settings.slack_api
    flow: InstallFlow | None = None
    tokens: OneWorkspace | ManyWorkspaces
    if settings.slack_client_id is not None:
        many = distribution(
            kept,
            api_url=api_url,
            client_id=settings.slack_client_id,
            client_secret=settings.slack_client_secret,
            secret_key=settings.secret_key,
            public_url=settings.public_url,
        )
        tokens, flow = many.tokens, many.flow
    elif settings.slack_bot_token is not None:
        tokens = OneWorkspace(settings.slack_bot_token, bare_client(api_url))
    else:
        raise BadInput("Slack is not set up.", hint="Set SLACK_BOT_TOKEN or SLACK_CLIENT_ID.")
    apis = Apis(tokens, api_url)
    try:
        yield Slack(tokens, apis, flow)
    finally:
        await apis.close()


@contextlib.asynccontextmanager
async def slack_platform(settings: Settings, beside: Beside) -> AsyncIterator[Platform]:
    """What a worker needs of Slack."""
    async with open_slack(settings, beside.kept) as slack:
        presenter = SlackPresenter(slack.apis, beside.links, beside.desk, linking(settings))
        try:
            yield Platform(presenter, SlackFetcher(slack.apis, wiring.limits(settings)))
        finally:
            await presenter.close()


@dataclass(frozen=True)
class Gateway:
    """How Slack comes in: its routes, and the work of hearing what comes over a socket, if any."""

    site: ASGIApp
    hearing: Callable[[], Awaitable[None]] | None = None


@contextlib.asynccontextmanager
async def slack_gateway(parts: Base, desk: Desk, catalog: Catalog) -> AsyncIterator[Gateway]:
    """The gateway of a process that serves. Raises BadInput: something is set half."""
    settings = parts.settings
    if settings.slack_app_token is None and settings.slack_signing_secret is None:
        raise BadInput(
            "Slack is set up, but nothing says how its events come in.",
            hint="Set SLACK_APP_TOKEN (Socket Mode, no public address needed) or "
            "SLACK_SIGNING_SECRET (Slack calls /slack/events).",
        )
    shared = chat_parts(parts, desk, catalog, "slack")
    async with open_slack(settings, shared["kept"]) as slack:
        front = Front(**shared, tokens=slack.tokens, apis=slack.apis)

        async def forget_rules(home: str) -> None:
            await front.rules.forget(f"slack:{home}")

        secret = settings.slack_signing_secret
        app = create_app(
            front,
            signing_secret=secret.get_secret_value() if secret else None,
            leaving=Leaving(slack.tokens, forget_rules),
        )
        hearing = None
        if (token := settings.slack_app_token) is not None:
            api_url = settings.slack_api

            async def hearing() -> None:
                await listen(app, app_token=token, api_url=api_url)

        try:
            yield Gateway(slack_site(app, slack.flow), hearing)
        finally:
            await aside.settled()

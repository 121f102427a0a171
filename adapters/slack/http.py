"""Slack over HTTP: `/slack/events` for all that Slack sends, and the pages of an installation.

What is not signed as Slack signs is turned away before it is taken apart: anybody may send it, and
taking it apart can be made to cost more than sending it.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl

from slack_bolt.adapter.starlette.async_handler import (
    to_async_bolt_request,
    to_starlette_response,
)
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.request.async_internals import build_async_context
from slack_bolt.request.async_request import AsyncBoltRequest
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from adapters.slack.app import EaselApp
from adapters.slack.manifest import EVENTS_PATH, INSTALL_PATH, REDIRECT_PATH

MOST_BYTES = 1_000_000

_STAMP = re.compile(r"[0-9]{1,12}")
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")


def slack_site(app: EaselApp, flow: AsyncOAuthFlow | None = None) -> Starlette:
    """The routes under /slack; those of an installation where there is a flow for them."""
    routes = [Route(EVENTS_PATH, _events(app).answer, methods=["POST"])]
    if flow is not None:
        pages = _pages(flow)
        routes.append(Route(INSTALL_PATH, pages.install, methods=["GET"]))
        routes.append(Route(REDIRECT_PATH, pages.redirect, methods=["GET"]))
    return Starlette(routes=routes)


class _events:
    """Where Slack tells of everything."""

    def __init__(self, app: EaselApp) -> None:
        self._app = app

    async def answer(self, request: Request) -> Response:
        if not _looks_signed(request):
            return _refused(401, "not signed")
        try:
            body = await _body(request)
        except ClientDisconnect:
            return _refused(400, "broken off")
        if body is None:
            return _refused(413, "too large")
        try:
            if not self._app.signed(body, *_signature(request)):
                return _refused(401, "not signed")
            asked = _form_read(to_async_bolt_request(request, body))
        except Exception:
            # Whatever bolt can't make sense of: bytes that are no text, JSON that is no object.
            return _refused(400, "not understood")
        return to_starlette_response(await self._app.async_dispatch(asked))


class _pages:
    """What people see who install Easel in their workspace."""

    def __init__(self, flow: AsyncOAuthFlow) -> None:
        self._flow = flow

    async def install(self, request: Request) -> Response:
        asked = to_async_bolt_request(request, b"")
        return to_starlette_response(await self._flow.handle_installation(asked))

    async def redirect(self, request: Request) -> Response:
        asked = to_async_bolt_request(request, b"")
        return to_starlette_response(await self._flow.handle_callback(asked))


def _form_read(asked: AsyncBoltRequest) -> AsyncBoltRequest:
    """bolt takes any form with "payload" somewhere in it for an interaction, and reads nothing from
    a command whose words have it."""
    if not asked.body and asked.raw_body:
        asked.body = dict(parse_qsl(asked.raw_body, keep_blank_values=True))
        asked.context = build_async_context(AsyncBoltContext({}), asked.body)
    return asked


def _looks_signed(request: Request) -> bool:
    """Whether a signature is there to be checked, in the shape of one."""
    stamp, signature = _signature(request)
    return bool(_STAMP.fullmatch(stamp) and _SIGNATURE.fullmatch(signature))


def _signature(request: Request) -> tuple[str, str]:
    """When it was signed, as the sender says, and how."""
    names = ("x-slack-request-timestamp", "x-slack-signature")
    return request.headers.get(names[0], ""), request.headers.get(names[1], "")


async def _body(request: Request) -> bytes | None:
    """None when there is more of it than Slack ever sends."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            return None
    return bytes(body)


def _refused(status: int, why: str) -> Response:
    return JSONResponse({"error": why}, status_code=status)

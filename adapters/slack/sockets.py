"""Slack over Socket Mode: connections that we open, so that Slack need not reach us.

Two stand at a time, since Slack closes each of them now and then: events go on over the other one.
Slack's own client is not used here. When a connection can't be opened it tries the same address
again and again, and such an address is good once.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import structlog
from pydantic import SecretStr
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError

from adapters.slack.identity import AWAY, bare_client
from core.hosts import is_loopback

log = structlog.get_logger(__name__)

_CONNECTIONS = 2
_HEARTBEAT = 10.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0
_STEADY_SECONDS = 30.0
"""A connection that held so long was a good one: the next pause is short again."""
_DRAIN_SECONDS = 5.0


async def listen(app: AsyncApp, *, app_token: SecretStr, api_url: str) -> None:
    """Hear events and answer them, until cancelled; connections that end are opened again."""
    sockets = _Sockets(app, app_token, api_url)
    jar = aiohttp.DummyCookieJar()
    async with aiohttp.ClientSession(cookie_jar=jar) as http, asyncio.TaskGroup() as group:
        for _ in range(_CONNECTIONS):
            group.create_task(sockets.keep_one(http))


class _Sockets:
    def __init__(self, app: AsyncApp, app_token: SecretStr, api_url: str) -> None:
        self._app = app
        self._token = app_token
        self._client = bare_client(api_url)
        self._local = is_loopback(urlsplit(api_url).hostname or "")

    async def keep_one(self, http: aiohttp.ClientSession) -> None:
        """Keep one connection open."""
        pause = _FIRST_PAUSE
        loop = asyncio.get_running_loop()
        while True:
            begun, wait = loop.time(), 0.0
            try:
                await self._one(http, await self._address())
            except SlackApiError as refused:
                wait = _asked_wait(refused)
                log.error("slack_socket_refused", reason=str(refused.response.get("error"))[:80])
            except AWAY as problem:
                log.warning("slack_socket_lost", problem=type(problem).__name__)
            except (ValueError, TypeError) as problem:
                log.error("slack_socket_not_understood", problem=type(problem).__name__)
            pause = _FIRST_PAUSE if loop.time() - begun > _STEADY_SECONDS else pause
            await asyncio.sleep(max(wait, pause))
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _address(self) -> str:
        """A fresh address, good once."""
        answer = await self._client.apps_connections_open(app_token=self._token.get_secret_value())
        url = str(answer.get("url") or "")
        if urlsplit(url).scheme != "wss" and not self._local:
            raise ValueError("Slack named an address that is not encrypted")
        return url

    async def _one(self, http: aiohttp.ClientSession, url: str) -> None:
        """Hear what comes over one connection until it ends; what is under way is answered."""
        works: set[asyncio.Task[None]] = set()
        async with http.ws_connect(url, heartbeat=_HEARTBEAT, proxy=self._client.proxy) as socket:
            log.info("slack_socket_open")
            try:
                async for message in socket:
                    told = _told(message)
                    if told.get("type") == "disconnect":
                        return
                    if told.get("envelope_id"):
                        work = asyncio.create_task(self._answer(socket, told))
                        works.add(work)
                        work.add_done_callback(works.discard)
            finally:
                if works:
                    await asyncio.wait(works, timeout=_DRAIN_SECONDS)

    async def _answer(
        self, socket: aiohttp.ClientWebSocketResponse, told: Mapping[str, Any]
    ) -> None:
        """Have an envelope carried out, and acknowledge it if it was."""
        try:
            asked = AsyncBoltRequest(
                mode="socket_mode", body=told.get("payload") or {}, headers=_headers(told)
            )
            response = await self._app.async_dispatch(asked)
        except Exception:
            log.exception("slack_envelope_failed")
            return
        if response.status == 200:
            with contextlib.suppress(*AWAY):
                await socket.send_json(_acknowledged(str(told["envelope_id"]), response))


def _told(message: aiohttp.WSMessage) -> dict[str, Any]:
    """What a message says; nothing for one that is no JSON object."""
    if message.type is not aiohttp.WSMsgType.TEXT:
        return {}
    try:
        told = json.loads(message.data)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _headers(told: Mapping[str, Any]) -> dict[str, str | Sequence[str]]:
    """Repeats are marked as over HTTP."""
    if not told.get("retry_attempt"):
        return {}
    reason = str(told.get("retry_reason") or "")
    return {"x-slack-retry-num": str(told["retry_attempt"]), "x-slack-retry-reason": reason}


def _acknowledged(envelope: str, response: BoltResponse) -> dict[str, Any]:
    body = response.body
    if not body:
        return {"envelope_id": envelope}
    kind = response.headers.get("content-type", [""])[0]
    payload = json.loads(body) if kind.startswith("application/json") else {"text": body}
    return {"envelope_id": envelope, "payload": payload}


def _asked_wait(refused: SlackApiError) -> float:
    """How long Slack asks to wait, where it does."""
    named = str(dict(refused.response.headers).get("Retry-After", ""))
    return float(named) if named.isdecimal() else 0.0

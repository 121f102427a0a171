"""Calls to Slack's Web API, as one installation, and the bytes of files in and out.

Slack's own client makes the calls, but repeats none by itself: a post that is repeated after a lost
answer is a second message. What is repeated here is what certainly was not carried out, and what
only asks. What may have been carried out is said so, and whoever called looks in its ledger.
"""

from __future__ import annotations

import asyncio
import io
import json
import logging
from collections.abc import Mapping
from time import monotonic
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import downloads
from adapters.slack.connections import Connections
from adapters.slack.identity import Identity, Tokens
from adapters.slack.refusals import SlackLater, SlackRefusal, refusal
from adapters.slack.tiers import Tiers
from core.engines.waits import wait_named
from core.turns.attention import waiting

log = structlog.get_logger(__name__)

_quiet = logging.getLogger(f"{__name__}.client")
_quiet.setLevel(logging.WARNING)
"""Slack's client writes down whole messages when it is let; ours says what matters itself."""

_PATIENCE = 5.0
_PAUSE = 0.3
_TRIES = 3
_PAUSE_UNNAMED = 30.0
_ASKING = frozenset(
    (
        "auth.test",
        "bots.info",
        "chat.getPermalink",
        "conversations.history",
        "conversations.info",
        "conversations.replies",
        "files.info",
        "team.info",
        "users.info",
    )
)
_UNASKED: Mapping[str, Mapping[str, Any]] = {
    "chat.postMessage": {"unfurl_links": False, "unfurl_media": False},
}
"""Whatever address people write, nothing of what lies there is shown under our name."""
_NOT_DONE = frozenset(("service_unavailable", "request_timeout", "team_added_to_org"))
_PERHAPS_DONE = frozenset(("fatal_error", "internal_error"))
_NOT_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)
_USED_UP = (404, 410)


class SlackApi:
    """Slack's Web API as one installation. Ask for a new one for each piece of work: tokens rotate.

    Every method raises SlackRefusal and SlackLater.
    """

    def __init__(self, identity: Identity, connections: Connections, tiers: Tiers) -> None:
        self.identity = identity
        self._home = identity.enterprise or identity.team
        self._connections = connections
        self._tiers = tiers
        self._client = AsyncWebClient(
            token=identity.token.get_secret_value(),
            base_url=connections.base_url,
            session=connections.calls,
            retry_handlers=[],
            logger=_quiet,
        )
        self._client.proxy = connections.proxy

    async def call(self, method: str, *, spare: bool = False, **arguments: Any) -> dict[str, Any]:
        """Call a method; arguments that are None are left out. Gives Slack's answer.

        Short waits (the tier, a Retry-After, a connection) are waited for. `spare`: a call that may
        be left out (progress): nothing is waited for, and the last of a tier is never taken.
        """
        async with waiting():
            return await self._called(method, spare, arguments)

    async def _called(
        self, method: str, spare: bool, arguments: Mapping[str, Any]
    ) -> dict[str, Any]:
        channel = str(arguments.get("channel") or "")
        until = monotonic() + (0.0 if spare else _PATIENCE)
        for tries_left in reversed(range(_TRIES)):
            await asyncio.sleep(self._tiers.take(self._home, method, channel, spare=spare))
            try:
                return await self._once(method, channel, arguments)
            except SlackLater as later:
                repeatable = method in _ASKING or not later.uncertain
                if not (tries_left and repeatable and monotonic() + later.seconds < until):
                    raise
                pause = later.seconds
            await asyncio.sleep(pause)
        raise AssertionError("the last try gives or raises")

    async def upload(self, url: str, data: bytes, mime: str) -> None:
        """Send a file's bytes to the address that Slack gave for them. Harmless to repeat."""
        self._check(url)
        try:
            async with (
                waiting(),
                self._connections.files.post(
                    url,
                    data=io.BytesIO(data),
                    headers={"Content-Type": mime},
                    proxy=self._connections.proxy,
                    allow_redirects=False,
                ) as response,
            ):
                status = response.status
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            lost = SlackLater(_PAUSE, uncertain=True, method="upload", admin=type(error).__name__)
        else:
            if status == 200:
                return
            if 400 <= status < 500 and status != 429:
                raise refusal("upload", {"error": f"upload_status_{status}"})
            lost = SlackLater(_PAUSE, uncertain=True, method="upload", admin=f"status {status}")
        raise lost

    async def download(self, url: str, *, most: int) -> tuple[bytes, str]:
        """The bytes behind a file's address, and what Slack says that they are.

        A page instead of a file (a missing scope) is given as it came. Raises TooLarge past `most`
        bytes.
        """
        self._check(url)
        for tries_left in reversed(range(_TRIES)):
            try:
                async with waiting():
                    return await downloads.download(
                        self._connections, url, token=self.identity.token, most=most
                    )
            except SlackLater as later:
                if not tries_left:
                    raise
                pause = later.seconds
            await asyncio.sleep(pause)
        raise AssertionError("the last try gives or raises")

    def _check(self, url: str) -> None:
        if not self._connections.addresses.own(url):
            raise downloads.elsewhere()

    async def _once(
        self, method: str, channel: str, arguments: Mapping[str, Any]
    ) -> dict[str, Any]:
        try:
            told = {**_UNASKED.get(method, {}), **arguments}
            answer = await self._client.api_call(method, data=_form(told))
        except SlackApiError as error:
            failure = self._refused(method, channel, error)
        except _NOT_SENT as error:
            failure = SlackLater(_PAUSE, method=method, admin=type(error).__name__)
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError, AttributeError) as error:
            # The last two: an answer that the client can't make sense of.
            failure = SlackLater(_PAUSE, uncertain=True, method=method, admin=type(error).__name__)
        else:
            return dict(answer.data) if isinstance(answer.data, dict) else {}
        raise failure

    def _refused(
        self, method: str, channel: str, error: SlackApiError
    ) -> SlackRefusal | SlackLater:
        """What an answer means that is not "ok"."""
        response = error.response
        status = int(getattr(response, "status_code", 0) or getattr(response, "status", 0))
        found = getattr(response, "data", None)
        answer = found if isinstance(found, dict) else {}
        name = str(answer.get("error") or "")
        admin = f"{method}: {status} {name}"
        if status == 429 or name in ("ratelimited", "rate_limited"):
            headers = {str(k).lower(): str(v) for k, v in dict(response.headers).items()}
            seconds = wait_named(headers, "") or _PAUSE_UNNAMED
            self._tiers.pause(self._home, method, channel, seconds)
            return SlackLater(seconds, method=method, admin=admin)
        if name in _NOT_DONE:
            return SlackLater(_PAUSE, method=method, admin=admin)
        if status >= 500 or name in _PERHAPS_DONE or not name:
            return SlackLater(_PAUSE, uncertain=True, method=method, admin=admin)
        return refusal(method, answer)


class Apis:
    """The Web API for every workspace that has Easel; the connections of this process to Slack."""

    def __init__(
        self, tokens: Tokens, base_url: str = "https://slack.com/api/", tiers: Tiers | None = None
    ) -> None:
        self._tokens = tokens
        self._connections = Connections(base_url)
        self._tiers = tiers or Tiers()

    async def of(self, team: str, enterprise: str = "") -> SlackApi:
        """Raises NotInstalled."""
        identity = await self._tokens.identity(team, enterprise)
        return SlackApi(identity, self._connections, self._tiers)

    async def answer(self, url: str, body: Mapping[str, Any]) -> None:
        """Answer at a response address. One that is used up (5 times, 30 minutes) is no error.

        Raises SlackRefusal for an address that is not Slack's, SlackLater for trouble.
        """
        if not self._connections.addresses.own(url):
            raise downloads.elsewhere()
        try:
            async with self._connections.files.post(
                url, json=dict(body), proxy=self._connections.proxy, allow_redirects=False
            ) as response:
                status = response.status
        except _NOT_SENT as error:
            lost = SlackLater(_PAUSE, method="response_url", admin=type(error).__name__)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            lost = SlackLater(
                _PAUSE, uncertain=True, method="response_url", admin=type(error).__name__
            )
        else:
            if status < 500 and status != 429:
                if status not in (200, *_USED_UP):
                    log.warning("Slack did not take an answer", status=status)
                return
            lost = SlackLater(_PAUSE, uncertain=status != 429, method="response_url")
        raise lost

    async def close(self) -> None:
        await self._connections.close()


def _form(arguments: Mapping[str, Any]) -> dict[str, str]:
    """Arguments as every method takes them: a form, in which what has parts is JSON."""
    return {
        name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for name, value in arguments.items()
        if value is not None
    }

"""Who Easel is in a workspace: its token and its own names there."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Protocol
from urllib.parse import urlsplit

import aiohttp
from pydantic import BaseModel, ConfigDict, SecretStr
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from core.errors import NotFound, Unavailable
from core.hosts import is_loopback

_SECONDS = 10
_PASSING = frozenset(
    ("ratelimited", "internal_error", "fatal_error", "service_unavailable", "request_timeout")
)
AWAY = (aiohttp.ClientError, OSError, TimeoutError)
"""What a call raises when Slack can't be reached."""


class NotInstalled(NotFound):
    """Easel is not installed in that workspace, or not any more."""

    code = "not_installed"


class Identity(BaseModel):
    """Easel in one workspace. `team_url` ends with a slash ("https://acme.slack.com/")."""

    model_config = ConfigDict(frozen=True)

    token: SecretStr
    team: str
    enterprise: str = ""
    bot_user: str
    bot_id: str
    team_url: str = ""
    scopes: frozenset[str] = frozenset()


class Tokens(Protocol):
    """Finds the identity for a workspace. Quick: what was found is remembered for a moment."""

    async def identity(self, team: str, enterprise: str = "") -> Identity:
        """Raises NotInstalled."""
        ...


class _BareClient(AsyncWebClient):
    async def oauth_v2_access(
        self, *, client_id: str, client_secret: str, **given: Any
    ) -> AsyncSlackResponse:
        """The id and the secret go into the form, as Slack allows: slack_sdk's own way makes an
        `aiohttp.BasicAuth`, which aiohttp is about to drop."""
        form = {name: value for name, value in given.items() if value is not None}
        return await self.api_call(
            "oauth.v2.access",
            data={"client_id": client_id, "client_secret": client_secret, **form},
        )


def bare_client(api_url: str) -> AsyncWebClient:
    """Slack's client without a token, for the few calls that are about tokens themselves.

    It repeats nothing by itself: a refresh token is good for one call.
    """
    client = _BareClient(base_url=api_url, timeout=_SECONDS, retry_handlers=[])
    if is_loopback(urlsplit(api_url).hostname or ""):
        client.proxy = None
    return client


def error_of(problem: SlackApiError) -> str:
    """Slack's own name for what went wrong; empty when the answer was none of Slack's."""
    data = getattr(problem.response, "data", problem.response)
    return str(data.get("error") or "")[:80] if isinstance(data, Mapping) else ""


def passes(problem: SlackApiError) -> bool:
    """Whether a refusal is about this moment only, so that the same call may do later."""
    error = error_of(problem)
    return not error or error in _PASSING


def away(problem: BaseException) -> Unavailable:
    """Slack can't be asked just now."""
    return Unavailable(
        "Slack does not answer me just now.",
        hint="Try again in a moment.",
        admin=type(problem).__name__,
    )


def not_installed(place: str, admin: str = "") -> NotInstalled:
    """The words for a workspace or organisation in which Easel is not, or not any more."""
    return NotInstalled(
        "I'm not installed in this workspace.",
        hint="Ask an admin of the workspace to install me.",
        admin=admin or f"no installation in {place}",
    )


class OneWorkspace:
    """The token of one workspace (or organisation), from the settings.

    Slack is asked once whose token it is; anything from elsewhere is refused. `client` has no token
    of its own.
    """

    def __init__(self, token: SecretStr, client: AsyncWebClient) -> None:
        self._token = token
        self._client = client
        self._known: Identity | None = None
        self._asking = asyncio.Lock()

    async def identity(self, team: str, enterprise: str = "") -> Identity:
        """Raises NotInstalled, also when Slack does not accept the token; else Unavailable."""
        async with self._asking:
            if self._known is None:
                self._known = await whose(self._token, self._client)
        known = self._known
        if known.enterprise:
            if enterprise != known.enterprise:
                raise not_installed(enterprise or team)
            return known.model_copy(update={"team": team or known.team})
        if team != known.team:
            raise not_installed(team)
        return known

    async def forget(self, home: str, before: float) -> bool:
        """The token was taken back: ask Slack anew before it is used again. Always true."""
        self._known = None
        return True


async def whose(token: SecretStr, client: AsyncWebClient) -> Identity:
    """Whose token it is, as Slack says. Raises NotInstalled or Unavailable."""
    try:
        answer = await client.auth_test(token=token.get_secret_value())
    except SlackApiError as refused:
        if passes(refused):
            raise away(refused) from None
        raise _no_good(error_of(refused)) from None
    except AWAY as problem:
        raise away(problem) from None
    if not answer.get("bot_id"):
        raise _no_good("not a bot's token")
    whole = bool(answer.get("is_enterprise_install"))
    return Identity(
        token=token,
        team=str(answer.get("team_id") or ""),
        enterprise=str(answer.get("enterprise_id") or "") if whole else "",
        bot_user=str(answer.get("user_id") or ""),
        bot_id=str(answer["bot_id"]),
        team_url=str(answer.get("url") or ""),
        scopes=scopes_of(answer.headers),
    )


def scopes_of(headers: Any) -> frozenset[str]:
    """The scopes of the token that a call was made with, as Slack's answer names them."""
    named = {str(name).lower(): str(value) for name, value in headers.items()}
    listed = named.get("x-oauth-scopes", "").split(",")
    return frozenset(scope.strip() for scope in listed if scope.strip())


def _no_good(reason: str) -> NotInstalled:
    return NotInstalled(
        "Slack does not accept SLACK_BOT_TOKEN.",
        hint="Copy the Bot User OAuth Token of the installed app; `easel doctor` checks it.",
        admin=f"auth.test: {reason}",
    )

"""Installing Easel in any workspace from a browser: `/slack/install` and `/slack/oauth_redirect`.

bolt leads through the steps. What is ours: states are kept where all processes see them, Slack is
asked under the configured address, and people see kind pages.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Sequence
from logging import Logger, getLogger
from typing import Any
from urllib.parse import urlencode, urlsplit

import structlog
from pydantic import SecretStr
from slack_bolt.error import BoltError
from slack_bolt.oauth.async_callback_options import (
    AsyncCallbackOptions,
    AsyncFailureArgs,
    AsyncSuccessArgs,
)
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.identity import AWAY, error_of, passes
from adapters.slack.install_pages import failed_page, installed_page, is_reason
from adapters.slack.installations import TEAM_URL, Installations, home_of
from adapters.slack.manifest import INSTALL_PATH, REDIRECT_PATH
from core.errors import Unavailable
from core.policy.keyvalue import KeyValue

log = structlog.get_logger(__name__)

STATE_SECONDS = 600

_STATE = re.compile(r"[\w-]{43}")
_TEAM = re.compile(r"[TE][A-Z0-9]{2,30}")


class States(AsyncOAuthStateStore):
    """States of installations under way: each is good once, for ten minutes, in every process."""

    def __init__(self, values: KeyValue) -> None:
        self._values = values

    @property
    def logger(self) -> Logger:
        return getLogger(__name__)

    async def async_issue(self, *_: Any, **__: Any) -> str:
        state = secrets.token_urlsafe(32)
        await self._values.set(_state_name(state), "1", seconds=STATE_SECONDS)
        return state

    async def async_consume(self, state: str) -> bool:
        return bool(_STATE.fullmatch(state)) and await self._values.take(_state_name(state)) == "1"


class InstallFlow(AsyncOAuthFlow):
    """bolt's flow with our pages, and with what can go wrong on the way told apart."""

    async def handle_installation(self, request: AsyncBoltRequest) -> BoltResponse:
        try:
            return await super().handle_installation(request)
        except Unavailable:
            return failed_page("store_away", 503, self.install_path)

    async def handle_callback(self, request: AsyncBoltRequest) -> BoltResponse:
        try:
            response = await super().handle_callback(request)
        except Unavailable:
            response = failed_page("store_away", 503, self.install_path)
        except AWAY as problem:
            log.warning("slack_install_failed", problem=type(problem).__name__)
            response = failed_page("slack_away", 502, self.install_path)
        response.headers["set-cookie"] = [self.settings.state_utils.build_set_cookie_for_deletion()]
        return response

    async def build_authorize_url(self, state: str, request: AsyncBoltRequest) -> str:
        asked = {
            "client_id": self.client_id,
            "scope": ",".join(self.settings.scopes or ()),
            "user_scope": "",
            "redirect_uri": self.redirect_uri or "",
            "state": state,
        }
        team = (request.query.get("team") or [""])[0]
        if _TEAM.fullmatch(team):
            asked["team"] = team
        return f"{self.settings.authorization_url}?{urlencode(asked)}"

    async def run_installation(self, code: str) -> Installation | None:
        """Exchange the code; None when Slack refuses it."""
        try:
            answer = await self.client.oauth_v2_access(
                code=code,
                client_id=self.settings.client_id,
                client_secret=self.settings.client_secret,
                redirect_uri=self.redirect_uri,
            )
            token = str(answer.get("access_token") or "")
            if not token or answer.get("token_type") != "bot":
                log.warning("slack_install_refused", reason="no token for a bot")
                return None
            who = await self.client.auth_test(token=token)
        except SlackApiError as refused:
            if passes(refused):
                raise ConnectionError("Slack has trouble") from None
            log.warning("slack_install_refused", reason=error_of(refused))
            return None
        return _installation(answer, who)

    async def store_installation(
        self, request: AsyncBoltRequest, installation: Installation
    ) -> None:
        try:
            await super().store_installation(request, installation)
        except (Unavailable, ValueError) as problem:
            raise BoltError(type(problem).__name__) from problem
        log.info("slack_installed", home=home_of(installation))


def install_flow(
    values: KeyValue,
    installations: Installations,
    client: AsyncWebClient,
    *,
    client_id: str,
    client_secret: SecretStr,
    public_url: str,
    scopes: Sequence[str],
) -> InstallFlow:
    """The flow, to be given to bolt's app or asked directly. `client` has no token."""
    settings = AsyncOAuthSettings(
        client_id=client_id,
        client_secret=client_secret.get_secret_value(),
        scopes=list(scopes),
        user_scopes=[],
        redirect_uri=f"{public_url.rstrip('/')}{REDIRECT_PATH}",
        install_path=INSTALL_PATH,
        redirect_uri_path=REDIRECT_PATH,
        install_page_rendering_enabled=False,
        authorization_url=authorization_url(client.base_url),
        installation_store=installations,
        installation_store_bot_only=True,
        state_store=States(values),
        state_expiration_seconds=STATE_SECONDS,
        callback_options=AsyncCallbackOptions(success=_succeeded, failure=_failed),
    )
    return InstallFlow(client=client, settings=settings)


def authorization_url(api_url: str) -> str:
    """Where Slack asks people for consent, beside its API: GovSlack and tests have others."""
    parts = urlsplit(api_url)
    return f"{parts.scheme}://{parts.netloc}/oauth/v2/authorize"


async def _succeeded(args: AsyncSuccessArgs) -> BoltResponse:
    return installed_page(args.installation)


async def _failed(args: AsyncFailureArgs) -> BoltResponse:
    reason = args.reason if is_reason(args.reason) else "not told in words of Slack's"
    log.info("slack_install_failed", reason=reason)
    return failed_page(args.reason, args.suggested_status_code, INSTALL_PATH)


def _installation(answer: Any, who: Any) -> Installation:
    """What is kept of an installation, from Slack's answers to the code and to the new token."""
    found = _picker(answer)
    return Installation(
        app_id=answer.get("app_id"),
        enterprise_id=found("enterprise", "id"),
        enterprise_name=found("enterprise", "name"),
        enterprise_url=who.get("url") if answer.get("is_enterprise_install") else None,
        team_id=found("team", "id"),
        team_name=found("team", "name"),
        bot_token=answer.get("access_token"),
        bot_id=who.get("bot_id"),
        bot_user_id=answer.get("bot_user_id"),
        bot_scopes=answer.get("scope") or "",
        bot_refresh_token=answer.get("refresh_token"),
        bot_token_expires_in=answer.get("expires_in"),
        user_id=found("authed_user", "id") or "",
        is_enterprise_install=answer.get("is_enterprise_install"),
        token_type=answer.get("token_type"),
        custom_values={TEAM_URL: who.get("url") or ""},
    )


def _picker(answer: Any) -> Callable[[str, str], str | None]:
    return lambda part, name: (answer.get(part) or {}).get(name)


def _state_name(state: str) -> str:
    return f"slack:state:{state}"

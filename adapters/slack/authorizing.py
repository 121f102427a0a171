"""Which installation a request of Slack's is for, before anything else looks at it.

Nothing is asked of Slack here: identities are remembered, and an event has three seconds.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.response import BoltResponse

from adapters.slack.identity import Identity, NotInstalled, Tokens
from adapters.slack.uninstall import EVENTS

log = structlog.get_logger(__name__)

IDENTITY = "identity"
"""Under this name listeners get the Identity of the installation that a request is for."""

Next = Callable[[], Awaitable[BoltResponse | None]]


def identify_with(tokens: Tokens) -> Callable[..., Awaitable[BoltResponse | None]]:
    """A middleware that finds the installation; requests for none are acknowledged and ignored."""

    async def identify(
        body: dict[str, Any], context: AsyncBoltContext, next: Next
    ) -> BoltResponse | None:
        if _needs_none(body):
            return await next()
        team, enterprise = home_of(body, context)
        try:
            context[IDENTITY] = await tokens.identity(team, enterprise)
        except NotInstalled as unknown:
            log.warning("slack_not_ours", team=team, enterprise=enterprise, detail=unknown.admin)
            return BoltResponse(status=200, body="")
        return await next()

    return identify


async def authorize(context: AsyncBoltContext) -> AuthorizeResult:
    """What bolt needs, to leave out our own events. It gets no token: calls go through Apis."""
    identity: Identity = context[IDENTITY]
    return AuthorizeResult(
        enterprise_id=identity.enterprise or None,
        team_id=identity.team,
        bot_user_id=identity.bot_user,
        bot_id=identity.bot_id,
    )


def home_of(body: Mapping[str, Any], context: Mapping[str, Any]) -> tuple[str, str]:
    """Workspace and organisation. Where Easel is in a whole organisation, bolt finds no workspace:
    then it is the one through which the event came."""
    team = context.get("team_id") or body.get("context_team_id") or body.get("team_id")
    return _text(team), _text(context.get("enterprise_id"))


def _needs_none(body: Mapping[str, Any]) -> bool:
    event = body.get("event")
    kind = event.get("type") if isinstance(event, Mapping) else None
    return body.get("type") == "url_verification" or kind in EVENTS


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""

"""Easel was taken out of a workspace, or its token taken back: nothing of it is kept.

Heard from the events `app_uninstalled` and `tokens_revoked`. Both come in any order, late, and more
than once; doing it again is harmless.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from time import time
from typing import Any, Protocol

import structlog

log = structlog.get_logger(__name__)

EVENTS = ("app_uninstalled", "tokens_revoked")

Cleaner = Callable[[str], Awaitable[None]]
"""Deletes what else is kept for a workspace or organisation, by its id."""


class Forgetful(Protocol):
    """Keeps tokens, and forgets them (OneWorkspace, ManyWorkspaces)."""

    async def forget(self, home: str, before: float) -> bool:
        """False when a newer installation stands there, which then stays."""
        ...


class Leaving:
    """Cleans up after an installation. Raises Unavailable: the event must then come again."""

    def __init__(self, tokens: Forgetful, *cleaners: Cleaner) -> None:
        self._tokens = tokens
        self._cleaners = cleaners

    async def heard(self, body: Mapping[str, Any]) -> bool:
        """Act on one of EVENTS, as Slack sent it. Gives whether an installation ended by it."""
        home = ended_home(body)
        if not home or not await self._tokens.forget(home, _moment(body)):
            return False
        for clean in self._cleaners:
            await clean(home)
        log.info("slack_uninstalled", home=home)
        return True


def ended_home(body: Mapping[str, Any]) -> str:
    """The workspace or organisation whose installation ended; empty when none did.

    A token of a person that was taken back ends nothing: none is kept.
    """
    event = body.get("event")
    if not isinstance(event, Mapping) or event.get("type") not in EVENTS:
        return ""
    if event["type"] == "tokens_revoked":
        tokens = event.get("tokens")
        if not isinstance(tokens, Mapping) or not tokens.get("bot"):
            return ""
    team = str(body.get("team_id") or "")
    enterprise = str(body.get("enterprise_id") or "")
    return enterprise if _whole(body) or not team else team


def _whole(body: Mapping[str, Any]) -> bool:
    """Whether the event is about an installation in a whole organisation."""
    listed = body.get("authorizations")
    entries = listed if isinstance(listed, list) else []
    return body.get("is_enterprise_install") is True or any(
        isinstance(each, Mapping) and each.get("is_enterprise_install") is True for each in entries
    )


def _moment(body: Mapping[str, Any]) -> float:
    moment = body.get("event_time")
    return float(moment) if isinstance(moment, int | float) else time()

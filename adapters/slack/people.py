"""Names of people, for words such as "@Ana": known from before, never waited for."""

from __future__ import annotations

import re
from time import monotonic
from typing import Any

from adapters.chat.aside import soon
from adapters.slack.api import Apis
from adapters.slack.identity import Identity
from core.errors import EaselError

_KEPT_SECONDS = 24 * 3600.0
_AGAIN_SECONDS = 600.0
_MOST = 5_000
_NAME_LETTERS = 80
_AT_ONCE = 20
"""A message may mention hundreds of people that nobody knows; they are not all asked for."""
_ID = re.compile(r"[UW][A-Z0-9]{2,30}")


class People:
    """What people call themselves. One who is not known yet is asked for beside."""

    def __init__(self, apis: Apis) -> None:
        self._apis = apis
        self._known: dict[tuple[str, str], tuple[float, str]] = {}
        self._asked: set[tuple[str, str]] = set()

    def name(self, identity: Identity, user: str) -> str:
        """Empty while it is not known."""
        key = (identity.enterprise or identity.team, user)
        until, name = self._known.get(key, (0.0, ""))
        if until < monotonic() and _ID.fullmatch(user) and len(self._asked) < _AT_ONCE:
            self._keep(key, name, _AGAIN_SECONDS)
            if soon("slack_name_not_found", self._ask(identity, key)):
                self._asked.add(key)
        return name

    async def _ask(self, identity: Identity, key: tuple[str, str]) -> None:
        try:
            api = await self._apis.of(identity.team, identity.enterprise)
            answer = await api.call("users.info", user=key[1], spare=True)
        except EaselError:
            return
        finally:
            self._asked.discard(key)
        self._keep(key, name_of(answer.get("user")), _KEPT_SECONDS)

    def _keep(self, key: tuple[str, str], name: str, seconds: float) -> None:
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[key] = (monotonic() + seconds, name)


def name_of(user: Any) -> str:
    """What a person calls themselves, by what Slack says of them; empty where it says nothing."""
    told = user if isinstance(user, dict) else {}
    inside = told.get("profile")
    profile = inside if isinstance(inside, dict) else {}
    for name in (profile.get("display_name"), profile.get("real_name"), told.get("name")):
        if isinstance(name, str) and name.strip():
            return name.strip()[:_NAME_LETTERS]
    return ""

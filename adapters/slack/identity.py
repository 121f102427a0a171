"""Who Easel is in a workspace: its token and its own names there."""

from __future__ import annotations

from typing import Protocol

from pydantic import BaseModel, ConfigDict, SecretStr

from core.errors import NotFound


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

"""Identities in many workspaces, from their installations."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from pydantic import SecretStr
from slack_sdk.oauth.installation_store import Installation

from adapters.slack.identity import Identity, not_installed
from adapters.slack.installations import TEAM_URL, Installations
from adapters.slack.rotation import Rotation

REMEMBERED_SECONDS = 30.0
"""For how long a process may go on with what it knew, after another has uninstalled."""

_MOST = 1_000


class ManyWorkspaces:
    """Finds the workspace's own installation, else its organisation's."""

    def __init__(
        self,
        installations: Installations,
        rotation: Rotation,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._installations = installations
        self._rotation = rotation
        self._clock = clock
        self._remembered: dict[tuple[str, str], tuple[float, Identity]] = {}

    async def identity(self, team: str, enterprise: str = "") -> Identity:
        """Raises NotInstalled; Unavailable when the store, or Slack for a new token, is away."""
        until, known = self._remembered.get((team, enterprise), (0.0, None))
        if known is not None and until > self._clock():
            return known
        kept = await self._installations.first(*filter(None, (team, enterprise)))
        if kept is None:
            raise not_installed(team or enterprise)
        found = _identity(await self._rotation.fresh(kept), team)
        self._remember(team, enterprise, found)
        return found

    async def forget(self, home: str, before: float) -> bool:
        """Delete the installation of a workspace or organisation.

        One that was made after `before` (seconds since 1970) stays: the news of an uninstall may
        come late, when somebody has installed again. Gives false then.
        """
        kept = await self._installations.read(home)
        if kept is not None and int(kept.installation.installed_at) > before:
            return False
        await self._installations.forget(home)
        self._remembered = {
            key: value for key, value in self._remembered.items() if home not in key
        }
        return True

    def _remember(self, team: str, enterprise: str, found: Identity) -> None:
        if len(self._remembered) >= _MOST:
            self._remembered.clear()
        self._remembered[team, enterprise] = (self._clock() + REMEMBERED_SECONDS, found)


def _identity(installation: Installation, team: str) -> Identity:
    whole = installation.is_enterprise_install
    return Identity(
        token=SecretStr(installation.bot_token or ""),
        team=team or installation.team_id or "",
        enterprise=(installation.enterprise_id or "") if whole else "",
        bot_user=installation.bot_user_id or "",
        bot_id=installation.bot_id or "",
        team_url=str(installation.custom_values.get(TEAM_URL) or ""),
        scopes=frozenset(installation.bot_scopes or ()),
    )

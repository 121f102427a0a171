"""Where installations are kept: sealed, one a workspace or, for whole organisations, one of those.

Ids of workspaces and organisations never meet, so one id (`home`) names an installation: the
organisation's where an admin installed Easel for all of it, else the workspace's, whatever
organisation that may belong to now.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from logging import Logger, getLogger

import structlog
from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore

from core.policy.keyvalue import KeyValue, lock_of
from core.policy.vault import BrokenSeal, Vault

log = structlog.get_logger(__name__)

_ID = re.compile(r"[TE][A-Z0-9]{2,30}")
TEAM_URL = "team_url"
"""The custom value of an installation that holds the workspace's own address."""


@dataclass(frozen=True)
class Kept:
    """An installation as it stands; `sealed` tells whether it still does."""

    home: str
    installation: Installation
    sealed: str


def home_of(installation: Installation) -> str:
    """The id under which an installation is kept."""
    whole = installation.is_enterprise_install or not installation.team_id
    return (installation.enterprise_id if whole else installation.team_id) or ""


def rotation_name(home: str) -> str:
    """The name of the lock under which an installation's token is renewed."""
    return f"slack:rotation:{home}"


class Installations(AsyncInstallationStore):
    """slack_sdk's store over the key-value port.

    Only what a bot needs is kept: tokens of people are neither asked for nor stored. Any call
    raises Unavailable.
    """

    def __init__(self, values: KeyValue, vault: Vault) -> None:
        self._values = values
        self._vault = vault

    @property
    def logger(self) -> Logger:
        return getLogger(__name__)

    async def read(self, home: str) -> Kept | None:
        """The installation of a workspace or organisation; None, too, if it can't be unsealed."""
        if not _ID.fullmatch(home):
            return None
        sealed = await self._values.get(_name(home))
        if sealed is None:
            return None
        try:
            fields = json.loads(self._vault.open(_name(home), sealed))
            return Kept(home, Installation(**fields), sealed)
        except (BrokenSeal, ValueError, TypeError) as problem:
            # Installing again writes a good one over it.
            log.error("slack_installation_unreadable", home=home, problem=type(problem).__name__)
            return None

    async def replace(self, kept: Kept, renewed: Installation) -> bool:
        """Write over an installation only if it still stands as it was read."""
        return await self._values.swap(
            _name(kept.home), kept.sealed, self._sealed(kept.home, renewed)
        )

    async def forget(self, home: str) -> None:
        """Delete all that is kept for an installation. Who renews its token now, does so in vain:
        `replace` finds nothing to write over."""
        await self._values.delete(_name(home), lock_of(rotation_name(home)))

    async def async_save(self, installation: Installation) -> None:
        home = home_of(installation)
        if not _ID.fullmatch(home):
            raise ValueError("an installation without a workspace")
        await self._values.set(_name(home), self._sealed(home, installation))

    async def async_find_installation(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None = None,
        is_enterprise_install: bool | None = False,
    ) -> Installation | None:
        homes = (None if is_enterprise_install else team_id, enterprise_id)
        kept = await self.first(*(home for home in homes if home))
        return kept.installation if kept else None

    async def first(self, *homes: str) -> Kept | None:
        """The first installation that there is."""
        for home in homes:
            if kept := await self.read(home):
                return kept
        return None

    async def async_find_bot(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        is_enterprise_install: bool | None = False,
    ) -> Bot | None:
        found = await self.async_find_installation(
            enterprise_id=enterprise_id,
            team_id=team_id,
            is_enterprise_install=is_enterprise_install,
        )
        return found.to_bot() if found else None

    async def async_delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        await self.async_delete_installation(enterprise_id=enterprise_id, team_id=team_id)

    async def async_delete_installation(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None = None
    ) -> None:
        """Without a team it is the organisation's installation that goes."""
        if home := team_id or enterprise_id:
            await self.forget(home)

    def _sealed(self, home: str, installation: Installation) -> str:
        fields = {**vars(installation), "user_token": None, "user_refresh_token": None}
        return self._vault.seal(_name(home), json.dumps(fields))


def _name(home: str) -> str:
    return f"slack:installation:{home}"

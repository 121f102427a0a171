"""Renews tokens that end: one process does it, the others go on with what they have.

A refresh token is good for one call. So a lock keeps two processes from using the same one, and
what comes back is written only over what it was made from: an installation that was taken away or
made anew meanwhile stays as it is.

Between Slack's answer and our write there is a moment in which a process that dies takes the new
tokens with it, and Slack gives them to nobody a second time. Tokens are renewed two hours before
they end, so Easel then still works for two hours and says in the log all the while that somebody
must install it again; nothing else can be done, and nothing else is lost.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic, time

import structlog
from pydantic import SecretStr
from slack_sdk.errors import SlackTokenRotationError
from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.identity import AWAY, away, error_of, not_installed, passes
from adapters.slack.installations import Installations, Kept, rotation_name
from core.errors import Unavailable
from core.policy.keyvalue import KeyValue

log = structlog.get_logger(__name__)

MINUTES_BEFORE = 120
_STILL_GOOD_SECONDS = 60
_LOCK_SECONDS = 30
_WAIT_SECONDS = 12
_NOT_AGAIN_SECONDS = 30.0


class Rotation:
    """Gives installations whose token is good. `clock`: seconds, for pauses after a refusal."""

    def __init__(
        self,
        values: KeyValue,
        installations: Installations,
        client: AsyncWebClient,
        *,
        client_id: str,
        client_secret: SecretStr,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._values = values
        self._installations = installations
        self._rotator = AsyncTokenRotator(
            client_id=client_id, client_secret=client_secret.get_secret_value(), client=client
        )
        self._clock = clock
        self._pause: dict[str, float] = {}

    async def fresh(self, kept: Kept) -> Installation:
        """The installation, its token renewed where it is time.

        Raises NotInstalled when the token has ended and Slack gives no other, Unavailable when it
        has ended and nobody can say.
        """
        if not _due(kept.installation):
            return kept.installation
        good = _good(kept.installation)
        if self._pause.get(kept.home, 0.0) > self._clock():
            return _or_nothing(kept, good)
        try:
            async with self._values.locked(
                rotation_name(kept.home),
                seconds=_LOCK_SECONDS,
                patience=0 if good else _WAIT_SECONDS,
            ):
                return await self._renewed(kept.home)
        except Unavailable:
            if good:
                return kept.installation
            raise

    async def _renewed(self, home: str) -> Installation:
        kept = await self._installations.read(home)
        if kept is None:
            raise not_installed(home)
        try:
            # Nothing comes back where another process has just done it.
            bot = await self._rotator.perform_bot_token_rotation(
                bot=kept.installation.to_bot(), minutes_before_expiration=MINUTES_BEFORE
            )
        except SlackTokenRotationError as refused:
            return self._refused(kept, refused)
        except AWAY as problem:
            raise away(problem) from None
        return await self._written(kept, bot) if bot else kept.installation

    async def _written(self, kept: Kept, bot: Bot) -> Installation:
        """Keep the new tokens, unless the installation is not what it was."""
        renewed = Installation(**kept.installation.to_dict_for_copying())
        renewed.bot_token = bot.bot_token
        renewed.bot_refresh_token = bot.bot_refresh_token
        renewed.bot_token_expires_at = bot.bot_token_expires_at
        if await self._installations.replace(kept, renewed):
            log.info("slack_token_renewed", home=kept.home)
            return renewed
        later = await self._installations.read(kept.home)
        if later is None:
            raise not_installed(kept.home)
        return later.installation

    def _refused(self, kept: Kept, refused: SlackTokenRotationError) -> Installation:
        if passes(refused.api_error):
            raise away(refused) from None
        reason = error_of(refused.api_error)
        log.error("slack_token_not_renewed", home=kept.home, reason=reason, remedy="install again")
        self._pause = {home: end for home, end in self._pause.items() if end > self._clock()}
        self._pause[kept.home] = self._clock() + _NOT_AGAIN_SECONDS
        return _or_nothing(kept, _good(kept.installation))


def _due(installation: Installation) -> bool:
    ends = installation.bot_token_expires_at
    return ends is not None and ends <= time() + MINUTES_BEFORE * 60


def _good(installation: Installation) -> bool:
    return (installation.bot_token_expires_at or 0) > time() + _STILL_GOOD_SECONDS


def _or_nothing(kept: Kept, good: bool) -> Installation:
    if not good:
        raise not_installed(kept.home, "the token has ended and could not be renewed")
    return kept.installation

"""Asks Slack, without changing anything, whether the tokens of a workspace do what Easel needs."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import SecretStr
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.identity import AWAY, bare_client, error_of, passes, whose
from adapters.slack.manifest import SCOPES


@dataclass(frozen=True)
class Checkup:
    """Where the bot token belongs, and which scopes it lacks."""

    team: str
    bot: str
    missing: tuple[str, ...]


async def examine_bot(token: SecretStr, api_url: str) -> Checkup:
    """Raises NotInstalled when Slack does not accept the token, Unavailable when it is away."""
    identity = await whose(token, bare_client(api_url))
    missing = tuple(sorted(SCOPES.keys() - identity.scopes)) if identity.scopes else ()
    place = identity.team_url.removeprefix("https://").rstrip("/") or identity.team
    return Checkup(team=place, bot=identity.bot_user, missing=missing)


async def opens_socket(app_token: SecretStr, api_url: str) -> str:
    """Why the app token opens no socket; empty when it does.

    The address that Slack gives is not connected to: events would come to us that are meant for a
    running Easel.
    """
    client: AsyncWebClient = bare_client(api_url)
    try:
        await client.apps_connections_open(app_token=app_token.get_secret_value())
    except SlackApiError as refused:
        return (
            "Slack has trouble just now" if passes(refused) else f"Slack says {error_of(refused)}"
        )
    except AWAY as problem:
        return f"Slack does not answer ({type(problem).__name__})"
    return ""

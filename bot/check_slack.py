"""Check of Slack: what is set, what is set half, and whether the tokens do what they should."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import SecretStr

from adapters.slack.checkup import examine_bot, opens_socket
from adapters.slack.distribution import lacking
from adapters.slack.identity import NotInstalled
from adapters.slack.manifest import INSTALL_PATH
from bot.findings import Finding, bad, note, ok, warn
from bot.settings import Settings
from core.errors import Unavailable

_PART = "Slack"


async def check_slack(settings: Settings) -> Finding:
    """Nothing is sent to any channel, and no event is taken from a running Easel."""
    if not _anything(settings):
        return note(_PART, "not set up", "`easel slack manifest` prints what the app needs.")
    half = list(_set_half(settings))
    if half:
        words, remedy = half[0]
        return bad(_PART, words, remedy)
    if settings.slack_bot_token is None:
        return ok(_PART, f"installed from {settings.public_url}{INSTALL_PATH}")
    return await _check_tokens(settings, settings.slack_bot_token)


def _anything(settings: Settings) -> bool:
    return any(
        value is not None
        for value in (
            settings.slack_bot_token,
            settings.slack_app_token,
            settings.slack_signing_secret,
            settings.slack_client_id,
            settings.slack_client_secret,
        )
    )


def _set_half(settings: Settings) -> Iterator[tuple[str, str]]:
    """What lacks something else, and what that is."""
    many = settings.slack_client_id is not None
    if settings.slack_client_secret is not None and not many:
        yield "SLACK_CLIENT_SECRET is set without SLACK_CLIENT_ID.", "Set both, or neither."
    if many:
        yield from _half_distributed(settings)
    elif settings.slack_bot_token is None:
        yield (
            "There is no SLACK_BOT_TOKEN, so Easel could hear but not answer.",
            "Copy the Bot User OAuth Token (xoxb-…) of the installed app.",
        )
    if settings.slack_app_token is None and settings.slack_signing_secret is None:
        yield (
            "Nothing says how Slack's events come in.",
            "Set SLACK_APP_TOKEN for Socket Mode, or SLACK_SIGNING_SECRET for events over HTTP.",
        )
    yield from _mixed_up(settings)


def _half_distributed(settings: Settings) -> Iterator[tuple[str, str]]:
    """Installing in many workspaces needs four settings, and no token of one."""
    needed = (settings.slack_client_secret, settings.secret_key, settings.public_url)
    if None in needed:
        refused = lacking(*needed)
        yield refused.message, refused.hint
    if settings.slack_bot_token is not None:
        yield (
            "SLACK_BOT_TOKEN and SLACK_CLIENT_ID are both set.",
            "Keep the token for one workspace, or the client id for many.",
        )


def _mixed_up(settings: Settings) -> Iterator[tuple[str, str]]:
    """Tokens in each other's place."""
    kinds = (
        ("SLACK_BOT_TOKEN", settings.slack_bot_token, ("xoxb-", "xoxe.xoxb-")),
        ("SLACK_APP_TOKEN", settings.slack_app_token, ("xapp-",)),
    )
    for name, token, beginnings in kinds:
        if token is not None and not token.get_secret_value().startswith(beginnings):
            yield f"{name} does not begin with {beginnings[0]}", "Look which token it is."


async def _check_tokens(settings: Settings, bot_token: SecretStr) -> Finding:
    api_url = settings.slack_api
    try:
        found = await examine_bot(bot_token, api_url)
    except NotInstalled as refused:
        return bad(_PART, refused.message, f"Slack's answer: {refused.admin}. {refused.hint}")
    except Unavailable as problem:
        return bad(_PART, f"Slack cannot be asked ({problem.admin}).", "Check the network.")
    if settings.slack_app_token is not None:
        problem_words = await opens_socket(settings.slack_app_token, api_url)
        if problem_words:
            remedy = "It needs connections:write; events over HTTP need no such token."
            return bad(_PART, f"SLACK_APP_TOKEN opens no socket: {problem_words}.", remedy)
    if found.missing:
        words = f"{found.team}: the bot lacks {', '.join(found.missing)}."
        return warn(
            _PART, words, "Bring the app up to date with `easel slack manifest`, then reinstall it."
        )
    way = "Socket Mode" if settings.slack_app_token is not None else "events over HTTP"
    return ok(_PART, f"{found.team} as {found.bot}, {way}")

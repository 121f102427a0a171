"""The doctor names what of Slack is set half, or in the wrong place, before it asks Slack."""

from __future__ import annotations

from typing import Any

import pytest

from bot.check_slack import check_slack
from bot.findings import Level
from bot.settings import Settings

BOT, APP, SIGNING = "xoxb-1-secret", "xapp-1-secret", "signing"
MANY: dict[str, Any] = {
    "slack_client_id": "1.2",
    "slack_client_secret": "secret",
    "slack_signing_secret": SIGNING,
    "secret_key": "a long random text",
    "public_url": "https://easel.example.com",
}


def given(**values: Any) -> Settings:
    nowhere = "http://127.0.0.1:9/api"
    return Settings.model_validate({"slack_api_url": nowhere, **values})


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.chdir(tmp_path)


async def test_nothing_set_is_no_fault() -> None:
    finding = await check_slack(given())
    assert finding.level is Level.NOTE
    assert "easel slack manifest" in finding.remedy


async def test_many_workspaces_are_named_by_their_door() -> None:
    finding = await check_slack(given(**MANY))
    assert finding.level is Level.OK
    assert "https://easel.example.com/slack/install" in finding.words


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"slack_app_token": APP}, "no SLACK_BOT_TOKEN"),
        ({"slack_signing_secret": SIGNING}, "no SLACK_BOT_TOKEN"),
        ({"slack_bot_token": BOT}, "how Slack's events come in"),
        ({"slack_bot_token": APP, "slack_app_token": BOT}, "SLACK_BOT_TOKEN does not begin"),
        ({"slack_bot_token": BOT, "slack_app_token": BOT}, "SLACK_APP_TOKEN does not begin"),
        ({"slack_client_secret": "secret"}, "without SLACK_CLIENT_ID"),
        ({**MANY, "secret_key": None}, "needs EASEL_SECRET_KEY."),
        ({**MANY, "public_url": None}, "needs EASEL_PUBLIC_URL."),
        ({**MANY, "slack_client_secret": None}, "needs SLACK_CLIENT_SECRET."),
        ({**MANY, "slack_bot_token": BOT}, "both set"),
        ({**MANY, "slack_signing_secret": None}, "how Slack's events come in"),
    ],
)
async def test_what_is_set_half_is_named(values: dict[str, Any], words: str) -> None:
    finding = await check_slack(given(**values))
    assert finding.level is Level.BAD
    assert words in finding.words
    assert finding.remedy
    assert "-1-secret" not in f"{finding}"

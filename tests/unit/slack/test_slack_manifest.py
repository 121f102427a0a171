"""The manifest holds to Slack's limits, names what the code uses, and is what `deploy/` carries."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from adapters.slack.manifest import BOT_EVENTS, COMMANDS, SCOPES, SHORTCUTS, manifest
from bot.cli import app
from core.errors import BadInput

ROOT = Path(__file__).parents[3]
DEPLOY, SLACK = ROOT / "deploy", ROOT / "adapters" / "slack"
URL = "https://easel.example.com"
NEEDED_BY = {
    "agent_session_stopped": "assistant:write",
    "app_mention": "app_mentions:read",
    "member_joined_channel": "channels:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
}
CALLED = {
    "assistant:write": "assistant.threads.setStatus",
    "channels:history": "conversations.history",
    "channels:read": "conversations.info",
    "chat:write": "chat.postMessage",
    "commands": "app.shortcut(",
    "files:read": "files.info",
    "files:write": "files.completeUploadExternal",
    "groups:history": "conversations.replies",
    "groups:read": "conversations.members",
    "im:read": "conversations.members",
    "im:write": "conversations.open",
    "metadata.message:read": "include_all_metadata",
    "mpim:read": "conversations.members",
    "users:read": "users.info",
}
"""What needs a scope beside events."""
NEEDS_NOTHING = {"app_home_opened", "app_uninstalled", "tokens_revoked"}


def easel(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["slack", "manifest", *arguments])


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("EASEL_PUBLIC_URL", raising=False)


def test_every_event_has_the_scope_that_it_needs() -> None:
    assert BOT_EVENTS.keys() == NEEDED_BY.keys() | NEEDS_NOTHING
    assert set(NEEDED_BY.values()) <= SCOPES.keys()
    assert all({**SCOPES, **BOT_EVENTS}.values())


def test_no_scope_is_asked_for_that_nothing_uses() -> None:
    assert SCOPES.keys() == CALLED.keys() | NEEDED_BY.values()
    source = "".join(path.read_text("utf-8") for path in SLACK.glob("*.py"))
    assert [scope for scope, call in CALLED.items() if call not in source] == []


@pytest.mark.parametrize("made", [manifest(), manifest(base_url=URL, socket=False, many=True)])
def test_texts_are_as_long_as_slack_takes_them(made: dict[str, Any]) -> None:
    shown, features = made["display_information"], made["features"]
    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert 174 <= len(shown["long_description"]) <= 4_000
    assert all(len(each["name"]) <= 24 for each in features["shortcuts"])
    assert all(len(each["description"]) <= 150 for each in features["shortcuts"])
    assert all(len(each["command"]) <= 32 for each in features["slash_commands"])
    assert {each["callback_id"] for each in features["shortcuts"]} == SHORTCUTS.keys()
    assert {each["command"] for each in features["slash_commands"]} == COMMANDS.keys()


def test_socket_mode_names_no_address() -> None:
    made = manifest()
    assert "http" not in json.dumps(made)
    assert made["settings"]["socket_mode_enabled"]
    assert not made["settings"]["token_rotation_enabled"]
    assert "redirect_urls" not in made["oauth_config"]


def test_http_brings_everything_to_one_address() -> None:
    made = manifest(base_url=f"{URL}/", socket=False)
    urls = [each["url"] for each in made["features"]["slash_commands"]]
    urls += [made["settings"][part]["request_url"] for part in ("event_subscriptions",)]
    urls.append(made["settings"]["interactivity"]["request_url"])
    assert set(urls) == {f"{URL}/slack/events"}
    assert not made["settings"]["socket_mode_enabled"]


def test_many_workspaces_have_somewhere_to_come_back_to_and_tokens_that_are_renewed() -> None:
    made = manifest(base_url=URL, socket=True, many=True)
    assert made["oauth_config"]["redirect_urls"] == [f"{URL}/slack/oauth_redirect"]
    assert made["settings"]["token_rotation_enabled"]
    assert made["settings"]["org_deploy_enabled"]
    assert "request_url" not in made["settings"]["event_subscriptions"]


@pytest.mark.parametrize("url", ["", "http://easel.example.com", "easel.example.com", f"{URL}/?a"])
def test_an_address_that_slack_can_t_reach_is_refused(url: str) -> None:
    with pytest.raises(BadInput):
        manifest(base_url=url, socket=False)


def test_the_command_prints_what_can_be_pasted() -> None:
    assert json.loads(easel().output) == manifest()
    assert json.loads(easel("--socket").output) == manifest()
    printed = easel("--http", URL, "--many").output
    assert json.loads(printed) == manifest(base_url=URL, socket=False, many=True)


def test_the_command_takes_the_public_address_from_the_settings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("EASEL_PUBLIC_URL", URL)
    assert json.loads(easel("--many").output) == manifest(base_url=URL, many=True)


@pytest.mark.parametrize(
    "arguments", [("--many",), ("--http", "http://x"), ("--http", URL, "--socket")]
)
def test_the_command_says_what_it_can_t_do(arguments: tuple[str, ...]) -> None:
    result = easel(*arguments)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("slack-manifest-socket.json", manifest()),
        ("slack-manifest-http.json", manifest(base_url=URL, socket=False)),
        ("slack-manifest-many.json", manifest(base_url=URL, socket=False, many=True)),
    ],
)
def test_the_files_of_deploy_are_current(name: str, made: dict[str, Any]) -> None:
    assert json.loads((DEPLOY / name).read_text("utf-8")) == made

"""Which installation an event ends: the workspace's, the organisation's, or none."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.slack.uninstall import ended_home

GONE = {"type": "app_uninstalled"}
BOT = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["U1"]}}
PERSON = {"type": "tokens_revoked", "tokens": {"oauth": ["U2"], "bot": []}}
WHOLE = [{"enterprise_id": "E1", "team_id": None, "is_enterprise_install": True}]
PART = [{"enterprise_id": "E1", "team_id": "T1", "is_enterprise_install": False}]


@pytest.mark.parametrize(
    ("body", "home"),
    [
        ({"event": GONE, "team_id": "T1"}, "T1"),
        ({"event": GONE, "team_id": "T1", "enterprise_id": "E1"}, "T1"),
        ({"event": GONE, "team_id": "T1", "enterprise_id": "E1", "authorizations": PART}, "T1"),
        ({"event": GONE, "team_id": "T1", "enterprise_id": "E1", "authorizations": WHOLE}, "E1"),
        (
            {"event": GONE, "team_id": "T1", "enterprise_id": "E1", "is_enterprise_install": True},
            "E1",
        ),
        ({"event": GONE, "team_id": None, "enterprise_id": "E1"}, "E1"),
        ({"event": BOT, "team_id": "T1"}, "T1"),
        ({"event": PERSON, "team_id": "T1"}, ""),
        ({"event": {"type": "tokens_revoked"}, "team_id": "T1"}, ""),
        ({"event": {"type": "message"}, "team_id": "T1"}, ""),
        ({"event": GONE}, ""),
        ({"event": "app_uninstalled", "team_id": "T1"}, ""),
        ({"event": GONE, "team_id": "T1", "authorizations": "odd"}, "T1"),
        ({}, ""),
    ],
)
def test_the_installation_that_an_event_ends(body: dict[str, Any], home: str) -> None:
    assert ended_home(body) == home

"""Nobody outside writes lines into the log, nor speaks to the terminal that shows it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
from structlog.testing import capture_logs

from adapters.slack.access import refused
from adapters.slack.interactions import Press
from adapters.slack.oauth import _failed
from adapters.slack.places import Place

ODD = "\x1b]0;owned\x07\n2026-11-25 [error] forged"


@pytest.mark.parametrize(
    ("told", "logged"),
    [("access_denied", "access_denied"), (ODD, ""), ("<script>", ""), ("a" * 500, "")],
)
async def test_why_an_installation_failed_is_logged_only_in_words_of_slacks(
    told: str, logged: str
) -> None:
    args: Any = SimpleNamespace(reason=told, suggested_status_code=200)
    with capture_logs() as logs:
        response = await _failed(args)
    assert logs[0]["reason"] == (logged or "not told in words of Slack's")
    assert "\x1b" not in response.body and "<script>" not in response.body


def test_a_forged_value_is_logged_as_it_is_and_on_one_line() -> None:
    press = Press(Place(team="T1", channel="C1"), "1.0", ODD + "x" * 900, "", 0.0)
    with capture_logs() as logs:
        refused(press)
    value = cast("str", logs[0]["value"])
    assert value.isprintable() and "forged" in value and len(value) < 400

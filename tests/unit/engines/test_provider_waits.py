"""How long a provider asks us to wait, whatever form it says that in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from core.engines.waits import wait_named

WORDS = "Please try again in 12s."
PAST = "Wed, 21 Oct 2015 07:28:00 GMT"


@pytest.mark.parametrize(
    ("headers", "message", "seconds"),
    [
        ({"retry-after-ms": "1500", "retry-after": "9"}, WORDS, 1.5),
        ({"retry-after": "20"}, WORDS, 20.0),
        ({"retry-after": "0.5"}, "", 0.5),
        ({"retry-after": "0"}, WORDS, 0.0),
        ({"retry-after": PAST}, WORDS, 12.0),
        ({"retry-after": PAST}, "", None),
        ({"retry-after": "tomorrow"}, "", None),
        ({"retry-after": "-1"}, "", None),
        ({"retry-after": "nan"}, "", None),
        ({"retry-after": "inf"}, "", None),
        ({"retry-after": "999999999"}, "", 86_400.0),
        ({}, "Please try again in 350ms.", 0.35),
        ({}, "Please try again in 1m30s. Visit", 90.0),
        ({}, "Your rate limit resets in ~30s.", 30.0),
        ({}, "Expected available in 1 second.", 1.0),
        ({}, "Try again in 99999h", 86_400.0),
        ({}, "Please try again later.", None),
        ({}, "", None),
    ],
)
def test_a_wait_is_read_from_headers_first_and_then_from_words(
    headers: dict[str, str], message: str, seconds: float | None
) -> None:
    assert wait_named(headers, message) == (None if seconds is None else pytest.approx(seconds))


def test_a_moment_to_come_is_a_wait() -> None:
    moment = datetime.now(UTC) + timedelta(minutes=5)
    wait = wait_named({"retry-after": format_datetime(moment, usegmt=True)}, "")
    assert wait is not None
    assert 200 < wait <= 300

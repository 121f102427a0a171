"""The line that says how much is asked of providers."""

from __future__ import annotations

import pytest

from bot.provider_limits import USUAL_LIMITS, Limit, limits_of


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("", {}),
        ("openai=8", {"openai": (8, None)}),
        ("openai = 8 60/min", {"openai": (8, 60)}),
        (
            "openai=8, openai/gpt-image-2=4 5 / min,",
            {"openai": (8, None), "openai/gpt-image-2": (4, 5)},
        ),
        (USUAL_LIMITS, {"openai": (8, None), "replicate": (10, None), "compatible": (2, None)}),
    ],
)
def test_limits_are_read(text: str, limits: dict[str, Limit]) -> None:
    assert limits_of(text) == limits


@pytest.mark.parametrize(
    "text", ["openai", "openai=0", "openai=8 0/min", "openai=many", "=3", "a=1;b=2"]
)
def test_what_is_no_limit_is_named(text: str) -> None:
    with pytest.raises(ValueError, match="openai=8 60/min"):
        limits_of(text)

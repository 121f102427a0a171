"""What all tests share: which of them may run beside one another."""

from __future__ import annotations

from pathlib import Path

import pytest

ONE_AT_A_TIME = ("browser", "chaos", "scenario")
_HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep whole-program tests on one worker: they start servers and use all cores themselves."""
    for item in items:
        if item.path.relative_to(_HERE).parts[0] in ONE_AT_A_TIME:
            item.add_marker(pytest.mark.xdist_group("one-at-a-time"))

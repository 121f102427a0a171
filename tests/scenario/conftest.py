"""One house a test, closed afterwards."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.scenario.house import House, house


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    """Everything, with a worker."""
    async with house(tmp_path) as here, here.working():
        yield here


@pytest.fixture
async def idle(tmp_path: Path) -> AsyncIterator[House]:
    """Everything but a worker."""
    async with house(tmp_path) as here:
        yield here

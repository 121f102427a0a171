"""A fake Slack, a real store, and two processes of Easel's on it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.contract.slack.fake_slack import FakeSlack
from tests.contract.slack.slack_world import Team
from tests.scenario.slack_installs.slack_consent import Process, process, store_in


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as running:
        yield running


@pytest.fixture
async def url(tmp_path: Path) -> AsyncIterator[str]:
    async with store_in(tmp_path) as address:
        yield address


@pytest.fixture
async def one(url: str, slack: FakeSlack) -> AsyncIterator[Process]:
    async with process(url, slack) as running:
        yield running


@pytest.fixture
async def two(url: str, slack: FakeSlack) -> AsyncIterator[Process]:
    async with process(url, slack) as running:
        yield running


@pytest.fixture
def acme(slack: FakeSlack) -> Team:
    return slack.team("acme", installed=False)


@pytest.fixture
def bolt(slack: FakeSlack) -> Team:
    """A workspace of an organisation."""
    return slack.team("bolt", enterprise="E0CORP", installed=False)


@pytest.fixture
def cork(slack: FakeSlack) -> Team:
    """Another one of the same."""
    return slack.team("cork", enterprise="E0CORP", installed=False)

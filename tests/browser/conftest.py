"""A browser for all tests of the page, and a page without complaints for each."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.workspace import Workspace, chromium, serving

_HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where a machine cannot have Chromium, its owner may say so; nothing else skips these."""
    if os.environ.get("EASEL_SKIP_BROWSER") != "1":
        return
    for item in items:
        if _HERE in item.path.parents:
            item.add_marker(pytest.mark.skip(reason="EASEL_SKIP_BROWSER=1: there is no Chromium"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Not for the whole run: its event loop must have ended before other tests start theirs."""
    with chromium() as found:
        yield found


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page at desktop width; whatever it complains of in its console fails the test."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    found = context.new_page()
    complaints: list[str] = []
    found.on("pageerror", lambda error: complaints.append(str(error)))
    found.on(
        "console",
        lambda message: complaints.append(message.text) if message.type == "error" else None,
    )
    yield found
    context.close()
    assert [text for text in complaints if "Failed to load resource" not in text] == []


@pytest.fixture
def workspace(page: Page, tmp_path: Path) -> Iterator[Workspace]:
    """A fresh server and its page."""
    with serving(tmp_path / "data") as address:
        yield Workspace(page, address)

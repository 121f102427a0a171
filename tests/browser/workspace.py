"""The real program and a real Chromium, for tests that go the way a person goes."""

from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import numpy.typing as npt
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

ROOT = Path(__file__).parents[2]
CHROMIUM = "/usr/bin/chromium"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DRAWN_MS = 240_000
"""How long a test waits for a picture; speed itself is measured in bench/, not here."""


@contextlib.contextmanager
def serving(
    folder: Path, *, program: Sequence[str] = ("bot", "serve"), **environment: str
) -> Iterator[str]:
    """`easel serve` (or another `program`) on a free port, its data in `folder`; its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", *program],
        cwd=ROOT,
        env=_clean_environment() | {"EASEL_DATA_DIR": str(folder), "EASEL_PORT": "0"} | environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        said = process.stdout.readline()
        found = re.search(r"http://[\d.:]+", said)
        assert found, said
        yield found[0]
    finally:
        process.terminate()
        assert process.wait(timeout=30) == 0
        if process.stdout:
            process.stdout.close()


def _clean_environment() -> dict[str, str]:
    """Without what a developer may have set for their own Easel."""
    ours = ("EASEL_", "OPENAI_", "REPLICATE_", "SLACK_", "DISCORD_", "REDIS_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@dataclass
class Workspace:
    """One page on one server, with the words of a person."""

    page: Page
    address: str

    def open(self, path: str = "/") -> None:
        self.page.goto(self.address + path)
        expect(self.composer).to_be_visible()

    @property
    def composer(self) -> Locator:
        return self.page.get_by_test_id("composer")

    @property
    def turns(self) -> Locator:
        return self.page.get_by_test_id("turn")

    def say(self, words: str) -> Locator:
        """Write and send; the turn that appears for it."""
        before = self.turns.count()
        self.composer.fill(words)
        self.composer.press("Enter")
        expect(self.turns).to_have_count(before + 1)
        return self.turns.nth(before)

    def do(self, words: str, state: str = "done") -> Locator:
        """Say it and wait for what becomes of it."""
        return self.ended(self.say(words), state)

    def ended(self, turn: Locator, state: str = "done") -> Locator:
        expect(turn).to_have_attribute(
            "data-state", re.compile("done|failed|cancelled"), timeout=DRAWN_MS
        )
        expect(turn).to_have_attribute("data-state", state)
        return turn

    def click(self, card: Locator, button: str) -> Locator:
        """A button under a version that says something; the turn that appears for it."""
        before = self.turns.count()
        card.get_by_test_id(button).click()
        expect(self.turns).to_have_count(before + 1)
        return self.turns.nth(before)

    def version(self, name: str) -> Locator:
        return self.page.locator(f'[data-testid="version"][data-version="{name}"]')

    @property
    def session(self) -> dict[str, Any]:
        """The session that is open, as the interface tells it."""
        sid = self.page.evaluate("location.hash").rpartition("/")[2]
        answer = httpx.get(f"{self.address}/api/sessions/{sid}", trust_env=False)
        whole: dict[str, Any] = answer.raise_for_status().json()
        return whole

    def told(self, name: str) -> dict[str, Any]:
        """What the interface tells of a version."""
        found: dict[str, Any] = next(v for v in self.session["versions"] if v["name"] == name)
        return found

    def pixels(self, name: str) -> npt.NDArray[np.uint8]:
        """The pixels of a version, as its file holds them."""
        return decoded(self.fetch(f"/api/assets/{self.told(name)['asset']['sha256']}"))

    def fetch(self, path: str) -> bytes:
        return httpx.get(self.address + path, trust_env=False).raise_for_status().content


def decoded(data: bytes) -> npt.NDArray[np.uint8]:
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image)


def keep(page: Page, name: str) -> None:
    """A screenshot for whoever looks at the results; with EASEL_SCREENSHOTS set, for the docs."""
    folder = Path(os.environ.get("EASEL_SCREENSHOTS") or ROOT / "test-results")
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / f"{name}.png")

"""What people see of Easel in Discord: simcord draws what a whole Easel really sent."""

from __future__ import annotations

import io
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.browser.discord_moments import ASKED, NAVY, SLOW, Evening, evening
from tests.browser.workspace import ROOT

SHOOTING = bool(os.environ.get("EASEL_SCREENSHOTS"))
pytestmark = pytest.mark.timeout(900)
DARK = 90
"""Everything is darker than this in Discord's dark theme, but for words and pictures."""

STANDS_THERE = {
    "thread": [ASKED, "Transparent", "Variations", "Undo", "Upscale", "v1"],
    "working": [NAVY, SLOW, "Waiting for 1 turn before this one", "Cancel", "Editing v2"],
    "transparent": ["v3", "on-checkerboard", "Variations"],
    "edit": ["Edit with Easel", "What shall I change?", "Pictures to take something from"],
    "settings": ["Which model draws, unless somebody names one?", "Safety", "People"],
    "upscale": ["Quick upscale", "720 × 480 px"],
}


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Evening:
    """With EASEL_SCREENSHOTS the studio draws, so that the docs show what it does."""
    return evening(tmp_path_factory.mktemp("discord"), studio=SHOOTING)


@pytest.mark.parametrize("name", STANDS_THERE)
def test_what_was_sent_can_be_drawn_and_says_what_it_should(seen: Evening, name: str) -> None:
    moment = seen[name]
    assert moment.missing == []
    assert [words for words in STANDS_THERE[name] if words not in moment.words] == []


@pytest.mark.parametrize("name", STANDS_THERE)
def test_pictures_for_the_guide(seen: Evening, name: str) -> None:
    picture = _pixels(seen[name].png)
    bright = (picture.max(axis=2) > DARK).mean()
    assert 0.01 < bright < 0.8, "neither blank nor without the client around it"
    assert _kept(seen[name].png, f"discord-{name}") < 200_000


def test_a_transparent_picture_shows_the_client_and_beside_it_a_checkerboard(
    seen: Evening,
) -> None:
    """A third of the card's width is the subject's colour or the client's, a third is squares."""
    squares = _share(seen["transparent"].png, least=150)
    none = _share(seen["edit"].png, least=150)
    assert squares > 0.08
    assert none < 0.05


def _share(png: bytes, *, least: int) -> float:
    """How much of a picture is grey and bright."""
    picture = _pixels(png).astype(int)
    grey = picture.max(axis=2) - picture.min(axis=2) < 12
    return float((grey & (picture.min(axis=2) > least)).mean())


def _pixels(png: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(png)) as image:
        return np.asarray(image.convert("RGB"))


def _kept(shot: bytes, name: str) -> int:
    """Keep a screenshot in few colours, for the docs or for whoever looks; its bytes."""
    folder = Path(os.environ.get("EASEL_SCREENSHOTS") or ROOT / "test-results")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.png"
    with Image.open(io.BytesIO(shot)) as image:
        image.convert("RGB").quantize(256).save(path, optimize=True)
    return path.stat().st_size

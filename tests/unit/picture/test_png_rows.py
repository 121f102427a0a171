"""PNGs written band by band say the same as the pixels."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.picture.codec import Pixels, check, decode, encode_png
from core.picture.png_rows import encoded

PHOTOS = Path(__file__).parents[2] / "photos"


def bands(pixels: Pixels, *cuts: int) -> list[Pixels]:
    return [np.ascontiguousarray(part) for part in np.split(pixels, cuts)]


@pytest.mark.parametrize("depth", [3, 4])
@pytest.mark.parametrize("cuts", [(), (1,), (7, 8, 40)])
def test_every_pixel_comes_back(depth: int, cuts: tuple[int, ...]) -> None:
    pixels = np.random.default_rng(depth).integers(0, 256, (50, 37, depth), np.uint8)
    data = encoded(bands(pixels, *cuts), 37, 50, depth)
    assert (decode(data) == pixels).all()
    info = check(data)
    assert (info.width, info.height, info.alpha) == (37, 50, depth == 4)


def test_a_photograph_is_about_as_small_as_the_usual_way_makes_it() -> None:
    pixels = decode((PHOTOS / "coffee.jpg").read_bytes())
    ours = encoded(bands(pixels, 100, 300), pixels.shape[1], pixels.shape[0], 3)
    assert len(ours) < 1.1 * len(encode_png(pixels))

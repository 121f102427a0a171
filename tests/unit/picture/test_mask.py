"""Painted areas turned from holes into white, pixel by pixel."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from core.errors import BadPicture
from core.picture.codec import encode_png
from core.picture.mask import white_where_open
from tests.unit.picture.making import png_of, reopened, saved


def grey(mask: bytes) -> list[list[int]]:
    image = reopened(white_where_open(mask))
    assert (image.format, image.mode) == ("PNG", "L")
    return np.asarray(image).tolist()  # type: ignore[no-any-return]


def test_every_pixel_is_white_to_the_degree_to_which_it_was_clear() -> None:
    rng = np.random.default_rng(7)
    pixels = rng.integers(0, 256, (37, 53, 4), dtype=np.uint8)
    assert grey(encode_png(pixels)) == (255 - pixels[..., 3].astype(int)).tolist()


def test_colours_under_the_mask_do_not_matter() -> None:
    holes = np.zeros((2, 2, 4), np.uint8)
    holes[0, 0] = (255, 255, 255, 255)
    holes[1, 1] = (255, 0, 255, 0)
    assert grey(encode_png(holes)) == [[0, 255], [255, 255]]


def test_grey_with_alpha_and_palettes_are_read_as_well() -> None:
    two = Image.fromarray(np.array([[[9, 0], [9, 255]]], np.uint8), "LA")
    assert grey(saved(two, "PNG")) == [[255, 0]]
    palette = Image.new("P", (2, 1))
    palette.putpalette([0, 0, 0, 255, 255, 255])
    palette.putpixel((1, 0), 1)
    assert grey(saved(palette, "PNG", transparency=1)) == [[0, 255]]


def test_a_mask_without_transparency_opens_nothing() -> None:
    assert grey(saved(Image.new("RGB", (3, 2), "white"), "PNG")) == [[0, 0, 0], [0, 0, 0]]


def test_the_same_mask_gives_the_same_bytes() -> None:
    mask = encode_png(np.full((8, 8, 4), 128, np.uint8))
    assert white_where_open(mask) == white_where_open(mask)


def test_a_damaged_mask_is_refused_in_words() -> None:
    with pytest.raises(BadPicture):
        white_where_open(png_of(4, 4, 8, 6, b"\0" * 5))

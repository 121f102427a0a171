"""Painted areas turned from holes into white, pixel by pixel."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from core.errors import BadPicture
from core.picture.codec import encode_png
from core.picture.mask import put_back, white_where_open
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


@pytest.mark.parametrize("depths", [(3, 3), (3, 4), (4, 3), (4, 4)])
def test_what_was_not_painted_is_put_back_to_the_pixel(depths: tuple[int, int]) -> None:
    rng = np.random.default_rng(3)
    before, after = (rng.integers(0, 256, (300, 40, depth), np.uint8) for depth in depths)
    holes = np.full((300, 40, 4), 255, np.uint8)
    holes[100:200, 10:20, 3] = 0
    holes[200, 10:20, 3] = 128
    put = put_back(before, after, encode_png(holes))
    assert put.shape[2] == max(depths)
    painted = np.zeros((300, 40), bool)
    painted[100:201, 10:20] = True
    assert (put[~painted][:, :3] == before[~painted][:, :3]).all()
    assert (put[100:200, 10:20, :3] == after[100:200, 10:20, :3]).all()
    middle = before[200, 10:20, :3] + (
        after[200, 10:20, :3].astype(float) - before[200, 10:20, :3]
    ) * (127 / 255)
    assert np.abs(put[200, 10:20, :3] - middle).max() <= 0.5
    if depths == (4, 4):
        assert (put[~painted] == before[~painted]).all()


def test_a_mask_of_another_size_puts_nothing_back() -> None:
    picture = np.zeros((4, 4, 3), np.uint8)
    with pytest.raises(BadPicture):
        put_back(picture, picture, encode_png(np.zeros((4, 5, 4), np.uint8)))

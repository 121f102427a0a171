"""Crop, resize, rotate, flip, trim and pad, measured on pixels."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from core.errors import BadInput, TooLarge
from core.picture.adjust import adjust
from core.picture.adjustments import (
    Adjustment,
    Anchor,
    Convert,
    Crop,
    Flip,
    Pad,
    Resize,
    Rotate,
    Trim,
)
from core.picture.codec import Pixels, decode
from core.picture.resample import coded, linear
from tests.unit.picture.making import ASTRONAUT, COFFEE, disc, far, slope


def done(pixels: Pixels, adjustment: Adjustment) -> Pixels:
    before = pixels.copy()
    changed, _ = adjust(pixels, adjustment, max_side=8192)
    assert (pixels == before).all()
    assert changed.dtype == np.uint8
    assert changed.flags.c_contiguous
    return changed


def size(pixels: Pixels) -> tuple[int, int]:
    return pixels.shape[1], pixels.shape[0]


@pytest.mark.parametrize(
    ("aspect", "wanted"),
    [((4, 5), (32, 40)), ((16, 9), (60, 34)), ((1, 1), (40, 40)), ((3, 2), (60, 40)),
     ((1000, 1), (60, 1))],
)  # fmt: skip
def test_a_crop_to_a_shape_is_the_largest_that_fits(
    aspect: tuple[float, float], wanted: tuple[int, int]
) -> None:
    assert size(done(slope(), Crop(aspect=aspect))) == wanted


CORNERS: list[tuple[Anchor, int, int]] = [
    ("center", 20, 15), ("top", 20, 0), ("bottom", 20, 30), ("left", 0, 15), ("right", 40, 15),
    ("top left", 0, 0), ("top right", 40, 0), ("bottom left", 0, 30), ("bottom right", 40, 30),
]  # fmt: skip


@pytest.mark.parametrize(("anchor", "left", "top"), CORNERS)
def test_a_crop_in_pixels_is_cut_at_its_anchor(anchor: Anchor, left: int, top: int) -> None:
    cropped = done(slope(), Crop(width=20, height=10, anchor=anchor))
    assert (cropped == slope()[top : top + 10, left : left + 20]).all()


def test_a_crop_of_one_side_keeps_the_other() -> None:
    assert size(done(slope(), Crop(width=20))) == (20, 40)


def test_a_crop_larger_than_the_picture_is_refused() -> None:
    with pytest.raises(BadInput, match="60 x 40 pixels, so 61 x 40") as refused:
        done(slope(), Crop(width=61, height=40))
    assert "enlarge" in refused.value.hint


@pytest.mark.parametrize("aspect", [(0, 1), (-1, 2), (float("nan"), 1), (1, float("inf"))])
def test_an_impossible_shape_is_refused(aspect: tuple[float, float]) -> None:
    for asked in (Crop(aspect=aspect), Pad(aspect=aspect)):
        with pytest.raises(BadInput, match="no shape"):
            done(slope(), asked)


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        (Resize(width=30), (30, 20)),
        (Resize(height=80), (120, 80)),
        (Resize(factor=0.5), (30, 20)),
        (Resize(factor=0.001), (1, 1)),
        (Resize(width=30, height=30), (30, 30)),
        (Resize(width=30, height=30, fit="stretch"), (30, 30)),
        (Resize(width=30, height=30, fit="contain"), (30, 20)),
        (Resize(width=120, height=10, fit="stretch"), (120, 10)),
    ],
)
def test_a_resize_has_the_size_that_was_asked_for(asked: Resize, wanted: tuple[int, int]) -> None:
    assert size(done(slope(), asked)) == wanted


def test_a_resize_to_a_box_crops_or_fits_and_says_so() -> None:
    marked = np.zeros((40, 60, 3), np.uint8)
    marked[:, :10] = 255
    cover, said = adjust(marked, Resize(width=20, height=20), max_side=99)
    assert cover[:, 0].max() < 40
    assert said == ("The sides were cropped to keep the proportions",)
    stretched, silent = adjust(marked, Resize(width=20, height=20, fit="stretch"), max_side=99)
    assert stretched[:, 0].min() == 255
    assert silent == ()
    _, said = adjust(marked, Resize(width=20, height=20, fit="contain"), max_side=99)
    assert said == ("The whole picture fits inside 20 x 20 as 20 x 13",)


def test_the_own_size_changes_nothing() -> None:
    assert (done(slope(), Resize(width=60)) == slope()).all()


def test_light_is_kept_when_a_picture_shrinks() -> None:
    stripes = np.zeros((40, 40, 3), np.uint8)
    stripes[:, ::2] = 255
    half = done(stripes, Resize(factor=0.5))
    assert far(half, np.full_like(half, 188)) <= 1  # half the light; half the value would be 128


def test_hidden_colours_do_not_bleed() -> None:
    pixels = np.zeros((32, 32, 4), np.uint8)
    pixels[...] = (0, 255, 0, 0)
    pixels[8:24, 8:24] = (255, 0, 0, 255)
    for asked in (Resize(width=13), Resize(width=75), Rotate(degrees=30)):
        changed = done(pixels, asked)
        seen = changed[changed[..., 3] > 8]
        assert seen[:, 1].max() <= 8
        assert seen[:, 0].min() >= 247


def test_growing_and_shrinking_comes_back() -> None:
    photo = decode(COFFEE)
    back = done(done(photo, Resize(factor=2)), Resize(factor=0.5))
    assert np.abs(back.astype(int) - photo).mean() < 1.5


def test_light_and_values_are_each_others_inverse() -> None:
    values = np.arange(256, dtype=np.uint8)
    assert (coded(linear(values)) == values).all()


@pytest.mark.parametrize(
    "asked",
    [Resize(width=101), Resize(factor=10), Pad(pixels=30), Pad(aspect=(3, 1)), Rotate(degrees=59)],
)
def test_a_side_past_the_limit_is_refused(asked: Adjustment) -> None:
    with pytest.raises(TooLarge, match="longest side can be 100") as refused:
        adjust(slope(100, 90), asked, max_side=100)
    assert refused.value.hint


def test_a_huge_resize_is_refused_before_any_pixel_is_made() -> None:
    tracemalloc.start()
    with pytest.raises(TooLarge):
        adjust(slope(), Resize(factor=1e6), max_side=8192)
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()


@pytest.mark.parametrize("degrees", [90, 180, 270, -90, 450, 0, 360])
def test_quarter_turns_move_pixels_and_change_none(degrees: int) -> None:
    turned = done(slope(), Rotate(degrees=degrees))
    assert (turned == np.rot90(slope(), -degrees // 90)).all()


def test_a_quarter_turn_is_clockwise() -> None:
    pixels = np.zeros((2, 3, 3), np.uint8)
    pixels[0, 0] = 255
    assert done(pixels, Rotate(degrees=90))[0, 1].min() == 255


def test_a_free_turn_is_clockwise_and_keeps_the_whole_picture() -> None:
    pixels = np.zeros((100, 200, 3), np.uint8)
    pixels[40:60, 180:] = 255
    turned = done(pixels, Rotate(degrees=30))
    assert turned.shape == (187, 224, 4)
    assert turned[0, 0, 3] == turned[-1, -1, 3] == 0
    y, _ = np.nonzero(turned[..., 0] > 128)
    assert y.mean() > 187 / 2 + 30  # the right side went down
    assert abs((turned[..., 3] / 255.0).sum() - 100 * 200) < 350


def test_a_turn_and_its_reverse_show_the_same() -> None:
    photo = decode(ASTRONAUT)[::2, ::2]
    there = done(photo, Rotate(degrees=17))
    back = done(there, Rotate(degrees=-17))
    top, left = (back.shape[0] - 256) // 2, (back.shape[1] - 256) // 2
    middle = back[top + 40 : top + 216, left + 40 : left + 216, :3].astype(int)
    assert np.abs(middle - photo[40:216, 40:216]).mean() < 6


def test_flips_mirror() -> None:
    assert (done(slope(), Flip()) == slope()[:, ::-1]).all()
    assert (done(slope(), Flip(axis="vertical")) == slope()[::-1]).all()


def test_a_transparent_border_is_trimmed() -> None:
    trimmed = done(disc(200, 160, 40), Trim())
    assert size(trimmed) == (80, 80)
    assert size(done(disc(200, 160, 40), Trim(margin=7))) == (94, 94)
    assert size(done(disc(200, 160, 40), Trim(margin=500))) == (200, 160)


def test_a_border_of_one_colour_is_trimmed_even_with_noise() -> None:
    pixels = np.full((50, 70, 3), 240, np.uint8)
    pixels += np.random.default_rng(1).integers(0, 6, pixels.shape, dtype=np.uint8)
    pixels[10:30, 20:60] = slope(40, 20) // 2
    assert size(done(pixels, Trim())) == (40, 20)


def test_bars_above_and_below_are_trimmed() -> None:
    photo = decode(COFFEE)
    barred = np.zeros((500, 600, 3), np.uint8)
    barred[50:450] = photo
    assert (done(barred, Trim()) == photo).all()


@pytest.mark.parametrize(
    ("pixels", "said"),
    [
        (slope(), "no empty border"),
        (np.full((9, 9, 3), 80, np.uint8), "empty all over"),
        (np.zeros((9, 9, 4), np.uint8), "empty all over"),
    ],
)
def test_where_nothing_can_be_trimmed_the_picture_stays(pixels: Pixels, said: str) -> None:
    same, notes = adjust(pixels, Trim(), max_side=99)
    assert (same == pixels).all()
    assert [said in note for note in notes] == [True]


def test_a_border_is_added() -> None:
    framed = done(slope(), Pad(pixels=5, colour="#102030"))
    assert framed.shape == (50, 70, 3)
    assert (framed[5:-5, 5:-5] == slope()).all()
    assert framed[0, 0].tolist() == [0x10, 0x20, 0x30]
    clear = done(slope(), Pad(pixels=5))
    assert clear.shape == (50, 70, 4)
    assert clear[4, 4, 3] == 0
    assert clear[5, 5, 3] == 255


def test_padding_to_a_shape_adds_as_little_as_can_be() -> None:
    assert size(done(slope(), Pad(aspect=(1, 1), colour="#000000"))) == (60, 60)
    assert size(done(slope(), Pad(aspect=(16, 9)))) == (71, 40)


def test_a_coloured_border_leaves_the_pictures_own_transparency() -> None:
    framed = done(disc(), Pad(pixels=3, colour="#ffffff"))
    assert framed[0, 0].tolist() == [255, 255, 255, 255]
    assert framed[10, 10, 3] == 0


def test_another_file_format_is_no_change_of_pixels() -> None:
    assert (done(slope(), Convert(format="webp")) == slope()).all()


@pytest.mark.parametrize("width", [1, 2])
def test_pictures_of_a_pixel_are_pictures(width: int) -> None:
    dot = np.full((1, width, 3), 90, np.uint8)
    for asked in (Crop(aspect=(1, 1)), Resize(width=7), Rotate(degrees=45), Trim(), Pad(pixels=1)):
        assert done(dot, asked).size

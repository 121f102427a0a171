"""A transparent picture on a checkerboard: whole, true, and readable on any ground."""

from __future__ import annotations

import numpy as np
from PIL import Image

from core.picture.checker import DARK, LIGHT, checkered, fitted, on_checkerboard
from core.picture.codec import Pixels, decode, encode_png
from tests.unit.picture.making import COFFEE, disc, far, reopened, slope


def _flat(colour: tuple[int, int, int, int], width: int = 32, height: int = 16) -> Pixels:
    return np.tile(np.array(colour, np.uint8), (height, width, 1))


def test_what_is_clear_shows_two_greys_in_turn() -> None:
    board = on_checkerboard(_flat((255, 0, 0, 0)), 4)
    assert board.shape == (16, 32, 3)
    assert board[0, 0].tolist() == 3 * [LIGHT]
    assert board[0, 4].tolist() == 3 * [DARK]
    assert board[4, 0].tolist() == 3 * [DARK]
    assert board[4, 4].tolist() == 3 * [LIGHT]
    assert (board == LIGHT).mean() == (board == DARK).mean() == 0.5


def test_colour_is_mixed_by_straight_alpha_to_the_last_value() -> None:
    for alpha in (1, 77, 128, 254, 255):
        mixed = on_checkerboard(_flat((200, 10, 90, alpha)), 4)
        for place, grey in (((0, 0), LIGHT), ((0, 4), DARK)):
            wanted = [round((c * alpha + grey * (255 - alpha)) / 255) for c in (200, 10, 90)]
            assert mixed[place].tolist() == wanted


def test_an_opaque_picture_stays_as_it_is() -> None:
    assert np.array_equal(on_checkerboard(slope(), 4), slope())


def test_the_view_is_a_jpeg_within_the_side() -> None:
    view = reopened(checkered(encode_png(disc(1200, 600, 200)), 300))
    assert (view.format, view.mode, view.size) == ("JPEG", "RGB", (300, 150))
    assert far(np.asarray(view)[75, 150], np.array([200, 0, 0])) <= 4


def test_a_small_picture_is_not_enlarged() -> None:
    assert reopened(checkered(encode_png(disc(60, 40, 10)), 300)).size == (60, 40)


def test_colours_under_clear_pixels_do_not_bleed_into_the_view() -> None:
    pixels = _flat((0, 255, 0, 0), 256, 256)
    pixels[:, 131:] = (200, 0, 0, 255)
    small = on_checkerboard(fitted(pixels, 64, 64), 4)
    assert (small[..., 1].astype(int) - small[..., 2]).max() <= 1


def test_white_and_black_both_stand_out_from_the_board() -> None:
    def contrast(one: int, other: int) -> float:
        def light(value: int) -> float:
            return float(((value / 255 + 0.055) / 1.055) ** 2.4) + 0.05

        return max(light(one), light(other)) / min(light(one), light(other))

    for grey in (LIGHT, DARK):
        assert contrast(grey, 0) > 7
        assert contrast(grey, 255) > 1.5


def test_a_photograph_is_seen_as_it_is() -> None:
    view = np.asarray(reopened(checkered(COFFEE, 200)))
    plain = Image.fromarray(decode(COFFEE)).resize(view.shape[1::-1], Image.Resampling.BOX)
    assert np.abs(view.astype(int) - np.asarray(plain)).mean() < 4

"""Cut-outs against the truth: a known subject laid over known backdrops."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from core.errors import BadInput
from core.picture.alpha import bled, report
from core.picture.codec import Pixels, decode
from core.picture.cutout import GUESSED, OWN, PLAIN, cutout, subject_alpha
from core.session.models import AlphaReport

PHOTOS = Path(__file__).parents[2] / "photos"
SIDE = 320
Floats = NDArray[np.float64]


def subject() -> tuple[Floats, NDArray[np.uint8]]:
    """A mug-like thing with a handle (a hole) and fine hairs: its colours and its true alpha."""
    big = SIDE * 4
    shape = np.zeros((big, big), np.uint8)
    cv2.circle(shape, (big // 2, big // 2), big // 4, 255, -1)
    cv2.ellipse(shape, (3 * big // 4, big // 2), (big // 8, big // 6), 0, 0, 360, 255, big // 30)
    for hair in range(-5, 6):
        cv2.line(shape, (big // 2, big // 3), (big // 2 + hair * big // 30, big // 7), 255, 6)
    alpha = cv2.resize(shape, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    y, x = np.mgrid[0:SIDE, 0:SIDE] / SIDE
    return np.dstack([30 + 60 * x, 40 + 80 * y, 180 - 60 * x]), np.asarray(alpha, np.uint8)


def flat(*colour: float) -> Floats:
    return np.full((SIDE, SIDE, 3), colour)


def falling_light() -> Floats:
    y, x = np.mgrid[0:SIDE, 0:SIDE] / SIDE
    return np.dstack([200 + 40 * y - 20 * x, 190 + 40 * y, 180 + 50 * y])


def vignette() -> Floats:
    y, x = np.mgrid[0:SIDE, 0:SIDE] / SIDE - 0.5
    return np.dstack([230 - 120 * (x * x + y * y)] * 3)


def grain() -> Floats:
    return flat(200, 200, 195) + np.random.default_rng(1).normal(0, 5, (SIDE, SIDE, 3))


def laid_over(backdrop: Floats) -> Pixels:
    colours, alpha = subject()
    share = alpha[..., None] / 255
    return np.clip(np.rint(colours * share + backdrop * (1 - share)), 0, 255).astype(np.uint8)


def seen_over(rgb: Floats, alpha: NDArray[np.uint8], ground: tuple[int, int, int]) -> Floats:
    share = alpha[..., None] / 255
    return rgb * share + np.array(ground) * (1 - share)


BACKDROPS: list[tuple[str, Callable[[], Floats], float]] = [
    ("white", lambda: flat(250, 250, 250), 0.001),
    ("grey", lambda: flat(128, 128, 128), 0.002),
    ("green", lambda: flat(60, 180, 80), 0.002),
    ("falling light", falling_light, 0.001),
    ("vignette", vignette, 0.001),
    ("grain", grain, 0.003),
]


@pytest.mark.parametrize(("name", "backdrop", "error"), BACKDROPS, ids=[b[0] for b in BACKDROPS])
def test_alpha_is_true_and_nothing_glows(
    name: str, backdrop: Callable[[], Floats], error: float
) -> None:
    colours, alpha = subject()
    cut, told = cutout(laid_over(backdrop()))
    assert told["method"] == PLAIN
    assert told["warnings"] == []
    assert told["corners_clear"]
    assert np.abs(cut[..., 3] / 255 - alpha / 255).mean() < error
    edge = cv2.dilate(((alpha > 0) & (alpha < 255)).astype(np.uint8), np.ones((5, 5))) > 0
    for ground in ((0, 0, 0), (255, 255, 255), (255, 0, 255)):
        ours = seen_over(cut[..., :3].astype(float), cut[..., 3], ground)
        true = seen_over(colours, alpha, ground)
        assert np.abs(ours - true)[edge].mean() < 3.5


def test_the_hole_of_a_handle_is_clear() -> None:
    cut, _ = cutout(laid_over(flat(250, 250, 250)))
    _, alpha = subject()
    hole = (SIDE // 2, round(SIDE * 0.79))
    assert alpha[hole] == 0
    assert cut[(*hole, 3)] == 0


def test_the_report_is_one_that_is_kept() -> None:
    _, told = cutout(laid_over(flat(250, 250, 250)))
    kept = AlphaReport.model_validate(told)
    _, alpha = subject()
    assert kept.coverage == pytest.approx(float((alpha >= 128).mean()), abs=0.002)
    assert 0 < kept.partial < 0.1


def test_a_large_picture_is_cut_like_a_small_one() -> None:
    small = laid_over(flat(235, 240, 250))
    large = np.asarray(cv2.resize(small, None, fx=4, fy=4, interpolation=cv2.INTER_CUBIC), np.uint8)
    _, alpha = subject()
    cut, _ = cutout(large)
    true = cv2.resize(alpha, None, fx=4, fy=4, interpolation=cv2.INTER_CUBIC)
    assert np.abs(cut[..., 3] / 255 - true / 255).mean() < 0.004


def test_transparency_that_is_there_is_kept_and_measured() -> None:
    colours, alpha = subject()
    pixels = np.dstack([colours.astype(np.uint8), alpha])
    cut, told = cutout(pixels)
    assert (cut == pixels).all()
    assert told == report(pixels, OWN)


def test_a_busy_background_gives_a_result_and_a_warning() -> None:
    photo = decode((PHOTOS / "coffee.jpg").read_bytes())
    cut, told = cutout(photo)
    assert told["method"] == GUESSED
    assert "guess" in told["warnings"][0]
    alpha = cut[..., 3]
    assert (alpha[150:230, 220:330] == 255).mean() > 0.95, "the coffee"
    assert (alpha[:40, :40] == 0).all(), "the table"
    assert (subject_alpha(photo) == alpha).all(), "the same each time"


def test_a_subject_that_leaves_the_picture_is_said() -> None:
    pixels = laid_over(flat(250, 250, 250))[: SIDE // 2]
    cut, told = cutout(pixels)
    assert told["warnings"] == ["The subject runs out of the picture at the bottom"]
    assert cut[-1, SIDE // 2, 3] == 255


@pytest.mark.parametrize(
    "pixels",
    [
        np.full((64, 64, 3), 200, np.uint8),
        np.zeros((64, 64, 4), np.uint8),
        np.full((1, 1, 3), 9, np.uint8),
    ],
    ids=["one colour", "all clear", "one pixel"],
)
def test_no_subject_is_said(pixels: Pixels) -> None:
    with pytest.raises(BadInput) as caught:
        cutout(pixels)
    assert caught.value.code == "no_subject"


def test_colours_spread_under_clear_pixels_and_visible_ones_stay() -> None:
    pixels = np.zeros((40, 60, 4), np.uint8)
    pixels[10:20, 10:20] = (200, 40, 30, 255)
    pixels[10:20, 40:50] = (20, 60, 220, 255)
    spread = bled(pixels)
    assert (spread[..., 3] == pixels[..., 3]).all()
    seen = pixels[..., 3] > 0
    assert (spread[seen] == pixels[seen]).all()
    assert np.abs(spread[15, 8, :3].astype(int) - (200, 40, 30)).max() < 40
    assert np.abs(spread[15, 51, :3].astype(int) - (20, 60, 220)).max() < 40
    assert spread[..., :3].min() >= 20


def test_colours_spread_in_a_large_picture_without_leaving_a_gap() -> None:
    pixels = np.zeros((1301, 2203, 4), np.uint8)
    pixels[700:900, 900:1500] = (200, 60, 40, 255)
    spread = bled(pixels)
    assert (spread[..., :3] == (200, 60, 40)).all()
    assert (spread[..., 3] == pixels[..., 3]).all()

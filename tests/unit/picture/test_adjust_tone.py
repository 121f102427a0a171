"""Light and sharpness, measured on pixels."""

from __future__ import annotations

import numpy as np
import pytest

from core.picture.adjust import adjust
from core.picture.adjustments import Adjustment, Light, Sharpen
from core.picture.codec import Pixels, decode
from core.picture.resample import linear
from tests.unit.picture.making import COFFEE, disc, far, slope

PHOTO = decode(COFFEE)
GREYS = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 3, axis=2)


def done(pixels: Pixels, adjustment: Adjustment) -> Pixels:
    before = pixels.copy()
    changed, notes = adjust(pixels, adjustment, max_side=8192)
    assert notes == ()
    assert (pixels == before).all()
    return changed


def luminance(pixels: Pixels) -> float:
    return float((linear(pixels[..., :3]) @ np.array([0.2126, 0.7152, 0.0722])).mean())


@pytest.mark.parametrize("asked", [Light(), Sharpen(amount=0)])
def test_nothing_asked_is_nothing_done(asked: Adjustment) -> None:
    assert (done(PHOTO, asked) == PHOTO).all()


@pytest.mark.parametrize("amount", [-100, -40, 40, 100])
def test_brightness_moves_the_middle_and_keeps_both_ends(amount: float) -> None:
    greys = done(GREYS, Light(brightness=amount))[0, :, 0].astype(int)
    assert greys[0] == 0
    assert greys[255] == 255
    assert (np.diff(greys) >= 0).all()
    assert np.sign(greys[128] - 128) == np.sign(amount)
    assert abs(greys[128] - 128) > 20


@pytest.mark.parametrize("amount", [40, 100])
def test_contrast_spreads_around_the_middle_and_keeps_both_ends(amount: float) -> None:
    greys = done(GREYS, Light(contrast=amount))[0, :, 0].astype(int)
    assert (greys[0], greys[255]) == (0, 255)
    assert abs(greys[127] + greys[128] - 255) <= 1
    assert greys[64] < 60
    assert greys[191] > 195
    assert (np.diff(greys) >= 0).all()


def test_less_contrast_draws_towards_the_middle() -> None:
    greys = done(GREYS, Light(contrast=-50))[0, :, 0].astype(int)
    assert (greys[0], greys[255]) == (57, 198)
    assert done(PHOTO, Light(contrast=-50)).std() < 0.6 * PHOTO.std()


def test_warmth_trades_blue_for_red_at_the_same_luminance() -> None:
    grey = np.full((4, 4, 3), 128, np.uint8)
    warm, cold = done(grey, Light(warmth=60))[0, 0], done(grey, Light(warmth=-60))[0, 0]
    assert warm[0] > 136 > 120 > warm[2]
    assert cold[2] > 136 > 124 > cold[0]
    for shade in (warm, cold):
        assert luminance(shade[None, None]) == pytest.approx(luminance(grey), rel=0.02)


def test_no_saturation_is_grey_of_the_same_luminance() -> None:
    grey = done(PHOTO, Light(saturation=-100))
    assert (grey[..., 0] == grey[..., 1]).all()
    assert (grey[..., 1] == grey[..., 2]).all()
    assert luminance(grey) == pytest.approx(luminance(PHOTO), rel=0.01)


def test_saturation_spreads_colours_and_leaves_grey() -> None:
    assert far(done(GREYS, Light(saturation=80)), GREYS) <= 1
    spread = [
        np.ptp(p.astype(int), axis=2).mean() for p in (PHOTO, done(PHOTO, Light(saturation=40)))
    ]
    assert spread[1] > 1.1 * spread[0]


def test_sharpening_steepens_edges_and_leaves_flat_ground() -> None:
    edge = np.full((40, 40, 3), 80, np.uint8)
    edge[:, 20:] = 160
    sharp = done(edge, Sharpen(amount=60))
    assert far(sharp[:, :12], edge[:, :12]) == 0
    assert sharp[20, 19, 0] < 75
    assert sharp[20, 20, 0] > 165
    assert np.ptp(sharp[20], axis=1).max() == 0  # no coloured seam


def test_more_is_sharper() -> None:
    def detail(pixels: Pixels) -> float:
        return float(np.abs(np.diff(pixels.astype(int), axis=1)).mean())

    steps = [detail(done(PHOTO, Sharpen(amount=amount))) for amount in (0, 30, 60, 100)]
    assert steps == sorted(steps)
    assert steps[3] > 1.3 * steps[0]


def test_bands_leave_no_seams() -> None:
    tall = np.tile(slope(8, 8), (100, 3, 1))
    sharp = done(tall, Sharpen(amount=100))
    assert (sharp[8:16] == sharp[256:264]).all()
    assert (sharp[8:16] == sharp[504:512]).all()


@pytest.mark.parametrize(
    "asked",
    [Light(brightness=50, contrast=30, warmth=20, saturation=50), Sharpen(amount=100)],
)
def test_alpha_stays(asked: Adjustment) -> None:
    assert (done(disc(), asked)[..., 3] == disc()[..., 3]).all()


def test_a_free_subject_is_sharpened_as_an_opaque_one_is() -> None:
    edge = np.full((40, 40, 3), 80, np.uint8)
    edge[:, 20:] = 160
    alpha = np.full((40, 40), 255, np.uint8)
    alpha[:, :5] = 0
    free = done(np.dstack([edge, alpha]), Sharpen(amount=60))
    assert (free[:, 12:, :3] == done(edge, Sharpen(amount=60))[:, 12:]).all()
    assert (free[:, :5, :3] == 80).all()


def test_an_edge_to_nothing_gets_no_halo() -> None:
    sharp = done(disc(), Sharpen(amount=100))
    assert far(sharp[..., :3], disc()[..., :3]) <= 1

"""Backdrop, blurred background, shadow and outline, measured around a disc whose place is known."""

from __future__ import annotations

import numpy as np
import pytest

from core.errors import BadInput, TooLarge
from core.picture.adjust import Cut, adjust
from core.picture.adjustments import Adjustment, Backdrop, BlurBackground, Outline, Shadow
from core.picture.codec import Pixels
from core.picture.resample import linear
from tests.unit.picture.making import disc, far, slope


def done(
    pixels: Pixels, adjustment: Adjustment, cut: Cut | None = None
) -> tuple[Pixels, tuple[str, ...]]:
    before = pixels.copy()
    changed, notes = adjust(pixels, adjustment, max_side=1000, cut=cut)
    assert (pixels == before).all()
    return changed, notes


def over_white(pixels: Pixels) -> Pixels:
    return done(pixels, Backdrop(colour="#ffffff"))[0]


def stripes() -> Pixels:
    """Black and white stripes behind a red square."""
    pixels = np.zeros((120, 160, 3), np.uint8)
    pixels[:, ::2] = 255
    pixels[40:80, 60:100] = (200, 0, 0)
    return pixels


def square(pixels: Pixels) -> Pixels:
    alpha = np.zeros(pixels.shape[:2], np.uint8)
    alpha[40:80, 60:100] = 255
    return alpha


def nothing(pixels: Pixels) -> Pixels:
    return np.zeros(pixels.shape[:2], np.uint8)


ALL: list[Adjustment] = [Backdrop(colour="#336699"), BlurBackground(), Shadow(), Outline()]


@pytest.mark.parametrize("asked", ALL, ids=lambda asked: asked.kind)
def test_an_opaque_picture_needs_a_way_to_find_its_subject(asked: Adjustment) -> None:
    with pytest.raises(BadInput, match="no transparency") as refused:
        done(slope(), asked)
    assert "transparent" in refused.value.hint


@pytest.mark.parametrize("asked", ALL, ids=lambda asked: asked.kind)
def test_with_one_the_subject_is_cut_out_and_that_is_said(asked: Adjustment) -> None:
    changed, notes = done(stripes(), asked, square)
    assert notes[0] == "The subject was cut out for this"
    assert changed[60, 80, :3].tolist() == [200, 0, 0]


@pytest.mark.parametrize("asked", ALL, ids=lambda asked: asked.kind)
def test_no_subject_found_is_said(asked: Adjustment) -> None:
    with pytest.raises(BadInput, match="none could be told"):
        done(stripes(), asked, nothing)


@pytest.mark.parametrize("asked", [Backdrop(colour="#336699"), Shadow(), Outline()])
def test_an_empty_picture_has_no_subject(asked: Adjustment) -> None:
    with pytest.raises(BadInput, match="transparent all over"):
        done(np.zeros((20, 20, 4), np.uint8), asked)


def test_a_backdrop_of_one_colour() -> None:
    changed, notes = done(disc(), Backdrop(colour="#336699"))
    assert changed.shape == (160, 200, 3)
    assert notes == ()
    assert changed[0, 0].tolist() == [0x33, 0x66, 0x99]
    assert changed[80, 100].tolist() == [200, 0, 0]
    share = disc()[..., 3:] / 255
    exact = disc()[..., :3] * share + np.array([0x33, 0x66, 0x99]) * (1 - share)
    assert np.abs(changed - exact).max() <= 0.51


def test_a_gradient_runs_from_top_to_bottom_without_bands() -> None:
    changed, _ = done(disc(200, 160, 3), Backdrop(colour="#404040", colour2="#505050"))
    assert far(changed[0, :40], np.array([0x40] * 3)) <= 1
    assert far(changed[-1, :40], np.array([0x50] * 3)) <= 1
    shades = changed[:, :40, 0].reshape(20, 8, 40).mean((1, 2))
    wanted = np.linspace(0x40, 0x50, 160).reshape(20, 8).mean(1)
    assert np.abs(shades - wanted).max() < 0.06  # dithered: finer on average than one step
    assert (changed[:, :40, 0].std(1) > 0).mean() > 0.5


def test_the_background_is_blurred_and_the_subject_is_not() -> None:
    changed, _ = done(stripes(), BlurBackground(amount=60), square)
    assert (changed[40:80, 60:100] == stripes()[40:80, 60:100]).all()
    behind = np.ones((120, 160), bool)
    behind[30:90, 50:110] = False
    behind[:10] = behind[-10:] = behind[:, :10] = behind[:, -10:] = False
    ground = changed[behind]
    assert np.ptp(ground) < 40
    assert linear(ground).mean() == pytest.approx(0.5, abs=0.03)  # as much light as before


@pytest.mark.parametrize(("behind", "front"), [(255, 0), (0, 255)])
def test_the_subject_does_not_bleed_into_the_blur(behind: int, front: int) -> None:
    pixels = np.full((120, 160, 3), behind, np.uint8)
    pixels[40:80, 60:100] = front
    changed, _ = done(pixels, BlurBackground(amount=100), square)
    assert far(changed[square(pixels) == 0], np.array([behind] * 3)) <= 5


def test_more_blur_is_softer_and_none_is_none() -> None:
    def detail(amount: float) -> float:
        changed, _ = done(stripes(), BlurBackground(amount=amount), square)
        return float(np.abs(np.diff(changed[:30].astype(int), axis=1)).mean())

    edge = [detail(amount) for amount in (0, 20, 100)]
    assert edge[0] == np.abs(np.diff(stripes()[:30].astype(int), axis=1)).mean()
    assert edge[0] > edge[1] > edge[2]


def test_a_transparent_background_has_nothing_to_blur() -> None:
    changed, notes = done(disc(), BlurBackground())
    assert (changed == disc()).all()
    assert "transparent" in notes[0]


def test_a_shadow_falls_below_and_softly() -> None:
    changed, notes = done(disc(), Shadow(strength=100))
    assert notes == ()
    alpha, before = changed[..., 3].astype(int), disc()[..., 3]
    assert changed.shape == disc().shape
    assert (alpha >= before).all()
    below, above = alpha[80 + 42 :, 100], alpha[: 80 - 42, 100]
    assert 60 < below[0] < 255
    assert below[0] > 3 * above[-1]
    assert below[-1] == above[0] == 0
    assert np.abs(np.diff(below)).max() < 60
    assert changed[124, 100, :3].max() < 12
    assert far(changed[before == 255], disc()[before == 255]) == 0


def test_strength_decides_how_dark_a_shadow_is() -> None:
    darkness = [done(disc(), Shadow(strength=s))[0][124, 100, 3] for s in (0, 30, 60, 100)]
    assert darkness[0] == 0
    assert darkness == sorted(set(darkness))


@pytest.mark.parametrize(("pixels", "colour"), [(4, "#ffffff"), (12, "#ff3366")])
def test_an_outline_has_its_width_and_colour(pixels: int, colour: str) -> None:
    changed, notes = done(disc(), Outline(pixels=pixels, colour=colour))
    assert notes == ()
    row = changed[80, 100:]
    wide = int((row[:, 3] > 128).sum()) - 40
    assert abs(wide - pixels) <= 1
    assert row[40 + pixels // 2, :3].tolist() == list(bytes.fromhex(colour[1:]))
    before = disc()[..., 3] == 255
    assert far(changed[before], disc()[before]) == 0
    area = (changed[..., 3] / 255.0).sum()
    assert area == pytest.approx(np.pi * (40 + pixels) ** 2, rel=0.01)


def test_an_outline_is_two_hundredths_of_the_long_side_when_nothing_is_said() -> None:
    row = done(disc(600, 300, 60), Outline())[0][150, 300:, 3]
    assert abs(int((row > 128).sum()) - 60 - 12) <= 1


def test_no_dark_seam_shows_between_subject_and_outline() -> None:
    shown = over_white(done(disc(), Outline(pixels=8))[0])
    assert shown[..., 0].min() >= 199  # red 200 and white: nothing darker in between


@pytest.mark.parametrize("asked", [Shadow(), Outline(pixels=9)])
def test_the_picture_grows_when_there_is_no_room(asked: Adjustment) -> None:
    tight = disc(80, 80, 40)
    changed, notes = done(tight, asked)
    height, width = changed.shape[:2]
    assert width > 80
    assert notes == (f"The picture grew to {width} x {height} to make room",)
    edge = np.concatenate([changed[0], changed[-1], changed[:, 0], changed[:, -1]])
    assert edge[:, 3].max() <= 2


@pytest.mark.parametrize("asked", [Outline(pixels=60), Outline(pixels=10_000_000)])
def test_an_outline_past_the_limit_is_refused(asked: Outline) -> None:
    with pytest.raises(TooLarge):
        adjust(disc(80, 80, 40), asked, max_side=120)


def test_a_haze_has_nothing_to_put_an_outline_around() -> None:
    haze = disc()
    haze[..., 3] //= 4
    changed, notes = done(haze, Outline())
    assert (changed == haze).all()
    assert "nothing solid" in notes[0]

"""Enlarging: sizes, ways, limits, alpha over any ground, words for the person."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from core.errors import BadInput, TooLarge, Unavailable
from core.picture import networks
from core.picture import upscale as module
from core.picture.codec import Pixels, check, decode, encode_png
from core.picture.networks import DRAWING, PHOTO, SMALL, Upsampler
from core.picture.resample import resized
from core.picture.stage import Stage
from core.picture.upscale import Enlarged, Enlargement, is_photographic, upscale, way_for


def drawing(width: int = 60, height: int = 40) -> Pixels:
    pixels = np.full((height, width, 3), 240, np.uint8)
    cv2.circle(pixels, (width // 2, height // 2), height // 4, (200, 40, 30), -1, cv2.LINE_AA)
    return pixels


def grainy(width: int = 60, height: int = 40) -> Pixels:
    noise = np.random.default_rng(3).normal(0, 6, (height, width, 3))
    return np.clip(drawing(width, height) - 40 + noise, 0, 255).astype(np.uint8)


def enlarge(pixels: Pixels, **asked: Any) -> Enlarged:
    return upscale(lambda _: None, encode_png(pixels), Enlargement(**asked))


@pytest.mark.parametrize(
    ("scale", "variant", "size", "method"),
    [
        (2, "fast", (120, 80), "animevideov3 x2"),
        (3, "fast", (180, 120), "animevideov3 x3"),
        (4, "fast", (240, 160), "animevideov3 x4"),
        (2.5, "fast", (150, 100), "animevideov3 x3"),
        (8, "fast", (480, 320), "animevideov3 x4 + Real-ESRGAN animevideov3 x2"),
        (2, "drawing", (120, 80), "x4plus-anime"),
        (2.5, "exact", (150, 100), "Lanczos in linear light"),
    ],
)
def test_a_factor_gives_exactly_its_size(
    scale: float, variant: str, size: tuple[int, int], method: str
) -> None:
    drawn = enlarge(drawing(), scale=scale, variant=variant)
    info = check(drawn.png)
    assert (info.width, info.height) == (drawn.width, drawn.height) == size
    assert drawn.method.endswith(method)
    assert drawn.redrawn == (variant != "exact")
    small = resized(decode(drawn.png), 60, 40).astype(int)
    assert np.abs(small - drawing()).mean() < 2.5, "it is still the same picture"


def test_the_photo_network_draws_the_same_picture() -> None:
    drawn = enlarge(drawing(32, 24), scale=4, variant="photo")
    assert drawn.method == "Real-ESRGAN x4plus"
    small = resized(decode(drawn.png), 32, 24).astype(int)
    assert np.abs(small - drawing(32, 24)).mean() < 4


def test_a_long_side_gives_that_side() -> None:
    drawn = enlarge(drawing(), long_side=200, variant="fast")
    assert (drawn.width, drawn.height) == (200, 133)


def test_exact_is_exact() -> None:
    drawn = enlarge(drawing(), scale=3, variant="exact")
    assert (decode(drawn.png) == resized(drawing(), 180, 120)).all()


def test_the_result_has_the_same_bytes_each_time() -> None:
    assert enlarge(drawing(), scale=2).png == enlarge(drawing(), scale=2).png


def test_stages_rise() -> None:
    heard: list[Stage] = []
    upscale(heard.append, encode_png(drawing(200, 20)), Enlargement(scale=8, variant="fast"))
    fractions = [stage.fraction for stage in heard]
    assert len(fractions) > 5
    assert all(one <= other for one, other in itertools.pairwise(fractions))
    assert 0.9 < fractions[-1] <= 1


@pytest.mark.parametrize(
    ("asked", "hint"),
    [
        ({"scale": 4.0, "max_side": 200}, "3x"),
        ({"scale": 4.0, "max_side": 110}, "1.8x"),
        ({"scale": 4.0, "max_side": 60}, "as large as it can be"),
        ({"long_side": 9000}, "136x"),
    ],
)
def test_too_large_names_the_largest_factor_that_fits(asked: dict[str, Any], hint: str) -> None:
    with pytest.raises(TooLarge) as caught:
        enlarge(drawing(), **asked)
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    "asked",
    [{"scale": 1.0}, {"scale": 17.0}, {"long_side": 60}, {"scale": 2.0, "variant": "magic"}],
)
def test_what_makes_no_sense_is_said_kindly(asked: dict[str, Any]) -> None:
    with pytest.raises(BadInput) as caught:
        enlarge(drawing(), **asked)
    assert caught.value.hint


def test_grain_tells_photographs_from_drawings() -> None:
    assert is_photographic(grainy())
    assert not is_photographic(drawing())


def test_auto_takes_the_fast_model_for_drawings_and_says_nothing() -> None:
    way = way_for(drawing(), Enlargement(scale=4))
    assert way.networks == (SMALL[4],)
    assert way.notes == ()


def test_auto_takes_the_photo_model_where_it_is_soon_done() -> None:
    assert way_for(grainy(), Enlargement(scale=4)).networks == (PHOTO,)
    assert way_for(grainy(), Enlargement(scale=4, variant="drawing")).networks == (DRAWING,)


def test_auto_never_lets_anyone_wait_for_minutes_unasked() -> None:
    way = way_for(grainy(1000, 800), Enlargement(scale=4))
    assert way.networks == (SMALL[4],)
    assert "photo model" in way.notes[0]
    assert "3 minutes" in way.notes[0]
    assert way_for(grainy(1000, 800), Enlargement(scale=4, variant="photo")).networks == (PHOTO,)


def test_large_factors_go_without_a_second_network_where_it_would_not_fit() -> None:
    way = way_for(drawing(200, 100), Enlargement(scale=5, max_side=1024, variant="fast"))
    assert way.networks == (SMALL[4],)


@pytest.mark.parametrize("variant", ["fast", "exact"])
@pytest.mark.parametrize("ground", [0, 255])
def test_no_fringe_over_any_ground(variant: str, ground: int) -> None:
    """A red disc whose file has black under the clear pixels, over black and over white."""
    alpha = np.zeros((60, 60), np.uint8)
    cv2.circle(alpha, (30, 30), 18, 255, -1, cv2.LINE_AA)
    pixels = np.zeros((60, 60, 4), np.uint8)
    pixels[alpha > 0, :3] = (200, 60, 40)
    pixels[..., 3] = alpha
    drawn = enlarge(pixels, scale=4, variant=variant)
    assert drawn.alpha
    big = decode(drawn.png).astype(float)
    share = big[..., 3:] / 255
    seen = big[..., :3] * share + ground * (1 - share)
    true = np.array([200, 60, 40]) * share + ground * (1 - share)
    assert np.abs(seen - true).max() < 12


def test_a_picture_that_is_opaque_comes_back_without_alpha() -> None:
    opaque = np.dstack([drawing(), np.full((40, 60), 255, np.uint8)])
    assert not enlarge(opaque, scale=2).alpha


def test_damaged_weights_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for suffix in (".param", ".bin"):
        whole = (networks._folder() / f"{SMALL[2].file}{suffix}").read_bytes()
        (tmp_path / f"{SMALL[2].file}{suffix}").write_bytes(whole[:-1] + b"?")
    monkeypatch.setattr(networks, "_folder", lambda: tmp_path)
    with pytest.raises(Unavailable) as caught:
        Upsampler(SMALL[2])
    assert "damaged" in caught.value.admin
    with pytest.raises(Unavailable):
        Upsampler(replace(SMALL[2], file="absent"))


def test_without_the_weights_exact_still_works(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(_: object) -> Upsampler:
        raise Unavailable("no networks")

    monkeypatch.setattr(module, "load", absent)
    assert enlarge(drawing(), scale=2, variant="exact").width == 120
    with pytest.raises(Unavailable):
        enlarge(drawing(), scale=2)

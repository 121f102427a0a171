"""Tiles against the whole picture at once: no seams, no gaps, alpha kept in bounds."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from core.picture.codec import Pixels
from core.picture.networks import DRAWING, PHOTO, SMALL, Network, load
from core.picture.tiles import enlarged_bands, spans


def scene(height: int, width: int) -> Pixels:
    """Soft colours, hard edges, fine lines and a little grain."""
    rng = np.random.default_rng(7)
    y, x = np.mgrid[0:height, 0:width]
    soft = np.dstack([80 + x, 200 - y, 120 + (x + y) / 2]) + rng.normal(0, 3, (height, width, 3))
    pixels = np.clip(soft, 0, 255).astype(np.uint8)
    cv2.circle(pixels, (width // 2, height // 2), height // 3, (30, 60, 160), -1, cv2.LINE_AA)
    cv2.line(pixels, (0, height), (width, 0), (250, 240, 230), 1, cv2.LINE_AA)
    return pixels


def whole(pixels: Pixels, network: Network) -> Pixels:
    return np.concatenate(list(enlarged_bands(pixels, network, load(network), lambda _: None)))


@pytest.mark.parametrize("network", [SMALL[4], PHOTO, DRAWING], ids=lambda network: network.file)
@pytest.mark.parametrize("length", [1, 95, 97, 300, 1024])
def test_every_pixel_is_made_once(network: Network, length: int) -> None:
    weight = np.zeros(length * network.factor)
    settled = 0
    for span in spans(length, network):
        assert span.seen.start <= span.start <= span.settled <= span.end <= span.seen.stop
        assert span.start == settled
        settled = span.settled
        place = slice(span.start * network.factor, span.end * network.factor)
        weight[place] += span.weights(network.factor)
    assert settled == length
    assert np.allclose(weight, 1, atol=1e-5)


@pytest.mark.parametrize("factor", [2, 3, 4])
def test_tiles_of_the_small_network_show_no_seam(factor: int) -> None:
    pixels = scene(90, 110)
    tiled = whole(pixels, replace(SMALL[factor], tile=40)).astype(int)
    once = whole(pixels, replace(SMALL[factor], tile=200)).astype(int)
    assert tiled.shape == (90 * factor, 110 * factor, 3)
    assert np.abs(tiled - once).max() <= 2


def test_a_rim_too_narrow_would_be_seen() -> None:
    pixels = scene(90, 110)
    tiled = whole(pixels, replace(SMALL[4], tile=40, rim=1)).astype(int)
    once = whole(pixels, replace(SMALL[4], tile=200)).astype(int)
    assert np.abs(tiled - once).max() > 8


def test_the_large_network_has_no_step_at_a_border() -> None:
    pixels = scene(40, 64)
    network = replace(PHOTO, tile=32)
    border = 32 * 4
    steps = [
        np.abs(np.diff(picture.astype(int), axis=1)).mean((0, 2))[border - 1]
        for picture in (whole(pixels, network), whole(pixels, replace(PHOTO, tile=64)))
    ]
    assert steps[0] < 1.3 * steps[1] + 0.5


def test_progress_rises_to_one() -> None:
    heard: list[float] = []
    bands = enlarged_bands(scene(70, 70), replace(SMALL[2], tile=32), load(SMALL[2]), heard.append)
    assert sum(len(band) for band in bands) == 140
    assert heard == sorted(heard)
    assert (len(heard), heard[-1]) == (9, 1.0)


def test_alpha_stays_whole_clear_and_smooth() -> None:
    pixels = scene(80, 80)
    alpha = np.zeros((80, 80), np.uint8)
    cv2.circle(alpha, (40, 40), 24, 255, -1, cv2.LINE_AA)
    alpha[60:, :20] = 120
    drawn = whole(np.dstack([pixels, alpha]), replace(SMALL[4], tile=30))[..., 3]
    sure = np.ones((3, 3), np.uint8)
    opaque = np.kron(cv2.erode(alpha, sure) == 255, np.ones((4, 4), bool))
    clear = np.kron(cv2.dilate(alpha, sure) == 0, np.ones((4, 4), bool))
    assert opaque.sum() > 10_000
    assert (drawn[opaque] == 255).all()
    assert (drawn[clear] == 0).all()
    assert np.abs(drawn[270:310, 10:60].astype(int) - 120).max() <= 6, "a veil stays a veil"
    assert drawn.mean() == pytest.approx(alpha.mean(), rel=0.01), "nothing grows or shrinks"


@pytest.mark.parametrize("network", [SMALL[4], DRAWING], ids=lambda network: network.file)
def test_a_plain_tone_stays_as_it_is(network: Network) -> None:
    drawn = whole(np.full((24, 24, 3), (240, 128, 30), np.uint8), network)
    assert np.abs(drawn.mean((0, 1)) - (240, 128, 30)).max() < 1

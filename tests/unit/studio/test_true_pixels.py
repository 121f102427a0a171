"""What the studio draws, looked at pixel by pixel in small pictures."""

from __future__ import annotations

import io
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from core.engines.studio.chunk import extract
from core.engines.studio.framing import corners, seen
from core.engines.studio.parse import read_prompt
from core.engines.studio.render.job import Order, Preview, draw
from core.engines.studio.revise import revise
from core.engines.studio.scene import Scene, Thing, read_scene

SIDE = 112
SHOWN = "a red mug to the left of a white candle on a walnut table, soft window light"
SCENE = read_prompt(SHOWN, 7).scene

Pixels = NDArray[np.int16]


@cache
def drawn(scene: Scene) -> bytes:
    return draw(lambda message: None, Order(scene.model_dump_json(), SIDE, SIDE, "low")).png


def pixels(scene: Scene) -> Pixels:
    return np.asarray(Image.open(io.BytesIO(drawn(scene)))).astype(np.int16)


def box_of(scene: Scene, thing: Thing, margin: int = 0) -> tuple[slice, slice]:
    """The rows and columns that a thing takes."""
    spots = [seen(scene.camera, point) for point in corners(thing)]
    across = [(x + 1) / 2 * SIDE for x, _ in spots]
    down = [(1 - y) / 2 * SIDE for _, y in spots]
    rows = slice(max(0, int(min(down)) - margin), int(max(down)) + margin)
    return rows, slice(max(0, int(min(across)) - margin), int(max(across)) + margin)


def middle_of(scene: Scene, thing: Thing) -> tuple[slice, slice]:
    """A patch about the middle of a thing's front."""
    x, y = seen(scene.camera, (thing.x, thing.y, 5.0))
    column, row = int((x + 1) / 2 * SIDE), int((1 - y) / 2 * SIDE)
    return slice(row - 3, row + 4), slice(column - 3, column + 4)


def test_the_mug_is_red_and_then_navy_and_the_rest_is_as_it_was() -> None:
    mug, candle = SCENE.things
    edited = revise(SCENE, "make the mug navy, keep everything else the same").scene
    before, after = pixels(SCENE), pixels(edited)
    red, green, blue = before[middle_of(SCENE, mug)].reshape(-1, 3).mean(axis=0)
    assert red > 2 * max(green, blue)
    red, green, blue = after[middle_of(SCENE, mug)].reshape(-1, 3).mean(axis=0)
    assert blue > 1.5 * max(red, green)
    drift = np.abs(before - after).max(axis=-1)
    drift[box_of(SCENE, mug, margin=12)] = 0
    assert np.percentile(drift, 99) <= 6
    assert drift[:20].max() <= 1
    assert np.abs(before - after)[middle_of(SCENE, candle)].mean() < 3


def test_a_transparent_picture_holds_the_things_alone() -> None:
    scene = revise(SCENE, "transparent background").scene
    found = pixels(scene)
    alpha = found[..., 3]
    assert found.shape == (SIDE, SIDE, 4)
    assert [alpha[0, 0], alpha[0, -1], alpha[-1, 0], alpha[-1, -1]] == [0, 0, 0, 0]
    for thing in scene.things:
        assert (alpha[middle_of(scene, thing)] == 255).all()
    edge = (alpha > 0) & (alpha < 255)
    assert 0.002 < edge.mean() < 0.06
    assert alpha[SIDE * 7 // 8 :].max() == 0, "the shadow stays with the ground"


def test_edges_carry_no_dark_fringe() -> None:
    pale = read_prompt("a white ball on a black table", 7, transparent=True).scene
    found = pixels(pale)
    edge = (found[..., 3] > 40) & (found[..., 3] < 215)
    inside = (found[..., 3] == 255).nonzero()
    assert edge.any()
    upper = edge.copy()
    upper[inside[0].min() + np.ptp(inside[0]) // 2 :] = False
    over_white = found[upper][:, :3] * (found[upper][:, 3:] / 255) + 255 - found[upper][:, 3:]
    assert over_white.min() > 100


def test_the_same_order_gives_the_same_bytes() -> None:
    order = Order(SCENE.model_dump_json(), 72, 64, "low")
    first, second = draw(lambda message: None, order), draw(lambda message: None, order)
    assert first.png == second.png
    other = SCENE.model_copy(update={"seed": 8})
    changed = draw(lambda message: None, Order(other.model_dump_json(), 72, 64, "low"))
    assert changed.png != first.png


def test_the_scene_travels_inside_the_picture() -> None:
    text = extract(drawn(SCENE))
    assert text is not None
    assert read_scene(text) == SCENE


def test_previews_come_first_and_are_of_the_same_picture() -> None:
    told: list[object] = []
    order = Order(SCENE.model_dump_json(), 288, 192, "low", previews=2)
    final = Image.open(io.BytesIO(draw(told.append, order).png))
    previews = [Image.open(io.BytesIO(m.png)) for m in told if isinstance(m, Preview)]
    assert [preview.size for preview in previews] == [(256, 171), (144, 96)]
    assert final.size == (288, 192)
    for preview in previews:
        like = np.asarray(final.resize(preview.size)).astype(int)
        assert np.abs(like - np.asarray(preview).astype(int)).mean() < 14


@pytest.mark.parametrize(
    ("prompt", "dominant"),
    [
        ("a green ball", 1), ("a cobalt blue cube", 2), ("a red cushion", 0),
        ("a lime green box, overhead softbox", 1), ("a red apple, golden hour", 0),
    ],
)  # fmt: skip
def test_colours_come_out_as_said(prompt: str, dominant: int) -> None:
    scene = read_prompt(prompt, 7).scene
    centre = pixels(scene)[SIDE // 2 - 5 : SIDE // 2 + 6, SIDE // 2 - 5 : SIDE // 2 + 6]
    mean = centre.reshape(-1, 3).mean(axis=0)
    assert mean.argmax() == dominant


@pytest.mark.parametrize(
    "light", ["soft window", "golden hour", "overhead softbox", "daylight", "studio", "overcast"]
)
def test_bright_lights_are_bright_and_nothing_burns_out(light: str) -> None:
    found = pixels(read_prompt(f"a white mug on a linen tablecloth, {light} light", 7).scene)
    bright = found.mean(axis=-1)
    assert 95 < np.median(bright) < 240
    assert (found.min(axis=-1) >= 254).mean() < 0.02


@pytest.mark.parametrize("light", ["night", "candlelight", "rim light", "neon"])
def test_dark_lights_are_dark_but_show_something(light: str) -> None:
    found = pixels(read_prompt(f"a white mug on a linen tablecloth, {light}", 7).scene)
    bright = found.mean(axis=-1)
    assert 3 < bright[:20].mean() < 70
    assert np.percentile(bright, 99.5) > 90


def test_a_label_is_printed_on_the_mug() -> None:
    plain = read_prompt("a white mug", 7).scene
    labelled = revise(plain, 'write "EASEL" on the mug').scene
    drift = np.abs(pixels(plain) - pixels(labelled)).max(axis=-1)
    written = drift[box_of(plain, plain.things[0])]
    assert (written > 60).sum() > 40

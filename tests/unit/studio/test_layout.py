"""Where things stand: apart from one another, as asked, and within the picture."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from core.engines.studio.framing import in_view
from core.engines.studio.ground import Ground, ground_of, overlap
from core.engines.studio.kinds import KINDS
from core.engines.studio.meshes.builders import build
from core.engines.studio.meshes.geometry import joined
from core.engines.studio.parse import read_prompt
from core.engines.studio.scene import Scene, Thing

PROMPTS = [
    "a red mug to the left of a white candle",
    "a dozen eggs",
    "three lemons in a blue bowl next to a green glass bottle",
    "a mug in front of a stack of books",
    "a chair, a table, a sofa and a lamp",
    "two apples and a pear in front of a vase, a laptop behind them and a phone",
    "a cake on a plate between two candles",
    "a ring on a cushion next to a box and a gift",
    "a teapot, a pitcher, a jar, a clock, a camera, a die and a pencil",
    "five oranges in a bowl",
    "a plant between two stacked books and a lamp",
    "a coin in front of a coin in front of a coin",
]


def scenes(prompt: str) -> list[Scene]:
    return [read_prompt(prompt, seed).scene for seed in (0, 1, 7, 2**31)]


@pytest.mark.parametrize("prompt", PROMPTS)
def test_nothing_overlaps_and_all_is_in_view(prompt: str) -> None:
    for scene in scenes(prompt):
        for one, other in combinations(scene.things, 2):
            if one.on == other.on and one.z == other.z:
                assert not overlap(ground_of(one), ground_of(other)), (one.id, other.id)
        assert all(in_view(scene.camera, thing) for thing in scene.things)


@pytest.mark.parametrize(
    ("words", "holds"),
    [
        ("to the left of", lambda a, b: a.x < b.x),
        ("to the right of", lambda a, b: a.x > b.x),
        ("in front of", lambda a, b: a.y < b.y),
        ("behind", lambda a, b: a.y > b.y),
        ("next to", lambda a, b: a.x != b.x),
    ],
)
@pytest.mark.parametrize(
    ("first", "second"), [("mug", "vase"), ("laptop", "egg"), ("ball", "lamp")]
)
def test_positions_are_honoured(words: str, holds: object, first: str, second: str) -> None:
    assert callable(holds)
    for scene in scenes(f"a {first} {words} a {second}"):
        one, other = scene.things
        assert holds(one, other)
        assert one.on is None


def test_between_is_between() -> None:
    for scene in scenes("a book between a lamp and a candle"):
        book, lamp, candle = scene.things
        assert min(lamp.x, candle.x) < book.x < max(lamp.x, candle.x)


@pytest.mark.parametrize(
    ("prompt", "carried", "carrier"),
    [
        ("a candle on a box", "candle-1", "box-1"),
        ("a cake on a plate", "cake-1", "plate-1"),
        ("a lemon in a bowl", "lemon-1", "bowl-1"),
        ("flowers in a vase", "flowers-1", "vase-1"),
        ("a mug on a stack of books", "mug-1", "book-3"),
        ("a potted plant in a white pot on a stool", "plant-1", "stool-1"),
    ],
)
def test_things_stand_on_and_in_others(prompt: str, carried: str, carrier: str) -> None:
    for scene in scenes(prompt):
        thing = scene.thing(carried)
        assert thing.on == carrier
        assert thing.z > 0


def test_what_stands_before_a_stack_stands_on_the_ground() -> None:
    for scene in scenes("a mug in front of a stack of books"):
        assert (scene.thing("mug-1").on, scene.thing("mug-1").z) == (None, 0)


def test_what_cannot_be_is_beside_and_told() -> None:
    reading = read_prompt("a lemon on an apple", 3)
    assert all(thing.on is None for thing in reading.scene.things)
    assert reading.notes == ("The lemon can't stand on the apple, so it stands next to it.",)


@pytest.mark.parametrize("name", sorted(KINDS))
def test_a_kind_is_as_large_as_it_is_said_to_be(name: str) -> None:
    kind = KINDS[name]
    body = joined([part.mesh for part in build(name)]).vertices
    low, high = body.min(axis=0), body.max(axis=0)
    assert -0.2 <= low[2] <= 0.5
    assert high[2] == pytest.approx(kind.height, abs=0.35)
    ground = ground_of(Thing(id="x", kind=name, word="x", colour="#ffffff", material="matte"))
    across = np.hypot(body[:, 0], body[:, 1]) if kind.round else np.abs(body[:, :2])
    assert float(across.max()) == pytest.approx(max(ground.extent), abs=0.6)


def test_a_disc_and_a_turned_box_meet_exactly() -> None:
    box = Ground(0, 0, 2, 1, turn=90)
    assert overlap(box, Ground(1.9, 0, 1, 1, round=True))
    assert not overlap(box, Ground(2.1, 0, 1, 1, round=True))
    assert overlap(box, Ground(2.1, 0, 1, 1, round=True), gap=0.2)

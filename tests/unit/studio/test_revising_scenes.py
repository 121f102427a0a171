"""Instructions in people's words, and what of a scene they change."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.engines.studio.edits import varied
from core.engines.studio.layout import has_left
from core.engines.studio.parse import Reading, read_prompt
from core.engines.studio.revise import is_variation, revise
from core.engines.studio.scene import Scene, Thing, read_scene
from core.engines.studio.words import COLOURS
from core.errors import BadInput

SHOWN = "a red mug to the left of a white candle on a walnut table, soft window light"
SCENE = read_prompt(SHOWN, 3).scene
MUG, CANDLE = SCENE.things


def after(instruction: str, scene: Scene = SCENE) -> Scene:
    return revise(scene, instruction).scene


def one(scene: Scene, kind: str) -> Thing:
    (found,) = [thing for thing in scene.things if thing.kind == kind]
    return found


def ids(scene: Scene) -> list[str]:
    return [thing.id for thing in scene.things]


@pytest.mark.parametrize(
    ("instruction", "changed"),
    [
        ("make the mug navy", {"colour": COLOURS["navy"], "colour_name": "navy"}),
        ("make the mug navy, keep everything else the same", {"colour": COLOURS["navy"]}),
        ("make the red mug navy", {"colour": COLOURS["navy"]}),
        ("the mug should be green", {"colour": COLOURS["green"]}),
        ("paint the mug green please", {"colour": COLOURS["green"]}),
        ("change the colour of the mug to green", {"colour": COLOURS["green"]}),
        ("make it green", {"colour": COLOURS["green"]}),
        ("turn the mug into glass", {"material": "glass"}),
        ("make the mug matte black", {"colour": COLOURS["black"], "material": "matte"}),
        ("a gold mug instead", {"material": "gold"}),
        ('write "HI" on the mug', {"label": "HI"}),
        ('give the mug a label "TEA"', {"label": "TEA"}),
    ],
)
def test_a_look_changes_and_nothing_else(instruction: str, changed: dict[str, object]) -> None:
    found = after(instruction)
    mug = one(found, "mug")
    assert {name: getattr(mug, name) for name in changed} == changed
    looks = {"colour", "colour_name", "material", "label"}
    assert mug.model_dump(exclude=looks) == MUG.model_dump(exclude=looks)
    assert found.replaced(MUG) == SCENE


@pytest.mark.parametrize(
    ("instruction", "holds"),
    [
        ("golden hour light", lambda s: s.light.name == "golden hour"),
        ("make it night", lambda s: s.light.name == "night"),
        ("light from the right", lambda s: s.light.side == "right"),
        ("brighter", lambda s: s.light.strength > 1),
        ("on white marble", lambda s: s.surface.name == "marble"),
        ("make the table oak", lambda s: s.surface.name == "oak"),
        ("change the background to pink", lambda s: s.backdrop.colour == COLOURS["pink"]),
        ("make the wall sage green", lambda s: s.backdrop.colour == COLOURS["sage"]),
        ("transparent background", lambda s: s.transparent),
        ("remove the background", lambda s: s.transparent),
        ("from above", lambda s: s.camera.elevation > 40),
        ("zoom in", lambda s: s.camera.distance < SCENE.camera.distance),
        ("zoom out", lambda s: s.camera.distance > SCENE.camera.distance),
    ],
)
def test_the_surroundings_change_and_no_thing(
    instruction: str, holds: Callable[[Scene], bool]
) -> None:
    found = after(instruction)
    assert holds(found)
    assert not holds(SCENE)
    assert found.things == SCENE.things


@pytest.mark.parametrize(
    ("instruction", "left"),
    [
        ("remove the candle", ["mug-1"]),
        ("without the candle", ["mug-1"]),
        ("get rid of the mug", ["candle-1"]),
        ("remove the mug and the candle", []),
        ("remove everything", []),
    ],
)
def test_things_go_and_the_rest_stays(instruction: str, left: list[str]) -> None:
    found = after(instruction)
    assert ids(found) == left
    assert found.camera == SCENE.camera
    assert all(thing in SCENE.things for thing in found.things)


@pytest.mark.parametrize(
    ("instruction", "holds"),
    [
        ("add a lemon to the left of the mug", lambda lemon: lemon.x < MUG.x),
        ("add a lemon to the right of the candle", lambda lemon: lemon.x > CANDLE.x),
        ("put a lemon in front of the mug", lambda lemon: lemon.y < MUG.y),
        ("add a lemon behind the candle", lambda lemon: lemon.y > CANDLE.y),
        ("put a lemon between the mug and the candle", lambda lemon: MUG.x < lemon.x < CANDLE.x),
        ("add a lemon", lambda lemon: lemon.z == 0),
    ],
)
def test_a_thing_comes_to_its_place(instruction: str, holds: Callable[[Thing], bool]) -> None:
    found = after(instruction)
    assert holds(one(found, "lemon"))
    assert found.things[:2] == SCENE.things


def test_things_move_grow_and_trade_places() -> None:
    moved = one(after("move the mug to the right"), "mug")
    assert moved.x > MUG.x
    behind = one(after("move the candle behind the mug"), "candle")
    assert behind.y > MUG.y
    grown = after("make the candle bigger")
    assert one(grown, "candle").scale == pytest.approx(1.3)
    assert one(grown, "mug") == MUG
    traded = after("swap the mug and the candle")
    assert one(traded, "mug").x > one(traded, "candle").x


def test_a_thing_becomes_another_or_more() -> None:
    bowl = one(after("swap the mug for a bowl"), "bowl")
    assert bowl.x < CANDLE.x
    card = one(after("replace the candle with a dragon"), "card")
    assert card.label == "dragon"
    mugs = [thing for thing in after("two mugs").things if thing.kind == "mug"]
    assert len(mugs) == 2
    assert mugs[0] == MUG


def test_what_lies_in_a_bowl_goes_where_the_bowl_goes() -> None:
    fruit = read_prompt("two lemons in a bowl next to a bottle", 3).scene
    grown = after("make the bowl bigger", fruit)
    for thing in grown.things:
        if thing.kind == "lemon":
            assert thing.on == "bowl-1"
            assert thing.z > fruit.thing(thing.id).z
    bare = after("remove the bowl", fruit)
    assert all(thing.on is None and thing.z == 0 for thing in bare.things)


def test_another_take_leaves_fruit_in_its_bowl() -> None:
    fruit = read_prompt("three lemons in a bowl next to a bottle", 3).scene
    for seed in range(8):
        again = varied(fruit, seed)
        for thing in again.things:
            if thing.on is not None:
                assert not has_left(thing, again.thing(thing.on))


def test_what_is_moved_off_its_plate_comes_to_the_ground() -> None:
    cake = read_prompt("an egg on a plate", 3).scene
    moved = one(after("move the egg far to the left", cake), "egg")
    assert moved.x < cake.thing("egg-1").x
    far = after("move the egg far to the left", after("move the egg far to the left", cake))
    for _ in range(3):
        far = after("move the egg far to the left", far)
    assert (one(far, "egg").on, one(far, "egg").z) == (None, 0)


def test_the_named_one_of_several_is_meant() -> None:
    balls = read_prompt("a blue ball, a green ball and a red ball", 3).scene
    assert ids(after("remove the green ball", balls)) == ["ball-1", "ball-3"]
    assert ids(after("remove the left ball", balls)) == ["ball-2", "ball-3"]
    assert ids(after("remove the ball on the right", balls)) == ["ball-1", "ball-2"]
    changed = after("make the blue ball yellow", balls)
    assert changed.things[1:] == balls.things[1:]


def test_several_changes_at_once() -> None:
    found = after("make the candle taller and the mug navy, then golden hour light")
    assert one(found, "candle").scale > 1
    assert one(found, "mug").colour_name == "navy"
    assert found.light.name == "golden hour"


def test_what_was_added_is_in_view_and_that_is_told() -> None:
    reading: Reading = revise(SCENE, "add a potted plant")
    assert reading.scene.camera.distance > SCENE.camera.distance
    assert "The camera stepped back so that everything is in view." in reading.notes
    assert reading.notes[0] == "Changed: a potted plant was added."


@pytest.mark.parametrize(
    ("instruction", "why"),
    [
        ("asdf qwer", "did not understand"),
        ("remove the dinosaur", "There is no dinosaur"),
        ("make the lemon blue", "There is no lemon"),
        ("keep everything the same", "did not understand"),
    ],
)
def test_what_means_nothing_is_refused_with_what_would_work(instruction: str, why: str) -> None:
    with pytest.raises(BadInput) as caught:
        revise(SCENE, instruction)
    assert why in caught.value.message
    assert "red mug, white candle" in caught.value.message
    assert "make the mug navy" in caught.value.hint
    assert caught.value.code == "studio_not_understood"


def test_another_take_keeps_the_things_and_turns_the_camera() -> None:
    assert is_variation("another take")
    assert not is_variation("make it blue")
    again = varied(SCENE, 99)
    assert again.camera.azimuth != SCENE.camera.azimuth
    kept = {"turn", "x", "y"}
    assert [t.model_dump(exclude=kept) for t in again.things] == [
        t.model_dump(exclude=kept) for t in SCENE.things
    ]
    assert varied(SCENE, 99) == again


_PARTS = st.sampled_from([
    "make", "remove", "add", "move", "swap", "put", "write", "rotate", "zoom in", "the mug", "mug",
    "the candle", "it", "them", "everything", "a lemon", "two lemons", "navy", "glass", "bigger",
    "tiny", "on", "in", "between", "behind", "to the left of", "to the right", "and", "then", ",",
    '"HI"', "the background", "the table", "marble", "golden hour", "transparent background",
    "for", "into", "90 degrees", "a dinosaur", "the left one", "some flowers", "keep the rest",
])  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=60), st.lists(_PARTS, max_size=12).map(" ".join)))
def test_any_instruction_gives_a_scene_or_a_kind_refusal(instruction: str) -> None:
    try:
        found = revise(SCENE, instruction).scene
    except BadInput as refusal:
        assert refusal.hint
    else:
        assert read_scene(found.model_dump_json()) == found

"""Prompts in people's words, and the scenes that the studio reads in them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.engines.studio.drawing import understood
from core.engines.studio.kinds import KINDS
from core.engines.studio.lexicon import plural, tokens
from core.engines.studio.parse import Reading, read_prompt
from core.engines.studio.scene import MAX_THINGS, Scene, read_scene
from core.engines.studio.words import COLOURS

SHOWN = "a red mug to the left of a white candle on a walnut table, soft window light"


def read(prompt: str, seed: int = 3) -> Reading:
    return read_prompt(prompt, seed)


def scene(prompt: str) -> Scene:
    return read(prompt).scene


def kinds(prompt: str) -> list[str]:
    return [thing.kind for thing in scene(prompt).things]


def test_the_whole_of_a_description_is_read() -> None:
    reading = read(SHOWN)
    mug, candle = reading.scene.things
    assert (mug.kind, mug.colour, mug.colour_name) == ("mug", COLOURS["red"], "red")
    assert (candle.kind, candle.colour_name) == ("candle", "white")
    assert mug.x < candle.x
    assert reading.scene.surface.name == "walnut"
    assert reading.scene.light.name == "soft window"
    assert reading.notes == ()
    assert reading.unused == ()
    assert understood(reading.scene) == (
        "Understood: a red mug and a white candle, walnut table, soft window light."
    )


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_answers_to_all_of_its_names(kind: str) -> None:
    for word in KINDS[kind].words:
        for said in (word, plural(word)):
            (token,) = tokens(said)
            assert token.kind, said
    assert any(tokens(word)[0].kind == kind for word in KINDS[kind].words)


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("three lemons", ["lemon"] * 3),
        ("3 lemons", ["lemon"] * 3),
        ("a dozen eggs", ["egg"] * 12),
        ("half a dozen eggs", ["egg"] * 6),
        ("a couple of apples and a pear", ["apple", "apple", "pear"]),
        ("a stack of books", ["book"] * 3),
        ("lemon cake", ["cake"]),
        ("an orange orange", ["orange"]),
        ("a glass of water", ["glass"]),
        ("a coffee cup", ["mug"]),
        ("a mug of coffee", ["mug"]),
        ("a cup of tea", ["teacup"]),
        ("a bowl of lemons", ["bowl", "lemon", "lemon", "lemon"]),
        ("a mug and the mug", ["mug"]),
        ("a crystal vase with flowers", ["vase", "flowers"]),
        ("flowers", ["flowers", "vase"]),
        ("a plant in a white pot", ["plant"]),
    ],
)
def test_what_and_how_many(prompt: str, expected: list[str]) -> None:
    assert kinds(prompt) == expected


@pytest.mark.parametrize(
    ("prompt", "material", "colour"),
    [
        ("a navy mug", "ceramic", COLOURS["navy"]),
        ("a copper kettle", "copper", None),
        ("a glass bowl", "glass", None),
        ("a wooden bowl", "wood", None),
        ("a matte black bottle", "matte", COLOURS["black"]),
        ("a linen cushion", "fabric", None),
        ("a green glass bottle", "glass", COLOURS["green"]),
        ("a marble ball", "plastic", None),
        ("a red apple", "skin", COLOURS["red"]),
        ("a terracotta vase", "terracotta", None),
        ("a light navy mug", "ceramic", "#828aa2"),
    ],
)
def test_materials_and_colours(prompt: str, material: str, colour: str | None) -> None:
    (thing,) = scene(prompt).things
    assert thing.material == material
    assert colour is None or thing.colour == colour


@pytest.mark.parametrize(
    ("prompt", "smallest", "largest"),
    [("a tiny mug", 0.4, 0.6), ("a small mug", 0.7, 0.8), ("a large mug", 1.3, 1.4),
     ("a giant mug", 2.0, 2.4), ("a mug", 1.0, 1.0)],
)  # fmt: skip
def test_sizes(prompt: str, smallest: float, largest: float) -> None:
    assert smallest <= scene(prompt).things[0].scale <= largest


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("on a marble table", "marble"), ("on white marble", "marble"),
        ("on concrete", "concrete"), ("on a linen tablecloth", "linen"),
        ("on a dark wood table", "walnut"), ("on a pink table", "painted"),
        ("on slate", "slate"), ("on the beach", "sand"), ("on terrazzo", "terrazzo"),
        ("on a walnut desk", "walnut"), ("", "oak"),
    ],
)  # fmt: skip
def test_surfaces(words: str, name: str) -> None:
    assert scene(f"a mug {words}").surface.name == name


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("sage wall", "wall"), ("on a yellow background", "sweep"),
        ("gradient background from pink to cream", "gradient"), ("studio backdrop", "sweep"),
    ],
)  # fmt: skip
def test_backdrops(words: str, name: str) -> None:
    assert scene(f"a mug, {words}").backdrop.name == name


def test_a_gradient_runs_between_its_colours() -> None:
    backdrop = scene("a mug, gradient background from pink to cream").backdrop
    assert (backdrop.colour, backdrop.colour2) == (COLOURS["pink"], COLOURS["cream"])


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("soft window light", "soft window"), ("golden hour", "golden hour"),
        ("at sunset", "golden hour"), ("overhead softbox", "overhead softbox"),
        ("rim light", "rim light"), ("dramatic lighting", "rim light"), ("at night", "night"),
        ("candlelight", "candle light"), ("bright sunlight", "daylight"),
        ("studio lighting", "studio"), ("overcast", "overcast"), ("neon lights", "neon"),
    ],
)  # fmt: skip
def test_lights(words: str, name: str) -> None:
    assert scene(f"a mug, {words}").light.name == name


def test_the_light_comes_from_where_it_is_said() -> None:
    assert scene("a mug, light from the right").light.side == "right"
    assert scene("a mug").light.side == "left"


def test_camera_words() -> None:
    assert scene("a cake from above").camera.elevation > 40
    assert scene("a cake, flat lay").camera.elevation > 80
    assert scene("a cake, low angle").camera.elevation < 6
    assert scene("a cake, 85mm").camera.lens == 85
    assert scene("a cake, bokeh").camera.blur > scene("a cake").camera.blur
    near, usual = scene("close-up of a cake").camera, scene("a cake").camera
    assert near.lens / near.distance > usual.lens / usual.distance


@pytest.mark.parametrize(
    ("prompt", "label"),
    [
        ('a mug with the label "EASEL"', "EASEL"),
        ("a mug that says “Good morning”", "Good morning"),
        ("a jar labelled SALT", "SALT"),
        ('a box with "FRAGILE" on it', "FRAGILE"),
    ],
)
def test_labels_are_kept_as_written(prompt: str, label: str) -> None:
    assert scene(prompt).things[0].label == label


def test_a_label_where_there_is_no_room_is_told() -> None:
    reading = read('a wine glass with the label "HI"')
    assert reading.scene.things[0].label is None
    assert any("no room for text" in note for note in reading.notes)


def test_an_unknown_thing_is_a_card_with_its_word_and_named() -> None:
    reading = read("a purple dinosaur next to an apple")
    card, apple = reading.scene.things
    assert (card.kind, card.label, card.colour_name) == ("card", "dinosaur", "purple")
    assert apple.kind == "apple"
    assert reading.notes == (
        "I don't know 'dinosaur' yet: it stands in the scene as a paper card.",
    )


def test_words_without_effect_are_told() -> None:
    assert read("a strawberry cake").unused == ("strawberry",)


@pytest.mark.parametrize("words", ["isolated", "on a transparent background", "no background"])
def test_transparency(words: str) -> None:
    assert scene(f"a mug, {words}").transparent
    assert not scene("a transparent umbrella").transparent


@pytest.mark.parametrize("prompt", ["", "!!!", "the of and"])
def test_nothing_to_draw_is_said_with_an_example(prompt: str) -> None:
    reading = read(prompt)
    assert reading.scene.things == ()
    assert "describe one" in reading.notes[0]


def test_a_crowd_is_bounded_and_told() -> None:
    reading = read("12 eggs, 12 lemons and 12 apples")
    assert len(reading.scene.things) == MAX_THINGS
    assert any("the rest was left out" in note for note in reading.notes)


def test_the_same_words_and_seed_give_the_same_scene() -> None:
    assert scene(SHOWN) == scene(SHOWN)
    assert read(SHOWN, 4).scene != scene(SHOWN)


_WORDS = st.sampled_from([
    "a", "the", "three", "12", "red", "navy", "mug", "lemon", "candle", "bowl", "box", "flowers",
    "on", "in", "between", "to the left of", "behind", "in front of", "and", "with", "holding",
    '"X"', "the word", "stack of", "table", "glass", "wall", "gradient", "from", "from above",
    "night", "dinosaur", "it", "them", "85mm", ",", ".",
])  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=80), st.lists(_WORDS, max_size=24).map(" ".join)))
def test_any_text_makes_a_scene_that_can_be_stored(text: str) -> None:
    found = read_prompt(text, 5).scene
    assert read_scene(found.model_dump_json()) == found


@pytest.mark.parametrize("words", ["the ", "a red mug and a ", "between a mug and ", '"', "on a "])
def test_the_longest_prompt_is_read_to_its_end(words: str) -> None:
    reading = read((words * 8_000)[:8_000])
    assert len(reading.scene.things) <= MAX_THINGS

"""Models that no one curated, their schemas made up at random: run soundly, or refused in words."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from core.engines.port import ImageRequest, Operation
from core.engines.replicate.cards import card_of
from core.engines.replicate.mapping import Prepared, Upload, prepare
from core.engines.replicate.schema import read_schema
from core.errors import BadInput
from core.picture.codec import encode_png
from tests.unit.engines.replicate_documents import (
    URI,
    URIS,
    Document,
    chosen_from,
    components_of,
    enumeration,
    faults,
    published,
    sent,
)
from tests.unit.picture.making import slope

PICTURES = [encode_png(slope(*size)) for size in ((48, 32), (16, 40), (20, 20))]
HOLE = encode_png(np.zeros((32, 48, 4), np.uint8))

PATIENT = settings(
    max_examples=300, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)  # fmt: skip

NAMES = [
    "prompt", "negative_prompt", "text", "instruction", "image", "input_image", "images",
    "image_input", "init_image", "inputImage", "reference_images", "mask", "style_image",
    "width", "height", "aspect_ratio", "size", "resolution", "megapixels", "seed", "num_outputs",
    "max_images", "n", "output_format", "format", "quality", "background", "transparent", "scale",
    "scale_factor", "user_id", "guidance", "go_fast", "disable_safety_checker", "lora_weights",
    "strange name!", "x" * 90,
]  # fmt: skip
CHOICES = [
    "1:1", "16:9", "2:3", "match_input_image", "custom", "1K", "2K", "4K", "1 MP", "0.25", "png",
    "jpg", "webp", "low", "high", "auto", "transparent", "1024x1024", "832x1216", "1", "2x", "4x",
    "landscape_4_3", "square", "0:0", "", "x",
]  # fmt: skip
OPERATIONS: list[Operation] = ["generate", "edit", "inpaint", "vary", "cutout", "upscale"]

numbers = st.integers(-5, 5000)
turns = st.integers(0, 20)
bounds = st.one_of(numbers, st.floats(-10, 5000, allow_nan=False))


@st.composite
def texts(draw: st.DrawFn) -> Document:
    out: Document = {"type": "string"}
    if draw(st.integers(0, 3)) == 0:
        out["minLength"] = draw(st.integers(0, 30))
    if draw(st.integers(0, 3)) == 0:
        out["maxLength"] = draw(st.integers(0, 60))
    if draw(st.integers(0, 9)) == 0:
        out["pattern"] = "^[0-9]+$"
    if draw(st.integers(0, 9)) == 0:
        out["format"] = draw(st.sampled_from(["password", "date-time", "email"]))
    return out


@st.composite
def amounts(draw: st.DrawFn) -> Document:
    out: Document = {"type": draw(st.sampled_from(["integer", "number"]))}
    for key in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"):
        if draw(st.integers(0, 3)) == 0:
            out[key] = draw(bounds)
    if draw(st.integers(0, 4)) == 0:
        out["multipleOf"] = draw(st.sampled_from([1, 8, 64, 0.5, 7]))
    return out


@st.composite
def files(draw: st.DrawFn) -> Document:
    if draw(st.booleans()):
        return dict(URI)
    out: Document = {**URIS}
    if draw(st.booleans()):
        out["minItems"] = draw(st.integers(0, 3))
    if draw(st.booleans()):
        out["maxItems"] = draw(st.integers(1, 4))
    return out


@st.composite
def choices(draw: st.DrawFn) -> Document:
    if draw(st.integers(0, 3)) == 0:
        listed = draw(st.lists(st.integers(-2, 2048), min_size=1, max_size=6, unique=True))
        return enumeration(*listed, kind="integer")
    listed_texts = draw(st.lists(st.sampled_from(CHOICES), min_size=1, max_size=8, unique=True))
    return enumeration(*listed_texts)


odd = st.sampled_from(
    [
        {"type": "object"},
        {"type": "array", "items": {"type": "string"}},
        {"type": "array"},
        {},
        {"const": "fixed", "type": "string"},
        {"type": "string", "not": {"const": "x"}},
        {"type": "string", "allOf": [{"minLength": 3}, {"minLength": 5}]},
        {"anyOf": [{"type": "string"}, {"type": "integer"}]},
        {"type": ["string", "integer"]},
        {"type": "string", "format": "uri", "maxLength": 9},
        {"type": "array", "items": {"type": "string", "format": "uri", "pattern": "^data"}},
    ]
)


USUAL: dict[str, st.SearchStrategy[Document]] = (
    dict.fromkeys(["prompt", "negative_prompt", "text", "instruction", "user_id"], texts())
    | dict.fromkeys([name for name in NAMES if "image" in name.lower()] + ["mask"], files())
    | dict.fromkeys(
        ["width", "height", "seed", "n", "scale", "scale_factor", "guidance"], amounts()
    )
    | dict.fromkeys(["aspect_ratio", "size", "resolution", "output_format", "quality"], choices())
    | dict.fromkeys(["go_fast", "transparent"], st.just({"type": "boolean"}))
)
"""What an input of that name usually is; every fifth is something else all the same."""

anything = st.one_of(texts(), amounts(), files(), choices(), st.just({"type": "boolean"}), odd)


@st.composite
def inputs(draw: st.DrawFn, name: str, components: Document) -> Document:
    plain = draw(anything if draw(st.integers(0, 4)) == 0 else USUAL.get(name, anything))
    more: Document = {"title": name, "x-order": draw(st.integers(0, 30))}
    if draw(st.booleans()):
        more["description"] = draw(
            st.sampled_from(
                ["", "Multiple of 32.", "Up to 3 images", "White is inpainted", "factor"]
            )
        )
    if draw(st.booleans()):
        more["default"] = draw(st.one_of(st.sampled_from(CHOICES), bounds, st.booleans()))
    match draw(st.integers(0, 3)):
        case 0:
            components[f"C{len(components)}"] = plain
            return chosen_from(f"C{len(components) - 1}", **more)
        case 1:
            return {"anyOf": [plain, {"type": "null"}], **more}
    return {**plain, **more}


@st.composite
def documents(draw: st.DrawFn) -> Document:
    start = draw(
        st.sampled_from([["prompt"], ["image"], ["prompt", "image"], ["images", "text"], []])
    )
    names = start + draw(st.lists(st.sampled_from(NAMES), max_size=8, unique=True))
    components: Document = {}
    fields = {name: draw(inputs(name, components)) for name in dict.fromkeys(names)}
    required = (
        start if draw(st.integers(0, 3)) else draw(st.lists(st.sampled_from(NAMES), max_size=2))
    )
    output: Document = draw(st.sampled_from([URI, URIS, URIS, {"anyOf": [URI, {"type": "null"}]}]))
    if draw(st.integers(0, 19)) == 0:
        output = {"type": "string"}
    description = draw(st.sampled_from(["", "Upscales images", "Removes the background", "Draws"]))
    return published(
        fields, required=tuple(required), output=output, description=description, **components
    )


@st.composite
def requests(draw: st.DrawFn) -> ImageRequest:
    count = draw(st.integers(0, 3))
    return ImageRequest(
        model="someone/something",
        operation=draw(st.sampled_from(OPERATIONS)),
        key=draw(st.sampled_from(["t:0", "t:1", "u:7"])),
        prompt=draw(st.one_of(st.just("a red mug on a table"), st.text(max_size=70))),
        images=tuple(PICTURES[:count]),
        mask=HOLE if draw(st.booleans()) else None,
        size=draw(st.none() | st.tuples(st.integers(1, 9000), st.integers(1, 9000))),
        seed=draw(st.none() | st.integers(-(2**40), 2**40)),
        quality=draw(st.sampled_from([None, "auto", "high", "best"])),
        transparent=draw(st.booleans()),
        scale=draw(st.none() | st.floats(0.5, 40)),
        long_side=draw(st.none() | st.integers(1, 9000)),
        actor_hash=draw(st.sampled_from(["", "ab12"])),
    )


def outcome(document: Document, request: ImageRequest) -> Prepared | BadInput:
    try:
        return prepare(read_schema(document), request)
    except BadInput as refused:
        return refused


def fitting(request: ImageRequest, document: Document, turn: int) -> ImageRequest:
    """A request for something that the model can do, if it can do anything."""
    try:
        able = sorted(card_of(read_schema(document)).capabilities.operations)
    except BadInput:
        return request
    return request.model_copy(update={"operation": able[turn % len(able)]}) if able else request


def assert_says_what_is_missing(refused: BadInput, document: Document) -> None:
    assert len(refused.message) > 10
    assert refused.message[0].isupper() or refused.message.startswith("someone/something")
    assert refused.hint
    if refused.code == "model_wants_more":
        whole = components_of(document)["Input"]
        names = [*whole["properties"], *whole.get("required", ())]
        assert any(f"“{' '.join(name[:80].split())}”" in refused.message for name in names)


def assert_sound(prepared: Prepared, document: Document, request: ImageRequest) -> None:
    given_out = sent(prepared)
    assert faults(document, given_out) == []
    if prepared.seed is not None:
        assert prepared.seed in given_out.values()
    uploads = [one for value in prepared.input.values()
               for one in (value if isinstance(value, list) else [value])
               if isinstance(one, Upload) and one.name != "mask.png"]  # fmt: skip
    assert {one.data for one in uploads} <= set(request.images)
    assert all(note for note in prepared.notes)


@PATIENT
@given(documents(), requests(), turns)
def test_a_made_up_model_is_asked_by_its_own_rules_or_not_at_all(
    document: Document, request: ImageRequest, turn: int
) -> None:
    if turn:
        request = fitting(request, document, turn)
    result = outcome(document, request)
    if isinstance(result, BadInput):
        event(f"refused: {result.code}")
        assert_says_what_is_missing(result, document)
    else:
        event("asked")
        assert_sound(result, document, request)
        assert outcome(document, request) == result


RATIOS = ["1:1", "16:9", "9:16", "4:3", "3:4", "21:9"]


@st.composite
def habitual(draw: st.DrawFn) -> Document:
    """A model that follows the habits of Replicate: everything required is of a known kind."""
    wordless = draw(st.booleans())
    components: Document = {
        "ratios": enumeration(*draw(st.lists(st.sampled_from(RATIOS), min_size=1, unique=True))),
        "levels": enumeration(*draw(st.sampled_from([["1K", "2K"], ["1", "0.25"], ["4K"]]))),
        "formats": enumeration(*draw(st.sampled_from([["jpg"], ["webp", "png"], ["jpg", "webp"]]))),
    }
    pool: Document = {
        draw(st.sampled_from(["prompt", "text", "text_prompt", "caption"])): {"type": "string"},
        draw(st.sampled_from(["image", "input_image", "init_image", "img"])): dict(URI),
        draw(st.sampled_from(["images", "reference_images", "image_input"])): dict(URIS),
        "aspect_ratio": chosen_from("ratios"),
        draw(st.sampled_from(["size", "resolution", "megapixels"])): chosen_from("levels"),
        draw(st.sampled_from(["seed", "random_seed"])): {"type": "integer", "maximum": 9999},
        draw(st.sampled_from(["num_outputs", "n", "num_images"])): {
            "type": "integer",
            "minimum": 1,
        },
        "output_format": chosen_from("formats"),
        "width": {"type": "integer", "minimum": 256, "maximum": 1440},
        "height": {"type": "integer", "minimum": 256, "maximum": 1440, "multipleOf": 32},
    }
    if wordless:
        pool = dict(list(pool.items())[1:])
    kept = draw(st.lists(st.sampled_from(list(pool)), min_size=1, unique=True))
    first = next(iter(pool))
    fields: Document = {name: pool[name] for name in dict.fromkeys([first, *kept])}
    sides = {"width", "height"} & set(fields)
    if len(sides) == 1:
        del fields[sides.pop()]
    required = draw(st.lists(st.sampled_from(list(fields)), unique=True))
    output: Document = draw(st.sampled_from([URI, URIS]))
    return published(fields, required=tuple({first, *required}), output=output, **components)


@PATIENT
@given(habitual(), requests(), turns)
def test_a_model_that_follows_the_habits_runs_whatever_else_is_wished(
    document: Document, request: ImageRequest, turn: int
) -> None:
    request = fitting(request, document, turn)
    wish = request.model_copy(
        update={"images": tuple(PICTURES), "prompt": "a red mug", "mask": None}
    )
    prepared = prepare(read_schema(document), wish)
    event(request.operation)
    assert_sound(prepared, document, wish)
    fields: Any = components_of(document)["Input"]["properties"]
    counts = {"num_outputs", "n", "num_images"} & set(fields)
    assert all(prepared.input[name] == 1 for name in counts)
    if {"seed", "random_seed"} & set(fields):
        assert prepared.seed is not None
    if {"prompt", "text", "text_prompt", "caption"} & set(fields):
        assert "a red mug" in prepared.input.values()

"""Published schemas read: what they say, within bounds, and what is refused in words."""

from __future__ import annotations

import json
from typing import Any

import pytest

from core.engines.replicate.cards import CURATED
from core.engines.replicate.schema import InputField, ModelSchema, bundled, read_schema
from core.errors import BadInput
from tests.unit.engines.replicate_documents import (
    URI,
    URIS,
    Document,
    bundled_document,
    chosen_from,
    components_of,
    enumeration,
    published,
)


def field(node: Document, **components: Any) -> InputField:
    read = read_schema(published({"it": node}, **components)).field("it")
    assert read is not None
    return read


def refused(document: Any) -> BadInput:
    with pytest.raises(BadInput) as caught:
        read_schema(document)
    assert caught.value.message
    assert caught.value.hint
    return caught.value


def test_a_model_is_read_from_what_replicate_answers() -> None:
    schema = read_schema(
        published(
            {
                "seed": {"type": "integer", "x-order": 1, "description": "A\nseed\x00."},
                "prompt": {"type": "string", "x-order": 0, "default": "a cat"},
            },
            required=("prompt",),
            description="Draws.",
        )
    )
    assert schema == ModelSchema(
        name="someone/something",
        version="0" * 64,
        official=False,
        inputs=(
            InputField("prompt", "string", required=True, default="a cat"),
            InputField("seed", "integer", description="A seed .", order=1),
        ),
        output="uris",
        description="Draws.",
    )


@pytest.mark.parametrize(
    ("told", "known", "official"),
    [(True, None, True), (False, None, False), (None, None, False), (False, True, True),
     (True, False, False), ("yes", None, False)],
)  # fmt: skip
def test_official_goes_by_what_is_known_and_then_by_the_document(
    told: Any, known: bool | None, official: bool
) -> None:
    document = {**published({}), "is_official": told}
    assert read_schema(document, official=known).official is official


@pytest.mark.parametrize("version", [None, "hidden", "F" * 64, "0" * 63, 7])
def test_a_version_that_is_none_is_not_taken(version: Any) -> None:
    assert read_schema(published({}, version=version)).version is None


@pytest.mark.parametrize(
    ("output", "found"),
    [
        (URI, "uri"),
        (URIS, "uris"),
        ({**URIS, "x-cog-array-type": "iterator"}, "uris"),
        ({"allOf": [URI]}, "uri"),
        ({"anyOf": [URI, {"type": "null"}]}, "uri"),
        ({"anyOf": [{"type": "object"}, URI]}, "uri"),
        ({"type": "array", "items": {"$ref": "#/components/schemas/One"}}, "uris"),
    ],
)
def test_what_it_gives_is_one_file_or_several(output: Document, found: str) -> None:
    assert read_schema(published({}, output=output, One=URI)).output == found


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        ({"type": "string"}, InputField("it", "string")),
        ({"type": "string", "format": "password"}, InputField("it", "string")),
        ({"type": "string", "minLength": 1, "maxLength": 9},
         InputField("it", "string", min_length=1, max_length=9)),
        ({"type": "boolean", "default": False}, InputField("it", "boolean", default=False)),
        ({"type": "number", "minimum": 0, "maximum": 1.5, "default": 0.5},
         InputField("it", "number", minimum=0, maximum=1.5, default=0.5)),
        ({"type": "integer", "multipleOf": 8}, InputField("it", "integer", multiple=8)),
        (URI, InputField("it", "uri")),
        ({**URIS, "minItems": 1, "maxItems": 3},
         InputField("it", "array", items="uri", min_length=1, max_length=3)),
        ({"type": "array", "items": {"type": "string"}}, InputField("it", "array", items="string")),
        ({"type": "integer", "nullable": True}, InputField("it", "integer")),
        ({"type": ["integer", "null"]}, InputField("it", "integer")),
        ({"anyOf": [{"type": "integer", "minimum": 2}, {"type": "null"}]},
         InputField("it", "integer", minimum=2)),
        ({"type": "string", "const": "a"}, InputField("it", "string", choices=("a",))),
    ],
)  # fmt: skip
def test_an_input_is_read_for_what_it_takes(node: Document, expected: InputField) -> None:
    assert field(node) == expected


@pytest.mark.parametrize(
    ("node", "least", "most"),
    [
        ({"type": "integer", "exclusiveMinimum": 0, "exclusiveMaximum": 10}, 1, 9),
        ({"type": "integer", "minimum": 0, "exclusiveMinimum": True}, 1, None),
        ({"type": "integer", "maximum": 10, "exclusiveMaximum": True}, None, 9),
        ({"type": "integer", "minimum": 5, "exclusiveMinimum": 2}, 5, None),
        ({"type": "integer", "minimum": 0, "exclusiveMinimum": False}, 0, None),
    ],
)
def test_bounds_that_are_excluded_are_kept_out(
    node: Document, least: int | None, most: int | None
) -> None:
    assert (field(node).minimum, field(node).maximum) == (least, most)


def test_a_number_past_its_bound_by_nothing_is_not_taken() -> None:
    above = field({"type": "number", "exclusiveMinimum": 0.5})
    assert not above.takes(0.5)
    assert above.takes(0.500001)


def test_choices_stand_in_a_component() -> None:
    read = field(
        chosen_from("Ratio", default="16:9", description="The shape"),
        Ratio=enumeration("1:1", "16:9"),
    )
    assert read == InputField(
        "it", "string", default="16:9", choices=("1:1", "16:9"), description="The shape"
    )


@pytest.mark.parametrize(
    "node",
    [
        {},
        {"type": "object"},
        {"type": "string", "pattern": "^a+$"},
        {"type": "string", "format": "date-time"},
        {"type": "string", "format": {}},
        {"type": "string", "not": {"const": "a"}},
        {"type": "string", "enum": []},
        {"type": "string", "enum": "abc"},
        {"type": "string", "enum": list(map(str, range(501)))},
        {"type": "string", "maxLength": "9"},
        {"type": "integer", "multipleOf": 0},
        {"type": "number", "multipleOf": 0.1},
        {"type": "number", "minimum": float("nan")},
        {"type": "number", "maximum": 10**40},
        {"type": "number", "exclusiveMinimum": "0"},
        {"type": "string", "allOf": [{"maxLength": 3}, {"maxLength": 5}]},
        {"anyOf": [{"type": "string"}, {"type": "integer"}]},
        {"type": ["string", "integer"]},
        {"type": "array", "items": URI, "uniqueItems": True},
        {"type": "string", "format": "uri", "maxLength": 20},
        {"type": 7},
    ],
)
def test_an_input_that_is_not_wholly_understood_is_never_filled(node: Document) -> None:
    read = field(node)
    assert read.kind == "other"
    assert not any(read.takes(value) for value in ("", "a", "abcd", 0, 1, 1.5, True))
    assert not read.holds_files


@pytest.mark.parametrize(
    ("node", "default"),
    [
        ({"type": "integer", "maximum": 5}, 9),
        ({"type": "integer"}, True),
        ({"type": "boolean"}, 1),
        ({"type": "string", "enum": ["a"]}, "b"),
        ({"type": "string"}, None),
    ],
)
def test_a_default_that_breaks_its_own_rules_is_none(node: Document, default: Any) -> None:
    assert field({**node, "default": default}).default is None


def test_a_required_input_without_any_description_is_still_required() -> None:
    read = read_schema(published({}, required=("ghost",)))
    assert read.inputs == (InputField("ghost", "other", required=True),)


def cycle() -> Document:
    return published(
        {"it": chosen_from("A")},
        A=chosen_from("B"),
        B={"anyOf": [{"$ref": "#/components/schemas/A"}]},
    )


def fan() -> Document:
    """Five levels of ten references each: a hundred thousand steps, were they all taken."""
    levels: Any = {
        f"L{at}": {"allOf": [{"$ref": f"#/components/schemas/L{at + 1}"}] * 10} for at in range(5)
    }
    return published({"it": chosen_from("L0")}, L5={"type": "string"}, **levels)


def deep() -> Document:
    node: Document = {"type": "string"}
    for _ in range(3_000):
        node = {"allOf": [node]}
    return published({"it": node})


@pytest.mark.parametrize(
    "document",
    [
        cycle(),
        fan(),
        deep(),
        published({f"f{at}": {"type": "string"} for at in range(301)}),
        published({"it": {"type": "string", "examples": ["x"] * 30_000}}),
        published({"it": chosen_from("Nowhere")}),
        published({"it": {"$ref": "https://example.com/schema.json"}}),
        published({"it": {"$ref": "file:///etc/passwd"}}),
        published({"it": {"$ref": 7}}),
        published({"it": {"allOf": {}}}),
        published({"it": {"allOf": []}}),
        published({"it": "string"}),
        published({"it": {3: "string"}}),
    ],
    ids=["cycle", "fan", "deep", "wide", "long", "nowhere", "elsewhere", "disk", "number",
         "no list", "nothing", "no mapping", "no text"],
)  # fmt: skip
def test_a_hostile_document_is_refused_soon(document: Document) -> None:
    assert refused(document).code == "model_unreadable"


@pytest.mark.parametrize(
    "change",
    [
        {"latest_version": None},
        {"latest_version": []},
        {"latest_version": {"id": "0" * 64}},
        {"latest_version": {"openapi_schema": {"components": {"schemas": {}}}}},
        {"latest_version": {"openapi_schema": {"components": {"schemas": {"Input": {}}}}}},
    ],
)
def test_a_model_without_a_schema_is_refused(change: Document) -> None:
    error = refused({**published({}), **change})
    assert error.message.startswith("What someone/something takes is not published")


@pytest.mark.parametrize(
    "more",
    [
        {"oneOf": [{"required": ["a"]}, {"required": ["b"]}]},
        {"dependentRequired": {"a": ["b"]}},
        {"minProperties": 2},
        {"required": "prompt"},
        {"properties": []},
    ],
)
def test_inputs_that_depend_on_each_other_are_refused(more: Document) -> None:
    document = published({})
    components_of(document)["Input"].update(more)
    assert refused(document).code == "model_unreadable"


@pytest.mark.parametrize(
    ("owner", "name"),
    [("", "x"), ("a", ""), ("a/b", "c"), ("..", "x"), ("a", "../b"), ("A", "b"), (None, "x"),
     ("a", "b?c=d"), ("a", "b" * 200), ("a", "b\n")],
)  # fmt: skip
def test_a_name_that_could_lead_elsewhere_is_no_name(owner: Any, name: str) -> None:
    assert "no name" in refused({**published({}), "owner": owner, "name": name}).message


@pytest.mark.parametrize(
    ("medium", "document"),
    [
        ("videos", published({"prompt": {"type": "string"}}, output=URI, name="wan/wan-t2v")),
        ("videos", published({"prompt": {"type": "string"}}, output=URI,
                             description="Generates short videos from words")),
        ("videos", published({"num_frames": {"type": "integer"}, "fps": {"type": "integer"}},
                             output=URI)),
        ("videos", published({"fps": {"type": "integer"}}, required=("fps",), output=URI)),
        ("videos", published({"output_format": {"type": "string", "enum": ["mp4", "webm"]}})),
        ("sound", published({"prompt": {"type": "string"}}, output=URI, name="meta/musicgen")),
        ("sound", published({"format": chosen_from("F")}, F=enumeration("wav", "mp3"))),
        ("3D models", published({"image": URI}, output=URI, description="Image-to-3D generation")),
        ("text", published({"image": URI}, output={"type": "string"}, name="a/image-captioner")),
        ("text or data", published({"image": URI}, output={"type": "object"})),
        ("text or data", published({"image": URI}, output={"type": "array", "items": {}})),
    ],
)  # fmt: skip
def test_what_makes_no_pictures_is_not_an_image_model(medium: str, document: Document) -> None:
    error = refused(document)
    assert error.code == "not_an_image_model"
    assert error.message.endswith(f"is not an image model: it makes {medium}.")


@pytest.mark.parametrize(
    "document",
    [
        published({"prompt": {"type": "string"}}, description="Posters for videos"),
        published({"output_format": {"type": "string", "enum": ["png", "mp4"]},
                   "fps": {"type": "integer"}, "num_frames": {"type": "integer"}}),
        published({"prompt": {"type": "string"}, "max_tokens": {"type": "integer"}},
                  name="a/instruct-pix2pix"),
        published({"duration": {"type": "integer"}}),
        published({"image": URI}, description="Text-to-image; see our text-to-video model too"),
    ],
)  # fmt: skip
def test_words_in_passing_do_not_make_another_medium(document: Document) -> None:
    assert read_schema(document).output == "uris"


@pytest.mark.parametrize("name", [card.id for card in CURATED])
def test_every_curated_model_has_a_bundled_copy_that_is_wholly_understood(name: str) -> None:
    schema = bundled(name)
    assert schema is not None
    assert schema.name == name
    assert schema.official or schema.version
    assert [each.name for each in schema.inputs if each.kind == "other"] == []
    assert schema == read_schema(bundled_document(name))


@pytest.mark.parametrize(
    "name", ["a/b", "../x", "openai/gpt-image-2/../x", "", "OPENAI/gpt-image-2"]
)
def test_there_is_no_copy_of_other_models(name: str) -> None:
    assert bundled(name) is None


def test_a_long_description_is_cut_and_put_on_one_line() -> None:
    read = field({"type": "string", "description": "x\n" * 10_000})
    assert len(read.description) <= 1_000
    assert "\n" not in read.description


def test_nothing_of_a_document_is_changed_by_reading_it() -> None:
    document = bundled_document("bytedance/seedream-4.5")
    before = json.dumps(document)
    read_schema(document)
    assert json.dumps(document) == before

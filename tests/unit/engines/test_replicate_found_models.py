"""Models that no one curated, in the shapes that are usual on Replicate; and what cards say."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from core.engines.openai.cards import OPENAI_CARDS
from core.engines.port import ImageRequest, ModelCard, Operation
from core.engines.replicate.cards import CURATED, card_of
from core.engines.replicate.mapping import Prepared, Upload, prepare
from core.engines.replicate.schema import read_schema
from core.errors import BadInput
from core.picture.codec import encode_png
from tests.unit.engines.replicate_documents import (
    URI,
    URIS,
    Document,
    bundled_document,
    chosen_from,
    components_of,
    enumeration,
    faults,
    published,
    sent,
)
from tests.unit.picture.making import slope

WIDE, TALL = (encode_png(slope(*size)) for size in ((96, 54), (40, 60)))
TEXT: Document = {"type": "string"}
NUMBER: Document = {"type": "integer"}


def asked(document: Document, operation: Operation, *images: bytes, **more: Any) -> Prepared:
    request = ImageRequest(model="m", operation=operation, key="t:0", images=images, **more)
    prepared = prepare(read_schema(document), request)
    assert faults(document, sent(prepared)) == []
    return prepared


def names(value: Any) -> Any:
    """Uploads by their names, for short."""
    if isinstance(value, list):
        return [names(one) for one in value]
    return value.name if isinstance(value, Upload) else value


def told(document: Document, operation: Operation, *images: bytes, **more: Any) -> dict[str, Any]:
    prepared = asked(document, operation, *images, **more)
    return {name: names(value) for name, value in prepared.input.items()}


def card(document: Document) -> ModelCard:
    return card_of(read_schema(document))


SCHNELL = published(
    {
        "prompt": TEXT,
        "aspect_ratio": chosen_from("R", default="1:1"),
        "num_outputs": {"type": "integer", "minimum": 1, "maximum": 4, "default": 1},
        "num_inference_steps": {"type": "integer", "minimum": 1, "maximum": 4, "default": 4},
        "seed": NUMBER,
        "output_format": chosen_from("F", default="webp"),
        "output_quality": {"type": "integer", "minimum": 0, "maximum": 100, "default": 80},
        "disable_safety_checker": {"type": "boolean", "default": False},
        "megapixels": chosen_from("M", default="1"),
    },
    required=("prompt",),
    R=enumeration("1:1", "16:9", "21:9", "3:2", "2:3", "4:5", "9:16"),
    F=enumeration("webp", "jpg", "png"),
    M=enumeration("1", "0.25"),
)
KONTEXT = published(
    {
        "prompt": TEXT,
        "input_image": URI,
        "aspect_ratio": chosen_from("R", default="match_input_image"),
        "seed": NUMBER,
        "output_format": chosen_from("F", default="png"),
        "safety_tolerance": {"type": "integer", "minimum": 0, "maximum": 6, "default": 2},
    },
    required=("prompt",),
    output=URI,
    R=enumeration("match_input_image", "1:1", "16:9", "9:16", "4:3", "3:4"),
    F=enumeration("jpg", "png"),
)
FLUX_2 = published(
    {
        "prompt": TEXT,
        "input_images": {**URIS, "default": [], "description": "Maximum 4 images."},
        "aspect_ratio": chosen_from("R", default="1:1"),
        "width": {"type": "integer", "minimum": 256, "maximum": 1440,
                  "description": "Only used when aspect_ratio=custom. Must be a multiple of 32"},
        "height": {"type": "integer", "minimum": 256, "maximum": 1440,
                   "description": "Only used when aspect_ratio=custom. Must be a multiple of 32"},
        "seed": NUMBER,
    },
    required=("prompt",),
    R=enumeration("match_input_image", "custom", "1:1", "16:9", "3:2"),
)  # fmt: skip
SDXL = published(
    {
        "prompt": {**TEXT, "default": "An astronaut riding a rainbow unicorn", "x-order": 0},
        "negative_prompt": {**TEXT, "default": "", "x-order": 1},
        "image": {**URI, "x-order": 2},
        "mask": {
            **URI,
            "description": "Input mask for inpaint mode. Black areas will be preserved, white "
            "areas will be inpainted.",
            "x-order": 3,
        },
        "width": {"type": "integer", "default": 1024, "x-order": 4},
        "height": {"type": "integer", "default": 1024, "x-order": 5},
        "num_outputs": {"type": "integer", "minimum": 1, "maximum": 4, "x-order": 6},
        "scheduler": chosen_from("S", default="K_EULER"),
        "guidance_scale": {"type": "number", "minimum": 1, "maximum": 50, "default": 7.5},
        "seed": NUMBER,
        "lora_scale": {"type": "number", "minimum": 0, "maximum": 1, "default": 0.6},
    },
    S=enumeration("DDIM", "K_EULER"),
)
IDEOGRAM = published(
    {
        "prompt": TEXT,
        "aspect_ratio": chosen_from("R", default="1:1"),
        "resolution": chosen_from("Z", default="None"),
        "style_reference_images": URIS,
        "seed": {"type": "integer", "maximum": 2147483647},
    },
    required=("prompt",),
    output=URI,
    R=enumeration("1:3", "1:1", "16:9"),
    Z=enumeration("None", "512x1536", "1024x1024", "1344x768"),
)


def test_a_model_like_flux_schnell_draws() -> None:
    prepared = asked(SCHNELL, "generate", prompt="a cat", size=(1920, 1080), seed=5)
    assert prepared.input == {
        "prompt": "a cat",
        "aspect_ratio": "16:9",
        "megapixels": "1",
        "num_outputs": 1,
        "seed": 5,
        "output_format": "png",
    }
    able = card(SCHNELL).capabilities
    assert able.operations == {"generate"}
    assert able.seed
    assert able.max_inputs == 0
    assert able.sizes is not None
    assert (1360, 768) in able.sizes.sizes


def test_a_model_like_flux_kontext_edits_in_the_pictures_shape() -> None:
    edit = told(KONTEXT, "edit", WIDE, TALL, prompt="x", size=(1360, 768))
    assert edit["input_image"] == "picture-1.png"
    assert edit["aspect_ratio"] == "match_input_image"
    assert told(KONTEXT, "edit", WIDE, prompt="x", size=(768, 1360))["aspect_ratio"] == "9:16"
    assert told(KONTEXT, "generate", prompt="x", size=(1, 2))["aspect_ratio"] == "9:16"
    assert card(KONTEXT).capabilities.operations == {"generate", "edit", "vary"}
    assert card(KONTEXT).capabilities.max_inputs == 1


def test_a_model_with_custom_sides_is_told_them_where_no_name_fits() -> None:
    custom = told(FLUX_2, "generate", prompt="x", size=(1200, 300))
    assert (custom["aspect_ratio"], custom["width"], custom["height"]) == ("custom", 1216, 288)
    named = told(FLUX_2, "generate", prompt="x", size=(1920, 1080))
    assert named["aspect_ratio"] == "16:9"
    assert "width" not in named
    many = told(FLUX_2, "edit", *([WIDE] * 6), prompt="x")
    assert len(many["input_images"]) == 4
    assert card(FLUX_2).capabilities.max_inputs == 4


def test_a_model_like_sdxl_draws_edits_and_fills_masks() -> None:
    able = card(SDXL).capabilities
    assert able.operations == {"generate", "edit", "vary", "inpaint"}
    assert able.mask == "true"
    assert able.sizes is not None
    assert (able.sizes.kind, able.sizes.multiple, able.sizes.max_side) == ("free", 8, 2048)
    drawn = told(SDXL, "generate", prompt="x", size=(1001, 777))
    assert (drawn["width"], drawn["height"]) == (1000, 776)
    hole = encode_png(np.zeros((54, 96, 4), np.uint8))
    filled = told(SDXL, "inpaint", WIDE, prompt="x", mask=hole)
    assert (filled["image"], filled["mask"]) == ("picture-1.png", "mask.png")
    assert not {"negative_prompt", "guidance_scale", "lora_scale", "scheduler"} & set(filled)


def test_a_resolution_that_would_overrule_the_ratio_is_left_alone() -> None:
    drawn = told(IDEOGRAM, "generate", WIDE, prompt="x", size=(1600, 900))
    assert drawn["aspect_ratio"] == "16:9"
    assert "resolution" not in drawn
    assert drawn["style_reference_images"] == ["picture-1.png"]


@pytest.mark.parametrize(
    ("choices", "size", "chosen"),
    [
        (["1024x1024", "1792x1024", "1024x1792"], (900, 1600), "1024x1792"),
        (["square_hd", "portrait_4_3", "landscape_16_9"], (300, 400), "portrait_4_3"),
        (["square_hd", "portrait_4_3", "landscape_16_9"], (1600, 900), "landscape_16_9"),
        (["1K", "2K", "4K"], (1024, 1024), "1K"),
        (["1K", "2K", "4K"], (1800, 1800), "2K"),
        (["1K", "2K"], (4000, 4000), "2K"),
        (["720p", "1080p"], (1280, 720), "720p"),
        (["0.5 MP", "1 MP", "2 MP"], (1200, 1200), "2 MP"),
        (["512", "768", "1024"], (700, 700), "768"),
        (["small", "large"], (700, 700), None),
    ],
)
def test_sizes_are_told_in_whatever_words_a_model_has(
    choices: list[str], size: tuple[int, int], chosen: str | None
) -> None:
    document = published({"prompt": TEXT, "size": chosen_from("Z")}, Z=enumeration(*choices))
    assert told(document, "generate", prompt="x", size=size).get("size") == chosen


@pytest.mark.parametrize(
    ("field", "size", "side"),
    [
        ({"type": "integer", "enum": [256, 512, 768]}, (600, 600), 512),
        ({"type": "integer", "minimum": 512, "maximum": 2048, "multipleOf": 64}, (700, 700), 704),
        ({"type": "integer", "minimum": 512, "maximum": 1024}, (9000, 9000), 1024),
        ({"type": "integer", "minimum": 512, "maximum": 1024}, (10, 10), 512),
        ({"type": "integer", "minimum": 501, "maximum": 503}, (512, 512), 503),
        ({"type": "number", "maximum": 1000}, (4000, 4000), 1000),
    ],
)
def test_sides_are_brought_to_what_a_model_draws(
    field: Document, size: tuple[int, int], side: int
) -> None:
    document = published({"prompt": TEXT, "width": field, "height": field})
    drawn = told(document, "generate", prompt="x", size=size)
    assert (drawn["width"], drawn["height"]) == (side, side)


def test_a_model_that_wants_every_size_at_once_gets_them_all() -> None:
    document = published(
        {"prompt": TEXT, "ratio": chosen_from("R"), "width": NUMBER, "height": NUMBER},
        required=("prompt", "ratio", "width", "height"),
        R=enumeration("1:1", "16:9"),
    )
    drawn = told(document, "generate", prompt="x")
    assert drawn == {"prompt": "x", "ratio": "1:1", "width": 1024, "height": 1024}


@pytest.mark.parametrize(
    "description",
    [
        "Mask image to mark areas that should be preserved during upscaling",
        "Black areas will be inpainted.",
    ],
)
def test_a_mask_that_means_the_opposite_is_not_sent(description: str) -> None:
    document = published(
        {"prompt": TEXT, "image": URI, "mask": {**URI, "description": description}}
    )
    assert "inpaint" not in card(document).capabilities.operations
    hole = encode_png(np.zeros((54, 96, 4), np.uint8))
    prepared = asked(document, "inpaint", WIDE, prompt="x", mask=hole)
    assert "mask" not in prepared.input
    assert prepared.notes == ("someone/something does not use a painted area",)


@pytest.mark.parametrize(
    ("document", "operation"),
    [
        (published({"image": URI}, output=URI, name="cjwbw/rembg"), "cutout"),
        (published({"image": URI}, output=URI, description="Remove the background"), "cutout"),
        (published({"image": URI}, output=URI, description="Background removal"), "cutout"),
        (published({"image": URI, "scale": {"type": "number"}}, name="a/swinir"), "upscale"),
        (published({"img": URI, "scale": {**NUMBER, "description": "Scale factor"}}), "upscale"),
        (published({"image": URI, "upscale_factor": chosen_from("U")},
                   U=enumeration("2x", "4x")), "upscale"),
    ],
)  # fmt: skip
def test_models_without_words_are_known_by_what_they_say(
    document: Document, operation: Operation
) -> None:
    found = card(document)
    assert found.capabilities.operations == {operation}
    assert not found.capabilities.reads_words
    assert told(document, operation, WIDE, scale=4, prompt="please")


def test_guidance_that_is_called_scale_does_not_enlarge() -> None:
    document = published(
        {
            "prompt": TEXT,
            "image": URI,
            "scale": {"type": "number", "description": "Guidance scale factor"},
        },
        required=("image",),
        name="jagilley/controlnet-canny",
    )
    assert card(document).capabilities.operations == {"edit", "vary"}
    assert "scale" not in told(document, "edit", WIDE, prompt="x")


@pytest.mark.parametrize(
    ("field", "scale", "value"),
    [
        ({"type": "string", "enum": ["2x", "4x"]}, 3, "4x"),
        ({"type": "string", "enum": ["None", "x2"]}, 2, "x2"),
        ({"type": "integer", "minimum": 1, "maximum": 4}, 2.5, 3),
        ({"type": "integer", "minimum": 1, "maximum": 4}, 9, 4),
        ({"type": "number"}, 2.5, 2.5),
        ({"type": "number"}, 40, 16),
    ],
)
def test_factors_are_told_in_whatever_form_a_model_has(
    field: Document, scale: float, value: Any
) -> None:
    document = published({"image": URI, "scale_factor": field}, output=URI)
    assert told(document, "upscale", WIDE, scale=scale)["scale_factor"] == value


def test_a_model_that_wants_two_pictures_gets_two_or_says_so() -> None:
    document = published(
        {"target_image": URI, "swap_image": {**URI, "description": "The face"}},
        required=("target_image", "swap_image"),
        output=URI,
        description="Face swap",
    )
    both = told(document, "edit", WIDE, TALL)
    assert both == {"target_image": "picture-1.png", "swap_image": "picture-2.png"}
    with pytest.raises(BadInput) as caught:
        asked(document, "edit", WIDE)
    assert caught.value.message == (
        "someone/something needs another picture, for “swap_image” (The face)."
    )
    assert "Attach it" in caught.value.hint


def test_pictures_are_shared_out_so_that_nothing_required_goes_without() -> None:
    document = published(
        {"prompt": TEXT, "images": {**URIS, "x-order": 0}, "style_image": {**URI, "x-order": 1}},
        required=("prompt", "images", "style_image"),
    )
    assert told(document, "edit", WIDE, TALL, WIDE, prompt="x") == {
        "prompt": "x",
        "images": ["picture-1.png", "picture-2.png"],
        "style_image": "picture-3.png",
    }


def test_what_can_not_be_known_is_named_with_what_it_is_for() -> None:
    document = published(
        {"prompt": TEXT, "tattoo_style": {**TEXT, "description": "One of our 7 styles"}},
        required=("prompt", "tattoo_style"),
    )
    for ask in (card, lambda one: asked(one, "generate", prompt="x")):
        with pytest.raises(BadInput) as caught:
            ask(document)
        assert caught.value.message == (
            "someone/something also wants “tattoo_style” (One of our 7 styles), "
            "which I can't know from what was asked."
        )


def test_what_is_required_and_has_a_default_is_sent_as_that() -> None:
    document = published(
        {"prompt": TEXT, "style": chosen_from("S", default="oil")},
        required=("prompt", "style"),
        S=enumeration("ink", "oil"),
    )
    assert told(document, "generate", prompt="x") == {"prompt": "x", "style": "oil"}


def test_a_mark_that_is_too_long_for_a_model_is_left_out() -> None:
    document = published({"prompt": TEXT, "user_id": {**TEXT, "maxLength": 8}})
    assert told(document, "generate", prompt="x", actor_hash="12345678")["user_id"] == "12345678"
    assert "user_id" not in told(document, "generate", prompt="x", actor_hash="123456789")


def test_a_prompt_may_have_another_name_and_a_least_length() -> None:
    document = published({"theme": {**TEXT, "minLength": 5}}, required=("theme",))
    assert told(document, "generate", prompt="a green hill") == {"theme": "a green hill"}
    with pytest.raises(BadInput, match="theme"):
        asked(document, "generate", prompt="hill")


def test_a_found_model_is_listed_by_its_full_name_and_without_a_price() -> None:
    found = card({**SCHNELL, "description": "Draws fast. " * 60})
    assert (found.id, found.title, found.engine) == (("someone/something",) * 2) + ("replicate",)
    assert found.aliases == ("replicate:someone/something",)
    assert found.found
    assert not found.price.known
    assert len(found.good_at) <= 140


def test_curated_models_have_the_names_that_people_use_and_no_one_elses() -> None:
    names = [name for each in CURATED for name in (each.id, *each.aliases)]
    assert len(names) == len(set(names))
    taken = {name for each in OPENAI_CARDS for name in (each.id, *each.aliases)}
    assert not {*taken, "real-esrgan"} & set(names)
    assert {
        "seedream-4.5", "qwen-image-edit-plus", "flux-redux-dev", "hunyuan-image-2.1",
        "flux-fill-dev", "clarity-pro-upscaler", "clarity-pro", "clarity-upscaler", "clarity",
        "background-remover", "bria-remove-background", "remove-background",
        "replicate-real-esrgan",
    } <= set(names)  # fmt: skip
    assert all(f"replicate:{each.id}" in each.aliases for each in CURATED)


@pytest.mark.parametrize("curated", CURATED, ids=lambda each: each.id)
def test_every_curated_card_is_complete(curated: ModelCard) -> None:
    assert curated.usable
    assert curated.engine == "replicate"
    assert curated.good_at
    assert curated.traits.speed
    assert curated.traits.subjects
    assert not curated.found
    assert curated.price.known
    price = curated.price
    assert price.each or price.per_megapixel or price.per_second or price.per_picture


def test_a_curated_card_follows_the_schema_of_today() -> None:
    document = bundled_document("black-forest-labs/flux-fill-dev")
    del components_of(document)["Input"]["properties"]["seed"]
    assert not card(document).capabilities.seed
    document = bundled_document("bytedance/seedream-4.5")
    components_of(document)["Input"]["properties"]["image_input"]["maxItems"] = 10
    assert card(document).capabilities.max_inputs == 10
    components_of(document)["aspect_ratio"]["enum"] = ["1:1"]
    components_of(document)["size"]["enum"] = ["2K"]
    sizes = card(document).capabilities.sizes
    assert sizes is not None
    assert sizes.sizes == ((2048, 2048),)


def test_a_curated_model_that_changed_beyond_recognition_is_not_usable() -> None:
    document = bundled_document("bria/remove-background")
    components_of(document)["Input"]["properties"] = {"prompt": TEXT}
    changed = card(document)
    assert not changed.usable
    assert "has changed" in changed.missing
    assert changed.capabilities.operations == {"cutout"}

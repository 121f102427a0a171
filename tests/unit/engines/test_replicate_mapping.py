"""What each curated model of Replicate is sent for a request, input by input."""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np
import pytest

from core.engines.port import ImageRequest, Operation
from core.engines.replicate.cards import CURATED, card_of
from core.engines.replicate.mapping import Prepared, Upload, prepare
from core.engines.replicate.schema import bundled, read_schema
from core.errors import BadInput, TooLarge
from core.picture.codec import encode_png
from tests.unit.engines.replicate_documents import (
    bundled_document,
    components_of,
    faults,
    sent,
)
from tests.unit.picture.making import COFFEE, reopened, slope

WIDE, TALL, SQUARE = (encode_png(slope(*size)) for size in ((96, 54), (40, 60), (64, 64)))
KEY = "turn:0"
OWN_SEED = zlib.crc32(KEY.encode()) % 2**31
EVERY_NAME = [card.id for card in CURATED]
NO_SEEDS = "has no seeds: the same words give another picture each time"

GPT_2, GPT_15 = "openai/gpt-image-2", "openai/gpt-image-1.5"
SEEDREAM, QWEN = "bytedance/seedream-4.5", "qwen/qwen-image-edit-plus"
REDUX, FILL = "black-forest-labs/flux-redux-dev", "black-forest-labs/flux-fill-dev"
HUNYUAN, ESRGAN = "tencent/hunyuan-image-2.1", "nightmareai/real-esrgan"
CLARITY_PRO, CLARITY = "philz1337x/clarity-pro-upscaler", "philz1337x/clarity-upscaler"
REMOVER, BRIA = "851-labs/background-remover", "bria/remove-background"


def asked(model: str, operation: Operation, *images: bytes, **more: Any) -> Prepared:
    """What is sent; the published schema has nothing against it."""
    schema = bundled(model)
    assert schema is not None
    request = ImageRequest(model=model, operation=operation, key=KEY, images=images, **more)
    prepared = prepare(schema, request)
    assert faults(bundled_document(model), sent(prepared)) == []
    return prepared


def file(data: bytes, place: int = 1, form: str = "png") -> Upload:
    mime = {"png": "image/png", "jpg": "image/jpeg"}[form]
    return Upload(data, f"picture-{place}.{form}", mime)


def hole(width: int, height: int) -> bytes:
    """A mask whose left half is open."""
    pixels = np.full((height, width, 4), 255, np.uint8)
    pixels[:, : width // 2, 3] = 0
    return encode_png(pixels)


def test_gpt_image_2_draws_a_new_picture() -> None:
    prepared = asked(
        GPT_2, "generate", prompt="a mug ", size=(1536, 1024), quality="high", actor_hash="abc"
    )
    assert prepared.input == {
        "prompt": "a mug",
        "aspect_ratio": "3:2",
        "quality": "high",
        "number_of_images": 1,
        "output_format": "png",
        "user_id": "abc",
    }
    assert (prepared.notes, prepared.seed, prepared.marker_field) == ((), None, "user_id")


def test_gpt_image_2_edits_up_to_sixteen_pictures() -> None:
    prepared = asked(GPT_2, "edit", *([WIDE] * 17), prompt="both", size=(1024, 1024))
    assert prepared.input["input_images"] == [file(WIDE, place) for place in range(1, 17)]
    assert prepared.input["aspect_ratio"] == "1:1"
    assert prepared.notes == (
        "GPT Image 2 on Replicate works from 16 pictures: the others were not used",
    )


def test_gpt_image_2_says_what_it_does_not_have() -> None:
    prepared = asked(
        GPT_2, "inpaint", WIDE, prompt="x", mask=hole(96, 54),
        seed=4, transparent=True, quality="max",
    )  # fmt: skip
    assert not {"mask", "seed", "background", "quality"} & set(prepared.input)
    assert prepared.notes == (
        "GPT Image 2 on Replicate does not use a painted area",
        "GPT Image 2 on Replicate has no quality “max”: it chose its own",
        "GPT Image 2 on Replicate draws no transparency: there is a background to cut away",
        f"GPT Image 2 on Replicate {NO_SEEDS}",
    )


def test_gpt_image_2_is_asked_for_transparency_once_it_offers_any() -> None:
    document = bundled_document(GPT_2)
    components_of(document)["background"]["enum"].append("transparent")
    schema = read_schema(document)
    request = ImageRequest(model=GPT_2, operation="generate", key=KEY, prompt="x", transparent=True)
    assert card_of(schema).capabilities.alpha == "native"
    assert prepare(schema, request).input["background"] == "transparent"


def test_gpt_image_1_5_draws_true_transparency_and_keeps_to_its_pictures() -> None:
    prepared = asked(GPT_15, "edit", TALL, prompt="x", transparent=True)
    assert prepared.input == {
        "prompt": "x",
        "input_images": [file(TALL)],
        "aspect_ratio": "2:3",
        "background": "transparent",
        "input_fidelity": "high",
        "number_of_images": 1,
        "output_format": "png",
    }
    assert "input_fidelity" not in asked(GPT_15, "generate", prompt="x").input


@pytest.mark.parametrize(
    ("size", "ratio", "level"),
    [
        ((2048, 2048), "1:1", "2K"),
        ((4096, 4096), "1:1", "4K"),
        ((2560, 1440), "16:9", "2K"),
        ((1440, 2560), "9:16", "2K"),
        ((2304, 1728), "4:3", "2K"),
        ((1728, 2304), "3:4", "2K"),
        ((4992, 3328), "3:2", "4K"),
        ((1664, 2496), "2:3", "2K"),
        ((3024, 1296), "21:9", "2K"),
    ],
)
def test_seedream_is_told_a_ratio_and_a_level(
    size: tuple[int, int], ratio: str, level: str
) -> None:
    prepared = asked(SEEDREAM, "generate", prompt="fog", size=size)
    assert prepared.input == {
        "prompt": "fog",
        "aspect_ratio": ratio,
        "size": level,
        "max_images": 1,
        "sequential_image_generation": "disabled",
    }


def test_every_size_on_seedreams_card_is_one_it_can_be_told() -> None:
    sizes = card_of_bundled(SEEDREAM).capabilities.sizes
    assert sizes is not None
    told = [asked(SEEDREAM, "generate", prompt="x", size=size).input for size in sizes.sizes]
    assert len({(each["size"], each["aspect_ratio"]) for each in told}) == len(told) == 16


def test_seedream_draws_any_other_shape_in_pixels_and_never_too_few() -> None:
    wide = asked(SEEDREAM, "generate", prompt="x", size=(4000, 1200)).input
    assert (wide["size"], wide["width"], wide["height"]) == ("custom", 4000, 1200)
    assert "aspect_ratio" not in wide
    small = asked(SEEDREAM, "generate", prompt="x", size=(500, 400)).input
    assert small["width"] * small["height"] >= 2560 * 1440 * 0.99
    assert small["width"] / small["height"] == pytest.approx(1.25, rel=0.01)


def test_seedream_without_the_newest_size_takes_the_nearest_ratio() -> None:
    document = bundled_document(SEEDREAM)
    components_of(document)["size"]["enum"] = ["2K"]
    request = ImageRequest(
        model=SEEDREAM, operation="generate", key=KEY, prompt="x", size=(4000, 1000)
    )
    schema = read_schema(document)
    told = prepare(schema, request).input
    assert (told["size"], told["aspect_ratio"]) == ("2K", "21:9")
    assert faults(document, sent(prepare(schema, request))) == []
    sizes = card_of(schema).capabilities.sizes
    assert sizes is not None
    assert max(width * height for width, height in sizes.sizes) < 2048 * 2048 * 1.2


def test_seedream_edits_in_the_pictures_own_shape() -> None:
    prepared = asked(SEEDREAM, "edit", WIDE, TALL, prompt="x", size=(2560, 1440), seed=1)
    assert prepared.input["image_input"] == [file(WIDE), file(TALL, 2)]
    assert prepared.input["aspect_ratio"] == "match_input_image"
    assert prepared.notes == (f"Seedream 4.5 {NO_SEEDS}",)
    other = asked(SEEDREAM, "edit", WIDE, prompt="x", size=(2048, 2048))
    assert other.input["aspect_ratio"] == "1:1"
    assert len(asked(SEEDREAM, "edit", *([WIDE] * 15), prompt="x").input["image_input"]) == 14


def test_seedream_reads_four_thousand_characters() -> None:
    assert asked(SEEDREAM, "generate", prompt="x" * 4000).input["prompt"] == "x" * 4000
    with pytest.raises(TooLarge, match="more text than Seedream") as caught:
        asked(SEEDREAM, "generate", prompt="x" * 4001)
    assert caught.value.hint == "Keep it under 4,000 characters."


def test_qwen_edits_three_pictures_with_a_seed() -> None:
    prepared = asked(QWEN, "edit", WIDE, TALL, SQUARE, SQUARE, prompt="x", seed=7)
    assert prepared.input == {
        "image": [file(WIDE), file(TALL, 2), file(SQUARE, 3)],
        "prompt": "x",
        "aspect_ratio": "match_input_image",
        "seed": 7,
        "output_format": "png",
    }
    assert prepared.seed == 7
    assert prepared.notes == (
        "Qwen Image Edit Plus works from 3 pictures: the others were not used",
    )
    assert asked(QWEN, "edit", WIDE, prompt="x", size=(1024, 1024)).input["aspect_ratio"] == "1:1"


def test_a_repeated_request_has_the_same_seed_and_another_has_another() -> None:
    first = asked(QWEN, "edit", WIDE, prompt="x")
    assert first.seed == first.input["seed"] == OWN_SEED
    assert asked(QWEN, "edit", WIDE, prompt="x") == first
    schema = bundled(QWEN)
    assert schema is not None
    other = ImageRequest(model=QWEN, operation="edit", key="turn:1", prompt="x", images=(WIDE,))
    assert prepare(schema, other).seed != first.seed


def test_a_seed_past_what_models_read_is_brought_within_and_told() -> None:
    prepared = asked(QWEN, "edit", WIDE, prompt="x", seed=2**32 - 1)
    assert prepared.seed == prepared.input["seed"] == (2**32 - 1) % 2**31


def test_variations_need_no_words() -> None:
    assert "Another take" in asked(QWEN, "vary", WIDE).input["prompt"]


def test_redux_varies_a_picture_and_says_that_words_were_not_read() -> None:
    prepared = asked(REDUX, "vary", WIDE, size=(1344, 768))
    assert prepared.input == {
        "redux_image": file(WIDE),
        "aspect_ratio": "16:9",
        "megapixels": "1",
        "num_outputs": 1,
        "seed": OWN_SEED,
        "output_format": "png",
    }
    assert prepared.notes == ()
    told = asked(REDUX, "edit", SQUARE, TALL, prompt="in blue")
    assert told.input["aspect_ratio"] == "1:1"
    assert told.notes == (
        "FLUX Redux works from one picture: the others were not used",
        "FLUX Redux works from pictures alone: the words were not read",
    )
    assert asked(REDUX, "vary", TALL, size=(640, 1536)).input["aspect_ratio"] == "9:21"


def test_hunyuan_draws_from_words_alone() -> None:
    prepared = asked(HUNYUAN, "generate", prompt="joy", size=(2048, 1536), seed=3)
    assert prepared.input == {
        "prompt": "joy",
        "aspect_ratio": "4:3",
        "seed": 3,
        "output_format": "png",
    }
    told = asked(HUNYUAN, "generate", WIDE, prompt="joy")
    assert told.notes == (
        "Hunyuan Image 2.1 takes no pictures: those that came along were not used",
    )
    with pytest.raises(BadInput, match="can't edit a picture"):
        asked(HUNYUAN, "edit", WIDE, prompt="joy")


def test_fill_gets_a_mask_that_is_white_where_the_picture_changes() -> None:
    prepared = asked(FILL, "inpaint", WIDE, prompt="a hat", mask=hole(96, 54))
    mask = prepared.input.pop("mask")
    assert prepared.input == {
        "image": file(WIDE),
        "prompt": "a hat",
        "megapixels": "match_input",
        "num_outputs": 1,
        "seed": OWN_SEED,
        "output_format": "png",
    }
    assert (mask.name, mask.mime) == ("mask.png", "image/png")
    painted = np.asarray(reopened(mask.data))
    assert painted.shape == (54, 96)
    assert (painted[:, :48] == 255).all()
    assert (painted[:, 48:] == 0).all()


def test_fill_does_nothing_without_a_painted_area_of_the_right_size() -> None:
    with pytest.raises(BadInput, match="only what lies under a painted area"):
        asked(FILL, "edit", WIDE, prompt="x")
    with pytest.raises(BadInput, match="only what lies under a painted area"):
        asked(FILL, "inpaint", WIDE, prompt="x")
    with pytest.raises(BadInput, match="does not belong") as caught:
        asked(FILL, "inpaint", WIDE, prompt="x", mask=hole(54, 96))
    assert "96x54" in caught.value.hint


@pytest.mark.parametrize(
    ("more", "factor"),
    [
        ({"scale": 2}, 2),
        ({"scale": 3}, 4),
        ({"scale": 4}, 4),
        ({"scale": 5.5}, 8),
        ({"scale": 16}, 16),
        ({"long_side": 600}, 8),
        ({"long_side": 192}, 2),
    ],
)
def test_clarity_pro_takes_the_least_factor_that_covers(more: dict[str, Any], factor: int) -> None:
    prepared = asked(CLARITY_PRO, "upscale", WIDE, prompt="crisp", **more)
    assert prepared.input == {
        "image": file(WIDE),
        "scale_factor": factor,
        "creativity": 0,
        "output_format": "png",
    }
    assert prepared.notes == ()


def test_clarity_pro_stays_below_sixty_four_megapixels() -> None:
    large = encode_png(np.zeros((900, 1000, 3), np.uint8))
    prepared = asked(CLARITY_PRO, "upscale", large, scale=16)
    assert prepared.input["scale_factor"] == 8
    assert prepared.notes == ("Clarity Pro Upscaler enlarges this picture 8 times at most",)
    with pytest.raises(TooLarge, match="too large for Clarity Pro"):
        asked(CLARITY_PRO, "upscale", encode_png(np.zeros((4000, 4010, 3), np.uint8)), scale=2)


def test_a_photo_goes_out_as_it_is() -> None:
    prepared = asked(CLARITY_PRO, "upscale", COFFEE, scale=2)
    assert prepared.input["image"] == file(COFFEE, form="jpg")


def test_clarity_adds_words_to_its_own() -> None:
    prepared = asked(CLARITY, "upscale", WIDE, prompt="wet fur", scale=2.5, seed=9)
    assert prepared.input == {
        "image": file(WIDE),
        "prompt": "wet fur, masterpiece, best quality, highres, "
        "<lora:more_details:0.5> <lora:SDXLrender_v2.0:1>",
        "scale_factor": 2.5,
        "seed": 9,
        "output_format": "png",
    }
    silent = asked(CLARITY, "upscale", WIDE, scale=2, mask=hole(96, 54))
    assert "prompt" not in silent.input
    assert "mask" not in silent.input
    assert silent.notes == ("Clarity Upscaler does not use a painted area",)


def test_real_esrgan_takes_any_factor_up_to_ten_and_two_megapixels() -> None:
    prepared = asked(ESRGAN, "upscale", WIDE, scale=3.5)
    assert prepared.input == {"image": file(WIDE), "scale": 3.5, "face_enhance": False}
    most = asked(ESRGAN, "upscale", WIDE, scale=12)
    assert most.input["scale"] == 10
    assert most.notes == ("Real-ESRGAN on Replicate enlarges this picture 10 times at most",)
    with pytest.raises(TooLarge, match="up to 2 megapixels") as caught:
        asked(ESRGAN, "upscale", encode_png(np.zeros((1500, 1400, 3), np.uint8)), scale=2)
    assert "real-esrgan" in caught.value.hint


@pytest.mark.parametrize("model", [ESRGAN, CLARITY, CLARITY_PRO])
def test_enlarging_needs_a_size_that_is_larger(model: str) -> None:
    with pytest.raises(BadInput, match="How large"):
        asked(model, "upscale", WIDE)
    with pytest.raises(BadInput, match="that large already"):
        asked(model, "upscale", WIDE, long_side=96)


def test_the_background_remover_gives_soft_alpha_in_a_png() -> None:
    prepared = asked(REMOVER, "cutout", WIDE, transparent=True)
    assert prepared.input == {
        "image": file(WIDE),
        "background_type": "rgba",
        "format": "png",
        "threshold": 0,
        "reverse": False,
    }
    assert prepared.notes == ()


def test_bria_gets_the_picture() -> None:
    prepared = asked(BRIA, "cutout", WIDE)
    assert prepared.input == {"image": file(WIDE), "preserve_alpha": True}


@pytest.mark.parametrize("model", EVERY_NAME)
def test_the_safety_checker_stays_on_and_keys_stay_empty(model: str) -> None:
    card = card_of_bundled(model)
    for operation in sorted(card.capabilities.operations):
        images = () if operation == "generate" else (WIDE,)
        mask = hole(96, 54) if operation == "inpaint" else None
        prepared = asked(model, operation, *images, prompt="x", mask=mask, scale=2)
        assert not {"disable_safety_checker", "moderation", "openai_api_key"} & set(prepared.input)


@pytest.mark.parametrize("model", [name for name in EVERY_NAME if name != HUNYUAN])
def test_a_model_that_works_on_pictures_says_so_when_there_is_none(model: str) -> None:
    operation = next(iter(card_of_bundled(model).capabilities.operations - {"generate"}))
    mask = hole(96, 54) if operation == "inpaint" else None
    with pytest.raises(BadInput, match="needs a picture"):
        asked(model, operation, prompt="x", scale=2, mask=mask)


@pytest.mark.parametrize("model", [GPT_2, GPT_15, SEEDREAM, HUNYUAN])
def test_nothing_is_drawn_from_no_words(model: str) -> None:
    with pytest.raises(BadInput, match="no words"):
        asked(model, "generate", prompt="  ")


@pytest.mark.parametrize("model", EVERY_NAME)
def test_an_input_that_has_gone_is_left_out(model: str) -> None:
    """Drift: each optional input of each model taken away once; the rest is still sound."""
    card = card_of_bundled(model)
    operation = sorted(card.capabilities.operations)[0]
    names = components_of(bundled_document(model))["Input"]["properties"]
    for name in names:
        document = bundled_document(model)
        whole = components_of(document)["Input"]
        if name in (*whole.get("required", ()), "mask", "image", "image_input", "input_images"):
            continue
        del whole["properties"][name]
        request = ImageRequest(
            model=model, operation=operation, key=KEY, prompt="x", scale=2, size=(2560, 1440),
            images=() if operation == "generate" else (WIDE,),
            mask=hole(96, 54) if operation == "inpaint" else None,
        )  # fmt: skip
        prepared = prepare(read_schema(document), request)
        assert faults(document, sent(prepared)) == []


def card_of_bundled(name: str) -> Any:
    schema = bundled(name)
    assert schema is not None
    return card_of(schema)

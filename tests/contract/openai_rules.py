"""What OpenAI refuses, in its own words. Parameters: the types of the official SDK."""

from __future__ import annotations

import io
from typing import Any

from openai.types.image_edit_params import ImageEditParamsBase
from openai.types.image_generate_params import ImageGenerateParamsBase
from PIL import Image

from tests.contract.openai_asked import Asked, Refused, Upload

OLDER = {"gpt-image-1.5", "gpt-image-1-mini"}
NEWER = {
    "gpt-image-2",
    "gpt-image-2-2026-04-21",
    "gpt-image-2.5-sunburst",
    "gpt-image-2.5-flare",
    "gpt-image-2.6-sunburst",
    "gpt-image-2.6-flare",
}
LATEST = "chatgpt-image-latest"
STUDIO = "studio"
MODELS = OLDER | NEWER | {LATEST, STUDIO}
_KNOWN = {
    "generate": {*ImageGenerateParamsBase.__annotations__, "stream"},
    "edit": {*ImageEditParamsBase.__annotations__, "stream"},
}
_MAX_IDENTIFIER = 64


def check_images(asked: Asked, *, transparent_2: bool) -> None:
    """Raise Refused for what the Images API refuses."""
    params, model = asked.params, str(asked.params.get("model"))
    if model not in MODELS:
        raise unknown_model(model)
    known = _KNOWN[asked.endpoint] | ({"seed"} if model == STUDIO else set())
    only([*params, *(name.removesuffix("[]") for name in asked.files)], known)
    if not params.get("prompt"):
        raise Refused("Missing required parameter: 'prompt'.", "prompt", "missing_parameter")
    check_words(params["prompt"], params)
    if not 1 <= int(params.get("n", 1)) <= 10:
        raise Refused("Invalid 'n'.", "n", "invalid_value")
    check_look(params, model, transparent_2=transparent_2)
    if asked.endpoint == "edit":
        check_pictures(asked.pictures)
        if asked.mask is not None:
            check_mask(asked.mask, asked.pictures[0].opened().size)


def unknown_model(model: str) -> Refused:
    return Refused(f"The model '{model}' does not exist.", None, "model_not_found", 404)


def only(names: list[str], known: set[str]) -> None:
    """Refuse what is no parameter."""
    for name in names:
        if name not in known:
            raise Refused(f"Unknown parameter: '{name}'.", name, "unknown_parameter")


def check_words(prompt: str, params: dict[str, Any]) -> None:
    if len(prompt) > 32_000:
        raise Refused("Invalid 'prompt'.", "prompt", "string_above_max_length")
    if len(params.get("safety_identifier", "")) > _MAX_IDENTIFIER:
        raise Refused("Invalid 'safety_identifier'.", "safety_identifier", "invalid_value")


def check_look(look: dict[str, Any], model: str, *, transparent_2: bool) -> None:
    """Size, quality, background and previews, by the rules of the model that draws."""
    if "input_fidelity" in look and model != "gpt-image-1.5":
        raise Refused(
            f"The model '{model}' does not support the 'input_fidelity' parameter.",
            "input_fidelity",
            "invalid_input_fidelity_model",
        )
    size = look.get("size", "auto")
    if size != "auto" and not _allowed(size, model):
        raise Refused(f"Invalid value: '{size}'.", "size", "invalid_value")
    if look.get("quality", "auto") not in _levels(model):
        raise Refused("Invalid value for 'quality'.", "quality", "invalid_value")
    if look.get("background") == "transparent":
        _check_transparent(look, model, transparent_2=transparent_2)
    if not 0 <= int(look.get("partial_images", 0)) <= 3:
        raise Refused("Invalid 'partial_images'.", "partial_images", "invalid_value")


def _check_transparent(look: dict[str, Any], model: str, *, transparent_2: bool) -> None:
    if look.get("output_format", "png") not in ("png", "webp"):
        raise Refused("Transparent needs png or webp.", "background", "invalid_value")
    if model.startswith("gpt-image-2") and not transparent_2:
        refused = Refused(
            "Transparent background is not supported for this model.", None, "invalid_value"
        )
        refused.body["type"] = "image_generation_user_error"
        raise refused


def _levels(model: str) -> set[str]:
    more = any(generation in model for generation in ("2.5", "2.6"))
    return {"low", "medium", "high", "auto"} | ({"xhigh", "max"} if more else set())


def _allowed(size: str, model: str) -> bool:
    if model in OLDER | {LATEST}:
        return size in ("1024x1024", "1536x1024", "1024x1536")
    width, height = (int(side) for side in size.split("x"))
    if model == STUDIO:
        return min(width, height) >= 64 and max(width, height) <= 2048
    short, long = sorted((width, height))
    return (
        width % 16 == 0
        and height % 16 == 0
        and long <= 3840
        and long <= 3 * short
        and 655_360 <= width * height <= 8_294_400
    )


def check_pictures(pictures: list[Upload]) -> None:
    """Between one and sixteen, each of a type that is read and really of it."""
    if not 1 <= len(pictures) <= 16:
        raise Refused("Between 1 and 16 images are needed.", "image", "invalid_value")
    for place, upload in enumerate(pictures, start=1):
        if upload.mime not in ("image/png", "image/jpeg", "image/webp"):
            raise Refused(f"Invalid file type {upload.mime}.", "image", "unsupported_mimetype")
        try:
            found = Image.open(io.BytesIO(upload.data))
            found.load()
        except OSError:
            found = None
        if found is None or Image.MIME.get(found.format or "") != upload.mime:
            message = f"Invalid image file or mode for image {place}"
            raise Refused(message, None, "invalid_image_file")


def check_mask(mask: Upload, subject: tuple[int, int]) -> None:
    """An RGBA PNG of the subject's size, with something to change in it."""
    found = mask.opened()
    fits = found.format == "PNG" and found.mode == "RGBA" and found.size == subject
    if not fits or len(mask.data) > 4_000_000:
        raise Refused("Invalid mask image format or size.", "mask", "invalid_value")

"""The moderation endpoint of the stand-in: what it refuses, and what it finds.

Parameters: the types of the official SDK. That one picture is the most: a log of a user of theirs
("Number of images (2) exceeds maximum of 1", `too_many_images`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openai.types.moderation import Categories
from openai.types.moderation_create_params import ModerationCreateParams

from tests.contract.openai_asked import Asked, Refused, Upload, from_url
from tests.contract.openai_rules import only, unknown_model

_MODELS = {"omni-moderation-latest", "omni-moderation-2024-09-26"}
_CATEGORIES = [field.alias or name for name, field in Categories.model_fields.items()]
_UNSHOWABLE = (228, 40, 40)
"""A picture of about this colour is flagged."""


def check_input(asked: Asked) -> None:
    """Raise Refused for what the endpoint refuses."""
    only(list(asked.params), set(ModerationCreateParams.__annotations__))
    model = str(asked.params.get("model"))
    if model not in _MODELS:
        raise unknown_model(model)
    parts = asked.params.get("input")
    if not isinstance(parts, list) or not parts:
        raise Refused("Invalid 'input'.", "input", "invalid_value")
    pictures = pictures_in(asked)
    if len(pictures) > 1:
        words = f"Number of images ({len(pictures)}) exceeds maximum of 1"
        raise Refused(words, "input", "too_many_images")
    for picture in pictures:
        picture.opened()


def pictures_in(asked: Asked) -> list[Upload]:
    """The pictures of a request."""
    parts = asked.params["input"]
    urls = [part["image_url"]["url"] for part in parts if part["type"] == "image_url"]
    return [from_url(url, "input") for url in urls]


def words_in(asked: Asked) -> str:
    return "".join(part["text"] for part in asked.params["input"] if part["type"] == "text")


def results(asked: Asked, amiss: Mapping[str, str]) -> dict[str, Any]:
    """The answer; words and a picture in one request have one result."""
    words = words_in(asked)
    found = {kind for word, kind in amiss.items() if word in words}
    found |= {"sexual" for picture in pictures_in(asked) if _is_unshowable(picture)}
    result = {
        "flagged": bool(found),
        "categories": {kind: kind in found for kind in _CATEGORIES},
        "category_scores": {kind: 0.97 if kind in found else 0.0001 for kind in _CATEGORIES},
        "category_applied_input_types": {kind: ["text"] for kind in _CATEGORIES},
    }
    return {"id": "modr-1", "model": asked.params["model"], "results": [result]}


def _is_unshowable(picture: Upload) -> bool:
    pixel = picture.opened().convert("RGB").resize((1, 1)).getpixel((0, 0))
    assert isinstance(pixel, tuple)
    return all(abs(a - b) < 20 for a, b in zip(pixel, _UNSHOWABLE, strict=True))

"""What stands behind the Replicate double: inputs judged by the schema, files by their bytes.

Written from the published schemas and from what Replicate answers, not from what Easel sends.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from PIL import Image

_JSON: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}
Wrong = tuple[str, str]
"""The kind of a complaint, and its words."""

_FORMATS = {"png": "PNG", "jpg": "JPEG", "jpeg": "JPEG", "webp": "WEBP"}
_LONG = {"2K": 2048, "4K": 4096}


class Failed(Exception):
    """The prediction fails, in the model's own words."""


@dataclass(frozen=True)
class Complaint:
    field: str
    type: str
    description: str


def complaints(document: Mapping[str, Any], given: Mapping[str, Any]) -> list[Complaint]:
    """What a schema has against an input."""
    shared = document["latest_version"]["openapi_schema"]["components"]["schemas"]
    rule = shared["Input"]
    found = [
        Complaint(f"input.{name}", "required", f"{name} is required")
        for name in rule.get("required", [])
        if name not in given
    ]
    for name, value in given.items():
        if name not in rule["properties"]:
            found.append(
                Complaint(
                    "input", "additional_property", f"Additional property {name} is not allowed"
                )
            )
            continue
        wrong = _wrong(_whole(rule["properties"][name], shared), value, shared)
        if wrong:
            found.append(Complaint(f"input.{name}", *wrong))
    return found


def _whole(rule: Mapping[str, Any], shared: Mapping[str, Any]) -> dict[str, Any]:
    """A rule with what it refers to folded in."""
    whole = {key: value for key, value in rule.items() if key not in ("allOf", "$ref")}
    parts = [*rule.get("allOf", []), *([{"$ref": rule["$ref"]}] if "$ref" in rule else [])]
    for part in parts:
        target = shared[part["$ref"].rsplit("/", 1)[1]] if "$ref" in part else part
        whole = {**_whole(target, shared), **whole}
    return whole


def _wrong(rule: Mapping[str, Any], value: Any, shared: Mapping[str, Any]) -> Wrong | None:
    if value is None and rule.get("nullable"):
        return None
    wanted = rule.get("type", "string")
    if not _is_a(wanted, value):
        return "invalid_type", f"Invalid type. Expected: {wanted}, given: {type(value).__name__}"
    if "enum" in rule and value not in rule["enum"]:
        return "enum", f"must be one of {rule['enum']}"
    if wanted in ("integer", "number"):
        return _wrong_number(rule, value)
    if wanted == "string":
        return _wrong_text(rule, value)
    if wanted == "array":
        if not rule.get("minItems", 0) <= len(value) <= rule.get("maxItems", len(value)):
            return "array_items", "has a wrong number of items"
        each = _whole(rule.get("items", {}), shared)
        return next((bad for item in value if (bad := _wrong(each, item, shared))), None)
    return None


def _is_a(wanted: str, value: object) -> bool:
    if isinstance(value, bool):
        return wanted == "boolean"
    return isinstance(value, _JSON[wanted])


def _wrong_number(rule: Mapping[str, Any], value: float) -> Wrong | None:
    if value < rule.get("minimum", value):
        return "number_gte", f"Must be greater than or equal to {rule['minimum']}"
    if value > rule.get("maximum", value):
        return "number_lte", f"Must be less than or equal to {rule['maximum']}"
    return None


def _wrong_text(rule: Mapping[str, Any], value: str) -> Wrong | None:
    if len(value) > rule.get("maxLength", len(value)):
        return "string_lte", f"String length must be at most {rule['maxLength']}"
    if rule.get("format") == "uri" and not value.startswith(("data:", "http://", "https://")):
        return "format", "Does not match format 'uri'"
    return None


def addresses(document: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, list[str]]:
    """The addresses of files in an input, by field."""
    shared = document["latest_version"]["openapi_schema"]["components"]["schemas"]
    found: dict[str, list[str]] = {}
    for name, value in given.items():
        rule = _whole(shared["Input"]["properties"][name], shared)
        if rule.get("format") == "uri":
            found[name] = [value]
        elif rule.get("type") == "array" and rule.get("items", {}).get("format") == "uri":
            found[name] = list(value)
    return found


def seen(data: bytes) -> Image.Image:
    """A file as the model sees it. Raises Failed when it is no picture."""
    try:
        image = Image.open(io.BytesIO(data))
        image.load()
    except (OSError, SyntaxError):
        raise Failed("cannot identify image file (E006)") from None
    return image


def judge_mask(mask: Image.Image, subject: Image.Image) -> None:
    """White is drawn anew, black stays; anything else is a mask of another kind."""
    if mask.size != subject.size:
        raise Failed(f"Mask size {mask.size} does not match image size {subject.size} (E006)")
    if mask.mode not in ("L", "RGB", "1"):
        raise Failed(f"Mask has mode {mask.mode}, expected a grey picture (E006)")
    low, high = mask.convert("L").getextrema()
    if high != 255 or low != 0:
        raise Failed("Mask must have white and black parts (E006)")


def draw(
    document: Mapping[str, Any], given: Mapping[str, Any], images: Mapping[str, list[Image.Image]]
) -> bytes:
    """The picture that the model makes of an input."""
    name = f"{document['owner']}/{document['name']}"
    mask = images.get("mask", [])
    subjects = [image for field, found in images.items() if field != "mask" for image in found]
    if mask and "fill" in name:
        judge_mask(mask[0], subjects[0])
    properties = document["latest_version"]["openapi_schema"]["components"]["schemas"]["Input"][
        "properties"
    ]
    if given.get("background_type", "") == "rgba" or name == "bria/remove-background":
        return _cut(subjects[0])
    clear = given.get("background") == "transparent"
    size = _size(given, subjects, enlarges="scale" in properties or "scale_factor" in properties)
    written = given.get("output_format", given.get("format"))
    if written is None:
        written = "jpg" if "seedream" in name else "png"
    return painted(size, _FORMATS[written], clear)


def _cut(subject: Image.Image) -> bytes:
    cut = subject.convert("RGBA")
    alpha = Image.new("L", cut.size, 0)
    width, height = cut.size
    alpha.paste(255, (width // 4, height // 4, width * 3 // 4, height * 3 // 4))
    cut.putalpha(alpha)
    return packed(cut, "PNG")


def _size(
    given: Mapping[str, Any], subjects: list[Image.Image], *, enlarges: bool
) -> tuple[int, int]:
    if enlarges:
        factor = float(given.get("scale", given.get("scale_factor", 2)))
        return round(subjects[0].width * factor), round(subjects[0].height * factor)
    if "width" in given and given.get("size", "custom") == "custom":
        return given["width"], given["height"]
    ratio = given.get("aspect_ratio", "match_input_image" if subjects else "1:1")
    if ratio == "match_input_image" or ("aspect_ratio" not in given and subjects):
        wide, high = subjects[0].size if subjects else (1, 1)
    else:
        wide, high = (int(part) for part in ratio.split(":"))
    side = _LONG.get(given.get("size", ""), 512 if given.get("megapixels") == "0.25" else 1024)
    shrink = (side * side / (wide * high)) ** 0.5
    return max(16, round(wide * shrink / 16) * 16), max(16, round(high * shrink / 16) * 16)


@cache
def painted(size: tuple[int, int], form: str = "PNG", clear: bool = False) -> bytes:
    """Terracotta, with a hole in the middle when clear."""
    picture = Image.new("RGBA" if clear else "RGB", size, (200, 90, 60))
    if clear:
        picture.paste((0, 0, 0, 0), (size[0] // 4, size[1] // 4, size[0] // 2, size[1] // 2))
    return packed(picture, form)


def packed(picture: Image.Image, form: str) -> bytes:
    room = io.BytesIO()
    picture.save(room, form)
    return room.getvalue()

"""What the inputs of any model are for, told by their names and types alone.

Most models on Replicate follow the same habits of naming. What is not recognised is left at its
default; what is required and not recognised is for `mapping` to refuse.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.engines.port import Operation
from core.engines.replicate.fields import InputField, words
from core.engines.replicate.schema import ModelSchema
from core.errors import BadInput

_PROMPTS = (
    "prompt", "text_prompt", "positive_prompt", "input_prompt", "image_prompt_text", "instruction",
    "instructions", "edit_instruction", "edit_prompt", "text", "caption", "description", "query",
)  # fmt: skip
_SUBJECTS = (
    "image", "input_image", "images", "input_images", "image_input", "image_inputs", "init_image",
    "img", "source_image", "image_path", "redux_image", "subject_image", "target_image",
    "main_image", "main_face_image", "reference_image", "reference_images", "photo", "picture",
)  # fmt: skip
_PICTURE_WORDS = {
    "image", "images", "img", "imgs", "photo", "photos", "picture", "pictures", "pic", "face",
    "portrait", "reference", "references", "ref", "refs", "subject",
}  # fmt: skip
_NO_PICTURE = {
    "mask", "masks", "video", "audio", "lora", "loras", "weights", "model", "checkpoint", "zip",
    "vae", "embedding", "embeddings", "frame", "frames",
}  # fmt: skip
_PLAIN_FILES = {"input", "file", "input_file", "source", "src"}

_WIDTHS, _HEIGHTS = ("width", "image_width", "w"), ("height", "image_height", "h")
_RATIOS = ("aspect_ratio", "ratio", "image_aspect_ratio", "aspect", "output_aspect_ratio")
_LEVELS = ("size", "image_size", "resolution", "output_resolution", "output_size", "megapixels",
           "image_resolution")  # fmt: skip
_SEEDS = ("seed", "random_seed", "noise_seed", "rand_seed", "generator_seed")
_COUNTS = (
    "num_outputs", "number_of_images", "num_images", "number_of_outputs", "num_images_per_prompt",
    "n_images", "image_count", "images_count", "num_samples", "batch_size", "n", "max_images",
    "num_results", "n_samples", "samples", "amount_of_images",
)  # fmt: skip
_FORMATS = ("output_format", "format", "image_format", "file_format", "output_type", "extension")
_SURE_SCALES = ("scale_factor", "upscale_factor", "upscaling_factor", "upscale", "outscale",
                "magnification", "enlarge_factor", "upscale_by")  # fmt: skip
_ENLARGES = re.compile(r"upscal|super.?res|esrgan|swinir|enlarg|magnif|\brescal|\bresiz")
_CUTS_OUT = re.compile(
    r"\brembg\b|\brmbg\b|birefnet|matting|cutout|cut-out|(remov|eras|delet)\w*[ _-]*(the |image )?"
    r"(back ?ground|bg)|(back ?ground|bg)[ _-]*(remov|eras)"
)
_WHITE_STAYS = re.compile(r"black(?:(?!white).){0,60}(inpaint|chang|edit|fill|regenerat|replac)")
_KEEPS = re.compile(r"preserv|protect|\bkeep|\bkept")
_MOST_PICTURES = re.compile(r"(?:up to|max(?:imum)?(?: of)?|at most|\b1 ?[-–] ?) ?(\d{1,2})\b")
_SEVERAL = 4
"""How many pictures an input for several is given where the model does not say."""
_LONGEST_TOLD = 160


@dataclass(frozen=True, slots=True)
class Roles:
    """Which input is for what. `images`: the subject's first; `sides`: width and height.

    `levels` say how large without saying which shape, or both at once ("2K", "1024x768").
    `background`: one that can be made transparent.
    """

    prompt: InputField | None
    images: tuple[InputField, ...]
    mask: InputField | None
    sides: tuple[InputField, InputField] | None
    ratio: InputField | None
    levels: tuple[InputField, ...]
    seed: InputField | None
    count: InputField | None
    form: InputField | None
    quality: InputField | None
    background: InputField | None
    scale: InputField | None
    user: InputField | None


def roles_of(schema: ModelSchema) -> Roles:
    """What each input of a model is for."""
    fields = {_snake(field.name): field for field in reversed(schema.inputs)}
    width = _first(fields, _WIDTHS, "integer", "number")
    height = _first(fields, _HEIGHTS, "integer", "number")
    quality = _first(fields, ("quality",), "string")
    return Roles(
        prompt=_prompt(schema, fields),
        images=tuple(_images(schema)),
        mask=_mask(schema),
        sides=(width, height) if width and height else None,
        ratio=_first(fields, _RATIOS, "string"),
        levels=tuple(
            field
            for name in _LEVELS
            if (field := _first(fields, (name,), "string", "integer", "number"))
        ),
        seed=_first(fields, _SEEDS, "integer", "number"),
        count=_first(fields, _COUNTS, "integer", "number", "string"),
        form=_first(fields, _FORMATS, "string"),
        quality=quality if quality and quality.choices else None,
        background=_background(fields),
        scale=_scale(schema, fields),
        user=_first(fields, ("user_id",), "string"),
    )


def operations_of(schema: ModelSchema, roles: Roles) -> frozenset[Operation]:
    """What the model can be asked for."""
    told = f"{schema.name} {schema.description}".lower()
    if roles.images and _takes_pictures_alone(roles):
        if _CUTS_OUT.search(told):
            return frozenset({"cutout"})
        if roles.scale or _ENLARGES.search(told):
            return frozenset({"upscale"})
        if roles.prompt is None:
            return frozenset({"edit", "vary"})
    found: set[Operation] = set()
    needs_picture = any(field.required for field in roles.images)
    if roles.prompt and not needs_picture and not (roles.mask and roles.mask.required):
        found.add("generate")
    if roles.images and not (roles.mask and roles.mask.required):
        found |= {"edit", "vary"}
    if roles.images and roles.mask:
        found.add("inpaint")
    return frozenset(found)


def declared(field: InputField) -> int | None:
    """How many pictures go into an input, as far as the model says."""
    if field.kind == "uri":
        return 1
    told = _MOST_PICTURES.search(field.description.lower())
    return field.max_length or (max(int(told[1]), 1) if told else None)


def room_for(roles: Roles, several: int = _SEVERAL) -> int:
    """How many pictures a model takes; `several`: where it takes several and does not say."""
    most = [declared(field) or max(several, field.min_length) for field in roles.images]
    return sum(most)


def refuse_unfillable(schema: ModelSchema, roles: Roles, title: str) -> None:
    """Raises BadInput for an input that is required and can't be known from a request."""
    known = [*roles.images, *roles.levels, *(roles.sides or ()), roles.prompt, roles.mask,
             roles.ratio, roles.seed, roles.count, roles.form, roles.scale]  # fmt: skip
    for field in schema.inputs:
        if field.required and field.default is None and field not in known:
            raise wanting(field, title)


def wanting(field: InputField, title: str) -> BadInput:
    """What a person is told when a model wants something that is not there."""
    told = field.description[:_LONGEST_TOLD]
    named = f"“{words(field.name)[:80]}”{f' ({told})' if told else ''}"
    if field.holds_files:
        return BadInput(
            f"{title} needs another picture, for {named}.",
            hint="Attach it as well, or choose another model.",
            code="model_wants_more",
        )
    return BadInput(
        f"{title} also wants {named}, which I can't know from what was asked.",
        hint="Choose another model.",
        code="model_wants_more",
    )


def _takes_pictures_alone(roles: Roles) -> bool:
    """Nothing has to be said, and a picture is what it is about."""
    silent = roles.prompt is None or not roles.prompt.required
    return silent and (roles.prompt is None or roles.images[0].required)


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).replace("-", "_").lower()


def _first(fields: dict[str, InputField], names: tuple[str, ...], *kinds: str) -> InputField | None:
    found = (fields[name] for name in names if name in fields)
    return next((field for field in found if field.kind in kinds), None)


def _prompt(schema: ModelSchema, fields: dict[str, InputField]) -> InputField | None:
    named = _first(fields, _PROMPTS, "string")
    if named is not None and not named.choices:
        return named
    texts = [field for field in schema.inputs if field.kind == "string" and not field.choices]
    for field in texts:
        name = _snake(field.name)
        if name.endswith("prompt") and not name.startswith(("neg", "system")):
            return field
    required = [field for field in texts if field.required]
    return required[0] if len(required) == 1 else None


def _background(fields: dict[str, InputField]) -> InputField | None:
    named = _first(fields, ("background",), "string")
    if named is not None and "transparent" in named.choices:
        return named
    return _first(fields, ("transparent", "transparent_background"), "boolean")


def _images(schema: ModelSchema) -> Iterator[InputField]:
    """The inputs for pictures, the subject's first: those required, then by name, then by place."""
    found = [field for field in schema.inputs if field.holds_files and _is_picture(field)]
    if not found:
        files = [field for field in schema.inputs if field.holds_files and field.required]
        found = [field for field in files if not _parts(field) & _NO_PICTURE][:1]
    yield from sorted(found, key=_rank)


def _rank(field: InputField) -> tuple[bool, int, int]:
    name = _snake(field.name)
    known = _SUBJECTS.index(name) if name in _SUBJECTS else len(_SUBJECTS)
    return not field.required, known, field.order


def _is_picture(field: InputField) -> bool:
    parts = _parts(field)
    pictured = bool(parts & _PICTURE_WORDS) or _snake(field.name) in _PLAIN_FILES
    return pictured and not parts & _NO_PICTURE


def _parts(field: InputField) -> set[str]:
    return {re.sub(r"\d+$", "", word) for word in _snake(field.name).split("_")}


def _mask(schema: ModelSchema) -> InputField | None:
    """The input for a mask that is white where the picture is to change; no other kind is sent."""
    for field in schema.inputs:
        if field.kind == "uri" and "mask" in _parts(field):
            told = field.description.lower()
            keeps = _KEEPS.search(told) and "white" not in told
            if not keeps and not _WHITE_STAYS.search(told):
                return field
    return None


def _scale(schema: ModelSchema, fields: dict[str, InputField]) -> InputField | None:
    """The factor of a model that enlarges. A bare "scale" is guidance as often as size."""
    sure = _first(fields, _SURE_SCALES, "integer", "number", "string")
    if sure is not None:
        return sure if sure.kind != "string" or sure.choices else None
    bare = _first(fields, ("scale", "factor"), "integer", "number", "string")
    if bare is None or (bare.kind == "string" and not bare.choices):
        return None
    told = f"{schema.name} {schema.description} {bare.description}".lower()
    guides = "guidance" in bare.description.lower()
    return bare if not guides and re.search(r"factor|" + _ENLARGES.pattern, told) else None

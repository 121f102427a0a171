"""What each kind of server takes, refuses and answers; see `compatible_double`."""

from __future__ import annotations

import base64
import binascii
import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from PIL import Image, ImageOps

QWEN = "Qwen/Qwen-Image-Edit-2511"
_GENERATE, _EDIT = "/v1/images/generations", "/v1/images/edits"
_EXTRA_ARGS = re.compile("<sd_cpp_extra_args>(.*?)</sd_cpp_extra_args>")


@dataclass
class Asked:
    """One request as it arrived. Files: (field, name, type, bytes)."""

    path: str
    fields: dict[str, Any] = field(default_factory=dict)
    files: list[tuple[str, str, str, bytes]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Drawing:
    """What a request was understood to mean. `mask` is grey, white where to paint."""

    size: tuple[int, int]
    prompt: str
    seed: int | None = None
    pictures: list[Image.Image] = field(default_factory=list)
    mask: Image.Image | None = None
    link: bool = False


class Refused(Exception):
    """A request that the server answers with an error."""

    def __init__(self, status: int, body: Any) -> None:
        super().__init__(str(body))
        self.status = status
        self.body = body


@dataclass(frozen=True)
class Rules:
    """`keep_at`: path of a kept picture, by its number. `link`: as it is told, of root and path."""

    judge: Callable[[Asked], Drawing]
    error: Callable[[str, int], Any]
    models: Any
    listings: tuple[str, ...] = ("/v1/models",)
    keep_at: str = "/v1/images/{}/content"
    link: Callable[[str, str], str] = lambda root, path: path


def _listed(*entries: dict[str, Any]) -> dict[str, Any]:
    return {"object": "list", "data": [{"object": "model", **entry} for entry in entries]}


def _openai_error(message: str, status: int) -> Any:
    kind = "invalid_request_error"
    return {"error": {"message": message, "type": kind, "param": None, "code": status}}


def _fastapi_error(message: str, status: int) -> Any:
    return {"detail": message}


def _sd_error(message: str, status: int) -> Any:
    return {"error": message}


class _Judge:
    """Common to all: fields, size, pictures and masks, refused in the server's own shape."""

    generate: frozenset[str] = frozenset({"model", "prompt", "n", "size", "response_format"})
    edit: frozenset[str] = generate
    multiple = 16
    one, several = "image", "image[]"
    mask_field = ""
    edit_path = _EDIT
    models: tuple[str, ...] = (QWEN,)
    error: Callable[[str, int], Any] = staticmethod(_openai_error)

    def __call__(self, asked: Asked) -> Drawing:
        if asked.path not in (_GENERATE, self.edit_path):
            raise self.refused(f"no such path: {asked.path}", 404)
        edits = asked.path == self.edit_path
        self.check_fields(asked, self.edit if edits else self.generate)
        fields = asked.fields
        if edits != bool(asked.files):
            raise self.refused("the request has the wrong type of content", 400)
        if int(fields.get("n", 1)) != 1:
            raise self.refused("one picture a request, as Easel promises its servers", 400)
        drawing = Drawing(self.size(asked), fields["prompt"])
        drawing.seed = int(fields["seed"]) if "seed" in fields else None
        if edits:
            drawing.pictures = self.pictures(asked)
            drawing.mask = self.mask(asked, drawing.pictures[0].size)
        return drawing

    def refused(self, message: str, status: int) -> Refused:
        return Refused(status, self.error(message, status))

    def check_fields(self, asked: Asked, known: frozenset[str]) -> None:
        for name in asked.fields:
            if name not in known:
                raise self.refused(f"Unrecognized request argument supplied: {name}", 400)
        if not str(asked.fields.get("prompt", "")).strip():
            raise self.refused("prompt required", 400)
        if asked.fields.get("model") not in self.models:
            raise self.refused(f"model {asked.fields.get('model')!r} not found", 404)
        if asked.fields.get("response_format", "b64_json") not in ("b64_json", "url"):
            raise self.refused("unsupported response_format", 400)

    def size(self, asked: Asked) -> tuple[int, int]:
        found = re.fullmatch(r"(\d+)x(\d+)", asked.fields.get("size", "512x512"))
        if found is None:
            raise self.refused(f"Invalid size format: {asked.fields['size']!r}", 400)
        size = int(found[1]), int(found[2])
        if size[0] % self.multiple or size[1] % self.multiple:
            raise self.refused(f"width and height must be multiples of {self.multiple}", 400)
        return size

    def pictures(self, asked: Asked) -> list[Image.Image]:
        found = []
        for name, file_name, mime, data in asked.files:
            if name == self.mask_field:
                continue
            count = sum(part[0] != self.mask_field for part in asked.files)
            if name != (self.one if count == 1 else self.several):
                raise self.refused(f"unexpected file field {name}", 400)
            picture = self.decoded(data)
            if f"image/{str(picture.format).lower()}" != mime or "." not in file_name:
                raise self.refused(f"{file_name} is no {mime}", 400)
            found.append(picture)
        if not found:
            raise self.refused("Field 'image' is required", 422)
        return found

    def decoded(self, data: bytes) -> Image.Image:
        try:
            picture = Image.open(io.BytesIO(data))
            picture.load()
        except OSError:
            raise self.refused("Failed to open uploaded file", 400) from None
        return picture

    def mask(self, asked: Asked, size: tuple[int, int]) -> Image.Image | None:
        for name, _, mime, data in asked.files:
            if name != self.mask_field:
                continue
            mask = self.decoded(data)
            if mask.size != size or mime != "image/png" or mask.format != "PNG":
                raise self.refused("the mask does not fit the picture", 400)
            return self.painted(mask)
        return None

    def painted(self, mask: Image.Image) -> Image.Image:
        """White where to paint; refuses a mask that has no such place, or nothing else."""
        if mask.mode not in ("L", "1", "RGB"):
            raise self.refused(f"a mask of mode {mask.mode} is not black and white", 400)
        grey = mask.convert("L")
        if grey.getextrema() != (0, 255):
            raise self.refused("the mask is all of one colour", 400)
        return grey


class _OpenAI(_Judge):
    mask_field = "mask"
    multiple = 64
    models = ("flux-dev",)

    def painted(self, mask: Image.Image) -> Image.Image:
        """OpenAI's own way: a hole where to paint."""
        if mask.mode != "RGBA" or mask.getchannel("A").getextrema() != (0, 255):
            raise self.refused("Invalid mask image format: it needs an alpha channel", 400)
        return ImageOps.invert(mask.getchannel("A"))


class _VllmOmni(_Judge):
    generate = _Judge.generate | {"seed"}
    edit = generate | {"output_format", "background"}
    several = "image"
    mask_field = "mask_image"
    error = staticmethod(_fastapi_error)

    def check_fields(self, asked: Asked, known: frozenset[str]) -> None:
        for name in [*asked.fields, *(part[0] for part in asked.files)]:
            if name not in known | {"image", "mask_image"}:
                wrong = {"loc": ["body", name], "msg": "Extra inputs are not permitted"}
                raise Refused(422, {"detail": [{"type": "extra_forbidden", **wrong}]})
        named = asked.fields.get("model")
        if named != QWEN:
            told = f"request specifies '{named}' but server is running '{QWEN}'."
            raise self.refused(f"Model mismatch: {told}", 400)
        if asked.fields.get("response_format", "b64_json") != "b64_json":
            raise self.refused("Only response_format 'b64_json' is supported now.", 400)
        super().check_fields(asked, known)


class _Sglang(_Judge):
    generate = _Judge.generate | {"seed", "output_format"}
    edit = generate
    several = "image"
    error = staticmethod(_fastapi_error)

    def check_fields(self, asked: Asked, known: frozenset[str]) -> None:
        super().check_fields(asked, known)
        if asked.fields.get("output_format") != "png":
            raise self.refused("without output_format=png this server answers in JPEG", 400)

    def __call__(self, asked: Asked) -> Drawing:
        drawing = super().__call__(asked)
        drawing.link = asked.fields.get("response_format") == "url"
        return drawing


class _StableDiffusionCpp(_Judge):
    generate = frozenset({"model", "prompt", "n", "size", "output_format", "output_compression"})
    edit = generate
    multiple = 64
    one = several = "image[]"
    mask_field = "mask"
    models = ("sd-cpp-local",)
    error = staticmethod(_sd_error)

    def __call__(self, asked: Asked) -> Drawing:
        drawing = super().__call__(asked)
        found = _EXTRA_ARGS.search(drawing.prompt)
        drawing.prompt = _EXTRA_ARGS.sub("", drawing.prompt)
        if found is not None:
            settings = json.loads(found[1])
            if set(settings) != {"seed"}:
                raise self.refused("invalid sd_cpp_extra_args", 400)
            drawing.seed = int(settings["seed"])
        return drawing


class _LocalAI(_Judge):
    generate = _Judge.generate | {"seed", "file", "ref_images"}
    edit = frozenset({"model", "prompt", "steps"})
    multiple = 64
    mask_field = "mask"
    edit_path = "/v1/images/inpainting"
    models = ("flux.1-kontext-dev", "llama-3")

    def check_fields(self, asked: Asked, known: frozenset[str]) -> None:
        super().check_fields(asked, known)
        if asked.fields["model"] == "llama-3":
            raise self.refused("rpc error: model does not support image generation", 500)
        if "|" in asked.fields["prompt"]:
            raise self.refused("what stands behind the bar would be left out of the picture", 400)

    def __call__(self, asked: Asked) -> Drawing:
        drawing = super().__call__(asked)
        if asked.path == self.edit_path:
            if drawing.mask is None or len(drawing.pictures) != 1:
                raise self.refused("missing mask file, or more than one image file", 400)
            drawing.link = True
            return drawing
        drawing.link = asked.fields.get("response_format") != "b64_json"
        drawing.pictures = [self._inside(data) for data in asked.fields.get("ref_images", [])]
        if drawing.pictures and asked.fields.get("file") != asked.fields["ref_images"][0]:
            raise self.refused("the picture to redraw is not the first one", 400)
        return drawing

    def _inside(self, encoded: str) -> Image.Image:
        try:
            return self.decoded(base64.b64decode(encoded, validate=True))
        except binascii.Error:
            raise self.refused("Failed decoding base64 file", 400) from None


RULES = {
    "openai": Rules(
        _OpenAI(),
        _openai_error,
        _listed({"id": "flux-dev"}),
    ),
    "vllm-omni": Rules(_VllmOmni(), _fastapi_error, _listed({"id": QWEN, "owned_by": "vllm"})),
    "sglang": Rules(
        _Sglang(), _fastapi_error, _listed({"id": QWEN, "task_type": "TI2I", "num_gpus": 1})
    ),
    "sd-cpp": Rules(_StableDiffusionCpp(), _sd_error, _listed({"id": "sd-cpp-local"})),
    "localai": Rules(
        _LocalAI(),
        _openai_error,
        _listed(
            {"id": "flux.1-kontext-dev", "capabilities": ["image"]},
            {"id": "llama-3", "capabilities": ["chat"]},
        ),
        ("/v1/models/capabilities", "/v1/models"),
        "/generated-images/b64{}.png",
        lambda root, path: root + path,
    ),
}

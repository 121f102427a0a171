"""The requests of the OpenAI Images protocol, checked and made into what the studio needs.

Unknown parameters are refused by name, as OpenAI does; parameters that mean nothing here
(compression, moderation, who asks) are accepted and left alone. `seed` is the studio's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.errors import BadInput

MIN_SIDE, MAX_SIDE, USUAL_SIDE = 64, 2048, 1024
MAX_PROMPT = 8_000
MAX_PICTURES = 4
MODEL = "studio"

Size = tuple[int, int]


class WireError(Exception):
    """A refusal in the protocol's own words. `status` is HTTP's."""

    def __init__(
        self, message: str, *, status: int = 400, code: str | None = None,
        param: str | None = None, hint: str = "", kind: str = "invalid_request_error",
    ) -> None:  # fmt: skip
        super().__init__(message)
        self.status = status
        self._body = {"message": message, "type": kind, "param": param, "code": code, "hint": hint}

    @property
    def body(self) -> dict[str, Any]:
        return {"error": self._body}

    @classmethod
    def of(cls, error: BadInput) -> WireError:
        return cls(error.message, code=error.code, hint=error.hint, status=400)


class _Body(BaseModel):
    """The fields of a request, whether they came as JSON or as a form."""

    model_config = ConfigDict(extra="forbid")

    prompt: str = ""
    model: str = MODEL
    n: int = Field(default=1, ge=1, le=MAX_PICTURES)
    size: str = Field(default="auto", pattern=r"^(auto|\d{1,5}x\d{1,5})$")
    quality: Literal["low", "medium", "high", "auto", "standard", "hd"] = "auto"
    background: Literal["transparent", "opaque", "auto"] = "auto"
    output_format: Literal["png"] = "png"
    output_compression: int | None = Field(default=None, ge=0, le=100)
    response_format: Literal["b64_json"] = "b64_json"
    moderation: Literal["low", "auto"] = "auto"
    input_fidelity: Literal["low", "high"] | None = None
    style: str | None = None
    user: str | None = None
    safety_identifier: str | None = None
    stream: bool = False
    partial_images: int = Field(default=0, ge=0, le=3)
    seed: int | None = Field(default=None, ge=0, le=2**32 - 1)


@dataclass(frozen=True)
class Ask:
    """A checked request. `size` None: as the picture, or the usual 1024 by 1024.

    `images`: the uploaded files in order, for an edit; `masked`: an area was painted.
    """

    prompt: str
    n: int
    size: Size | None
    quality: Literal["low", "medium", "high"]
    transparent: bool
    stream: bool
    previews: int
    seed: int | None
    images: tuple[bytes, ...] = ()
    masked: bool = False


def ask_of(
    fields: Mapping[str, Any], images: tuple[bytes, ...] = (), *, masked: bool = False
) -> Ask:
    """The request that these fields make.

    Raises:
        WireError: naming the parameter that is wrong.
    """
    try:
        body = _Body.model_validate(dict(fields))
    except ValidationError as error:
        raise _refused(error) from None
    if body.model != MODEL:
        raise WireError(
            f"The model '{body.model[:60]}' does not exist here; this is the offline studio.",
            status=404, code="model_not_found", param="model",
        )  # fmt: skip
    if not body.prompt.strip() and not images:
        raise WireError("There are no words to draw from.", code="missing_required_parameter",
                        param="prompt")  # fmt: skip
    if len(body.prompt) > MAX_PROMPT:
        raise WireError(f"A prompt has at most {MAX_PROMPT:,} characters here.",
                        code="string_above_max_length", param="prompt")  # fmt: skip
    return Ask(
        prompt=body.prompt, n=body.n, size=_size(body.size), quality=_quality(body.quality),
        transparent=body.background == "transparent", stream=body.stream,
        previews=body.partial_images if body.stream else 0, seed=body.seed, images=images,
        masked=masked,
    )  # fmt: skip


def clamped(size: Size) -> Size:
    """A size that the studio can draw, of the same shape as far as possible."""
    largest = max(size)
    scale = min(1.0, MAX_SIDE / largest)
    width, height = (max(MIN_SIDE, min(MAX_SIDE, round(side * scale))) for side in size)
    return width, height


def _size(text: str) -> Size | None:
    if text == "auto":
        return None
    width, height = (int(side) for side in text.split("x"))
    if not (MIN_SIDE <= width <= MAX_SIDE and MIN_SIDE <= height <= MAX_SIDE):
        raise WireError(
            f"The studio draws sides of {MIN_SIDE} to {MAX_SIDE} pixels, not {text}.",
            code="invalid_value", param="size", hint="Draw smaller and upscale afterwards.",
        )  # fmt: skip
    return width, height


def _quality(name: str) -> Literal["low", "medium", "high"]:
    if name == "low":
        return "low"
    return "high" if name in ("high", "hd") else "medium"


def _refused(error: ValidationError) -> WireError:
    """The first fault, in the protocol's words."""
    fault = error.errors()[0]
    param = str(fault["loc"][0]) if fault["loc"] else None
    if fault["type"] == "extra_forbidden":
        return WireError(f"Unknown parameter: '{param}'.", code="unknown_parameter", param=param)
    return WireError(
        f"Invalid value for '{param}': {fault['msg']}.", code="invalid_value", param=param
    )

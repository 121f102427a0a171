"""How servers that speak the OpenAI Images protocol differ, one row a server.

From the servers' own sources and documentation as of November 2026: vLLM-Omni
`entrypoints/openai/api_server.py`, SGLang `multimodal_gen/.../openai/image_api.py`,
stable-diffusion.cpp `examples/server/api.md` and `routes_openai.cpp`, LocalAI
`core/http/routes/openai.go` and `endpoints/openai/{image,inpainting}.go`.

None of them makes true alpha: where a server takes `background`, it only chooses the file format.
None is asked for a negative prompt.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal


def _untouched(prompt: str) -> tuple[str, str]:
    return prompt, ""


def _without_settings(prompt: str) -> tuple[str, str]:
    """sd-server takes settings of any kind out of the words; they are not for people in a chat."""
    told = re.sub("sd_cpp_extra_args", "sd cpp extra args", prompt, flags=re.IGNORECASE)
    return told, ""


def _without_bars(prompt: str) -> tuple[str, str]:
    """LocalAI takes what follows a bar as what not to draw."""
    if "|" not in prompt:
        return prompt, ""
    return prompt.replace("|", "/"), "this server reads “|” in its own way, so “/” was sent instead"


@dataclass(frozen=True)
class Dialect:
    """What one kind of server takes.

    `plain`: body fields sent as they are with every request. `sizes`: both sides are multiples of
    it. `seed`: a field of the body, or settings inside the words. `pictures`: how edits carry
    them: as form files (`image` for one, `images` for several) or in the JSON of
    `images/generations`. `mask`: what the model makes of a painted area; it goes to `mask_path` as
    `mask_field`, white where to paint (`mask_white`) or with a hole there. `bare_mask`: that path
    takes nothing beside the model, the words, the picture and the mask. `listing`: where models
    are listed with what they can do, before the common list is asked. `words`: makes the words
    safe for the server, and says what was changed.
    """

    name: str
    title: str
    plain: tuple[tuple[str, str], ...] = (("response_format", "b64_json"),)
    sizes: int = 64
    seed: Literal["field", "words", ""] = ""
    pictures: Literal["form", "json"] = "form"
    image: str = "image"
    images: str = "image[]"
    max_inputs: int = 4
    mask: Literal["true", "hint", "none"] = "hint"
    mask_field: str = "mask"
    mask_white: bool = True
    mask_path: str = "images/edits"
    bare_mask: bool = False
    listing: str = ""
    words: Callable[[str], tuple[str, str]] = _untouched


OPENAI = Dialect("openai", "OpenAI-compatible", mask_white=False)

_ALL = (
    OPENAI,
    Dialect(
        "vllm-omni",
        "vLLM-Omni",
        sizes=16,
        seed="field",
        images="image",
        mask_field="mask_image",
    ),
    Dialect(
        "sglang",
        "SGLang",
        plain=(("response_format", "b64_json"), ("output_format", "png")),  # its default is JPEG
        sizes=16,
        seed="field",
        images="image",
        mask="none",  # it takes the field and does nothing with it
    ),
    Dialect(
        "sd-cpp",
        "stable-diffusion.cpp",
        plain=(),
        seed="words",
        image="image[]",
        mask="true",
        words=_without_settings,
    ),
    Dialect(
        "localai",
        "LocalAI",
        seed="field",
        pictures="json",
        mask_path="images/inpainting",
        bare_mask=True,
        listing="models/capabilities",
        words=_without_bars,
    ),
)

DIALECTS = {dialect.name: dialect for dialect in _ALL}


def dialect_named(name: str | None) -> Dialect | None:
    """The dialect of that name in any spelling; the plain one where none is named."""
    wanted = (name or OPENAI.name).strip().lower().replace("_", "-")
    return DIALECTS.get(wanted)


def with_settings(prompt: str, seed: int) -> str:
    """The words with a seed as sd-server takes it."""
    settings = json.dumps({"seed": seed}, separators=(",", ":"))
    return f"{prompt} <sd_cpp_extra_args>{settings}</sd_cpp_extra_args>"

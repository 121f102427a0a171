"""From Easel's request to the parameters of the Images API, by the rules of each model.

Pure: nothing is sent here. What a model does not take is left out, and a note says so; what no
model could take raises before anything is spent.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace
from typing import Any

from core.engines.port import Capabilities, ImageRequest, ModelCard
from core.errors import BadInput, TooLarge
from core.picture.codec import PictureInfo, probe

_FILE_NAMES = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}
_MAX_IMAGE_BYTES = 50_000_000
_MAX_MASK_BYTES = 4_000_000
_SEEDS = 2**32
_VARIATION = "Another take on this picture: the same subject and style, arranged anew."

_FIDELITY = {"gpt-image-1.5": "high"}
"""`input_fidelity` by model: mini takes only its default, 2 and later answer 400 to any value."""


@dataclass(frozen=True)
class Call:
    """One HTTP request: keyword arguments of `images.edit` (`edits`) or `images.generate`.

    `extra` are body fields outside OpenAI's protocol. `previews` is how many unfinished pictures
    to ask for.
    """

    model: str
    edits: bool
    params: dict[str, Any]
    extra: dict[str, Any]
    previews: int
    transparent: bool

    @property
    def seed(self) -> int | None:
        seed: int | None = self.extra.get("seed")
        return seed

    def opaque(self) -> Call:
        """The same call without the wish for transparency."""
        return replace(self, params={**self.params, "background": "opaque"}, transparent=False)


def call_for(card: ModelCard, request: ImageRequest, model: str) -> tuple[Call, list[str]]:
    """The call for a request, and what to tell the person.

    Raises:
        BadInput: no words, or pictures the API takes in no form.
        TooLarge: more words or bytes than the model takes.
    """
    notes: list[str] = []
    able = card.capabilities
    params = _common(card, request, model, notes)
    edits = bool(request.images)
    if edits:
        params |= _pictures(card, request, notes)
    call = Call(
        model=model,
        edits=edits,
        params=params,
        extra=_extra(able, request),
        previews=request.previews if able.previews else 0,
        transparent="background" in params,
    )
    return call, notes


def _common(card: ModelCard, request: ImageRequest, model: str, notes: list[str]) -> dict[str, Any]:
    able = card.capabilities
    params: dict[str, Any] = {
        "model": model,
        "prompt": _prompt(card, request),
        "n": 1,
        "output_format": "png",
    }
    if request.size is not None and able.sizes is not None:
        params["size"] = f"{request.size[0]}x{request.size[1]}"
    if request.quality and request.quality != "auto":
        if request.quality in able.qualities:
            params["quality"] = request.quality
        else:
            notes.append(f"{card.title} has no quality “{request.quality}”: it chose its own")
    if request.transparent:
        if able.alpha != "none":
            params["background"] = "transparent"
        else:
            notes.append(f"{card.title} draws no transparency: there is a background to cut away")
    if request.seed is not None and not able.seed:
        notes.append(f"{card.title} has no seeds: the same words give another picture each time")
    if request.actor_hash:
        params["safety_identifier"] = request.actor_hash
    return params


def _prompt(card: ModelCard, request: ImageRequest) -> str:
    prompt = request.prompt.strip()
    if not prompt and request.operation == "vary" and request.images:
        prompt = _VARIATION
    if not prompt:
        raise BadInput("There are no words to draw from.", hint="Say what the picture should show.")
    if len(prompt) > card.capabilities.max_prompt:
        raise TooLarge(
            f"That is more text than {card.title} reads.",
            hint=f"Keep it under {card.capabilities.max_prompt:,} characters.",
        )
    return prompt


def _pictures(card: ModelCard, request: ImageRequest, notes: list[str]) -> dict[str, Any]:
    able = card.capabilities
    if able.max_inputs < 1:
        raise BadInput(f"{card.title} takes no pictures.", hint="Choose a model that edits.")
    images = request.images[: able.max_inputs]
    if len(images) < len(request.images):
        many = "one picture" if able.max_inputs == 1 else f"{able.max_inputs} pictures"
        notes.append(f"{card.title} works from {many}: the others were not used")
    infos = [probe(data) for data in images]
    params: dict[str, Any] = {
        "image": [
            _upload(f"picture-{place}", data, info)
            for place, (data, info) in enumerate(zip(images, infos, strict=True), start=1)
        ]
    }
    if request.mask is not None:
        if able.mask == "none":
            notes.append(f"{card.title} does not use a painted area")
        else:
            params["mask"] = _mask(request.mask, infos[0])
    if card.id in _FIDELITY:
        params["input_fidelity"] = _FIDELITY[card.id]
    return params


def _upload(name: str, data: bytes, info: PictureInfo) -> tuple[str, bytes, str]:
    if info.mime not in _FILE_NAMES:
        raise BadInput("That picture is in a format models don't read.", hint="Send PNG or JPEG.")
    if len(data) >= _MAX_IMAGE_BYTES:
        raise TooLarge("That picture is too heavy for the model.", hint="Keep it under 50 MB.")
    return f"{name}.{_FILE_NAMES[info.mime]}", data, info.mime


def _mask(data: bytes, subject: PictureInfo) -> tuple[str, bytes, str]:
    info = probe(data)
    if info.mime != "image/png" or (info.width, info.height) != (subject.width, subject.height):
        raise BadInput(
            "The painted area does not belong to this picture.",
            hint=f"A mask is a PNG of {subject.width}x{subject.height} pixels.",
        )
    if len(data) >= _MAX_MASK_BYTES:
        raise TooLarge("The painted area is too heavy.", hint="A mask has to be under 4 MB.")
    return "mask.png", data, "image/png"


def _extra(able: Capabilities, request: ImageRequest) -> dict[str, Any]:
    """The seed of a call, where the model has one.

    New pictures get one that follows from the step's key, so that a repeated step draws the same
    and the same words asked again do not. An edit keeps its picture's own seed unless told.
    """
    if not able.seed:
        return {}
    if request.seed is not None:
        return {"seed": request.seed % _SEEDS}
    if request.operation in ("edit", "inpaint"):
        return {}
    return {"seed": zlib.crc32(request.key.encode()) % _SEEDS}

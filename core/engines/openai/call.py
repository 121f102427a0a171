"""From Easel's request to the parameters of the Images API, by the rules of each model.

Pure: nothing is sent here. What a model does not take is left out, and a note says so; what no
model could take raises before anything is spent.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any

from core.engines.port import Capabilities, ImageRequest, ModelCard
from core.engines.sending import (
    Picture,
    bound_words,
    check_mask,
    looked_at,
    without_area,
    without_quality,
    without_seed,
    without_some,
    without_transparency,
    words_of,
)
from core.errors import BadInput, TooLarge
from core.picture.codec import PictureInfo

_MAX_IMAGE_BYTES = 50_000_000
_MAX_MASK_BYTES = 4_000_000
_SEEDS = 2**32

_FIDELITY = {"gpt-image-1.5": "high"}
"""`input_fidelity` by model: mini takes only its default, 2 and later answer 400 to any value."""


@dataclass(frozen=True)
class Call:
    """One HTTP request: keyword arguments of `images.edit` (`edits`) or `images.generate`.

    `extra` are body fields outside OpenAI's protocol. `previews` is how many unfinished pictures
    to ask for.
    """

    edits: bool
    params: dict[str, Any]
    extra: dict[str, Any]
    previews: int
    transparent: bool
    continues: bool = False

    @property
    def seed(self) -> int | None:
        seed: int | None = self.extra.get("seed")
        return seed


def call_for(
    card: ModelCard, request: ImageRequest, model: str, *, opaque: bool = False
) -> tuple[Call, list[str]]:
    """The call for a request, and what to tell the person.

    `opaque`: the model is known to do no transparency at this address.

    Raises:
        BadInput: no words, or pictures the API takes in no form.
        TooLarge: more words or bytes than the model takes.
    """
    notes: list[str] = []
    able = card.capabilities
    params: dict[str, Any] = {
        "model": model,
        "prompt": prompt_of(card, request),
        "n": 1,
        **look_of(card, request, opaque=opaque, notes=notes),
    }
    note_seedless(card, request, notes)
    if request.actor_hash:
        params["safety_identifier"] = request.actor_hash
    if request.images:
        params |= _files(card, request, notes)
    call = Call(
        edits=bool(request.images),
        params=params,
        extra=_extra(able, request),
        previews=request.previews if able.previews else 0,
        transparent=params.get("background") == "transparent",
    )
    return call, notes


def look_of(
    card: ModelCard, request: ImageRequest, *, opaque: bool, notes: list[str]
) -> dict[str, Any]:
    """Format, size, quality and background, as far as the model has them."""
    able = card.capabilities
    look: dict[str, Any] = {"output_format": "png"}
    if request.size is not None and able.sizes is not None:
        look["size"] = f"{request.size[0]}x{request.size[1]}"
    if request.quality and request.quality != "auto":
        if request.quality in able.qualities:
            look["quality"] = request.quality
        else:
            notes.append(without_quality(card.title, request.quality))
    if request.transparent:
        look |= _background(card, opaque=opaque, notes=notes)
    return look


def _background(card: ModelCard, *, opaque: bool, notes: list[str]) -> dict[str, Any]:
    if card.capabilities.alpha == "none":
        notes.append(without_transparency(card.title))
        return {}
    if opaque:
        notes.append(f"{card.title} drew a background: it does no transparency here")
    return {"background": "opaque" if opaque else "transparent"}


def note_seedless(card: ModelCard, request: ImageRequest, notes: list[str]) -> None:
    """Say it where a seed was wished for and the model has none."""
    if request.seed is not None and not card.capabilities.seed:
        notes.append(without_seed(card.title))


def prompt_of(card: ModelCard, request: ImageRequest) -> str:
    """The words to draw from. Raises BadInput for none, TooLarge for too many."""
    prompt = words_of(request)
    bound_words(prompt, card.title, card.capabilities.max_prompt)
    return prompt


def inputs_of(card: ModelCard, request: ImageRequest, notes: list[str]) -> list[Picture]:
    """The pictures of a request that the model takes, each looked at."""
    able = card.capabilities
    if able.max_inputs < 1:
        raise BadInput(f"{card.title} takes no pictures.", hint="Choose a model that edits.")
    images = request.images[: able.max_inputs]
    if len(images) < len(request.images):
        notes.append(without_some(card.title, able.max_inputs))
    return [looked_at(data, _MAX_IMAGE_BYTES) for data in images]


def mask_of(
    card: ModelCard, request: ImageRequest, subject: PictureInfo, notes: list[str]
) -> bytes | None:
    """The mask of a request, checked against the subject. Raises BadInput or TooLarge."""
    if request.mask is None:
        return None
    if card.capabilities.mask == "none":
        notes.append(without_area(card.title))
        return None
    check_mask(request.mask, subject)
    if len(request.mask) >= _MAX_MASK_BYTES:
        raise TooLarge("The painted area is too heavy.", hint="A mask has to be under 4 MB.")
    return request.mask


def _files(card: ModelCard, request: ImageRequest, notes: list[str]) -> dict[str, Any]:
    pictures = inputs_of(card, request, notes)
    files: dict[str, Any] = {
        "image": [
            (picture.file_name(f"picture-{place}"), picture.data, picture.info.mime)
            for place, picture in enumerate(pictures, start=1)
        ]
    }
    mask = mask_of(card, request, pictures[0].info, notes)
    if mask is not None:
        files["mask"] = ("mask.png", mask, "image/png")
    if card.id in _FIDELITY:
        files["input_fidelity"] = _FIDELITY[card.id]
    return files


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

"""From Easel's request to the parameters of the Images API, by the rules of each model.

Pure: nothing is sent here. What a model does not take is left out, and a note says so; what no
model could take raises before anything is spent.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Picture:
    """One of the pictures that are sent, looked at."""

    data: bytes
    info: PictureInfo


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
            notes.append(f"{card.title} has no quality “{request.quality}”: it chose its own")
    if request.transparent:
        look |= _background(card, opaque=opaque, notes=notes)
    return look


def _background(card: ModelCard, *, opaque: bool, notes: list[str]) -> dict[str, Any]:
    if card.capabilities.alpha == "none":
        notes.append(f"{card.title} draws no transparency: there is a background to cut away")
        return {}
    if opaque:
        notes.append(f"{card.title} drew a background: it does no transparency here")
    return {"background": "opaque" if opaque else "transparent"}


def note_seedless(card: ModelCard, request: ImageRequest, notes: list[str]) -> None:
    """Say it where a seed was wished for and the model has none."""
    if request.seed is not None and not card.capabilities.seed:
        notes.append(f"{card.title} has no seeds: the same words give another picture each time")


def prompt_of(card: ModelCard, request: ImageRequest) -> str:
    """The words to draw from. Raises BadInput for none, TooLarge for too many."""
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


def inputs_of(card: ModelCard, request: ImageRequest, notes: list[str]) -> list[Picture]:
    """The pictures of a request that the model takes, each looked at."""
    able = card.capabilities
    if able.max_inputs < 1:
        raise BadInput(f"{card.title} takes no pictures.", hint="Choose a model that edits.")
    images = request.images[: able.max_inputs]
    if len(images) < len(request.images):
        many = "one picture" if able.max_inputs == 1 else f"{able.max_inputs} pictures"
        notes.append(f"{card.title} works from {many}: the others were not used")
    return [_looked_at(data) for data in images]


def mask_of(
    card: ModelCard, request: ImageRequest, subject: PictureInfo, notes: list[str]
) -> bytes | None:
    """The mask of a request, checked against the subject. Raises BadInput or TooLarge."""
    if request.mask is None:
        return None
    if card.capabilities.mask == "none":
        notes.append(f"{card.title} does not use a painted area")
        return None
    info = probe(request.mask)
    if info.mime != "image/png" or (info.width, info.height) != (subject.width, subject.height):
        raise BadInput(
            "The painted area does not belong to this picture.",
            hint=f"A mask is a PNG of {subject.width}x{subject.height} pixels.",
        )
    if len(request.mask) >= _MAX_MASK_BYTES:
        raise TooLarge("The painted area is too heavy.", hint="A mask has to be under 4 MB.")
    return request.mask


def _looked_at(data: bytes) -> Picture:
    info = probe(data)
    if info.mime not in _FILE_NAMES:
        raise BadInput("That picture is in a format models don't read.", hint="Send PNG or JPEG.")
    if len(data) >= _MAX_IMAGE_BYTES:
        raise TooLarge("That picture is too heavy for the model.", hint="Keep it under 50 MB.")
    return Picture(data, info)


def _files(card: ModelCard, request: ImageRequest, notes: list[str]) -> dict[str, Any]:
    pictures = inputs_of(card, request, notes)
    files: dict[str, Any] = {
        "image": [
            (f"picture-{place}.{_FILE_NAMES[picture.info.mime]}", picture.data, picture.info.mime)
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

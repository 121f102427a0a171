"""From Easel's request to what one server takes, by its dialect.

Pure: nothing is sent here. What a server does not take is left out, and a note says so; what it
could take in no form raises.
"""

from __future__ import annotations

import base64
import zlib
from dataclasses import dataclass
from typing import Any

from core.engines.compatible.cards import PREFIX
from core.engines.compatible.dialects import Dialect, with_settings
from core.engines.port import ImageRequest, ModelCard
from core.engines.sending import (
    Picture,
    bound_words,
    check_mask,
    looked_at,
    without_area,
    without_seed,
    without_some,
    without_transparency,
    words_of,
)
from core.errors import BadInput
from core.picture.codec import probe
from core.picture.mask import white_where_open

_MAX_IMAGE_BYTES = 50_000_000
_SEEDS = 2**31
"""Below it everywhere: some servers keep a seed in a signed word, where -1 means by chance."""

Part = tuple[str, tuple[str, bytes, str]]
"""A form file: field, (file name, bytes, type)."""


@dataclass(frozen=True)
class Call:
    """One HTTP request to `path` below the server's `/v1`.

    With `parts` it is a form of `fields` and files, otherwise JSON. `seed` is what was sent.
    """

    path: str
    fields: dict[str, Any]
    parts: tuple[Part, ...] = ()
    seed: int | None = None
    notes: tuple[str, ...] = ()


def call_for(dialect: Dialect, card: ModelCard, request: ImageRequest) -> Call:
    """The call for a request.

    Raises:
        BadInput: no words, or pictures that the server takes in no form.
        TooLarge: more words or bytes than it takes.
    """
    notes: list[str] = []
    images = _images(card, request, notes)
    mask = _mask(dialect, card, request, notes)
    bare = mask is not None and dialect.bare_mask
    if bare and len(images) > 1:
        images = images[:1]
        notes.append(f"{card.title} paints an area of one picture: the others were not used")
    seed = None if bare else _seed(card, request)
    _say_what_is_left_out(card, request, seed, notes)
    fields = _fields(dialect, card, request, seed, notes, bare=bare)
    path = "images/generations"
    parts: list[Part] = []
    if images and mask is None and dialect.pictures == "json":
        fields |= _inside_json(images)
    elif images:
        path = "images/edits" if mask is None else dialect.mask_path
        parts = _parts(dialect, images) + ([] if mask is None else [mask])
    return Call(path, fields, tuple(parts), seed, tuple(notes))


def _fields(
    dialect: Dialect,
    card: ModelCard,
    request: ImageRequest,
    seed: int | None,
    notes: list[str],
    *,
    bare: bool,
) -> dict[str, Any]:
    prompt, changed = dialect.words(_prompt(card, request))
    if changed:
        notes.append(changed)
    if seed is not None and dialect.seed == "words":
        prompt = with_settings(prompt, seed)
    fields: dict[str, Any] = {"model": card.id.removeprefix(PREFIX), "prompt": prompt}
    if bare:
        return fields
    fields |= {"n": 1, **dict(dialect.plain)}
    if request.size is not None:
        fields["size"] = f"{request.size[0]}x{request.size[1]}"
    if seed is not None and dialect.seed == "field":
        fields["seed"] = seed
    return fields


def _prompt(card: ModelCard, request: ImageRequest) -> str:
    prompt = words_of(request)
    bound_words(prompt, card.title, card.capabilities.max_prompt)
    return prompt


def _seed(card: ModelCard, request: ImageRequest) -> int | None:
    """One that follows from the step's key where none was asked for, so that it can be told."""
    if not card.capabilities.seed:
        return None
    asked = request.seed if request.seed is not None else zlib.crc32(request.key.encode())
    return asked % _SEEDS


def _say_what_is_left_out(
    card: ModelCard, request: ImageRequest, seed: int | None, notes: list[str]
) -> None:
    if request.seed is not None and seed is None:
        notes.append(without_seed(card.title))
    if request.quality and request.quality != "auto":
        notes.append(f"{card.title} has no levels of quality: it chose its own")
    if request.transparent:
        notes.append(without_transparency(card.title))


def _images(card: ModelCard, request: ImageRequest, notes: list[str]) -> list[Picture]:
    most = card.capabilities.max_inputs
    if request.images and most < 1:
        raise BadInput(f"{card.title} takes no pictures.", hint="Choose a model that edits.")
    if len(request.images) > most:
        notes.append(without_some(card.title, most))
    return [looked_at(data, _MAX_IMAGE_BYTES) for data in request.images[:most]]


def _parts(dialect: Dialect, images: list[Picture]) -> list[Part]:
    name = dialect.image if len(images) == 1 else dialect.images
    return [
        (name, (picture.file_name(f"picture-{place}"), picture.data, picture.info.mime))
        for place, picture in enumerate(images, start=1)
    ]


def _inside_json(images: list[Picture]) -> dict[str, Any]:
    """LocalAI's way: what redraws a picture reads `file`, what follows instructions `ref_images`.

    Which of them a model is can't be asked, so both are sent, as its own drawing server does.
    """
    encoded = [base64.b64encode(picture.data).decode("ascii") for picture in images]
    return {"file": encoded[0], "ref_images": encoded}


def _mask(
    dialect: Dialect, card: ModelCard, request: ImageRequest, notes: list[str]
) -> Part | None:
    if request.mask is None or not request.images:
        return None
    if card.capabilities.mask == "none":
        notes.append(without_area(card.title))
        return None
    check_mask(request.mask, probe(request.images[0]))
    data = white_where_open(request.mask) if dialect.mask_white else request.mask
    return dialect.mask_field, ("mask.png", data, "image/png")

"""From a checked request to finished pictures: read or revise the scene, draw it in the pool."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol

from core.engines.studio.chunk import extract, picture_size
from core.engines.studio.edits import varied
from core.engines.studio.lexicon import tokens
from core.engines.studio.parse import Reading, read_prompt
from core.engines.studio.render.job import Drawn, Order, Preview, draw
from core.engines.studio.revise import is_variation, revise
from core.engines.studio.scene import Scene, read_scene
from core.engines.studio.styling import light_words, told_of
from core.engines.studio.wire import USUAL_SIDE, Ask, Size, clamped
from core.errors import BadInput

OnPreview = Callable[[bytes], Awaitable[None]]
_BLOCK = 32


class Pool(Protocol):
    """Where pixel work runs: `core.picture.pool.PixelPool`, by what is used of it here."""

    async def run(
        self, fn: Callable[..., Any], *args: Any,
        on_message: Callable[[Any], Awaitable[None]] | None = None,
    ) -> Any:  # fmt: skip
        """Run `fn(report, *args)` in another process; cancelling this cancels it."""
        ...


@dataclass(frozen=True)
class Picture:
    """A finished picture: PNG with its scene inside, the seed that draws it again, the notes."""

    png: bytes
    size: Size
    seed: int
    notes: tuple[str, ...]
    usage: dict[str, Any]


@dataclass(frozen=True)
class Sketch:
    """What is going to be drawn, and what to say about it."""

    scene: Scene
    size: Size
    notes: tuple[str, ...]


def sketches(ask: Ask) -> list[Sketch]:
    """The scenes that a request asks for, one a picture.

    Raises:
        BadInput: an edit of something that is no scene, or one that means nothing here.
    """
    if ask.images:
        return _edited(ask)
    first = ask.seed if ask.seed is not None else secrets.randbelow(2**32)
    found = []
    for index in range(ask.n):
        seed = (first + index) % 2**32
        reading = read_prompt(ask.prompt, seed, transparent=ask.transparent)
        notes = (understood(reading.scene), *reading.notes, *_left_over(reading))
        found.append(Sketch(reading.scene, ask.size or (USUAL_SIDE, USUAL_SIDE), notes))
    return found


async def drawn(pool: Pool, ask: Ask, sketch: Sketch, on_preview: OnPreview | None) -> Picture:
    """Draw one sketch; unfinished pictures go to `on_preview` on the way."""

    async def hear(message: Any) -> None:
        if on_preview is not None and isinstance(message, Preview):
            await on_preview(message.png)

    order = Order(
        sketch.scene.model_dump_json(), *sketch.size, quality=ask.quality,
        previews=ask.previews if on_preview is not None else 0,
    )  # fmt: skip
    result: Drawn = await pool.run(draw, order, on_message=hear)
    return Picture(
        result.png, sketch.size, sketch.scene.seed, sketch.notes, usage_of(ask, sketch.size)
    )


def usage_of(ask: Ask, size: Size) -> dict[str, Any]:
    """What a picture took, in the protocol's form. It costs nothing: a text token is a word that
    was read, an image token a block of 32 by 32 pixels."""
    text = len(tokens(ask.prompt))
    read = _blocks(picture_size(ask.images[0]) or (0, 0)) if ask.images else 0
    written = _blocks(size)
    return {
        "input_tokens": text + read,
        "input_tokens_details": {"text_tokens": text, "image_tokens": read},
        "output_tokens": written,
        "total_tokens": text + read + written,
    }


def understood(scene: Scene) -> str:
    """The scene in words: "Understood: a red mug, a white candle, walnut table, …"."""
    parts = [told_of(scene.things)] if scene.things else []
    parts += [scene.surface.words, scene.backdrop.words, light_words(scene.light)]
    parts += [scene.camera.words, "transparent background" if scene.transparent else ""]
    said = dict.fromkeys(part for part in parts if part)
    return f"Understood: {', '.join(said)}."


def _edited(ask: Ask) -> list[Sketch]:
    scene = _scene_inside(ask.images[0])
    size = ask.size or clamped(picture_size(ask.images[0]) or (USUAL_SIDE, USUAL_SIDE))
    aside = _set_aside(ask)
    found = []
    for index in range(ask.n):
        seed = ask.seed if ask.seed is not None else secrets.randbelow(2**32)
        if is_variation(ask.prompt):
            fresh = (seed + index) % 2**32
            reading = Reading(varied(scene, fresh), ("Another take on the same scene.",), ())
        else:
            reading = revise(scene, ask.prompt)
            if index > 0:
                again = varied(reading.scene, (seed + index) % 2**32)
                reading = Reading(again, reading.notes, reading.unused)
        final = reading.scene
        if ask.transparent:
            final = final.model_copy(update={"transparent": True})
        found.append(Sketch(final, size, (*reading.notes, *_left_over(reading), *aside)))
    return found


def _scene_inside(image: bytes) -> Scene:
    text = extract(image)
    if text is None:
        raise BadInput(
            "The offline studio can only change scenes that it drew itself, and this picture "
            "carries none: it is a photograph, or was changed after it was drawn.",
            hint="What works offline on any picture: crop, resize, rotate, light and colour, "
            "labels, cut-out, upscale. To have a model re-imagine it, connect one: set "
            "OPENAI_API_KEY (or another engine) and ask again. A scene of the studio can be "
            "edited from the version before it was changed.",
            code="studio_photograph",
        )
    return read_scene(text)


def _set_aside(ask: Ask) -> list[str]:
    notes = []
    if len(ask.images) > 1:
        notes.append("The studio worked from the first picture; the others were not used.")
    if ask.masked:
        notes.append("The studio edits by words and did not use the painted area.")
    return notes


def _left_over(reading: Reading) -> list[str]:
    if not reading.unused:
        return []
    return ["Not used: " + ", ".join(f"“{word[:40]}”" for word in reading.unused[:8]) + "."]


def _blocks(size: Size) -> int:
    return -(-size[0] // _BLOCK) * -(-size[1] // _BLOCK)

"""The Images API: a call sent over the SDK, and its stream or plain answer read."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, cast

from openai.resources.images import AsyncImages

from core.engines.openai.answers import (
    Answer,
    CallFailed,
    Preview,
    decoded,
    notes_of,
    tokens_of,
    whole,
    words,
)
from core.engines.openai.call import Call
from core.engines.openai.faults import Fault


async def draw_image(images: AsyncImages, call: Call, preview: Preview, *, stream: bool) -> Answer:
    """Send one call and wait for its picture. Raises CallFailed, and whatever the SDK raises."""
    if not stream:
        return _answer(await _ask(images, call))
    events = await _ask(images, call, stream=True, partial_images=call.previews)
    answer: Answer | None = None
    async with events:
        async for event in cast(AsyncIterator[Any], events):
            kind = words(getattr(event, "type", None))
            if kind.endswith(".partial_image"):
                index = whole(getattr(event, "partial_image_index", None)) or 0
                await preview(index, decoded(getattr(event, "b64_json", None)))
            elif kind.endswith(".completed"):
                answer = _answer(event)
    if answer is None:
        raise CallFailed(Fault("the stream ended without a picture", lost=True))
    return answer


async def _ask(images: AsyncImages, call: Call, **streaming: Any) -> Any:
    send: Callable[..., Awaitable[Any]] = images.edit if call.edits else images.generate
    return await send(**call.params, **streaming, extra_body=call.extra or None)


def _answer(source: Any) -> Answer:
    """The picture of a completed event, or of a plain response."""
    items = getattr(source, "data", None)
    item = items[0] if isinstance(items, list) and items else source
    return Answer(
        data=decoded(getattr(item, "b64_json", None)),
        tokens=tokens_of(getattr(source, "usage", None)),
        seed=whole(_either(item, source, "seed")),
        notes=notes_of(_either(item, source, "easel_notes")),
        snapshot=words(getattr(source, "model", None)) or None,
        quality=words(getattr(source, "quality", None)) or None,
    )


def _either(item: Any, source: Any, name: str) -> Any:
    found = getattr(item, name, None)
    return found if found is not None else getattr(source, name, None)

"""The Images API: a call sent over the SDK, and its stream or plain answer read."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

from openai.resources.images import AsyncImagesWithStreamingResponse

from core.engines.openai.answers import (
    Answer,
    CallFailed,
    Preview,
    Told,
    decoded,
    notes_of,
    part,
    tokens_of,
    whole,
    words,
)
from core.engines.openai.call import Call
from core.engines.openai.events import events_in, parsed
from core.engines.openai.faults import Fault


async def draw_image(
    images: AsyncImagesWithStreamingResponse, call: Call, preview: Preview, *, stream: bool
) -> Answer:
    """Send one call and wait for its picture. Raises CallFailed, and whatever the SDK raises."""
    if not stream:
        async with _asked(images, call) as response:
            return _answer(parsed(await response.read()))
    answer: Answer | None = None
    async with _asked(images, call, stream=True, partial_images=call.previews) as response:
        async for event in events_in(response.iter_bytes()):
            kind = words(event.get("type"))
            if kind.endswith(".partial_image"):
                index = whole(event.get("partial_image_index")) or 0
                await preview(index, decoded(event.get("b64_json")))
            elif kind.endswith(".completed"):
                answer = _answer(event)
    if answer is None:
        raise CallFailed(Fault("the stream ended without a picture", lost=True))
    return answer


def _asked(
    images: AsyncImagesWithStreamingResponse, call: Call, **streaming: Any
) -> AbstractAsyncContextManager[Any]:
    send: Callable[..., AbstractAsyncContextManager[Any]] = (
        images.edit if call.edits else images.generate
    )
    return send(**call.params, **streaming, extra_body=call.extra or None)


def _answer(source: Told) -> Answer:
    """The picture of a completed event, or of a plain response."""
    items = source.get("data")
    first = items[0] if isinstance(items, list) and items else source
    item: Told = first if isinstance(first, dict) else {}
    return Answer(
        data=decoded(item.get("b64_json")),
        tokens=tokens_of(part(source, "usage")),
        seed=whole(_either(item, source, "seed")),
        notes=notes_of(_either(item, source, "easel_notes")),
        snapshot=words(source.get("model")) or None,
        quality=words(source.get("quality")) or None,
    )


def _either(item: Told, source: Told, name: str) -> Any:
    found = item.get(name)
    return found if found is not None else source.get(name)

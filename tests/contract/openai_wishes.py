"""What tests of the OpenAI engine ask for, and what they watch."""

from __future__ import annotations

import asyncio
import io
from dataclasses import dataclass, field
from typing import Any

import pytest
from PIL import Image

from core.engines.openai.engine import OpenAIImages
from core.engines.port import ImageRequest, ImageResult, Operation
from core.errors import EaselError

KEY = "sk-test-0123456789"


@dataclass
class Watcher:
    """Keeps what an engine tells on its way."""

    stages: list[tuple[str, float | None]] = field(default_factory=list)
    previews: list[tuple[bytes, str]] = field(default_factory=list)
    shown: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def stage(self, words: str, fraction: float | None = None) -> None:
        self.stages.append((words, fraction))

    async def preview(self, data: bytes, mime: str) -> None:
        async with self.shown:
            self.previews.append((data, mime))
            self.shown.notify_all()

    async def until(self, count: int) -> None:
        async with asyncio.timeout(10), self.shown:
            await self.shown.wait_for(lambda: len(self.previews) >= count)


def wish(operation: Operation = "generate", **changes: Any) -> ImageRequest:
    told: dict[str, Any] = {
        "model": "gpt-image-2",
        "operation": operation,
        "key": "turn-1:0",
        "prompt": "a red mug",
        "size": (1024, 1024),
        "actor_hash": "9f2c",
    }
    return ImageRequest(**(told | changes))


async def drawn_together(engine: OpenAIImages, *requests: ImageRequest) -> list[ImageResult]:
    """Several wishes side by side, as a turn asks for several pictures."""
    return await asyncio.gather(*(engine.run(request, Watcher()) for request in requests))


async def failure(engine: OpenAIImages, request: ImageRequest) -> EaselError:
    with pytest.raises(EaselError) as caught:
        await engine.run(request, Watcher())
    return caught.value


def mask_png(size: tuple[int, int]) -> bytes:
    packed = io.BytesIO()
    Image.new("RGBA", size, (0, 0, 0, 0)).save(packed, "PNG")
    return packed.getvalue()

"""What tests of the engine for compatible servers ask for, and what they watch."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from PIL import Image

from core.engines.compatible.engine import CompatibleEngine, compatible_engine
from core.engines.port import ImageRequest, ImageResult, Operation
from core.errors import EaselError
from tests.contract.compatible_double import CompatibleDouble, serving
from tests.contract.compatible_kinds import RULES

KINDS = tuple(RULES)
KEY = "local-secret-0123456789"
LEFT, RIGHT = (10, 120, 40), (240, 230, 90)


class Watcher:
    """Keeps what an engine tells on its way."""

    def __init__(self) -> None:
        self.stages: list[str] = []

    async def stage(self, words: str, fraction: float | None = None) -> None:
        self.stages.append(words)

    async def preview(self, data: bytes, mime: str) -> None:
        pytest.fail("no compatible server shows unfinished pictures")


@asynccontextmanager
async def server_and_engine(
    kind: str, *, key: str = ""
) -> AsyncIterator[tuple[CompatibleDouble, CompatibleEngine]]:
    """A strict server and the engine that speaks its dialect, its models known."""
    async with serving(CompatibleDouble(kind, key=key)) as double:
        engine = compatible_engine(double.root, key or None, kind)
        await engine.refresh()
        try:
            yield double, engine
        finally:
            await engine.close()


def wish(
    engine: CompatibleEngine, operation: Operation = "generate", **changes: Any
) -> ImageRequest:
    told: dict[str, Any] = {
        "model": next((card.id for card in engine.models()), "compatible:flux-dev"),
        "operation": operation,
        "key": "turn-1:0",
        "prompt": "a red mug",
        "size": (512, 448),
    }
    return ImageRequest(**(told | changes))


async def draw(
    engine: CompatibleEngine, operation: Operation = "generate", **changes: Any
) -> ImageResult:
    return await engine.run(wish(engine, operation, **changes), Watcher())


async def failure(engine: CompatibleEngine, request: ImageRequest) -> EaselError:
    with pytest.raises(EaselError) as caught:
        await engine.run(request, Watcher())
    return caught.value


def subject(size: tuple[int, int] = (320, 200), form: str = "PNG") -> bytes:
    """A picture whose halves differ."""
    picture = Image.new("RGB", size, LEFT)
    picture.paste(RIGHT, (size[0] // 2, 0, *size))
    return packed(picture, form)


def open_on_the_right(size: tuple[int, int] = (320, 200)) -> bytes:
    """A mask in Easel's way: its right half is a hole."""
    mask = Image.new("RGBA", size, (0, 0, 0, 255))
    mask.paste((0, 0, 0, 0), (size[0] // 2, 0, *size))
    return packed(mask, "PNG")


def packed(picture: Image.Image, form: str) -> bytes:
    held = io.BytesIO()
    picture.save(held, form)
    return held.getvalue()


def unpacked(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def at(picture: Image.Image, across: float) -> tuple[int, int, int]:
    """The colour in the middle row, `across` of the way from the left."""
    colour: Any = picture.getpixel((int(picture.width * across), picture.height // 2))
    return colour  # type: ignore[no-any-return]

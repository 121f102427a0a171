"""A provider that takes its time, draws for each wish a picture of its own, and keeps the books."""

from __future__ import annotations

import asyncio
import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from random import Random
from time import monotonic

from PIL import Image
from starlette.types import Send

from tests.contract.openai_double import Asked, Behaviour, OpenAIDouble


@cache
def picture_of(words: str) -> bytes:
    """The picture that these words come to: one colour that follows from them."""
    colour = hashlib.sha256(words.encode()).digest()
    packed = io.BytesIO()
    Image.new("RGB", (1024, 1024), (colour[0], colour[1], colour[2])).save(packed, "PNG")
    return packed.getvalue()


@dataclass
class Drawn:
    """One request: what for, when it came, and when (if at all) its answer had been sent."""

    words: str
    began: float
    answered: float | None = None


class SlowProvider(OpenAIDouble):
    """Each picture takes a random time within `seconds`, or until `held` is set where it is."""

    def __init__(self, chance: Random, seconds: tuple[float, float] = (0.1, 0.5)) -> None:
        super().__init__()
        self.drawn: list[Drawn] = []
        self.held: asyncio.Event | None = None
        self._chance = chance
        self._seconds = seconds

    async def until_drawing(self, holds: Callable[[], bool]) -> None:
        """Wait, as long as a process may take to start, until it has seen something."""
        async with asyncio.timeout(60), self.changed:
            await self.changed.wait_for(holds)

    def one_more(self) -> asyncio.Task[None]:
        """Done when it has been asked once more than until now."""
        before = len(self.drawn)
        return asyncio.create_task(self.until_drawing(lambda: len(self.drawn) > before))

    async def _answer(
        self, asked: Asked, how: Behaviour, send: Send, gone: asyncio.Task[None]
    ) -> None:
        words = str(asked.params["prompt"]).partition("\n\n")[0]
        drawn = Drawn(words, monotonic())
        self.drawn.append(drawn)
        await self.tell()
        how = replace(how, picture=picture_of(words), gate=self._gate())
        await super()._answer(asked, how, send, gone)
        drawn.answered = monotonic()

    def _gate(self) -> asyncio.Event:
        if self.held is not None:
            return self.held
        gate = asyncio.Event()
        asyncio.get_running_loop().call_later(self._chance.uniform(*self._seconds), gate.set)
        return gate


def named(provider: SlowProvider) -> dict[str, str]:
    """The settings with which Easel finds a provider."""
    return {"OPENAI_API_KEY": provider.key, "OPENAI_BASE_URL": provider.base_url}

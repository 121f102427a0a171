"""An engine that draws nothing: it hands back a picture that its caller made.

It ships with Easel so that tests and benchmarks can measure everything around an engine (order,
doubles, cancelling, overhead) without one. It keeps the port's promises: it sends previews, and
stops when it is cancelled.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from core.engines.journal import UNKEPT, Journal
from core.engines.port import (
    Capabilities,
    DrawnPicture,
    ImageRequest,
    ImageResult,
    ModelCard,
    PlainEngine,
    PriceRule,
    Progress,
    SizeRule,
    Usage,
)

_CAPABILITIES = Capabilities(
    operations=frozenset({"generate", "edit", "inpaint", "vary"}),
    max_inputs=16,
    mask="true",
    alpha="native",
    seed=True,
    max_n=10,
    previews=True,
    qualities=("low", "medium", "high", "auto"),
    max_prompt=32_000,
)


class FakeEngine(PlainEngine):
    """Answers every request with the same encoded `picture` (`width` x `height` pixels).

    `delay` is seconds per request, `previews` how often the picture is shown before it is final.
    `calls` keeps every request in the order of arrival. `gate`, when set, is waited for before
    anything else. `failures` are raised first, one a call. `cancelled` counts calls that were
    cancelled, `running` those under way. `usage` is reported for every call. Its one model has the
    engine's name; `price` is the model's, and `can` what its capabilities differ in.
    """

    def __init__(
        self,
        picture: bytes,
        width: int,
        height: int,
        *,
        name: str = "fake",
        delay: float = 0.0,
        previews: int = 0,
        mime: str = "image/png",
        alpha: bool = False,
        price: PriceRule | None = None,
        can: Mapping[str, Any] | None = None,
    ) -> None:
        self._name = name
        self._picture = DrawnPicture(
            data=picture, mime=mime, width=width, height=height, alpha=alpha
        )
        able = {"sizes": SizeRule(kind="fixed", sizes=((width, height),))} | dict(can or {})
        self._card = ModelCard(
            id=name,
            engine=name,
            title=name.capitalize(),
            good_at="tests",
            capabilities=_CAPABILITIES.model_copy(update=able),
            price=price or PriceRule(free=True),
        )
        self.delay = delay
        self.previews = previews
        self.usage = Usage()
        self.calls: list[ImageRequest] = []
        self.gate: asyncio.Event | None = None
        self.failures: list[Exception] = []
        self.cancelled = 0
        self.running = 0

    @property
    def name(self) -> str:
        return self._name

    def models(self) -> Sequence[ModelCard]:
        return (self._card,)

    async def run(
        self, request: ImageRequest, progress: Progress, journal: Journal = UNKEPT
    ) -> ImageResult:
        """Raises what `failures` holds next; otherwise gives the picture."""
        self.calls.append(request)
        self.running += 1
        try:
            return await self._draw(request, progress)
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        finally:
            self.running -= 1

    async def close(self) -> None:
        """Nothing is held."""

    async def _draw(self, request: ImageRequest, progress: Progress) -> ImageResult:
        if self.gate is not None:
            await self.gate.wait()
        if self.failures:
            raise self.failures.pop(0)
        pause = self.delay / (self.previews + 1)
        for shown in range(self.previews):
            await asyncio.sleep(pause)
            await progress.stage("drawing", (shown + 1) / (self.previews + 1))
            await progress.preview(self._picture.data, self._picture.mime)
        await asyncio.sleep(pause)
        picture = self._picture.model_copy(update={"seed": request.seed})
        return ImageResult(pictures=(picture,), usage=self.usage)

"""Easel as it is served, with an engine of which people can add models: `python -m` this."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Sequence

from PIL import Image

from bot.serve import serve
from bot.settings import Settings
from core.engines.fake import FakeEngine
from core.engines.journal import UNKEPT, Journal
from core.engines.port import (
    Capabilities,
    ImageRequest,
    ImageResult,
    ModelCard,
    PriceRule,
    Progress,
    Traits,
    Usage,
)
from core.errors import BadInput, EngineError, EngineFault

ROSES = ModelCard(
    id="garden/roses",
    engine="garden",
    title="Roses",
    good_at="roses in glass",
    capabilities=Capabilities(operations=frozenset({"generate", "edit"}), mask="true"),
    traits=Traits(rendering="free", lettering="poor"),
    price=PriceRule(each=0.04),
    found=True,
)


class Garden(FakeEngine):
    """Has one model, which is in no list until somebody asks for it by name.

    It draws "slow" ones until it is stopped, and "withered" ones never, though it may bill them.
    """

    def __init__(self) -> None:
        out = io.BytesIO()
        Image.new("RGB", (64, 64), "crimson").save(out, "PNG")
        super().__init__(out.getvalue(), 64, 64, name="garden")
        self.usage = Usage(cost_usd=0.04)
        self._found: list[ModelCard] = []

    def models(self) -> Sequence[ModelCard]:
        return self._found

    async def find(self, name: str) -> ModelCard | None:
        if name == "garden/films":
            raise BadInput("“garden/films” makes films, no pictures.", hint="Try another one.")
        if name != ROSES.id:
            return None
        self._found = [ROSES]
        return ROSES

    async def run(
        self, request: ImageRequest, progress: Progress, journal: Journal = UNKEPT
    ) -> ImageResult:
        if "withered" in request.prompt:
            raise EngineError("It withered.", kind=EngineFault.UNKNOWN, may_have_billed=True)
        if "slow" in request.prompt:
            await asyncio.Event().wait()
        return await super().run(request, progress, journal)


if __name__ == "__main__":
    asyncio.run(serve(Settings(), more=(Garden(),)))

"""The studio as an engine: its server in this process, and the client that all Images APIs have."""

from __future__ import annotations

from importlib.util import find_spec

from core.engines.openai.engine import OpenAIImages, studio_engine
from core.engines.studio.drawing import Pool
from core.engines.studio.server import StudioServer

RENDERER = "mitsuba"
WARM = (
    "core.engines.studio.render.assemble",
    "core.engines.studio.render.denoise",
    "core.engines.studio.render.matte",
    "core.engines.studio.render.tone",
    "core.engines.studio.render.tracer",
)
"""What a child of the pool should have imported before it draws."""


class Studio:
    """Draws offline between `start` and `close`. Pictures are made in `pool`.

    Without its renderer the studio is listed as not usable, and `start` opens nothing.
    """

    def __init__(self, pool: Pool) -> None:
        installed = find_spec(RENDERER) is not None
        self._server = StudioServer(pool)
        self._engine = studio_engine(
            self._server.uds if installed else None,
            missing="" if installed else "its renderer is not installed",
        )

    @property
    def engine(self) -> OpenAIImages:
        """The engine; it can be listed at any time and draws while the studio is started."""
        return self._engine

    async def start(self) -> None:
        """Open the studio's door and load the client, so that the first picture waits for none."""
        if all(card.usable for card in self._engine.models()):
            await self._server.start()
            await self._engine.warm()

    async def close(self) -> None:
        """Stop; pictures that are being drawn are given up. May be called twice."""
        await self._engine.close()
        await self._server.close()

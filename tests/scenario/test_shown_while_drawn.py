"""What is shown does not wait until something is drawn, however long that takes."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import Any

from bot.base import base
from bot.beside import Beside, Platform
from bot.crew import Crew
from bot.settings import Settings
from bot.workbench import workbench
from core.picture.pool import PixelPool
from tests.scenario.house import png


def drawn_for_ever(report: Callable[[Any], None]) -> None:
    """A picture that is never done; whoever asked for it ends it."""
    report("begun")
    threading.Event().wait()


async def test_a_thumbnail_is_made_while_every_place_draws(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, pixel_workers=1)
    there: list[Beside] = []

    @contextlib.asynccontextmanager
    async def seen(settings: Settings, beside: Beside) -> AsyncIterator[Mapping[str, Platform]]:
        there.append(beside)
        yield {}

    pool, begun = PixelPool(1), asyncio.Event()

    async def on_message(message: Any) -> None:
        begun.set()

    async with (
        base(settings, own_store=True) as parts,
        Crew(settings) as crew,
        workbench(parts, pool, crew.catalog, seen),
    ):
        drawing = asyncio.create_task(pool.run(drawn_for_ever, on_message=on_message))
        try:
            await asyncio.wait_for(begun.wait(), 60)
            sha256 = await parts.blobs.put(png(size=(300, 300)))
            small = await asyncio.wait_for(there[0].desk.thumbnail(sha256, 64), 60)
        finally:
            drawing.cancel()
            await asyncio.gather(drawing, return_exceptions=True)
            await pool.close()
    assert small[:4] == b"RIFF"

"""The front desk of a process that faces people."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from bot import wiring
from bot.base import Base
from core.picture.pool import PixelPool
from core.turns.darkroom import Darkroom
from core.turns.desk import FrontDesk
from core.turns.intake import Intake
from core.turns.listening import Listening


@contextlib.asynccontextmanager
async def front_desk(parts: Base) -> AsyncIterator[FrontDesk]:
    """The desk has a pixel process of its own: whoever brings or fetches a picture must not wait
    for those that are being drawn."""
    limits = wiring.limits(parts.settings)
    pool = PixelPool(1, warm=wiring.DESK_WARM)
    await pool.start()
    desk = FrontDesk(
        parts.store,
        parts.queue,
        parts.blobs,
        Intake(parts.blobs, parts.store, pool, limits),
        Darkroom(parts.blobs, pool),
        Listening(parts.store, parts.signals),
        parts.observer,
        wiring.visits(parts.redis, parts.store),
    )
    try:
        yield desk
    finally:
        await desk.close()
        await pool.close()

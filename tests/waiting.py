"""Waiting for conditions, and for moments that chance has chosen."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Awaitable, Callable

import pytest

SOAK = os.environ.get("EASEL_SOAK") == "1"
"""Whether this is the long run."""

_LOOK_SECONDS = 0.02


async def moment(seconds: float) -> None:
    """Let that much time pass, on an event that never comes."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(asyncio.Event().wait(), seconds)


async def wait_until(
    holds: Callable[[], Awaitable[bool]], what: str, *, seconds: float = 60
) -> None:
    try:
        async with asyncio.timeout(seconds):
            while not await holds():
                await moment(_LOOK_SECONDS)
    except TimeoutError:
        pytest.fail(f"waited in vain until {what}")

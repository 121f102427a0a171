"""Work that nobody waits for: what is told to people, once the platform has its answer."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog

from core.errors import EaselError

log = structlog.get_logger(__name__)

_MOST = 1_000
_WORKS: set[asyncio.Task[None]] = set()
"""Held here until they end: the loop itself would let go of them."""


def soon(what: str, work: Coroutine[Any, Any, Any]) -> bool:
    """Have it done beside; `what` names it in the log, should it fail. Gives whether it will be.

    Where too much is under way already it is left out: whoever asks for more than can be said must
    not fill this process with answers.
    """
    if len(_WORKS) >= _MOST:
        work.close()
        log.warning(what, detail="too much is to be told at once")
        return False
    task = asyncio.create_task(_done(what, work))
    _WORKS.add(task)
    task.add_done_callback(_WORKS.discard)
    return True


async def settled(seconds: float = 5.0) -> None:
    """Wait for what is under way in this loop; what takes longer is given up."""
    loop = asyncio.get_running_loop()
    works = {task for task in _WORKS if task.get_loop() is loop}
    if not works:
        return
    _, late = await asyncio.wait(works, timeout=seconds)
    for task in late:
        task.cancel()
    if late:
        await asyncio.wait(late)


async def _done(what: str, work: Coroutine[Any, Any, Any]) -> None:
    try:
        await work
    except EaselError as refused:
        log.warning(what, detail=refused.admin or refused.message)
    except Exception:
        log.exception(what)

"""The event loop of processes that serve: uvloop, where there is one for the system.

It halves what a request costs beside its own work; see docs/BENCHMARKS.md for what is kept with it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from importlib import import_module
from importlib.util import find_spec
from typing import Any


def run(work: Coroutine[Any, Any, None]) -> None:
    """Carry the work out to its end, as `asyncio.run` does."""
    if find_spec("uvloop") is None:
        return asyncio.run(work)
    with asyncio.Runner(loop_factory=import_module("uvloop").new_event_loop) as runner:
        return runner.run(work)

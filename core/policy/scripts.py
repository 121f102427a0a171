"""How the policies speak to Redis: their Lua scripts, loaded from files, and plain commands.

Each script is atomic and harmless to repeat, since a patient connection repeats what was not
answered.
"""

from __future__ import annotations

from collections.abc import Awaitable
from importlib import resources
from typing import Any, cast

from redis.asyncio import Redis


def script(redis: Redis, name: str) -> Any:
    """The script of that name; what it takes and gives is written at the top of its file."""
    text = resources.files("core.policy").joinpath(f"lua/{name}.lua").read_text()
    return redis.register_script(text)


async def ask(answer: Awaitable[Any] | Any) -> Any:
    """Await a redis-py command; its annotations serve the sync client as well."""
    return await cast("Awaitable[Any]", answer)

"""The Lua scripts of the session core, loaded from their files, with typed signatures over them."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources
from typing import Any

from redis.asyncio import Redis

_NAMES = (
    "accept", "amend", "start", "cancel", "note", "emit", "finish",
    "take_slot", "drop_idle", "hold",
)  # fmt: skip


class Scripts:
    """Each script is atomic; what it takes and gives is written at the top of its file."""

    def __init__(self, redis: Redis) -> None:
        def load(name: str) -> Any:
            text = resources.files("core.session").joinpath(f"lua/{name}.lua").read_text()
            return redis.register_script(text)

        self._scripts = {name: load(name) for name in _NAMES}

    async def run(self, name: str, keys: Sequence[str], args: Sequence[str | int | float]) -> Any:
        return await self._scripts[name](keys=list(keys), args=list(args))

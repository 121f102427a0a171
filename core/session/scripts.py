"""The Lua scripts of the session core, loaded from their files, with typed signatures over them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import resources
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.client import Pipeline
from redis.exceptions import NoScriptError

_NAMES = (
    "accept", "amend", "release", "start", "cancel", "note", "emit", "finish",
    "take_slot", "drop_idle", "hold",
)  # fmt: skip


class Scripts:
    """Each script is atomic; what it takes and gives is written at the top of its file."""

    def __init__(self, redis: Redis) -> None:
        def load(name: str) -> Any:
            text = resources.files("core.session").joinpath(f"lua/{name}.lua").read_text()
            return redis.register_script(text)

        self._redis = redis
        self._scripts = {name: load(name) for name in _NAMES}

    async def run_after(
        self,
        before: Callable[[Pipeline], None],
        name: str,
        keys: Sequence[str],
        args: Sequence[str | int | float],
    ) -> list[Any]:
        """Run a script on one way with commands that are carried out before it; all answers, the
        script's last. Everything of that may be done again: it is, where the store does not know
        the script yet."""
        script = self._scripts[name]
        while True:
            try:
                async with self._redis.pipeline(transaction=False) as pipe:
                    before(pipe)
                    pipe.evalsha(script.sha, len(keys), *keys, *args)
                    answers: list[Any] = await pipe.execute()
                    return answers
            except NoScriptError:
                await self._redis.script_load(script.script)

    async def run(self, name: str, keys: Sequence[str], args: Sequence[str | int | float]) -> Any:
        return await self._scripts[name](keys=list(keys), args=list(args))

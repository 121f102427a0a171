"""A breaker for each endpoint of a provider: who has trouble is left alone for a while.

Too many failures in a row within a short time open it for all workers. Afterwards one caller tries
for everybody: if that succeeds all go on, else it is open for twice as long. Only failures of the
endpoint itself count; a refused request shows that it is well.
"""

from __future__ import annotations

import math
from uuid import uuid4

from redis.asyncio import Redis

from core.errors import EngineError, EngineFault
from core.policy import keys
from core.policy.scripts import script
from core.session.connect import ask


class Breaker:
    """The breakers of all endpoints, by any name ("openai").

    `threshold` failures within `window` seconds and no success between open one for `open_seconds`
    at first, at most for `longest`. A trial that nobody reports on is given up after `window`.
    """

    def __init__(
        self,
        redis: Redis,
        *,
        threshold: int = 5,
        window: float = 60.0,
        open_seconds: float = 20.0,
        longest: float = 300.0,
    ) -> None:
        self._redis = redis
        self._trial_ms = _ms(window)
        self._rule = [threshold, _ms(window), _ms(open_seconds), _ms(longest)]
        self._check = script(redis, "breaker_check")
        self._failed = script(redis, "breaker_failed")

    async def check(self, endpoint: str, title: str) -> None:
        """Raises EngineError while the endpoint is left alone. Who passes says how it went."""
        state, _ = _keys(endpoint)
        ms = await self._check(keys=[state], args=[uuid4().hex, self._trial_ms])
        if ms:
            raise left_alone(endpoint, title, ms / 1000)

    async def succeeded(self, endpoint: str) -> None:
        """The endpoint answered: all is well."""
        await ask(self._redis.delete(*_keys(endpoint)))

    async def failed(self, endpoint: str) -> None:
        """The endpoint had trouble of its own."""
        await self._failed(keys=_keys(endpoint), args=[uuid4().hex, *self._rule])


def left_alone(endpoint: str, title: str, seconds: float) -> EngineError:
    """What a person hears while a breaker is open."""
    return EngineError(
        f"{title} has trouble right now; Easel asks it again in {math.ceil(seconds)} s.",
        kind=EngineFault.TRANSIENT,
        hint="Try again then, or use another model.",
        retry_after=seconds,
        admin=f"the breaker of {endpoint} is open",
    )


def _keys(endpoint: str) -> list[str]:
    return [keys.breaker(endpoint, name) for name in ("state", "failures")]


def _ms(seconds: float) -> int:
    return round(seconds * 1000)

"""The real program beside a fake platform, for tests that kill it while it shows something there:
what is the same on every platform."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, ClassVar

from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.store_place import StorePlace
from core.session import keys
from core.session.showing import ShowStore
from tests.chaos.easel_process import EaselProcess
from tests.chaos.slow_provider import Drawn, SlowProvider
from tests.waiting import wait_until


@dataclass
class PlatformStage:
    """What draws, and `server`, which is not started yet."""

    provider: SlowProvider
    folder: Path
    server: EaselProcess
    _settings: dict[str, str]
    _made: list[EaselProcess]
    _numbers: count[int] = field(default_factory=count, kw_only=True)

    FALLEN: ClassVar[tuple[str, ...]] = (
        "showing_stopped",
        "turn_not_shown",
        "part_fell_down",
        "turn_given_up",
    )
    """What logs must not tell of when a process is killed."""

    def another(self, command: str, name: str) -> EaselProcess:
        """Another process of the same installation, not started yet."""
        made = EaselProcess(command, self.folder, {**self._settings, "NAME": name})
        self._made.append(made)
        return made

    @property
    def store(self) -> StorePlace:
        return StorePlace(self.folder / "data")

    async def all_drawn(self, sid: str, words: list[str], *, seconds: float) -> None:
        """Wait until every turn of a session has ended in the store, shown or not."""

        async def have_ended() -> bool:
            states = await self.states(sid)
            return len(states) == len(words) and set(states) <= {"done", "failed"}

        await wait_until(have_ended, f"“{words[-1]}” is drawn", seconds=seconds)

    async def all_shown(self, sid: str, words: list[str]) -> None:
        """Wait until the ends of all turns were shown, as far as Easel knows."""

        async def are_shown() -> bool:
            async with self._redis() as redis:
                return not await ShowStore(redis).unshown(sid)

        await wait_until(are_shown, f"the end of “{words[-1]}” is shown")

    async def states(self, sid: str) -> list[str]:
        """The states of a session's turns, in order; none while the store is away."""
        try:
            async with self._redis() as redis:
                told: Any = redis.lrange(keys.turns(sid), 0, -1)
                return [await self._state(redis, sid, tid) for tid in await told]
        except (RedisError, OSError):
            return []

    async def _state(self, redis: Redis, sid: str, tid: str) -> str:
        told: Any = redis.hget(keys.turn(sid, tid), "state")
        return str(await told)

    def _redis(self) -> Redis:
        return Redis.from_url(self.store.url, decode_responses=True)

    def calls_for(self, words: str) -> list[Drawn]:
        """How often the provider was asked for that."""
        return [call for call in self.provider.drawn if call.words == words]

    def fallen(self) -> list[str]:
        """Lines of logs that tell of something that must not happen when a process is killed."""
        logs = [process.log for process in self._made if process.log.exists()]
        lines = [line for log in logs for line in log.read_text(errors="replace").splitlines()]
        return [line for line in lines if any(fallen in line for fallen in self.FALLEN)]

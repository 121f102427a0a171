"""How many turns a person has in 24 hours, and how long between two.

A quota is counted over the last 24 hours, not by the day, so that nobody can use two at midnight.
Turns are counted whether or not anything bounds them, so a bound holds from the moment it is set.
The clock is the store's.
"""

from __future__ import annotations

import json
from collections.abc import Collection

from redis.asyncio import Redis

from core.errors import NotAllowed
from core.policy import keys
from core.policy.scripts import script
from core.session.connect import ask, reachable

DAY_SECONDS = 24 * 3600
MOST_COUNTED = 1_000
"""No quota is larger; a person's older turns are forgotten."""

_ROLES_SECONDS = 90 * DAY_SECONDS
_MINUTE, _HOUR = 60, 3600


class MustWait(NotAllowed):
    """This person may ask again, but not yet. `until`: when, in seconds since 1970."""

    status = 429

    def __init__(self, message: str, *, hint: str, until: float) -> None:
        super().__init__(message, hint=hint)
        self.until = until


class TooSoon(MustWait):
    """The turn before was too short a time ago."""

    code = "too_soon"

    def __init__(self, until: float, seconds: float) -> None:
        """`seconds`: how long it is until then."""
        super().__init__(
            f"That was quick: your next instruction here can be given in {time_left(seconds)}.",
            hint="There is a pause between two instructions of one person here, so that everybody "
            "gets a turn.",
            until=until,
        )


class OverQuota(MustWait):
    """All turns of 24 hours are used."""

    code = "over_quota"

    def __init__(self, most: int, until: float, seconds: float) -> None:
        """`seconds`: how long it is until then."""
        used = "your one instruction" if most == 1 else f"all of your {most} instructions"
        super().__init__(
            f"You have used {used} of 24 hours here.",
            hint=f"The next one can be given in {time_left(seconds)}.",
            until=until,
        )


class Quotas:
    """The turns of people by workspace. Any call raises Unavailable while the store is away."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._take = script(redis, "take_quota")

    async def take(
        self, workspace: str, actor: str, key: str, *, most: int | None, cooldown: int | None
    ) -> None:
        """Count a turn. The same `key` again is the same turn: it is let pass, and counts once.

        `most`: turns in 24 hours; `cooldown`: seconds between two turns; None: no bound.

        Raises TooSoon, OverQuota, NotAllowed (`most` is 0: waiting would not help); then nothing
        is counted.
        """
        if most == 0:
            raise NotAllowed(
                "Your roles give you no instructions here.",
                hint="Ask a moderator if that should be otherwise.",
                code="no_quota",
            )
        bound = "" if most is None else min(most, MOST_COUNTED)
        args = [key, bound, _ms(DAY_SECONDS), _ms(cooldown or 0), MOST_COUNTED]
        with reachable():
            refused = await self._take(keys=[keys.quota(workspace, actor)], args=args)
        if refused:
            why, until, left = refused
            if why == "quota":
                raise OverQuota(most or 0, until / 1000, left / 1000)
            raise TooSoon(until / 1000, left / 1000)

    async def give_back(self, workspace: str, actor: str, key: str) -> None:
        """Take a turn off the count that was not accepted after all; again is harmless."""
        with reachable():
            await ask(self._redis.zrem(keys.quota(workspace, actor), key))

    async def remember(self, workspace: str, actor: str, roles: Collection[str]) -> None:
        """Keep which roles a person has, for pages, which can't see them."""
        kept = json.dumps(sorted(roles))
        with reachable():
            await ask(self._redis.set(keys.roles(workspace, actor), kept, ex=_ROLES_SECONDS))

    async def roles(self, workspace: str, actor: str) -> tuple[str, ...] | None:
        """The roles that a person had when they last asked; None where that is not known."""
        with reachable():
            raw = await ask(self._redis.get(keys.roles(workspace, actor)))
        return tuple(json.loads(raw)) if raw else None

    async def left(self, workspace: str, actor: str, most: int) -> int:
        """How many more turns a person has just now, of `most` in 24 hours."""
        with reachable():
            since = await self._now() - _ms(DAY_SECONDS)
            counted = self._redis.zcount(keys.quota(workspace, actor), f"({since}", "+inf")
            return max(0, most - int(await ask(counted)))

    async def free_at(self, workspace: str, actor: str, most: int) -> float | None:
        """When a person who has used `most` turns has the next one, in seconds since 1970.

        None: there is one now, or never (`most` is 0).
        """
        if most == 0:
            return None
        with reachable():
            key = keys.quota(workspace, actor)
            row = await ask(self._redis.zrange(key, -most, -most, withscores=True))
            ends = int(row[0][1]) + _ms(DAY_SECONDS) if row else 0
            return ends / 1000 if ends > await self._now() else None

    async def _now(self) -> int:
        """The store's clock, in milliseconds since 1970."""
        seconds, micro = await ask(self._redis.time())
        return int(seconds) * 1000 + int(micro) // 1000


def time_left(seconds: float) -> str:
    """A time in the two largest of its units, rounded up: "3 min 20 s", "2 h 5 min"."""
    whole = max(1, -int(-seconds // 1))
    if whole >= _HOUR:
        minutes = -(-whole // _MINUTE)
        return _told((minutes // _MINUTE, "h"), (minutes % _MINUTE, "min"))
    return _told((whole // _MINUTE, "min"), (whole % _MINUTE, "s"))


def _told(*parts: tuple[int, str]) -> str:
    return " ".join(f"{number} {unit}" for number, unit in parts if number)


def _ms(seconds: int) -> int:
    return seconds * 1000

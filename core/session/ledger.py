"""What was sent to a platform for a turn: first that it is intended, then under which id it stands.

Between the two a process may die, and nobody knows whether the message was sent. Then the platform
is asked, with the marker that the message carries; so each message is sent once.

A process that stood still for longer than it is trusted finds another in its place when it goes on:
what it knew is no longer so. Its ledger takes nothing from it, and it begins anew from what stands.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from redis.asyncio import Redis

from core.errors import Unavailable
from core.session import keys
from core.session.connect import ask
from core.session.models import now

_KEPT_SECONDS = 30 * 24 * 3600


class Entry(BaseModel):
    """One message or file. `id` is the platform's, empty while it is only intended.

    `at` is when it was first intended (seconds since 1970), `facts` what the presenter wants back.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = ""
    at: float
    facts: dict[str, Any] = Field(default_factory=dict)

    @property
    def sent(self) -> bool:
        return bool(self.id)


class Ledger:
    """The entries of one turn, by the name of the part ("placeholder", "file:0").

    With an `owner`, writing raises Unavailable once they do not show the session any more.
    """

    def __init__(self, redis: Redis, sid: str, tid: str, owner: str = "") -> None:
        self._redis = redis
        self._key = keys.ledger(sid, tid)
        self._shower = keys.shower(sid)
        self._owner = owner

    async def entries(self) -> dict[str, Entry]:
        """All entries by part."""
        rows = await ask(self._redis.hgetall(self._key))
        return {part: Entry.model_validate_json(raw) for part, raw in rows.items()}

    async def get(self, part: str) -> Entry | None:
        raw = await ask(self._redis.hget(self._key, part))
        return Entry.model_validate_json(raw) if raw else None

    async def intend(self, part: str, **facts: Any) -> Entry:
        """Say that a part will be sent; an entry that stands already is given as it is."""
        await self._check_owner()
        fresh = Entry(at=now().timestamp(), facts=facts)
        if await ask(self._redis.hsetnx(self._key, part, fresh.model_dump_json())):
            await ask(self._redis.expire(self._key, _KEPT_SECONDS))
            return fresh
        return await self.get(part) or fresh

    async def sent(self, part: str, id: str, **facts: Any) -> Entry:
        """Say under which id a part stands; `facts` are added to those of its entry."""
        await self._check_owner()
        before = await self.get(part)
        entry = Entry(
            id=id,
            at=before.at if before else now().timestamp(),
            facts={**(before.facts if before else {}), **facts},
        )
        await ask(self._redis.hset(self._key, part, entry.model_dump_json()))
        await ask(self._redis.expire(self._key, _KEPT_SECONDS))
        return entry

    async def forget(self, part: str) -> None:
        """Take an entry back: what was intended is known not to stand."""
        await self._check_owner()
        await ask(self._redis.hdel(self._key, part))

    async def _check_owner(self) -> None:
        if self._owner and await ask(self._redis.get(self._shower)) != self._owner:
            raise Unavailable("This thread is shown by another process.", admin="lease lost")

"""Which turns still have to be shown to their platform, and which process does it."""

from __future__ import annotations

from redis.asyncio import Redis

from core.session import keys
from core.session.connect import ask
from core.session.ledger import Ledger
from core.session.models import now
from core.session.scripts import Scripts

_YOUNG_SECONDS = 60


class ShowStore:
    """What is to be shown, in Redis."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._scripts = Scripts(redis)

    def ledger(self, sid: str, tid: str, owner: str = "") -> Ledger:
        """The ledger of a turn; with an `owner`, it is written only while they show the session."""
        return Ledger(self._redis, sid, tid, owner)

    async def unshown(self, sid: str) -> list[str]:
        """Ids of a session's turns whose end was not shown, in order."""
        found: list[str] = await ask(self._redis.lrange(keys.unshown(sid), 0, -1))
        return found

    async def shown(self, sid: str, tid: str) -> None:
        """The end of a turn was shown."""
        await ask(self._redis.lrem(keys.unshown(sid), 1, tid))

    async def again(self, sid: str, tid: str) -> None:
        """The end of a turn is to be shown once more, even if that was done."""
        async with self._redis.pipeline(transaction=False) as pipe:
            pipe.zadd(keys.SHOWING, {sid: now().timestamp()})
            pipe.rpush(keys.unshown(sid), tid)
            await ask(pipe.execute())

    async def hold(self, sid: str, owner: str, seconds: float) -> bool:
        """Be the one who shows a session, for so long; False when another is."""
        lease = int(seconds * 1000)
        return bool(await self._scripts.run("hold", [keys.shower(sid)], [owner, lease]))

    async def keep(self, sid: str, owner: str, seconds: float) -> bool:
        """Show the session for so long again; False when it was lost meanwhile, even to nobody.

        Who was away for longer than their lease can't know what others did since.
        """
        if await ask(self._redis.get(keys.shower(sid))) != owner:
            return False
        return bool(await ask(self._redis.pexpire(keys.shower(sid), int(seconds * 1000))))

    async def let_go(self, sid: str, owner: str) -> None:
        """Let another show the session."""
        if await ask(self._redis.get(keys.shower(sid))) == owner:
            await ask(self._redis.delete(keys.shower(sid)))

    async def sessions(self) -> list[str]:
        """Sessions with something to show; the marks of others are dropped here."""
        marked = await ask(self._redis.zrange(keys.SHOWING, 0, -1, withscores=True))
        async with self._redis.pipeline(transaction=False) as pipe:
            for sid, _ in marked:
                pipe.llen(keys.unshown(sid))
            lengths = await pipe.execute()
        # A mark is set before its turn is accepted: a young one with nothing behind it must stay.
        old = now().timestamp() - _YOUNG_SECONDS
        counted = list(zip(marked, lengths, strict=True))
        idle = [(sid, at) for (sid, at), length in counted if not length and at < old]
        if idle:
            seen = [part for sid, at in idle for part in (sid, repr(at))]
            await self._scripts.run("drop_idle", [keys.SHOWING], seen)
        return [sid for (sid, _), length in counted if length]

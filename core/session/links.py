"""From what a platform shows back to what it is about: threads, messages, people, approvals."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict
from redis.asyncio import Redis

from core.session import keys
from core.session.connect import ask, reachable
from core.session.models import now


class MessageLink(BaseModel):
    """What a message of ours is about: a turn of a session, and the versions that it shows."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    session: str
    turn: str = ""
    versions: tuple[str, ...] = ()


async def _asked(command: Any) -> Any:
    with reachable():
        return await ask(command)


class LinkStore:
    """Links in Redis. They are kept as long as the sessions, so that old buttons work.

    Any call raises Unavailable while the store is away.
    """

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def known(self, thread: str) -> str | None:
        """The thread key under which there is a session for a thread; None: there is none."""
        async with self._redis.pipeline(transaction=False) as pipe:
            pipe.exists(keys.session(keys.session_id(thread)))
            pipe.get(keys.alias(thread))
            with reachable():
                exists, alias = await pipe.execute()
        return thread if exists else alias

    async def alias(self, thread: str, of: str) -> None:
        """Let a thread lead to the session that goes by the thread key `of`."""
        await _asked(self._redis.set(keys.alias(thread), of))

    async def settle(self, sid: str, place: Mapping[str, str]) -> None:
        """Say where a session's turns are shown from now on."""
        await _asked(self._redis.hset(keys.session(sid), "place", json.dumps(dict(place))))

    async def link(self, message: str, to: MessageLink) -> None:
        await _asked(self._redis.set(keys.link(message), to.model_dump_json()))

    async def linked(self, message: str) -> MessageLink | None:
        raw = await _asked(self._redis.get(keys.link(message)))
        return MessageLink.model_validate_json(raw) if raw else None

    async def unlink(self, message: str) -> None:
        await _asked(self._redis.delete(keys.link(message)))

    async def sessions_of(self, actor: str, limit: int) -> list[str]:
        """Ids of sessions in which a person took part, the latest touched first."""
        found: Sequence[str] = await _asked(
            self._redis.zrevrange(keys.sessions_of(actor), 0, limit - 1)
        )
        return list(found)

    async def took_part(self, actor: str, sid: str) -> bool:
        """Whether a person took part in a session (of those lately touched)."""
        return await _asked(self._redis.zscore(keys.sessions_of(actor), sid)) is not None

    async def approve(self, sid: str, vid: str, actor: str) -> None:
        await _asked(self._redis.hset(keys.approved(sid), f"{vid}|{actor}", now().isoformat()))

    async def unapprove(self, sid: str, vid: str, actor: str) -> None:
        await _asked(self._redis.hdel(keys.approved(sid), f"{vid}|{actor}"))

    async def approvals(self, sid: str) -> dict[str, tuple[str, ...]]:
        """Ids of approved versions, and of the people who approved each."""
        found: dict[str, tuple[str, ...]] = {}
        for name in sorted(await _asked(self._redis.hkeys(keys.approved(sid)))):
            vid, _, actor = name.partition("|")
            found[vid] = (*found.get(vid, ()), actor)
        return found

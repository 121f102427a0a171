"""People whom the moderators of a workspace have shut out.

A block holds in one workspace and until it is lifted. Who blocked whom, and why, is kept with it,
since other moderators ask.
"""

from __future__ import annotations

from datetime import UTC, datetime

from pydantic import BaseModel, ConfigDict, Field
from redis.asyncio import Redis

from core.errors import NotAllowed
from core.policy import keys
from core.session.connect import ask, reachable

_LONGEST_REASON, _LONGEST_NAME = 500, 100


def _now() -> datetime:
    return datetime.now(UTC)


class Blocked(NotAllowed):
    """A moderator has shut this person out."""

    code = "blocked"


class Block(BaseModel):
    """Who is blocked (`name` as it was then), by whom, when (UTC) and why, in free words."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    actor: str
    name: str = ""
    by: str
    at: datetime = Field(default_factory=_now)
    reason: str = ""


class Blocks:
    """Blocks in Redis, a hash a workspace. Any call raises Unavailable while the store is away."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def block(
        self, workspace: str, actor: str, by: str, reason: str = "", *, name: str = ""
    ) -> bool:
        """Shut a person out. Gives whether that is new; the first block of a person stands."""
        block = Block(
            actor=actor, name=name[:_LONGEST_NAME], by=by, reason=reason[:_LONGEST_REASON]
        )
        with reachable():
            fresh = self._redis.hsetnx(keys.blocks(workspace), actor, block.model_dump_json())
            return bool(await ask(fresh))

    async def unblock(self, workspace: str, actor: str) -> bool:
        """Let a person in again. Gives whether there was a block."""
        with reachable():
            return bool(await ask(self._redis.hdel(keys.blocks(workspace), actor)))

    async def blocked(self, workspace: str) -> list[Block]:
        """Everybody who is shut out, the latest first."""
        with reachable():
            rows = await ask(self._redis.hvals(keys.blocks(workspace)))
        found = [Block.model_validate_json(row) for row in rows]
        return sorted(found, key=lambda block: (block.at, block.actor), reverse=True)

    async def is_blocked(self, workspace: str, actor: str) -> bool:
        with reachable():
            return bool(await ask(self._redis.hexists(keys.blocks(workspace), actor)))

    async def check(self, workspace: str, actor: str) -> None:
        """Raises Blocked for whom a moderator has shut out."""
        if await self.is_blocked(workspace, actor):
            raise Blocked(
                "A moderator of this server has taken Easel from you.",
                hint="Talk to them about it.",
            )

    async def forget(self, workspace: str) -> None:
        """Drop all blocks of a workspace."""
        with reachable():
            await ask(self._redis.delete(keys.blocks(workspace)))

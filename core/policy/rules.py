"""What a workspace and a channel have decided: the model that is used, who may ask, when to listen.

A channel's word is stronger than its workspace's; what neither has decided is as it usually is.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict
from redis.asyncio import Redis

from core.instruction.plan import TurnOptions
from core.session.connect import ask, reachable

Who = Literal["everyone", "members", "admins"]
"""Everyone; members of the workspace itself, not guests of a shared channel; its admins."""

Listen = Literal["all", "mention"]
"""Every reply in a thread that has a session, or only those that mention Easel."""

_WORKSPACE = "*"


class Rules(BaseModel):
    """None: not decided here. `options` are wishes for every turn (a model, a quality)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    who: Who | None = None
    listen: Listen | None = None
    options: TurnOptions = TurnOptions()

    def under(self, stronger: Rules) -> Rules:
        """These rules with every decision of `stronger` laid over them."""
        return Rules(
            who=stronger.who or self.who,
            listen=stronger.listen or self.listen,
            options=self.options.under(stronger.options),
        )


class RuleStore:
    """Rules in Redis, a hash a workspace. Any call raises Unavailable while the store is away."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def decided(self, workspace: str, channel: str = "") -> Rules:
        """What a channel (without one: the workspace) has decided itself."""
        raw = await _asked(self._redis.hget(_key(workspace), channel or _WORKSPACE))
        return Rules.model_validate_json(raw) if raw else Rules()

    async def rules(self, workspace: str, channel: str) -> Rules:
        """What holds in a channel."""
        names = [_WORKSPACE, channel]
        rows = await _asked(self._redis.hmget(_key(workspace), names))
        found = [Rules.model_validate_json(raw) if raw else Rules() for raw in rows]
        return found[0].under(found[1])

    async def decide(self, workspace: str, channel: str, rules: Rules) -> None:
        """Set what a channel (without one: the workspace) has decided."""
        name = channel or _WORKSPACE
        await _asked(self._redis.hset(_key(workspace), name, rules.model_dump_json()))

    async def forget(self, workspace: str) -> None:
        """Drop all rules of a workspace."""
        await _asked(self._redis.delete(_key(workspace)))


def _key(workspace: str) -> str:
    return f"easel:rules:{workspace}"


async def _asked(command: Any) -> Any:
    with reachable():
        return await ask(command)

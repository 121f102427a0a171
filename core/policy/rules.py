"""What a workspace and a channel have decided: the model that is used, who may ask, when to listen,
how much is too much, and what may be shown.

A channel's word is stronger than its workspace's; what neither has decided is as it usually is.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator
from redis.asyncio import Redis

from core.instruction.plan import TurnOptions
from core.policy import keys
from core.policy.quotas import DAY_SECONDS, MOST_COUNTED
from core.session.connect import ask, reachable
from core.session.models import Gate

Who = Literal["everyone", "members", "roles", "admins"]
"""Everyone; members of the workspace itself, not guests of a shared channel; who has one of the
roles that were named; its admins."""

Listen = Literal["all", "mention"]
"""Every reply in a thread that has a session, or only those that mention Easel."""

EVERYBODY = "*"
"""Stands for a role that everybody has."""

_WORKSPACE = "*"
_Quota = Annotated[int, Field(ge=0, le=MOST_COUNTED)]


class Rules(BaseModel):
    """None: not decided here. `options` are wishes for every turn (a model, a quality).

    `roles` are the ids of those who may ask where `who` is "roles". `models` are the ids of the
    models that may draw; none listed is the same as None. `quotas` says how many turns a person has
    in 24 hours, by the id of a role or "*"; an empty one lifts what the workspace decided.
    `cooldown` is the time between two turns of a person, in seconds. `adult_only`: only in places
    that are for adults. `reports` is the channel in which moderators hear of results that were
    reported.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    who: Who | None = None
    roles: tuple[str, ...] | None = None
    listen: Listen | None = None
    models: tuple[str, ...] | None = None
    quotas: dict[str, _Quota] | None = None
    cooldown: int | None = Field(default=None, ge=0, le=DAY_SECONDS)
    gate: Gate | None = None
    adult_only: bool | None = None
    reports: str | None = None
    options: TurnOptions = TurnOptions()

    @field_validator("models")
    @classmethod
    def _no_model_is_no_rule(cls, models: tuple[str, ...] | None) -> tuple[str, ...] | None:
        """A list of nothing would forbid all drawing, which nobody means who clears a list."""
        return models or None

    def __hash__(self) -> int:
        return hash(self.model_dump_json())

    def under(self, stronger: Rules) -> Rules:
        """These rules with every decision of `stronger` laid over them."""
        decided = {
            name: value
            for name in Rules.model_fields
            if (value := getattr(stronger, name)) is not None
        }
        return self.model_copy(update=decided | {"options": self.options.under(stronger.options)})

    def changed(self, **decisions: Any) -> Rules:
        """These rules with some decisions replaced. Raises pydantic's ValidationError."""
        there = {name: getattr(self, name) for name in Rules.model_fields}
        return Rules.model_validate(there | decisions)

    @property
    def asks_for_roles(self) -> bool:
        """Whether how much somebody may ask for is a matter of their roles."""
        return bool(set(self.quotas or {}) - {EVERYBODY})

    def quota_of(self, roles: Collection[str]) -> int | None:
        """How many turns somebody with these roles has in 24 hours: the most that one of them
        gives. None: as many as they like."""
        quotas = self.quotas or {}
        fitting = [quotas[role] for role in (EVERYBODY, *roles) if role in quotas]
        return max(fitting, default=None)


class RuleStore:
    """Rules in Redis, a hash a workspace. Any call raises Unavailable while the store is away."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def decided(self, workspace: str, channel: str = "") -> Rules:
        """What a channel (without one: the workspace) has decided itself."""
        raw = await _asked(self._redis.hget(keys.rules(workspace), channel or _WORKSPACE))
        return Rules.model_validate_json(raw) if raw else Rules()

    async def rules(self, workspace: str, channel: str) -> Rules:
        """What holds in a channel."""
        names = [_WORKSPACE, channel]
        rows = await _asked(self._redis.hmget(keys.rules(workspace), names))
        found = [Rules.model_validate_json(raw) if raw else Rules() for raw in rows]
        return found[0].under(found[1])

    async def decide(self, workspace: str, channel: str, rules: Rules) -> None:
        """Set what a channel (without one: the workspace) has decided."""
        name = channel or _WORKSPACE
        await _asked(self._redis.hset(keys.rules(workspace), name, rules.model_dump_json()))

    async def forget(self, workspace: str) -> None:
        """Drop all rules of a workspace."""
        await _asked(self._redis.delete(keys.rules(workspace)))


async def _asked(command: Any) -> Any:
    with reachable():
        return await ask(command)

"""What is written down of a call to a provider, and where."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from redis.asyncio import Redis

from core.engines.journal import CallNote
from core.engines.port import Usage
from core.policy import keys
from core.policy.scripts import script
from core.session.connect import ask
from core.session.models import SCHEMA_VERSION, Asset, now

_KEPT_SECONDS = 14 * 24 * 3600
_CLAIM_SECONDS = 2 * 24 * 3600


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class KeptDrawn(_Value):
    """A picture that a call gave, as it is kept."""

    asset: Asset
    seed: int | None = None
    details: dict[str, Any] = Field(default_factory=dict)


class Drawn(_Value):
    """What a call came to: enough to use it again without paying again."""

    pictures: tuple[KeptDrawn, ...]
    usage: Usage = Usage()
    notes: tuple[str, ...] = ()
    snapshot: str | None = None
    conversation: str | None = None
    seconds: float = 0.0


class CallRecord(_Value):
    """One request to a provider. `key` names the request, whatever attempt it is at.

    `booked_usd` stands in the books for the latest attempt: the estimate until it ends. `cost_usd`
    is what the latest attempt cost where that is known. `lost_usd` was paid, or may have been, for
    attempts that gave nothing.
    """

    schema_version: Literal[1] = SCHEMA_VERSION
    key: str
    model: str
    engine: str
    state: Literal["intended", "drawn", "failed", "cancelled"] = "intended"
    attempts: int = Field(default=1, ge=1)
    note: CallNote | None = None
    estimate_usd: float
    booked_usd: float
    lost_usd: float = 0.0
    cost_usd: float = 0.0
    drawn: Drawn | None = None
    begun_at: datetime = Field(default_factory=now)


class Records:
    """The calls of all turns, each turn's in a hash beside its session."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._swap = script(redis, "swap")

    async def get(self, sid: str, tid: str, key: str) -> CallRecord | None:
        text = await self._text(sid, tid, key)
        return CallRecord.model_validate_json(text) if text else None

    async def change(
        self,
        sid: str,
        tid: str,
        key: str,
        changed: Callable[[CallRecord | None], Awaitable[CallRecord]],
    ) -> CallRecord:
        """Write what `changed` makes of the record. It is asked again when another was quicker."""
        while True:
            text = await self._text(sid, tid, key)
            record = await changed(CallRecord.model_validate_json(text) if text else None)
            args = [key, text, record.model_dump_json(), _KEPT_SECONDS]
            if await self._swap(keys=[keys.calls(sid, tid)], args=args):
                return record

    async def claim(self, engine: str, ref: str, owner: str) -> bool:
        """Whether a provider's call is the owner's, who may ask any number of times."""
        key = keys.claim(engine, ref)
        if await ask(self._redis.set(key, owner, nx=True, ex=_CLAIM_SECONDS)):
            return True
        return bool(await ask(self._redis.get(key)) == owner)

    async def _text(self, sid: str, tid: str, key: str) -> str:
        return str(await ask(self._redis.hget(keys.calls(sid, tid), key)) or "")

"""What the handlers of every chat platform stand on, in this installation."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypedDict

from adapters.chat.front import Ledgers, LinkTo, Usage
from bot import wiring
from bot.base import Base
from bot.linking import linking
from bot.spending import spending
from core.engines.catalog import Catalog
from core.policy.keyvalue import KeyValue, RedisKeyValue
from core.policy.rules import RuleStore
from core.policy.spend import Spend
from core.session.links import LinkStore
from core.session.showing import ShowStore
from core.turns.limits import TurnLimits
from core.turns.service import Desk


class ChatParts(TypedDict):
    """The fields of adapters.chat.front.ChatFront."""

    desk: Desk
    links: LinkStore
    kept: KeyValue
    rules: RuleStore
    catalog: Catalog
    usage: Usage
    limits: TurnLimits
    link_to: LinkTo
    heard: Callable[[float], None]
    doubled: Callable[[], None]
    ledger: Ledgers


def chat_parts(parts: Base, desk: Desk, catalog: Catalog, platform: str) -> ChatParts:
    """`platform` is the name under which its acknowledgements are counted."""
    settings, redis = parts.settings, parts.redis
    return ChatParts(
        desk=desk,
        links=LinkStore(redis),
        kept=RedisKeyValue(redis),
        rules=RuleStore(redis),
        catalog=catalog,
        usage=spending(Spend(redis), wiring.budgets(settings)),
        limits=wiring.limits(settings),
        link_to=linking(settings),
        heard=parts.metrics.ack_seconds.labels(platform).observe,
        doubled=parts.observer.duplicate_dropped,
        ledger=ShowStore(redis).ledger,
    )

"""What the handlers of a chat platform's events stand on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from core.engines.catalog import Catalog
from core.policy.keyvalue import KeyValue
from core.policy.rules import RuleStore
from core.session.ledger import Ledger
from core.session.links import LinkStore
from core.session.models import Actor
from core.turns.limits import TurnLimits
from core.turns.service import Desk

LinkTo = Callable[[str, Actor], str | None]
"""A signed link to one session in the web workspace for a person; None where none can be made."""

Usage = Callable[[], Awaitable[Mapping[str, Any]]]
"""What was spent this month, and the budgets: `bot.spending.spending`."""

Ledgers = Callable[[str, str], Ledger]
"""The ledger of a turn, by the ids of its session and its own."""


@dataclass(frozen=True, kw_only=True)
class ChatFront:
    """What is the same on every platform.

    `heard` counts an acknowledgement, in seconds since it came; `doubled` an event that came again.
    """

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

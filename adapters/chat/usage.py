"""What was spent and what is left, in lines that only the person who asks sees."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.engines.wording import dollars
from core.session.models import Actor


def usage_lines(told: Mapping[str, Any], actor: Actor, channel: str, *, ours: str) -> list[str]:
    """Plain words, from what `ChatFront.usage` gives.

    `channel` as bills name it, empty for none; `ours` is what people call their workspace, empty
    where it is nobody else's.
    """
    budgets = sums(told, "budgets")
    mine = sums(told, "by_actor").get(actor.id, 0.0)
    lines = [f"You: {spent(mine, budgets.get('actor_month'))}"]
    if channel:
        lines.append(f"This channel: {spent(sums(told, 'by_channel').get(channel, 0.0))}")
    if ours and "by_workspace" in told:
        all_of_us = sums(told, "by_workspace").get(actor.workspace, 0.0)
        lines.append(f"{ours}: {spent(all_of_us, budgets.get('workspace_month'))}")
    if (most := budgets.get("turn")) is not None:
        lines.append(f"One instruction may cost {dollars(most)} at most.")
    return lines


def month(told: Mapping[str, Any]) -> str:
    """Which month it is about."""
    return str(told.get("month", "This month"))


def spent(usd: float, budget: float | None = None) -> str:
    """An amount, and what is left of a budget."""
    amount = dollars(usd) if usd else "nothing yet"
    if budget is None:
        return amount
    return f"{amount} of {_money(budget)}, {_money(max(0.0, budget - usd))} left"


def sums(told: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """One table of the report; empty when it is not there."""
    found = told.get(name)
    return found if isinstance(found, Mapping) else {}


def _money(usd: float) -> str:
    return f"${usd:,.2f}"

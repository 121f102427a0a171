"""What was spent, from the books to the shape in which the workspace shows it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from core.policy.spend import Budgets, Spend


def spending(
    spend: Spend, budgets: Budgets
) -> Callable[[str | None], Awaitable[Mapping[str, Any]]]:
    """For `create_app(usage=…)`: the report of a month, of this one when it is not named."""

    async def report(month: str | None) -> Mapping[str, Any]:
        told = await spend.report(month)
        return {
            "month": told.month,
            "total_usd": told.total,
            "by_model": told.models,
            "by_actor": told.actors,
            "by_channel": told.channels,
            "budgets": budgets.model_dump(),
        }

    return report

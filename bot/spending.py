"""What was spent, from the books to the shape in which the workspace shows it."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from typing import Any, Protocol

from core.policy.spend import Budgets, Spend


class Report(Protocol):
    """The report of a month ("2026-11"), of this one when it is not named."""

    def __call__(self, month: str | None = None) -> Awaitable[Mapping[str, Any]]: ...


def spending(spend: Spend, budgets: Budgets) -> Report:
    """What the adapters show of the books."""

    async def report(month: str | None = None) -> Mapping[str, Any]:
        told = await spend.report(month)
        return {
            "month": told.month,
            "total_usd": told.total,
            "by_workspace": told.workspaces,
            "by_model": told.models,
            "by_actor": told.actors,
            "by_channel": told.channels,
            "by_person": told.people,
            "budgets": budgets.model_dump(),
        }

    return report

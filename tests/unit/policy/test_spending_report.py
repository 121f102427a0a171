"""What the workspace is told of the books."""

from __future__ import annotations

from datetime import UTC, datetime

from redis.asyncio import Redis

from adapters.web.model_shapes import UsageShape
from bot.spending import spending
from core.policy.spend import Budgets, Payer, Spend

PAYER = Payer(actor="web:local", channel="web", workspace="local")
THEN = datetime(2026, 10, 3, tzinfo=UTC)


async def test_the_report_of_a_month_has_the_shape_of_the_workspace(redis: Redis) -> None:
    budgets = Budgets(workspace_month=5.0)
    spend = Spend(redis, budgets)
    for place, usd in enumerate((0.25, 0.5)):
        await spend.reserve(
            f"b{place}", usd, PAYER, model="gpt-image-2", tid="t1", step_key="0", at=THEN
        )
    told = UsageShape.model_validate(await spending(spend, budgets)("2026-10"))
    assert (told.month, told.total_usd) == ("2026-10", 0.75)
    assert told.by_model == {"gpt-image-2": 0.75}
    assert told.by_actor == {"web:local": 0.75}
    assert told.by_channel == {"web": 0.75}
    assert told.budgets.workspace_month == 5.0


async def test_without_a_month_it_is_this_one(redis: Redis) -> None:
    told = await spending(Spend(redis), Budgets())(None)
    assert told["total_usd"] == 0
    assert told["month"].startswith("20")

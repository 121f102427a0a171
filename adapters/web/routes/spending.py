"""What was spent: all of it for those who may see everything, their own for others."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from adapters.web.front import Fronted, Visited
from adapters.web.model_shapes import UsageShape
from adapters.web.routes.common import REFUSALS
from adapters.web.shapes import reply
from core.errors import NotFound

router = APIRouter(prefix="/api/usage", tags=["usage"], responses=REFUSALS)

Month = Annotated[str | None, Query(pattern=r"^\d{4}-(0[1-9]|1[0-2])$", description="2026-11")]


@router.get("", response_model=UsageShape)
async def show_usage(front: Fronted, visitor: Visited, month: Month = None) -> Response:
    """What was spent in a month; without one, in this month."""
    person = None if visitor.everything else visitor.known()
    if front.usage is None:
        raise NotFound("Spending is not kept here.", code="no_usage")
    usage = UsageShape.model_validate(await front.usage(month))
    if person is not None:
        mine = {who: usd for who, usd in usage.by_actor.items() if who == person.id}
        own = {"total_usd": sum(mine.values()), "by_model": {}, "by_actor": mine, "by_channel": {}}
        usage = usage.model_copy(update=own)
    return reply(usage)

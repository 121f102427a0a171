"""The catalog: which models there are, what they can do and cost, and which are usable now."""

from __future__ import annotations

from fastapi import APIRouter, Response

from adapters.web.front import Fronted
from adapters.web.routes.common import REFUSALS
from adapters.web.shapes import ModelList, ModelShape, reply

router = APIRouter(prefix="/api/models", tags=["models"], responses=REFUSALS)


@router.get("", response_model=ModelList)
async def list_models(front: Fronted) -> Response:
    """Every model of every engine."""
    return reply(ModelList(models=tuple(map(ModelShape.of_card, front.catalog.cards()))))

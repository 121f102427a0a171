"""The catalog: which models there are, what they can do and cost, and which are usable now.

Beside the models that Easel knows, a workspace lists those that its people have pinned. Models that
were found for others are nobody else's business.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response

from adapters.web.front import Front, Fronted, Visited
from adapters.web.intake import read_json
from adapters.web.model_shapes import ModelList, ModelShape, NewPin
from adapters.web.routes.common import REFUSALS
from adapters.web.shapes import reply
from core.engines.pins import Pins
from core.engines.port import Capabilities, ModelCard, PriceRule
from core.errors import Conflict, EaselError, NotFound, Unavailable

_MOST_PINS = 100
_PATIENCE_SECONDS = 4.0
"""A list is not kept waiting longer for a provider that is to tell about a pinned model."""

router = APIRouter(prefix="/api/models", tags=["models"], responses=REFUSALS)

ModelId = Annotated[
    str, Path(pattern=r"^[!-~]{1,200}$", description="A model's id; it may have slashes.")
]
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": NewPin.model_json_schema()}},
    }
}


@router.get("", response_model=ModelList)
async def list_models(front: Fronted, visitor: Visited) -> Response:
    """Every model of every engine, and those that were pinned."""
    pinned = set(await _pinned(front, visitor.workspace))
    known = {card.id for card in front.catalog.cards()}
    away = await _acquaint(front, pinned - known)
    shown = [card for card in front.catalog.cards() if not card.found or card.id in pinned]
    models = (ModelShape.of_card(card, pinned=card.id in pinned) for card in (*shown, *away))
    return reply(ModelList(models=tuple(models)))


@router.post("", status_code=201, response_model=ModelShape, openapi_extra=_BODY)
async def pin_model(request: Request, front: Fronted, visitor: Visited) -> Response:
    """Keep a model in the list by its full name, after a look at what its provider says of it.

    A model that is listed anyway is not pinned.
    """
    visitor.known()
    pins = _kept(front)
    wish = await read_json(request, NewPin)
    card = await front.catalog.acquaint(wish.model)
    if card.found:
        await _pin(pins, visitor.workspace, card.id)
    return reply(ModelShape.of_card(card, pinned=card.found), 201)


@router.delete("/{model:path}", status_code=204)
async def unpin_model(model: ModelId, front: Fronted, visitor: Visited) -> None:
    """Take a pinned model off the list; 404 when it is not pinned."""
    visitor.known()
    pins = _kept(front)
    if model not in await pins.all(visitor.workspace):
        raise NotFound("This model is not pinned here.", hint="It may have been let go already.")
    await pins.remove(visitor.workspace, model)


def _kept(front: Front) -> Pins:
    if front.pins is None:
        raise Unavailable("Models cannot be added here.", code="no_pins")
    return front.pins


async def _pinned(front: Front, workspace: str) -> list[str]:
    """Without the store the list is shorter, and still a list."""
    try:
        return await front.pins.all(workspace) if front.pins else []
    except Unavailable:
        return []


async def _pin(pins: Pins, workspace: str, name: str) -> None:
    if len(await pins.all(workspace)) >= _MOST_PINS:
        raise Conflict(
            f"There are {_MOST_PINS} added models already.", hint="Remove one that nobody uses."
        )
    await pins.add(workspace, name)


async def _acquaint(front: Front, names: Iterable[str]) -> list[ModelCard]:
    """Let the catalog learn of pinned models; cards for those that can't be had now."""
    cards = await asyncio.gather(*(_away(front, name) for name in sorted(names)))
    return [card for card in cards if card is not None]


async def _away(front: Front, name: str) -> ModelCard | None:
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            await front.catalog.acquaint(name)
    except TimeoutError:
        missing = "its provider does not answer just now"
    except EaselError as problem:
        missing = problem.message.removesuffix(".")
    else:
        return None
    return ModelCard(
        id=name,
        engine="",
        title=name,
        capabilities=Capabilities(operations=frozenset()),
        price=PriceRule(known=False),
        usable=False,
        missing=missing,
        found=True,
    )

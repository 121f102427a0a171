"""Bodies of requests, read within bounds and turned into what the core asks for.

A refusal is answered at once; the server lets the rest of the body pass by, so the words arrive.
"""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request

from adapters.web.errors import wrong_values
from adapters.web.multipart import Form, read_form
from adapters.web.shapes import NewTurn
from core.errors import TooLarge
from core.instruction.plan import TurnOptions
from core.turns.limits import TurnLimits

_LARGEST_JSON = 256_000

Model = TypeVar("Model", bound=BaseModel)


async def read_json(request: Request, model: type[Model]) -> Model:
    """A JSON body; an empty one means that nothing is said. Raises BadInput, TooLarge."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LARGEST_JSON:
            raise TooLarge("That is too much text.", hint="Send files as multipart/form-data.")
    try:
        return model.model_validate_json(bytes(body) or b"{}")
    except ValidationError as problem:
        raise wrong_values(problem, "The body") from None


async def read_turn(request: Request, limits: TurnLimits) -> tuple[NewTurn, Form]:
    """An instruction with its files, from a form or from JSON. Raises BadInput, TooLarge."""
    content_type = request.headers.get("content-type", "")
    if not content_type.lower().startswith("multipart/form-data"):
        return await read_json(request, NewTurn), Form()
    form = await read_form(content_type, request.stream(), limits)
    return _turn_of(form), form


def _turn_of(form: Form) -> NewTurn:
    options = form.texts.get("options", "").strip() or "{}"
    try:
        return NewTurn(
            text=form.texts.get("text", ""),
            version=form.texts.get("version") or None,
            options=TurnOptions.model_validate_json(options),
        )
    except ValidationError as problem:
        raise wrong_values(problem, "options") from None

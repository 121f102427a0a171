"""Bodies of requests, read within bounds and turned into what the core asks for."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request

from adapters.web.errors import wrong_values
from adapters.web.multipart import Form, read_form
from adapters.web.shapes import NewTurn
from core.errors import BadInput, TooLarge
from core.instruction.plan import TurnOptions
from core.turns.limits import TurnLimits

_LARGEST_JSON = 256_000
_DRAINED_BYTES = 64_000_000
_DRAINED_SECONDS = 5

Model = TypeVar("Model", bound=BaseModel)


async def read_json(request: Request, model: type[Model]) -> Model:
    """A JSON body; an empty one means that nothing is said. Raises BadInput, TooLarge."""
    body = bytearray()
    stream = request.stream()
    async for chunk in stream:
        body += chunk
        if len(body) > _LARGEST_JSON:
            await _drain(stream)
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
    stream = request.stream()
    try:
        form = await read_form(content_type, stream, limits)
    except BadInput:
        await _drain(stream)
        raise
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


async def _drain(stream: AsyncIterator[bytes]) -> None:
    """Let the rest of a refused body pass by, within reason.

    Whoever is still sending reads the answer only afterwards; if the connection were closed at
    once, browsers would show a network error instead of the reason.
    """
    passed = 0
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_DRAINED_SECONDS):
            async for chunk in stream:
                passed += len(chunk)
                if passed > _DRAINED_BYTES:
                    return

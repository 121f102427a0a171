"""Every refusal and failure in one shape: `{"error": {"code", "message", "hint"}}`."""

from __future__ import annotations

from http import HTTPStatus
from typing import cast

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from adapters.web.shapes import ErrorBody, ErrorShape, reply
from core.errors import BadInput, EaselError, EngineError, NotFound, QueueFull, Unavailable

_WAIT_SECONDS = 5

log = structlog.get_logger(__name__)


def install(app: FastAPI) -> None:
    """Let the app answer in this shape, whatever goes wrong."""
    app.add_exception_handler(EaselError, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _not_served)


def answer(error: EaselError) -> Response:
    """The response for an error of the tree."""
    if error.admin or error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.warning("refused", code=error.code, message=error.message, admin=error.admin)
    return _body(error.status, error.code, error.message, error.hint, _headers(error))


def failed() -> Response:
    """The response when something broke that nobody foresaw."""
    return _body(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "internal",
        "Something broke on our side.",
        "Try again; if it stays like this, the log says more.",
    )


def wrong_values(problem: ValidationError, what: str) -> BadInput:
    """The first thing that is wrong in a body or field, in words."""
    first = problem.errors(include_url=False, include_context=False, include_input=False)[0]
    return BadInput(f"{_place(first['loc'], what)} is not right: {_lowered(first['msg'])}.")


async def _refused(_: Request, error: Exception) -> Response:
    return answer(cast("EaselError", error))


async def _invalid(_: Request, error: Exception) -> Response:
    first = cast("RequestValidationError", error).errors()[0]
    kind, *place = first["loc"]
    if kind == "path":
        return answer(_nothing_here())
    return answer(BadInput(f"{_place(tuple(place), kind)} is not right: {_lowered(first['msg'])}."))


async def _not_served(_: Request, problem: Exception) -> Response:
    error = cast("HTTPException", problem)
    if error.status_code == HTTPStatus.NOT_FOUND:
        return answer(_nothing_here())
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        words = "This address does not do that."
        return _body(error.status_code, "method_not_allowed", words, "", dict(error.headers or {}))
    return _body(error.status_code, "bad_input", f"{error.detail}.")


def _nothing_here() -> NotFound:
    return NotFound("There is nothing at this address.", hint="The workspace itself is at /.")


def _headers(error: EaselError) -> dict[str, str]:
    if isinstance(error, EngineError) and error.retry_after is not None:
        return {"Retry-After": str(max(1, round(error.retry_after)))}
    if isinstance(error, QueueFull) or error.status == Unavailable.status:
        return {"Retry-After": str(_WAIT_SECONDS)}
    return {}


def _body(
    status: int, code: str, message: str, hint: str = "", headers: dict[str, str] | None = None
) -> Response:
    shape = ErrorBody(error=ErrorShape(code=code, message=message, hint=hint))
    return reply(shape, status, headers)


def _place(loc: tuple[int | str, ...], otherwise: str) -> str:
    return f"“{'.'.join(map(str, loc)) or otherwise}”"


def _lowered(words: str) -> str:
    plain = words.removeprefix("Value error, ")
    return plain[:1].lower() + plain[1:]

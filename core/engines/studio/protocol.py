"""The OpenAI Images protocol over the studio, as a small web application.

It lets the one client that Easel has for OpenAI draw offline too: generations, edits, streamed
unfinished pictures, usage and error bodies are those of the real thing. Answers carry two fields
more: `seed`, and `easel_notes` with what was understood. When the client goes away, so does the
work.
"""

from __future__ import annotations

import asyncio
import base64
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from core.engines.studio.drawing import Picture, Pool, Sketch, drawn, sketches
from core.engines.studio.wire import MODEL, Ask, WireError, ask_of
from core.errors import BadInput, EaselError

_MAX_JSON = 256 * 1024
_MAX_FORM = 420_000_000
_MAX_FILES, _MAX_FIELDS = 20, 40
_CLIENT_GONE = 499

T = TypeVar("T")


def studio_app(pool: Pool) -> Starlette:
    """The application. Pictures are drawn in `pool`."""
    desk = _Desk(pool)
    return Starlette(
        routes=[
            Route("/v1/models", desk.models, methods=["GET"]),
            Route("/v1/images/generations", desk.generations, methods=["POST"]),
            Route("/v1/images/edits", desk.edits, methods=["POST"]),
        ],
        exception_handlers={WireError: _refusal, BadInput: _refusal, 404: _no_such_page},
    )


class _Desk:
    """The three routes."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def models(self, request: Request) -> Response:
        entry = {"id": MODEL, "object": "model", "created": 0, "owned_by": "easel"}
        return JSONResponse({"object": "list", "data": [entry]})

    async def generations(self, request: Request) -> Response:
        return await self._answer(request, ask_of(await _json(request)), "image_generation")

    async def edits(self, request: Request) -> Response:
        return await self._answer(request, await _form(request), "image_edit")

    async def _answer(self, request: Request, ask: Ask, event: str) -> Response:
        planned = await asyncio.to_thread(sketches, ask)
        if ask.stream:
            return _EventStream(self._pool, ask, planned, event)
        pictures = await _unless_gone(request.receive, self._all(ask, planned))
        if pictures is None:
            return Response(status_code=_CLIENT_GONE)
        return JSONResponse(_whole(ask, pictures))

    async def _all(self, ask: Ask, planned: list[Sketch]) -> list[Picture]:
        try:
            return [await drawn(self._pool, ask, sketch, None) for sketch in planned]
        except EaselError as error:
            raise _failure(error) from error


class _EventStream(Response):
    """Server-sent events while the pictures are drawn; stops the drawing when no one listens."""

    media_type = "text/event-stream"

    def __init__(self, pool: Pool, ask: Ask, planned: list[Sketch], event: str) -> None:
        super().__init__(headers={"cache-control": "no-store", "x-accel-buffering": "no"})
        del self.headers["content-length"]
        self._pool = pool
        self._ask = ask
        self._planned = planned
        self._event = event

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        await _unless_gone(receive, self._written(send))

    async def _written(self, send: Send) -> None:
        async def say(name: str, data: dict[str, Any]) -> None:
            text = f"event: {name}\ndata: {json.dumps(data)}\n\n"
            await send({"type": "http.response.body", "body": text.encode(), "more_body": True})

        try:
            for sketch in self._planned:
                await self._one(sketch, say)
        except EaselError as error:
            await say("error", _failure(error).body)
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _one(
        self, sketch: Sketch, say: Callable[[str, dict[str, Any]], Awaitable[None]]
    ) -> None:
        count = 0

        async def preview(png: bytes) -> None:
            nonlocal count
            name = f"{self._event}.partial_image"
            more = {"partial_image_index": count}
            await say(name, {"type": name, **_described(self._ask, sketch, png), **more})
            count += 1

        picture = await drawn(self._pool, self._ask, sketch, preview)
        name = f"{self._event}.completed"
        more = {"usage": picture.usage, "seed": picture.seed, "easel_notes": list(picture.notes)}
        await say(name, {"type": name, **_described(self._ask, sketch, picture.png), **more})


def _described(ask: Ask, sketch: Sketch, png: bytes) -> dict[str, Any]:
    return {
        "b64_json": base64.b64encode(png).decode(),
        "created_at": int(time.time()),
        "size": f"{sketch.size[0]}x{sketch.size[1]}",
        "quality": ask.quality,
        "background": "transparent" if sketch.scene.transparent else "opaque",
        "output_format": "png",
    }


def _whole(ask: Ask, pictures: list[Picture]) -> dict[str, Any]:
    """The answer to a request without streaming."""
    usage = [picture.usage for picture in pictures]
    width, height = pictures[0].size
    items = [
        {"b64_json": base64.b64encode(p.png).decode(), "seed": p.seed, "easel_notes": list(p.notes)}
        for p in pictures
    ]
    return {
        "created": int(time.time()), "data": items, "size": f"{width}x{height}",
        "quality": ask.quality, "output_format": "png",
        "background": "transparent" if ask.transparent else "opaque",
        "usage": {
            **usage[0],
            "output_tokens": sum(u["output_tokens"] for u in usage),
            "total_tokens": usage[0]["input_tokens"] + sum(u["output_tokens"] for u in usage),
        },
    }  # fmt: skip


async def _json(request: Request) -> dict[str, Any]:
    raw = bytearray()
    async for piece in request.stream():
        raw += piece
        if len(raw) > _MAX_JSON:
            raise WireError("The request is too large.", status=413, code="request_too_large")
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        raise WireError("The request body is not JSON.", code="invalid_json") from None
    if not isinstance(body, dict):
        raise WireError("The request body is not a JSON object.", code="invalid_json")
    return body


async def _form(request: Request) -> Ask:
    """An edit's multipart form: `image` or `image[]` (one or several), `mask`, and the fields."""
    if int(request.headers.get("content-length", "0")) > _MAX_FORM:
        raise WireError("The pictures are too large.", status=413, code="request_too_large")
    try:
        form = await request.form(max_files=_MAX_FILES, max_fields=_MAX_FIELDS)
    except MultiPartException as error:
        raise WireError(f"The form can't be read: {error.message}", code="invalid_form") from None
    images: list[bytes] = []
    fields: dict[str, str] = {}
    masked = False
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            masked |= name == "mask"
            if name in ("image", "image[]"):
                images.append(await value.read())
        else:
            fields[name] = value
    await form.close()
    if not images:
        raise WireError("There is no picture to edit.", param="image",
                        code="missing_required_parameter")  # fmt: skip
    return ask_of(fields, tuple(images), masked=masked)


async def _unless_gone(receive: Receive, work: Awaitable[T]) -> T | None:
    """The result of `work`, or None when the client went away, which cancels it."""
    task = asyncio.ensure_future(work)
    watch = asyncio.ensure_future(_gone(receive))
    try:
        await asyncio.wait({task, watch}, return_when=asyncio.FIRST_COMPLETED)
        return await task if task.done() else None
    finally:
        for each in (task, watch):
            each.cancel()
        await asyncio.gather(task, watch, return_exceptions=True)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue


def _failure(error: EaselError) -> WireError:
    """A failure while drawing, in the protocol's form."""
    kind = "invalid_request_error" if isinstance(error, BadInput) else "server_error"
    return WireError(
        error.message, status=error.status, code=error.code, hint=error.hint, kind=kind
    )


async def _refusal(request: Request, error: Exception) -> Response:
    if isinstance(error, BadInput):
        error = WireError.of(error)
    if not isinstance(error, WireError):
        raise error
    return JSONResponse(error.body, status_code=error.status)


async def _no_such_page(request: Request, error: Exception) -> Response:
    refusal = WireError(f"Invalid URL ({request.method} {request.url.path})", status=404)
    return JSONResponse(refusal.body, status_code=404)

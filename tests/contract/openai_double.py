"""A strict stand-in for OpenAI's Images API: real HTTP on a loopback port or a unix socket.

It refuses what the API refuses, in the API's own words, and keeps every request so that a test can
say how often and with what it was asked. Parameters: the types of the official SDK.
"""

from __future__ import annotations

import asyncio
import base64
import io
import json
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import uvicorn
from openai.types.image_edit_params import ImageEditParamsBase
from openai.types.image_generate_params import ImageGenerateParamsBase
from PIL import Image
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

OLDER = {"gpt-image-1.5", "gpt-image-1-mini"}
NEWER = {
    "gpt-image-2",
    "gpt-image-2-2026-04-21",
    "gpt-image-2.5-sunburst",
    "gpt-image-2.5-flare",
    "gpt-image-2.6-sunburst",
    "gpt-image-2.6-flare",
}
STUDIO = "studio"
_PATHS = {"/v1/images/generations": "generate", "/v1/images/edits": "edit"}
_KNOWN = {
    "generate": {*ImageGenerateParamsBase.__annotations__, "stream"},
    "edit": {*ImageEditParamsBase.__annotations__, "stream"},
}
USAGE = {
    "input_tokens": 1_100,
    "input_tokens_details": {"text_tokens": 100, "image_tokens": 1_000},
    "output_tokens": 1_756,
    "total_tokens": 2_856,
}


@dataclass(frozen=True)
class Upload:
    name: str
    mime: str
    data: bytes


@dataclass
class Asked:
    """One request as it arrived."""

    endpoint: str
    params: dict[str, Any]
    files: dict[str, list[Upload]] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Behaviour:
    """How one call goes. The default draws at once.

    `fail`: (status, error body, headers) instead of an answer. `fail_in_stream`: the error body
    after the previews. `hang_up`: "before" or "mid" the answer. `gate`: waited for after the
    previews (or before a plain answer). `raw`: these bytes are the body of a stream. `picture`
    replaces the drawn bytes, `extra` adds fields to the completed event.
    """

    fail: tuple[int, dict[str, Any], dict[str, str]] | None = None
    fail_in_stream: dict[str, Any] | None = None
    hang_up: str = ""
    gate: asyncio.Event | None = None
    raw: bytes | None = None
    raw_headers: dict[str, str] = field(default_factory=dict)
    raw_forever: bool = False
    picture: bytes | None = None
    extra: dict[str, Any] = field(default_factory=dict)
    usage: bool = True


class Refused(Exception):
    """A request that the API answers with an error body."""

    def __init__(self, message: str, param: str | None, code: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status
        self.body = {
            "message": message,
            "type": "invalid_request_error",
            "param": param,
            "code": code,
        }


class OpenAIDouble:
    """`plan` holds the behaviour of the next calls, in order; past its end every call draws."""

    def __init__(self, *, key: str = "sk-test-0123456789", transparent_2: bool = True) -> None:
        self.key = key
        self.transparent_2 = transparent_2
        self.asked: list[Asked] = []
        self.plan: deque[Behaviour] = deque()
        self.open_now = 0
        self.open_most = 0
        self.changed = asyncio.Condition()
        self.disconnects = 0
        self.base_url = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        self.open_now += 1
        self.open_most = max(self.open_most, self.open_now)
        try:
            await self._serve(Request(scope, receive), receive, send)
        finally:
            self.open_now -= 1
            await self._tell()

    async def until(self, predicate: Callable[[], bool]) -> None:
        """Wait until something that this server sees is so."""
        async with asyncio.timeout(10), self.changed:
            await self.changed.wait_for(predicate)

    async def _tell(self) -> None:
        async with self.changed:
            self.changed.notify_all()

    async def _serve(self, request: Request, receive: Receive, send: Send) -> None:
        endpoint = _PATHS.get(request.url.path, "")
        asked = await _read(endpoint, request)
        self.asked.append(asked)
        await self._tell()
        behaviour = self.plan.popleft() if self.plan else Behaviour()
        try:
            self._check(asked)
        except Refused as refused:
            return await _error(request, send, refused.status, refused.body, {})
        if behaviour.fail is not None:
            status, body, headers = behaviour.fail
            return await _error(request, send, status, body, headers)
        if behaviour.hang_up == "before":
            send.__self__.transport.abort()  # type: ignore[attr-defined]  # uvicorn's own cycle
            return None
        gone = asyncio.create_task(_until_gone(receive))
        work = asyncio.create_task(self._answer(asked, behaviour, send, gone))
        await asyncio.wait({gone, work}, return_when=asyncio.FIRST_COMPLETED)
        gone.cancel()
        if not work.done():
            self.disconnects += 1
            work.cancel()
            return None
        return work.result()

    def _check(self, asked: Asked) -> None:
        if asked.headers.get("authorization") != f"Bearer {self.key}":
            shown = asked.headers.get("authorization", "").removeprefix("Bearer ")
            raise Refused(f"Incorrect API key provided: {shown}.", None, "invalid_api_key", 401)
        if not asked.endpoint:
            raise Refused("Unknown request URL", None, "unknown_url", 404)
        check(asked, transparent_2=self.transparent_2)

    async def _answer(
        self, asked: Asked, how: Behaviour, send: Send, gone: asyncio.Task[None]
    ) -> None:
        picture = how.picture or draw(_size(asked), asked.params.get("background") == "transparent")
        if str(asked.params.get("stream")).lower() != "true" and how.raw is None:
            if how.gate is not None:
                await how.gate.wait()
            item = {"b64_json": base64.b64encode(picture).decode(), **how.extra}
            body = {"created": 1, "data": [item], "usage": USAGE if how.usage else None}
            return await _plain(send, json.dumps(body).encode())
        headers = {"content-type": "text/event-stream", **how.raw_headers}
        await _start(send, 200, headers)
        if how.raw is not None:
            return await _raw(send, how, gone)
        async for event in self._events(asked, how, picture):
            data = f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode()
            await send({"type": "http.response.body", "body": data, "more_body": True})
        return await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _events(
        self, asked: Asked, how: Behaviour, picture: bytes
    ) -> AsyncIterator[dict[str, Any]]:
        kind = "image_edit" if asked.endpoint == "edit" else "image_generation"
        common = {
            "created_at": int(time.time()),
            "size": "{}x{}".format(*_size(asked)),
            "quality": asked.params.get("quality", "medium"),
            "background": asked.params.get("background", "opaque"),
            "output_format": asked.params.get("output_format", "png"),
        }
        for index in range(int(asked.params.get("partial_images", 0))):
            yield {
                "type": f"{kind}.partial_image",
                "partial_image_index": index,
                "b64_json": base64.b64encode(_preview(index)).decode(),
                **common,
            }
        if how.gate is not None:
            await how.gate.wait()
        if how.hang_up == "mid":
            raise ConnectionAbortedError("hung up in the middle")
        if how.fail_in_stream is not None:
            yield {"type": "error", "error": how.fail_in_stream}
            return
        yield {
            "type": f"{kind}.completed",
            "b64_json": base64.b64encode(picture).decode(),
            **({"usage": USAGE} if how.usage else {}),
            **({"seed": int(asked.params["seed"])} if "seed" in asked.params else {}),
            **common,
            **how.extra,
        }


def check(asked: Asked, *, transparent_2: bool) -> None:
    """Raise Refused for what the API refuses."""
    params, model = asked.params, asked.params.get("model")
    if model not in OLDER | NEWER | {STUDIO, "chatgpt-image-latest"}:
        raise Refused(f"The model '{model}' does not exist.", None, "model_not_found", 404)
    known = _KNOWN[asked.endpoint] | ({"seed"} if model == STUDIO else set())
    for name in [*params, *asked.files]:
        if name.removesuffix("[]") not in known:
            raise Refused(f"Unknown parameter: '{name}'.", name, "unknown_parameter")
    if not params.get("prompt"):
        raise Refused("Missing required parameter: 'prompt'.", "prompt", "missing_parameter")
    if len(params["prompt"]) > 32_000:
        raise Refused("Invalid 'prompt'.", "prompt", "string_above_max_length")
    if "input_fidelity" in params and model != "gpt-image-1.5":
        raise Refused(
            f"The model '{model}' does not support the 'input_fidelity' parameter.",
            "input_fidelity",
            "invalid_input_fidelity_model",
        )
    _check_look(params, str(model), transparent_2)
    if asked.endpoint == "edit":
        _check_files(asked)


def _check_look(params: dict[str, Any], model: str, transparent_2: bool) -> None:
    size = params.get("size", "auto")
    if size != "auto" and not _allowed(size, model):
        raise Refused(f"Invalid value: '{size}'.", "size", "invalid_value")
    levels = {"low", "medium", "high", "auto"}
    if any(generation in model for generation in ("2.5", "2.6")):
        levels |= {"xhigh", "max"}
    if params.get("quality", "auto") not in levels:
        raise Refused("Invalid value for 'quality'.", "quality", "invalid_value")
    if params.get("background") == "transparent":
        if params.get("output_format", "png") not in ("png", "webp"):
            raise Refused("Transparent needs png or webp.", "background", "invalid_value")
        if model.startswith("gpt-image-2") and not transparent_2:
            refused = Refused(
                "Transparent background is not supported for this model.", None, "invalid_value"
            )
            refused.body["type"] = "image_generation_user_error"
            raise refused
    if not 0 <= int(params.get("partial_images", 0)) <= 3:
        raise Refused("Invalid 'partial_images'.", "partial_images", "invalid_value")
    if not 1 <= int(params.get("n", 1)) <= 10:
        raise Refused("Invalid 'n'.", "n", "invalid_value")


def _allowed(size: str, model: str) -> bool:
    if model in OLDER | {"chatgpt-image-latest"}:
        return size in ("1024x1024", "1536x1024", "1024x1536")
    width, height = (int(side) for side in size.split("x"))
    if model == STUDIO:
        return min(width, height) >= 64 and max(width, height) <= 2048
    short, long = sorted((width, height))
    return (
        width % 16 == 0
        and height % 16 == 0
        and long <= 3840
        and long <= 3 * short
        and 655_360 <= width * height <= 8_294_400
    )


def _check_files(asked: Asked) -> None:
    images = asked.files.get("image[]", []) + asked.files.get("image", [])
    if not 1 <= len(images) <= 16:
        raise Refused("Between 1 and 16 images are needed.", "image", "invalid_value")
    for place, upload in enumerate(images, start=1):
        if upload.mime not in ("image/png", "image/jpeg", "image/webp"):
            raise Refused(f"Invalid file type {upload.mime}.", "image", "unsupported_mimetype")
        try:
            Image.open(io.BytesIO(upload.data)).verify()
        except OSError:
            message = f"Invalid image file or mode for image {place}"
            raise Refused(message, None, "invalid_image_file") from None
    for mask in asked.files.get("mask", []):
        found, subject = (Image.open(io.BytesIO(part.data)) for part in (mask, images[0]))
        if found.size != subject.size or found.mode != "RGBA" or len(mask.data) > 4_000_000:
            raise Refused("Invalid mask image format or size.", "mask", "invalid_value")


@cache
def draw(size: tuple[int, int], transparent: bool) -> bytes:
    """A PNG of that size: terracotta, with a hole in the middle when transparent."""
    picture = Image.new("RGBA" if transparent else "RGB", size, (200, 90, 60))
    if transparent:
        picture.paste((0, 0, 0, 0), (size[0] // 4, size[1] // 4, size[0] // 2, size[1] // 2))
    packed = io.BytesIO()
    picture.save(packed, "PNG")
    return packed.getvalue()


def _preview(index: int) -> bytes:
    return draw((64 + index, 64), False)


def _size(asked: Asked) -> tuple[int, int]:
    size = asked.params.get("size", "auto")
    width, _, height = ("1024x1024" if size == "auto" else size).partition("x")
    return int(width), int(height)


async def _read(endpoint: str, request: Request) -> Asked:
    headers = dict(request.headers)
    if not headers.get("content-type", "").startswith("multipart/"):
        return Asked(endpoint, json.loads(await request.body()), {}, headers)
    asked = Asked(endpoint, {}, {}, headers)
    async with request.form() as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                upload = Upload(value.filename or "", value.content_type or "", await value.read())
                asked.files.setdefault(name, []).append(upload)
            else:
                asked.params[name] = value
    return asked


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue


async def _error(
    request: Request, send: Send, status: int, body: dict[str, Any], headers: dict[str, str]
) -> None:
    told = {"x-request-id": "req_test_1", **headers}
    response = JSONResponse({"error": body}, status, headers=told)
    await response(request.scope, request.receive, send)


async def _start(send: Send, status: int, headers: dict[str, str]) -> None:
    lines = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": lines})


async def _plain(send: Send, body: bytes) -> None:
    await _start(send, 200, {"content-type": "application/json"})
    await send({"type": "http.response.body", "body": body, "more_body": False})


async def _raw(send: Send, how: Behaviour, gone: asyncio.Task[None]) -> None:
    """The bytes of `how.raw`, once or until the client goes."""
    while True:
        more = {"type": "http.response.body", "body": how.raw, "more_body": how.raw_forever}
        await send(more)
        if not how.raw_forever:
            return
        await asyncio.wait({gone}, timeout=0.001)


class _Server(uvicorn.Server):
    """Tells when it is ready, and stops at once instead of at its next tick."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()
        self.over = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield  # the test runner keeps its signals

    async def main_loop(self) -> None:
        self.ready.set()
        await self.over.wait()


@asynccontextmanager
async def serving(double: OpenAIDouble, uds: Path | None = None) -> AsyncIterator[OpenAIDouble]:
    """Serve the double while the block runs; sets its `base_url`."""
    config = uvicorn.Config(
        double,
        host="127.0.0.1",
        port=0,
        uds=str(uds) if uds else None,
        lifespan="off",
        ws="none",
        log_config=None,
        log_level="critical",
        timeout_graceful_shutdown=1,
    )
    server = _Server(config)
    task = asyncio.create_task(server.serve())
    await server.ready.wait()
    if uds is None:
        port = server.servers[0].sockets[0].getsockname()[1]
        double.base_url = f"http://127.0.0.1:{port}/v1"
    else:
        double.base_url = "http://studio/v1"
    try:
        yield double
    finally:
        server.over.set()
        await task

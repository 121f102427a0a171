"""A strict stand-in for OpenAI: real HTTP on a loopback port or a unix socket.

It refuses what the API refuses, in the API's own words (`openai_rules`, `openai_talk`), and keeps
every request so that a test can say how often and with what it was asked.
"""

from __future__ import annotations

import asyncio
import base64
import json
import time
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from tests.contract.loopback_answers import Watched, hang_up, pour, start, while_there
from tests.contract.loopback_server import listening
from tests.contract.openai_asked import Asked, Refused, Upload, draw, preview_picture, read, size_of
from tests.contract.openai_moderating import check_input, results
from tests.contract.openai_rules import LATEST, NEWER, OLDER, check_images
from tests.contract.openai_talk import TALKING, Ended, Talk, check_talk, unpack

__all__ = ["USAGE", "Asked", "Behaviour", "OpenAIDouble", "Upload", "draw", "serving"]

_PATHS = {
    "/v1/images/generations": "generate",
    "/v1/images/edits": "edit",
    "/v1/responses": "respond",
    "/v1/models": "models",
    "/v1/moderations": "moderate",
}
USAGE = {
    "input_tokens": 1_100,
    "input_tokens_details": {"text_tokens": 100, "image_tokens": 1_000},
    "output_tokens": 1_756,
    "total_tokens": 2_856,
}


@dataclass
class Behaviour:
    """How one call goes. The default draws at once.

    `fail`: (status, error body, headers) instead of an answer. `fail_in_stream`: the error body
    after the previews; `fail_as` says where it stands in a conversation: "event", "nested",
    "response" or "item". `words`, `refusal`, `cut_short`: what a conversation says instead of a
    picture; `revised`: what it made of the prompt. `hang_up`: "before" or "mid" the answer. `gate`:
    waited for after the previews (or before a plain answer). `raw`: these bytes are the body of a
    stream. `picture` replaces the drawn bytes, `extra` adds fields to the completed event.
    """

    fail: tuple[int, dict[str, Any], dict[str, str]] | None = None
    fail_in_stream: dict[str, Any] | None = None
    fail_as: str = "event"
    words: str = ""
    refusal: str = ""
    cut_short: str = ""
    revised: str = ""
    hang_up: str = ""
    gate: asyncio.Event | None = None
    raw: bytes | None = None
    raw_headers: dict[str, str] = field(default_factory=dict)
    raw_forever: bool = False
    picture: bytes | None = None
    extra: dict[str, Any] = field(default_factory=dict)
    usage: bool = True


class OpenAIDouble(Watched):
    """`plan` holds the behaviour of the next calls, in order; past its end every call draws.

    `amiss`: what moderation flags in words, and as what.
    """

    def __init__(self, *, key: str = "sk-test-0123456789", transparent_2: bool = True) -> None:
        super().__init__()
        self.key = key
        self.transparent_2 = transparent_2
        self.models = sorted(OLDER | NEWER | {LATEST, TALKING})
        self.talks: dict[str, Ended] = {}
        self._numbers = count(1)
        self.amiss: dict[str, str] = {}
        self.asked: list[Asked] = []
        self.plan: deque[Behaviour] = deque()
        self.open_now = 0
        self.open_most = 0
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
            await self.tell()

    async def _serve(self, request: Request, receive: Receive, send: Send) -> None:
        endpoint = _PATHS.get(request.url.path, "")
        asked = await read(endpoint, request)
        self.asked.append(asked)
        await self.tell()
        behaviour = self.plan.popleft() if self.plan else Behaviour()
        try:
            self._check(asked)
        except Refused as refused:
            return await _error(request, send, refused.status, refused.body, {})
        if behaviour.fail is not None:
            status, body, headers = behaviour.fail
            return await _error(request, send, status, body, headers)
        if behaviour.hang_up == "before":
            return hang_up(send)
        if not await while_there(receive, lambda gone: self._answer(asked, behaviour, send, gone)):
            self.disconnects += 1
        return None

    def _check(self, asked: Asked) -> None:
        if asked.headers.get("authorization") != f"Bearer {self.key}":
            shown = asked.headers.get("authorization", "").removeprefix("Bearer ")
            raise Refused(f"Incorrect API key provided: {shown}.", None, "invalid_api_key", 401)
        if not asked.endpoint:
            raise Refused("Unknown request URL", None, "unknown_url", 404)
        if asked.endpoint == "respond":
            unpack(asked)
            check_talk(asked, self.talks, transparent_2=self.transparent_2)
        elif asked.endpoint == "moderate":
            check_input(asked)
        elif asked.endpoint != "models":
            check_images(asked, transparent_2=self.transparent_2)

    async def _answer(
        self, asked: Asked, how: Behaviour, send: Send, gone: asyncio.Task[None]
    ) -> None:
        if asked.endpoint == "models" and how.raw is None:
            listed = [{"id": model, "object": "model", "created": 1} for model in self.models]
            return await _plain(send, json.dumps({"object": "list", "data": listed}).encode())
        if asked.endpoint == "moderate":
            if how.gate is not None:
                await how.gate.wait()
            return await _plain(send, how.raw or json.dumps(results(asked, self.amiss)).encode())
        picture = how.picture or draw(size_of(asked), asked.look.get("background") == "transparent")
        if str(asked.params.get("stream")).lower() != "true" and how.raw is None:
            if how.gate is not None:
                await how.gate.wait()
            item = {"b64_json": base64.b64encode(picture).decode(), **how.extra}
            body = {"created": 1, "data": [item], "usage": USAGE if how.usage else None}
            return await _plain(send, json.dumps(body).encode())
        headers = {"content-type": "text/event-stream", **how.raw_headers}
        await start(send, 200, headers)
        if how.raw is not None:
            return await pour(send, how.raw, gone, forever=how.raw_forever)
        events = self._talk if asked.endpoint == "respond" else self._events
        async for event in events(asked, how, picture):
            data = f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode()
            await send({"type": "http.response.body", "body": data, "more_body": True})
        return await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _events(
        self, asked: Asked, how: Behaviour, picture: bytes
    ) -> AsyncIterator[dict[str, Any]]:
        kind = "image_edit" if asked.endpoint == "edit" else "image_generation"
        common = {
            "created_at": int(time.time()),
            "size": "{}x{}".format(*size_of(asked)),
            "quality": asked.params.get("quality", "medium"),
            "background": asked.params.get("background", "opaque"),
            "output_format": asked.params.get("output_format", "png"),
        }
        for index in range(int(asked.params.get("partial_images", 0))):
            yield {
                "type": f"{kind}.partial_image",
                "partial_image_index": index,
                "b64_json": base64.b64encode(preview_picture(index)).decode(),
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

    async def _talk(
        self, asked: Asked, how: Behaviour, picture: bytes
    ) -> AsyncIterator[dict[str, Any]]:
        shown = tuple(preview_picture(at) for at in range(asked.look.get("partial_images", 0)))
        usage = USAGE if how.usage else None
        talk = Talk(f"resp_{next(self._numbers)}", asked, picture, shown, usage, how.revised)
        for number, event in enumerate(talk.begin()):
            yield {"sequence_number": number, **event}
        if how.gate is not None:
            await how.gate.wait()
        if how.hang_up == "mid":
            raise ConnectionAbortedError("hung up in the middle")
        for number, event in enumerate(self._end(talk, how), start=100):
            yield {"sequence_number": number, **event}

    def _end(self, talk: Talk, how: Behaviour) -> Iterator[dict[str, Any]]:
        if how.fail_in_stream is not None and how.fail_as == "event":
            return iter([{**how.fail_in_stream, "type": "error"}])
        if how.fail_in_stream is not None and how.fail_as == "nested":
            return iter([{"type": "error", "error": how.fail_in_stream}])
        if how.fail_in_stream is not None:
            fails = talk.failed if how.fail_as == "response" else talk.item_failed
            return fails(how.fail_in_stream)
        if how.words or how.refusal:
            return talk.said(how.words or how.refusal, "output_text" if how.words else "refusal")
        if how.cut_short:
            return talk.cut_short(how.cut_short)
        self.talks[talk.id] = Ended(size_of(talk.asked))
        return talk.drawn()


async def _error(
    request: Request, send: Send, status: int, body: dict[str, Any], headers: dict[str, str]
) -> None:
    told = {"x-request-id": "req_test_1", **headers}
    response = JSONResponse({"error": body}, status, headers=told)
    await response(request.scope, request.receive, send)


async def _plain(send: Send, body: bytes) -> None:
    await start(send, 200, {"content-type": "application/json"})
    await send({"type": "http.response.body", "body": body, "more_body": False})


@asynccontextmanager
async def serving(double: OpenAIDouble, uds: Path | None = None) -> AsyncIterator[OpenAIDouble]:
    """Serve the double while the block runs; sets its `base_url`."""
    async with listening(double, uds) as root:
        double.base_url = f"{root}/v1"
        yield double

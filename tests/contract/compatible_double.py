"""Strict stand-ins for servers that speak the OpenAI Images protocol, one kind a dialect.

Real HTTP on loopback. Each refuses what its original refuses, in the original's words and shapes,
and more: a field that the original would pass over is refused too, since sending it would be a
mistake. Pictures and masks are decoded and judged by their pixels; what is drawn shows what was
asked (see `drawn`). From the servers' sources, named in `core/engines/compatible/dialects.py`.
"""

from __future__ import annotations

import asyncio
import base64
import io
import json
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from PIL import Image
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from tests.contract.compatible_kinds import RULES, Asked, Drawing, Refused
from tests.contract.loopback_answers import Watched, hang_up, pour, start, while_there
from tests.contract.loopback_server import listening

GROUND = (200, 90, 60)
PAINTED = (20, 160, 220)


@dataclass
class Behaviour:
    """How one call goes. The default draws at once.

    `fail`: (status, body, headers) instead of an answer; a body that is text is sent as it is.
    `hang_up`: drop the connection "before" the answer or in the "mid" of it. `gate`: waited for
    before the answer. `body`: these bytes are the answer, `forever`: again and again. `item`: the
    one item of the answer's list.
    """

    fail: tuple[int, Any, dict[str, str]] | None = None
    hang_up: str = ""
    gate: asyncio.Event | None = None
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    forever: bool = False
    item: dict[str, Any] | None = None


class CompatibleDouble(Watched):
    """`plan` holds the behaviour of the next drawings, in order; past its end every call draws.

    `links`: pictures are given as links, whatever was asked.
    """

    def __init__(self, kind: str, *, key: str = "") -> None:
        super().__init__()
        self.kind = kind
        self.key = key
        self.rules = RULES[kind]
        self.models: Any = self.rules.models
        self.list_fails: tuple[int, Any, dict[str, str]] | None = None
        self.list_reads = 0
        self.links = False
        self.missing_paths: set[str] = set()
        self.asked: list[Asked] = []
        self.drawings: list[Drawing] = []
        self.kept: dict[str, bytes] = {}
        self.kept_reads: list[dict[str, str]] = []
        self.plan: deque[Behaviour] = deque()
        self.disconnects = 0
        self.root = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        try:
            self._check_key(request)
            if request.method == "GET":
                await self._get(request)(scope, receive, send)
            else:
                await self._draw(request, receive, send)
        except Refused as refused:
            await _answer(refused.status, refused.body, {})(scope, receive, send)
        finally:
            await self.tell()

    def _check_key(self, request: Request) -> None:
        shown = request.headers.get("authorization", "")
        if self.key and shown != f"Bearer {self.key}":
            raise Refused(401, self.rules.error(f"Invalid API key: {shown}", 401))

    def _get(self, request: Request) -> Response:
        path = request.url.path
        if path in self.rules.listings and path not in self.missing_paths:
            self.list_reads += 1
            if self.list_fails is not None:
                return _answer(*self.list_fails)
            return _answer(200, self.models, {})
        if path in self.kept:
            self.kept_reads.append(dict(request.headers))
            return Response(self.kept[path], media_type="image/png")
        raise Refused(404, self.rules.error("Not Found", 404))

    async def _draw(self, request: Request, receive: Receive, send: Send) -> None:
        asked = await _read(request)
        self.asked.append(asked)
        await self.tell()
        how = self.plan.popleft() if self.plan else Behaviour()
        drawing = self.rules.judge(asked)
        self.drawings.append(drawing)
        if how.fail is not None:
            raise_with = _answer(*how.fail)
            return await raise_with(request.scope, receive, send)
        if how.hang_up == "before":
            return hang_up(send)
        if not await while_there(receive, lambda gone: self._give(drawing, how, send, gone)):
            self.disconnects += 1
        return None

    async def _give(
        self, drawing: Drawing, how: Behaviour, send: Send, gone: asyncio.Task[None]
    ) -> None:
        if how.gate is not None:
            await how.gate.wait()
        if how.body is not None:
            await start(send, 200, {"content-type": "application/json", **how.headers})
            return await pour(send, how.body, gone, forever=how.forever)
        item = how.item if how.item is not None else self._item(drawing)
        body = json.dumps({"created": 1, "data": [item]}).encode()
        headers = {"content-type": "application/json", **how.headers}
        if how.hang_up == "mid":
            await start(send, 200, headers | {"content-length": str(len(body))})
            await send({"type": "http.response.body", "body": body[:40], "more_body": True})
            raise ConnectionAbortedError("hung up in the middle")
        await start(send, 200, headers)
        return await send({"type": "http.response.body", "body": body, "more_body": False})

    def _item(self, drawing: Drawing) -> dict[str, Any]:
        picture = drawn(drawing)
        if not (drawing.link or self.links):
            return {"b64_json": base64.b64encode(picture).decode()}
        path = self.rules.keep_at.format(len(self.kept))
        self.kept[path] = picture
        return {"url": self.rules.link(self.root, path)}


def drawn(drawing: Drawing) -> bytes:
    """A PNG that shows what was understood.

    The first picture brought to size, or a plain ground; painted over where the mask is white;
    the seed as the colour of the top left pixel.
    """
    if drawing.pictures:
        canvas = drawing.pictures[0].convert("RGB").resize(drawing.size)
    else:
        canvas = Image.new("RGB", drawing.size, GROUND)
    if drawing.mask is not None:
        canvas.paste(PAINTED, mask=drawing.mask.resize(drawing.size))
    if drawing.seed is not None:
        canvas.putpixel((0, 0), shown(drawing.seed))
    packed = io.BytesIO()
    canvas.save(packed, "PNG")
    return packed.getvalue()


def shown(seed: int) -> tuple[int, int, int]:
    """The colour that stands for a seed."""
    return seed >> 16 & 255, seed >> 8 & 255, seed & 255


async def _read(request: Request) -> Asked:
    headers = dict(request.headers)
    asked = Asked(request.url.path, headers=headers)
    if headers.get("content-type") == "application/json":
        asked.fields = json.loads(await request.body())
        return asked
    async with request.form() as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                mime = value.content_type or ""
                asked.files.append((name, value.filename or "", mime, await value.read()))
            else:
                asked.fields[name] = value
    return asked


def _answer(status: int, body: Any, headers: dict[str, str]) -> Response:
    if isinstance(body, str):
        return Response(body, status, headers=headers)
    return JSONResponse(body, status, headers=headers)


@asynccontextmanager
async def serving(double: CompatibleDouble) -> AsyncIterator[CompatibleDouble]:
    """Serve the double while the block runs; sets its `root`, the address without "/v1"."""
    async with listening(double) as double.root:
        yield double

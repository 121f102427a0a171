"""The host where Replicate's outputs lie for an hour: another one than the API's."""

from __future__ import annotations

import asyncio
from itertools import count

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send


class Delivery:
    """Keeps the headers of every request. `expired`: all is gone.

    `redirect`: where it sends on to. `endless`: a body that does not end. `fail`: so many requests
    are answered with 503 first.
    """

    def __init__(self) -> None:
        self.base_url = ""
        self.files: dict[str, bytes] = {}
        self.fetched: list[dict[str, str]] = []
        self.expired = False
        self.redirect = ""
        self.endless = False
        self.fail = 0
        self.sent = 0
        self._numbers = count(1)

    def put(self, data: bytes) -> str:
        path = f"/xezq/{next(self._numbers)}/out"
        self.files[path] = data
        return self.base_url + path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return None
        request = Request(scope, receive)
        self.fetched.append(dict(request.headers))
        if self.endless:
            return await self._without_end(receive, send)
        return await self._answer(request.url.path)(scope, receive, send)

    def _answer(self, path: str) -> Response:
        if self.fail:
            self.fail -= 1
            return Response(status_code=503)
        if self.redirect:
            target, self.redirect = self.redirect, ""
            return Response(status_code=302, headers={"location": target})
        if self.expired or path not in self.files:
            return Response(status_code=404)
        return Response(self.files[path], media_type="application/octet-stream")

    async def _without_end(self, receive: Receive, send: Send) -> None:
        await receive()
        gone = asyncio.ensure_future(receive())
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while not gone.done():
            piece = b"\x00" * 65_536
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            self.sent += len(piece)
            await asyncio.wait({gone}, timeout=0.001)

"""A provider on loopback that gives one answer, for looking at what Easel makes of it.

Models and past calls are listed as the real ones list them, from the schemas that Easel brings
along; every request to draw is given the answer at hand.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

_SCHEMAS = files("core.engines.replicate") / "schemas"
_LISTED = {"data": [{"id": "flux-dev"}]}


@dataclass(frozen=True)
class Answer:
    """What the provider says to a request to draw. `events`: a stream of these instead of `body`.

    `hang_up`: it takes the request and closes the connection.
    """

    status: int = 200
    body: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    events: tuple[Mapping[str, Any], ...] = ()
    hang_up: bool = False


@asynccontextmanager
async def answering(answer: Answer) -> AsyncIterator[str]:
    """Serve that answer while the block runs; gives the address of its API."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            method, path = await _request(reader)
            given = _listing(path) if method == "GET" else answer
            if not given.hang_up:
                writer.write(_response(given))
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            return  # the client went
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}/v1"


async def _request(reader: asyncio.StreamReader) -> tuple[str, str]:
    """Method and path of a request that is read to its end."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    length = re.search(r"^content-length: *(\d+)", head, re.IGNORECASE | re.MULTILINE)
    await reader.readexactly(int(length[1]) if length else 0)
    method, target, _ = head.split(" ", 2)
    return method, target.partition("?")[0]


def _listing(path: str) -> Answer:
    if path.endswith("/predictions"):
        return Answer(body={"results": [], "next": None})
    name = path.partition("/v1/models/")[2]
    schema = _SCHEMAS / f"{name.replace('/', '__')}.json"
    return Answer(body=json.loads(schema.read_text(encoding="utf-8")) if name else _LISTED)


def _response(answer: Answer) -> bytes:
    kind, body = "application/json", json.dumps(answer.body).encode()
    if answer.events:
        kind = "text/event-stream"
        told = [f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in answer.events]
        body = "".join(told).encode()
    headers = {
        "content-type": kind,
        "content-length": str(len(body)),
        "connection": "close",
        **answer.headers,
    }
    lines = [f"HTTP/1.1 {answer.status} Told", *(f"{key}: {headers[key]}" for key in headers)]
    return "\r\n".join([*lines, "", ""]).encode() + body

"""Bodies of requests as they arrive: JSON, or JSON with files beside it."""

from __future__ import annotations

import json
import re
from typing import Any

from aiohttp import BodyPartReader, web

from tests.contract.discord.discord_calling import Upload
from tests.contract.discord.discord_refusing import Refused
from tests.contract.discord.discord_writing import MOST_BYTES

_FILE = re.compile(r"files\[(\d+)\]")


async def read_body(request: web.Request) -> tuple[Any, list[Upload]]:
    """The JSON (None where there is none) and the files. Raises Refused."""
    if request.content_type.startswith("multipart/"):
        body, uploads, total = await _multipart(request)
        if total > MOST_BYTES:
            raise Refused(40005)
        return body, uploads
    data = await request.read()
    if not data:
        return None, []
    if request.content_type != "application/json":
        raise Refused(0, status=415)
    return _parsed(data), []


def _parsed(data: bytes) -> Any:
    try:
        return json.loads(data)
    except ValueError:
        raise Refused(50109) from None


async def _multipart(request: web.Request) -> tuple[Any, list[Upload], int]:
    body: Any = None
    uploads: list[Upload] = []
    total = 0
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            raise Refused(50035)
        data = bytes(await part.read())
        total += len(data)
        found = _FILE.fullmatch(part.name or "")
        if found:
            uploads.append(Upload(int(found[1]), part.filename or "unknown", data))
        elif part.name == "payload_json":
            body = _parsed(data)
    return body, uploads, total

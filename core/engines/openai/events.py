"""Events of a stream, read piece by piece: an event with a picture in it is megabytes of one line.

The SDK's own reader looks at every byte several times and builds a model of each event, which costs
a multiple of all the rest of a call; here a line is found, parsed once, and given as it is.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

import pydantic_core

from core.engines.openai.answers import CallFailed, fault_in

_END = b"[DONE]"


async def events_in(pieces: AsyncIterator[bytes]) -> AsyncIterator[Mapping[str, Any]]:
    """The JSON of each event, in order.

    Raises:
        CallFailed: an event says that the call failed.
        ValueError: an event is not JSON, or no object.
    """
    data: list[bytes] = []
    async for line in _lines(pieces):
        if line.startswith(b"data:"):
            data.append(line[5:].strip())
        elif not line and data:
            told = b"\n".join(data)
            data.clear()
            if told == _END:
                return
            yield _event(told)


def parsed(told: bytes) -> Mapping[str, Any]:
    """A JSON object. Raises ValueError when it is none."""
    value = pydantic_core.from_json(told)
    if not isinstance(value, dict):
        raise ValueError("no JSON object")
    return value


def _event(told: bytes) -> Mapping[str, Any]:
    event = parsed(told)
    error = event.get("error")
    if error or event.get("type") == "error":
        raise CallFailed(fault_in(error if isinstance(error, Mapping) else event))
    return event


async def _lines(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Whole lines; the parts of a long one are put together once."""
    parts: list[bytes] = []
    async for piece in pieces:
        start = 0
        while (end := piece.find(b"\n", start)) >= 0:
            parts.append(piece[start:end])
            yield b"".join(parts).rstrip(b"\r")
            parts.clear()
            start = end + 1
        if start < len(piece):
            parts.append(piece[start:])

"""Plain httpx, as engines use it: one trust store, and no answer past its bound."""

from __future__ import annotations

import ssl
from functools import cache

import httpx

PLAIN = {"Accept-Encoding": "identity"}
"""What is asked for: a compressed answer could grow past any bound."""


class Unwelcome(Exception):
    """An answer that is not taken in."""


@cache
def trust() -> ssl.SSLContext:
    """The trusted certificate authorities, read once: it takes a tenth of a second."""
    return httpx.create_ssl_context()


async def whole(response: httpx.Response, most: int, *, cut: bool = False) -> bytes:
    """The body. Raises Unwelcome when it is compressed, or past `most` bytes.

    `cut`: what comes past that is left behind instead.
    """
    if response.headers.get("content-encoding", "identity") != "identity":
        raise Unwelcome("a compression that was not asked for")
    body = bytearray()
    async for piece in response.aiter_bytes():
        body += piece
        if len(body) > most and cut:
            break
        if len(body) > most:
            raise Unwelcome(f"an answer past {most:,} bytes")
    return bytes(body[:most])

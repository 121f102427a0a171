"""The bytes of a file on a platform: never past a bound, and redirects looked at one by one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import aiohttp

from adapters.chat.addresses import PublicResolver
from core.errors import TooLarge

_TIME = aiohttp.ClientTimeout(total=180.0, sock_connect=5.0, sock_read=30.0)
_MOST_HOPS = 3
_PIECE = 1 << 16
_REDIRECTS = (301, 302, 303, 307, 308)

LOST = (aiohttp.ClientError, OSError, TimeoutError)
"""What `download` raises when the way to the file broke off; it may be tried again."""


class Site(Protocol):
    """What is a platform's own in a download."""

    def check(self, status: int, headers: Mapping[str, str]) -> None:
        """Raises, in words, for every status that comes without the file."""
        ...

    def moved(self, url: str, location: str) -> str:
        """The address to go on with from `url`. Raises, in words, when that may not be."""
        ...


class Astray(Exception):
    """One redirect after the other."""


def file_session(*, proxied: bool = False) -> aiohttp.ClientSession:
    """Connections to addresses that a platform names. With a proxy, that one looks names up.

    Cookies are not kept: they would carry one person's or workspace's download into another's.
    """
    return aiohttp.ClientSession(
        timeout=_TIME,
        connector=aiohttp.TCPConnector(resolver=None if proxied else PublicResolver()),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
    )


async def download(
    session: aiohttp.ClientSession,
    url: str,
    site: Site,
    *,
    most: int,
    headers: Mapping[str, str] | None = None,
    proxy: str | None = None,
) -> tuple[bytes, str]:
    """At most so many bytes, and their type as the platform names it.

    Raises TooLarge, Astray, what `site` raises, and one of LOST.
    """
    asked = {"Accept-Encoding": "identity", **(headers or {})}
    for _ in range(_MOST_HOPS):
        async with session.get(url, headers=asked, proxy=proxy, allow_redirects=False) as response:
            if response.status not in _REDIRECTS:
                site.check(response.status, response.headers)
                return await _body(response, most), response.content_type
            url = site.moved(url, response.headers.get("Location", ""))
    raise Astray


async def _body(response: aiohttp.ClientResponse, most: int) -> bytes:
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise aiohttp.ClientPayloadError("a compression that was not asked for")
    if (response.content_length or 0) > most:
        raise _too_large(most)
    body = bytearray()
    async for piece in response.content.iter_chunked(_PIECE):
        body += piece
        if len(body) > most:
            raise _too_large(most)
    return bytes(body)


def _too_large(most: int) -> TooLarge:
    return TooLarge(
        "That file is larger than I take.", hint=f"Keep it under {most // 1_000_000} MB."
    )

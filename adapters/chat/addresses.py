"""Which addresses are a platform's own: files come from nowhere else, and tokens go nowhere else.

Addresses arrive in events and answers and are hostile. A name that passes is still looked up, and
what it stands for must be public, at the moment of the connection itself.
"""

from __future__ import annotations

import socket
from collections.abc import Collection
from urllib.parse import urlsplit

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import DefaultResolver

from core.hosts import is_loopback, is_public


class OwnAddresses:
    """Judges addresses. On loopback (tests) the API's own host and port are the platform's too.

    `hosts` count as they are, `domains` with all names below them.
    """

    def __init__(
        self, base_url: str, *, hosts: Collection[str] = (), domains: Collection[str] = ()
    ) -> None:
        base = urlsplit(base_url)
        here = base.scheme == "http" and is_loopback(base.hostname or "")
        self._local_port = base.port or 80 if here else None
        self._hosts = frozenset((*hosts, *domains))
        self._below = tuple(f".{each}" for each in domains)

    @property
    def are_local(self) -> bool:
        """Whether the platform is a stand-in on this machine."""
        return self._local_port is not None

    def own(self, url: str) -> bool:
        """Whether this is an address of the platform's, and nothing hides in it."""
        try:
            parts = urlsplit(url)
            host, port = (parts.hostname or "").lower(), parts.port
        except ValueError:
            return False
        if parts.username is not None or parts.password is not None or "\\" in url:
            return False
        if self._local_port is not None and parts.scheme == "http" and is_loopback(host):
            return (port or 80) == self._local_port
        known = host in self._hosts or host.endswith(self._below)
        return parts.scheme == "https" and port in (None, 443) and known


class PublicResolver(AbstractResolver):
    """Looks names up, and gives only public addresses; names of this machine stay this machine."""

    def __init__(self, inner: AbstractResolver | None = None) -> None:
        self._inner = inner or DefaultResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._inner.resolve(host, port, family)
        if not is_loopback(host) and not all(is_public(each["host"]) for each in found):
            raise OSError("a host of a platform's that is not public")
        return found

    async def close(self) -> None:
        await self._inner.close()

"""Pictures on their way to Replicate and back.

What goes in is small enough to travel within the request, or is laid down as a file first. What
comes out lies at a delivery host for an hour: it is fetched without the token, from public
addresses only, and never past a bound.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from core.engines.data_urls import data_url, inside, is_data_url
from core.engines.replicate.client import Client
from core.engines.replicate.errors import CallFailed, Fault
from core.engines.replicate.mapping import Upload
from core.engines.transfer import PLAIN, Unwelcome, trust, whole
from core.errors import TooLarge
from core.hosts import is_loopback, is_public

INLINE_BYTES = 256_000
"""What Replicate recommends as the most that travels within a request, all files together."""
MAX_FILE_BYTES = 100 * 1024 * 1024
MAX_PICTURE_BYTES = 200_000_000
"""Room for 64 megapixels as PNG; nothing that is sold here draws more."""

_TRIES = (0.2, 0.8, 3.0, None)
_MOST_HOPS = 3
_MOST_ADDRESSES = 3
_TIMEOUT = httpx.Timeout(connect=10.0, read=30.0, write=10.0, pool=60.0)
_WHOLE_SECONDS = 180.0


@dataclass(frozen=True)
class Lent:
    """An input with addresses in place of files, and the files that were laid down for it."""

    given: dict[str, Any]
    file_ids: tuple[str, ...]


async def lend(client: Client, given: Mapping[str, Any]) -> Lent:
    """Bring every file of an input to Replicate, each once.

    Raises:
        TooLarge: a file past what Replicate takes.
        CallFailed: it could not be laid down.
    """
    uploads = list(dict.fromkeys(_uploads(given)))
    if any(len(upload.data) > MAX_FILE_BYTES for upload in uploads):
        raise TooLarge(
            "That picture is too heavy for Replicate.", hint="Keep it under 100 MB, or scale it."
        )
    urls: dict[Upload, str] = {}
    heavy: list[Upload] = []
    room = INLINE_BYTES
    for upload in sorted(uploads, key=lambda upload: len(upload.data)):
        if len(upload.data) <= room:
            room -= len(upload.data)
            urls[upload] = data_url(upload.data, upload.mime)
        else:
            heavy.append(upload)
    stored = await asyncio.gather(*(client.upload(upload) for upload in heavy))
    urls.update((upload, file.url) for upload, file in zip(heavy, stored, strict=True))
    return Lent(
        {name: _addressed(value, urls) for name, value in given.items()},
        tuple(file.id for file in stored),
    )


class Fetcher:
    """Fetches outputs. `local`: the API is on this machine, and so may its outputs be.

    `transport`: another way to the network than httpx's own.
    """

    def __init__(self, *, local: bool, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._local = local
        self._http = httpx.AsyncClient(
            transport=transport,
            headers=PLAIN,
            timeout=_TIMEOUT,
            limits=httpx.Limits(max_connections=20, max_keepalive_connections=5),
            verify=trust(),
            follow_redirects=False,
        )

    async def fetch(self, url: str) -> bytes:
        """The bytes behind an output's address.

        Raises:
            CallFailed: status 404 when the hour is over.
        """
        if is_data_url(url):
            return _inline(url)
        for pause in _TRIES:
            try:
                async with asyncio.timeout(_WHOLE_SECONDS):
                    return await self._followed(httpx.URL(url))
            except CallFailed as failed:
                fault = failed.fault
            except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, OSError) as error:
                # OSError: a name without an address, or past the time for the whole.
                fault = Fault(f"{type(error).__name__} while a picture was fetched", sent=False)
            if pause is None or not fault.passing:
                break
            await asyncio.sleep(pause)
        raise CallFailed(fault)

    async def close(self) -> None:
        await self._http.aclose()

    async def _followed(self, url: httpx.URL) -> bytes:
        for _ in range(_MOST_HOPS):
            answer = await self._got(url)
            if isinstance(answer, bytes):
                return answer
            if (answer.scheme, answer.host, answer.port) != (url.scheme, url.host, url.port):
                raise _refused("a redirect to another host")
            url = answer
        raise _refused("redirects without end")

    async def _got(self, url: httpx.URL) -> bytes | httpx.URL:
        """The body, or where it says that the body is."""
        lost: httpx.HTTPError | None = None
        for target, headers, extensions in await self._ways(url):
            call = self._http.stream("GET", target, headers=headers, extensions=extensions)
            try:
                async with call as response:
                    if response.is_redirect:
                        return url.join(response.headers["location"])
                    return await _body(response)
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                lost = error
        raise lost or _refused("no address")

    async def _ways(self, url: httpx.URL) -> list[tuple[httpx.URL, dict[str, str], dict[str, Any]]]:
        """Where to connect: the addresses that were looked at, so that they can't change after."""
        if self._local and url.scheme == "http" and is_loopback(url.host):
            return [(url, {}, {})]
        if url.scheme != "https" or url.userinfo:
            raise _refused("an address that is not plain https")
        found = await asyncio.get_running_loop().getaddrinfo(
            url.host, url.port or 443, type=socket.SOCK_STREAM
        )
        addresses = [str(entry[4][0]) for entry in found]
        if not addresses or not all(is_public(address) for address in addresses):
            raise _refused("a host that is not public")
        host = {"Host": url.netloc.decode("ascii")}
        return [
            (url.copy_with(host=address), host, {"sni_hostname": url.host})
            for address in dict.fromkeys(addresses[:_MOST_ADDRESSES])
        ]


def _refused(why: str) -> CallFailed:
    return CallFailed(Fault(f"the picture was not fetched: {why}", status=400))


async def _body(response: httpx.Response) -> bytes:
    if response.status_code != 200:
        raise CallFailed(Fault("the picture is not there", status=response.status_code))
    try:
        return await whole(response, MAX_PICTURE_BYTES)
    except Unwelcome as unwelcome:
        refused = _refused(str(unwelcome))
    raise refused


def _inline(url: str) -> bytes:
    if len(url) > MAX_PICTURE_BYTES:
        raise _refused("inline data past all bounds")
    try:
        return inside(url)
    except ValueError:
        broken = _refused("inline data that can't be read")
    raise broken


def _uploads(value: Any) -> list[Upload]:
    if isinstance(value, Upload):
        return [value]
    if isinstance(value, Mapping):
        return [found for item in value.values() for found in _uploads(item)]
    if isinstance(value, list | tuple):
        return [found for item in value for found in _uploads(item)]
    return []


def _addressed(value: Any, urls: Mapping[Upload, str]) -> Any:
    if isinstance(value, Upload):
        return urls[value]
    if isinstance(value, Mapping):
        return {name: _addressed(item, urls) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_addressed(item, urls) for item in value]
    return value

"""The HTTP half of the engine: plain httpx, nothing repeated, nothing followed, all sizes bounded.

Closing the connection is how a server is told to stop (sd-server ends what it has begun all the
same). The key goes to the configured server alone, since no other is ever asked.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx

from core.engines.compatible.answer import Answer, on_own_server, read
from core.engines.compatible.call import Call
from core.engines.compatible.errors import Failed, Fault, words_of
from core.engines.transfer import PLAIN, Unwelcome, trust, whole
from core.engines.waits import wait_named

MAX_PICTURE_BYTES = 64_000_000
MAX_ANSWER_BYTES = 90_000_000
"""Room for a picture of that size in base64."""
MAX_LIST_BYTES = 2_000_000
_MAX_REFUSAL_BYTES = 64_000

_LIST_SECONDS = 8.0
_FETCH_SECONDS = 120.0
_NOT_TAKEN = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)
_Read = TypeVar("_Read")


class Wire:
    """A connection to the server at `base` (".../v1"). `deadline` bounds a drawing, in seconds."""

    def __init__(self, base: str, key: str, *, deadline: float, direct: bool) -> None:
        self._base = base
        self._deadline = deadline
        headers = dict(PLAIN)
        if key:
            headers["Authorization"] = f"Bearer {key}"
        self._client = httpx.AsyncClient(
            headers=headers,
            verify=trust(),
            timeout=httpx.Timeout(None, connect=10.0, pool=30.0),
            limits=httpx.Limits(max_connections=100, max_keepalive_connections=10),
            follow_redirects=False,
            trust_env=not direct,
        )

    async def draw(self, call: Call) -> bytes:
        """Send one call and wait for its picture, as it came.

        Raises:
            Failed: with the fault, whatever happened.
        """
        body = await self._exchange(
            "POST", call.path, MAX_ANSWER_BYTES, self._deadline, **_content(call)
        )
        answer: Answer = await asyncio.to_thread(_understood, read, body)
        if not answer.link:
            return answer.data
        return await self._fetched(answer.link)

    async def listed(self, path: str) -> Any:
        """The JSON of a list of models. Raises Failed."""
        body = await self._exchange("GET", path, MAX_LIST_BYTES, _LIST_SECONDS)
        return _understood(json.loads, body)

    async def close(self) -> None:
        await self._client.aclose()

    async def _fetched(self, link: str) -> bytes:
        place = on_own_server(self._base, link)
        if not place:
            raise Failed(Fault(f"a picture at {_host(link)}", broken="elsewhere"))
        try:
            return await self._exchange("GET", place, MAX_PICTURE_BYTES, _FETCH_SECONDS)
        except Failed as failed:
            if failed.fault.status is None:
                raise
            told = f"status {failed.fault.status} for the picture: {failed.fault.message}"
        raise Failed(Fault(told, broken="unreadable"))

    async def _exchange(
        self, method: str, path: str, most: int, deadline: float, **content: Any
    ) -> bytes:
        url = path if "://" in path else f"{self._base}/{path}"
        fault: Fault
        try:
            async with (
                asyncio.timeout(deadline),
                self._client.stream(method, url, **content) as response,
            ):
                return await _body(response, most)
        except Unwelcome as error:
            fault = Fault(str(error), broken="unreadable")
        except _NOT_TAKEN as error:
            fault = Fault(f"{type(error).__name__}: {error}", broken="unreachable")
        except (httpx.HTTPError, httpx.StreamError) as error:
            fault = Fault(f"{type(error).__name__}: {error}", broken="lost")
        except httpx.InvalidURL as error:
            fault = Fault(f"a link that is none: {error}", broken="unreadable")
        except TimeoutError:
            fault = Fault(f"no answer within {deadline:g} s", broken="late")
        raise Failed(fault)


def _content(call: Call) -> dict[str, Any]:
    if not call.parts:
        return {"json": call.fields}
    return {
        "data": {name: str(value) for name, value in call.fields.items()},
        "files": list(call.parts),
    }


async def _body(response: httpx.Response, most: int) -> bytes:
    """The whole body of a success. Raises Failed for everything else."""
    if response.is_redirect:
        place = _host(response.headers.get("location", ""))
        raise Failed(Fault(f"sent on to {place}", broken="elsewhere"))
    if not response.is_success:
        raise Failed(await _refusal(response))
    return await whole(response, most)


async def _refusal(response: httpx.Response) -> Fault:
    text = (await whole(response, _MAX_REFUSAL_BYTES, cut=True)).decode("utf-8", "replace")
    try:
        told = words_of(json.loads(text))
    except (ValueError, RecursionError):
        told = text.strip()[:500]
    wait = wait_named(response.headers, "")
    return Fault(told, response.status_code, retry_after=wait)


def _understood(parse: Callable[[bytes], _Read], body: bytes) -> _Read:
    try:
        return parse(body)
    except (ValueError, RecursionError) as error:  # not JSON, not base64, not a picture
        raise Failed(Fault(f"{error}"[:500], broken="unreadable")) from None


def _host(link: str) -> str:
    """The host of a link, for the operator's eyes; the rest of it may hold secrets."""
    try:
        return (urlsplit(link).hostname or "an unclear place")[:200]
    except ValueError:
        return "an unclear place"

"""The HTTP half of the engine: the official SDK, used so that nothing is ever paid for twice.

The SDK repeats failed requests by default; a repeated drawing is a second bill, so repeats are
off and whoever planned the step decides. Closing the connection is how a provider is told to stop.
Answers are bounded: a server that sends without end is cut off.

Importing this module loads the SDK (more than a second of CPU), which is why the engine does so in
a thread when it first draws.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any, TypeVar, cast

import httpx2
import openai

from core.engines.openai.answers import Answer, CallFailed, Preview, fault_in, words
from core.engines.openai.call import Call
from core.engines.openai.events import parsed
from core.engines.openai.faults import Fault
from core.engines.openai.images import draw_image
from core.engines.openai.responses import draw_by_tool
from core.engines.openai.tool_call import ToolCall

MAX_ANSWER_BYTES = 256_000_000
"""Room for four pictures of 3840x2160 in base64; nothing honest is larger."""

_NOT_SENT = (
    httpx2.ConnectError,
    httpx2.ConnectTimeout,
    httpx2.PoolTimeout,
    httpx2.WriteError,
    httpx2.WriteTimeout,
    httpx2.ProxyError,
    httpx2.UnsupportedProtocol,
    httpx2.LocalProtocolError,
    httpx2.InvalidURL,
)
_T = TypeVar("_T")
_CHECK_SECONDS = 15.0
_MAX_MODELS = 10_000


class Wire:
    """A connection to one Images API: at `base_url`, or over the unix socket `uds`.

    Read timeouts are between two pieces of an answer, in seconds; `deadline` bounds the whole.
    """

    def __init__(
        self,
        *,
        base_url: str | None,
        api_key: str,
        uds: str | None,
        read_timeout: float,
        deadline: float,
    ) -> None:
        timeout = httpx2.Timeout(connect=10.0, read=read_timeout, write=120.0, pool=30.0)
        limits = httpx2.Limits(max_connections=100, max_keepalive_connections=10)
        local = httpx2.AsyncHTTPTransport(uds=uds, verify=_trust()) if uds else None
        self._deadline = deadline
        self._client = openai.AsyncOpenAI(
            api_key=api_key,
            base_url=base_url or "https://api.openai.com/v1",
            max_retries=0,
            timeout=timeout,
            http_client=httpx2.AsyncClient(
                transport=local,
                verify=_trust(),
                timeout=timeout,
                limits=limits,
                headers={"Accept-Encoding": "identity"},
                event_hooks={"response": [_bound]},
                follow_redirects=False,
                trust_env=uds is None,
            ),
        )
        # Loaded by the SDK when first named: here that is in a thread, and not while turns wait.
        self._images = self._client.images.with_streaming_response

    async def draw(self, call: Call | ToolCall, *, stream: bool, preview: Preview) -> Answer:
        """Send one call and wait for its picture; `preview` gets (index, bytes) on the way.

        Raises:
            CallFailed: with the fault, whatever happened.
        """
        begun = False

        async def shown(index: int, data: bytes) -> None:
            nonlocal begun
            begun = True
            await preview(index, data)

        try:
            return await self._answered(lambda: self._draw(call, shown, stream), self._deadline)
        except CallFailed as failed:
            fault = replace(failed.fault, begun=begun)
        raise CallFailed(fault)

    async def models(self) -> frozenset[str]:
        """Names of the models that the key may use; spends nothing. Raises as `draw` does."""
        return await self._answered(self._models, _CHECK_SECONDS)

    async def moderated(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        """What the moderation endpoint found in one input; spends nothing. Raises as `draw`."""
        return await self._answered(lambda: self._moderated(asked), self._deadline)

    async def close(self) -> None:
        await self._client.close()

    async def _draw(self, call: Call | ToolCall, preview: Preview, stream: bool) -> Answer:
        if isinstance(call, ToolCall):
            return await draw_by_tool(self._client, call, preview)
        return await draw_image(self._images, call, preview, stream=stream)

    async def _models(self) -> frozenset[str]:
        # As it came, since the SDK's own reader stumbles over answers of another shape.
        answer = await self._client.get("/models", cast_to=httpx2.Response)
        listed = parsed(answer.content).get("data")
        if not isinstance(listed, list):
            raise ValueError("no list of models")
        named = (model.get("id") for model in listed[:_MAX_MODELS] if isinstance(model, dict))
        return frozenset(words(name) for name in named)

    async def _moderated(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        answer = await self._client.post("/moderations", body=dict(asked), cast_to=httpx2.Response)
        results = parsed(answer.content).get("results")
        # Words and a picture in one input are one result.
        if not isinstance(results, list) or not results or not isinstance(results[0], dict):
            raise ValueError("no result")
        return results[0]

    async def _answered(self, ask: Callable[[], Awaitable[_T]], seconds: float) -> _T:
        """Whatever goes wrong becomes a CallFailed that keeps nothing of the SDK's own error."""
        try:
            async with asyncio.timeout(seconds):
                return await ask()
        except openai.APIError as error:
            fault = fault_of(error)
        except (httpx2.HTTPError, httpx2.StreamError, httpx2.InvalidURL) as error:
            fault = _connection_fault(error, error)
        except TimeoutError:
            fault = Fault(f"no answer within {seconds:g} s", lost=True)
        except ValueError as error:  # not JSON, not base64, not UTF-8
            fault = Fault(f"unreadable answer: {error}", lost=True, code="unreadable_answer")
        raise CallFailed(fault)


def fault_of(error: openai.APIError) -> Fault:
    """What a failure of the SDK says about itself."""
    if isinstance(error, openai.APIConnectionError):
        return _connection_fault(error.__cause__, error)
    told = fault_in(error.body if isinstance(error.body, Mapping) else {})
    response = error.response if isinstance(error, openai.APIStatusError) else None
    if response is None:
        return replace(told, message=told.message or error.message)
    return replace(
        told,
        message=told.message or error.message,
        status=response.status_code,
        request_id=response.headers.get("x-request-id", ""),
        headers=dict(response.headers),
    )


def _connection_fault(cause: BaseException | None, error: Exception) -> Fault:
    told = f"{type(cause or error).__name__}: {cause or error}"
    return Fault(told, sent=not isinstance(cause, _NOT_SENT), lost=True)


@cache
def _trust() -> ssl.SSLContext:
    """The trusted certificate authorities, read once: it takes a tenth of a second."""
    return httpx2.create_ssl_context()


async def _bound(response: httpx2.Response) -> None:
    """Limit an answer; a compressed one could grow past any limit, and none was asked for."""
    if response.headers.get("content-encoding", "identity") != "identity":
        raise httpx2.DecodingError("an answer with a compression that was not asked for")
    response.stream = _BoundedStream(cast(httpx2.AsyncByteStream, response.stream))


class _BoundedStream(httpx2.AsyncByteStream):
    def __init__(self, stream: httpx2.AsyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        taken = 0
        async for piece in self._stream:
            taken += len(piece)
            if taken > MAX_ANSWER_BYTES:
                raise httpx2.ReadError("an answer past all limits")
            yield piece

    async def aclose(self) -> None:
        await self._stream.aclose()

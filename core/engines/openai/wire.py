"""The HTTP half of the engine: the official SDK, used so that nothing is ever paid for twice.

The SDK repeats failed requests by default; a repeated drawing is a second bill, so repeats are
off and whoever planned the step decides. Closing the connection is how a provider is told to stop.
Answers are bounded: a server that sends without end is cut off.

Importing this module loads the SDK (more than a second of CPU), which is why the engine does so in
a thread when it first draws.
"""

from __future__ import annotations

import asyncio
import binascii
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

import httpx2
import openai

from core.engines.openai.call import Call
from core.engines.openai.errors import Fault

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
)
_MAX_NOTES = 20
_MAX_NOTE = 500

Preview = Callable[[int, bytes], Awaitable[None]]


class CallFailed(Exception):
    """A call that brought no picture."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


@dataclass(frozen=True)
class Answer:
    """One drawn picture as it came, unchecked. `tokens` None: the provider did not say.

    `tokens` are (text in, image in, image out).
    """

    data: bytes
    tokens: tuple[int, int, int] | None
    seed: int | None
    notes: tuple[str, ...]
    snapshot: str | None
    quality: str | None


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

    async def draw(self, call: Call, *, stream: bool, preview: Preview) -> Answer:
        """Send one call and wait for its picture; `preview` gets (index, bytes) on the way.

        Raises:
            CallFailed: with the fault, whatever happened.
        """
        fault: Fault
        try:
            async with asyncio.timeout(self._deadline):
                if stream:
                    return await self._streamed(call, preview)
                return _answer(await self._ask(call))
        except openai.APIError as error:
            fault = fault_of(error)
        except (httpx2.HTTPError, httpx2.StreamError) as error:
            fault = _connection_fault(error, error)
        except TimeoutError:
            fault = Fault(f"no picture within {self._deadline:g} s", lost=True)
        except ValueError as error:  # not JSON, not base64, not UTF-8
            fault = Fault(f"unreadable answer: {error}", lost=True, code="unreadable_answer")
        raise CallFailed(fault)

    async def close(self) -> None:
        await self._client.close()

    async def _streamed(self, call: Call, preview: Preview) -> Answer:
        events = await self._ask(call, stream=True, partial_images=call.previews)
        answer: Answer | None = None
        async with events:
            async for event in cast(AsyncIterator[Any], events):
                kind = str(getattr(event, "type", ""))
                if kind.endswith(".partial_image"):
                    await preview(_index(event), _decoded(event))
                elif kind.endswith(".completed"):
                    answer = _answer(event)
        if answer is None:
            raise CallFailed(Fault("the stream ended without a picture", lost=True))
        return answer

    async def _ask(self, call: Call, **streaming: Any) -> Any:
        images = self._client.images
        send: Callable[..., Awaitable[Any]] = images.edit if call.edits else images.generate
        return await send(**call.params, **streaming, extra_body=call.extra or None)


def fault_of(error: openai.APIError) -> Fault:
    """What a failure of the SDK says about itself."""
    if isinstance(error, openai.APIConnectionError):
        return _connection_fault(error.__cause__, error)
    body = error.body if isinstance(error.body, Mapping) else {}
    response = error.response if isinstance(error, openai.APIStatusError) else None
    return Fault(
        message=_words(body.get("message")) or error.message,
        status=response.status_code if response is not None else None,
        code=_words(body.get("code")),
        param=_words(body.get("param")),
        type=_words(body.get("type")),
        hint=_words(body.get("hint")),
        request_id=response.headers.get("x-request-id", "") if response is not None else "",
        headers=dict(response.headers) if response is not None else {},
    )


def _connection_fault(cause: BaseException | None, error: Exception) -> Fault:
    told = f"{type(cause or error).__name__}: {cause or error}"
    return Fault(told, sent=not isinstance(cause, _NOT_SENT), lost=True)


def _answer(source: Any) -> Answer:
    """The picture of a completed event, or of a plain response."""
    items = getattr(source, "data", None)
    item = items[0] if isinstance(items, list) and items else source
    return Answer(
        data=_decoded(item),
        tokens=_tokens(getattr(source, "usage", None)),
        seed=_whole(_either(item, source, "seed")),
        notes=_notes(_either(item, source, "easel_notes")),
        snapshot=_words(getattr(source, "model", None)) or None,
        quality=_words(getattr(source, "quality", None)) or None,
    )


def _either(item: Any, source: Any, name: str) -> Any:
    found = getattr(item, name, None)
    return found if found is not None else getattr(source, name, None)


def _decoded(source: Any) -> bytes:
    encoded = getattr(source, "b64_json", None)
    if not isinstance(encoded, str) or not encoded:
        raise ValueError("no picture in the answer")
    return binascii.a2b_base64(encoded, strict_mode=True)


def _tokens(usage: Any) -> tuple[int, int, int] | None:
    """(text in, image in, image out); inputs without details count as text."""
    if usage is None:
        return None
    details = getattr(usage, "input_tokens_details", None)
    image_in = _whole(getattr(details, "image_tokens", None)) or 0
    text_in = _whole(getattr(details, "text_tokens", None))
    if text_in is None:
        text_in = max(0, (_whole(getattr(usage, "input_tokens", None)) or 0) - image_in)
    return text_in, image_in, _whole(getattr(usage, "output_tokens", None)) or 0


def _notes(value: Any) -> tuple[str, ...]:
    notes = value if isinstance(value, list) else []
    return tuple(note[:_MAX_NOTE] for note in notes if isinstance(note, str))[:_MAX_NOTES]


def _index(event: Any) -> int:
    return _whole(getattr(event, "partial_image_index", None)) or 0


def _whole(value: Any) -> int | None:
    fits = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return value if fits else None


def _words(value: Any) -> str:
    return value if isinstance(value, str) else ""


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

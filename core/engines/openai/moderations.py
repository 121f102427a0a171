"""OpenAI's moderation endpoint: free, and asked about words before anything is drawn from them.

Light to import and to build, as the engine is; the SDK is loaded in a thread when it is first
needed. Other servers that speak OpenAI's protocol may not have it; then nobody has read the words.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from core.engines.openai.answers import CallFailed
from core.engines.openai.errors import classify
from core.picture.codec import probe

if TYPE_CHECKING:
    from core.engines.openai.wire import Wire

MODEL = "omni-moderation-latest"
SECONDS = 5.0
"""For an answer; usually it takes a fraction of one."""

_TITLE = "OpenAI's moderation"
_UNNAMED = "unnamed"


class OpenAIModerations:
    """Asks the endpoint at `base_url`. See `core.policy.moderation.Reader`."""

    def __init__(
        self, api_key: str, base_url: str | None = None, *, seconds: float = SECONDS
    ) -> None:
        self._api_key = api_key
        self._base_url = base_url
        self._seconds = seconds
        self._opening = asyncio.Lock()
        self._wire: Wire | None = None

    async def read(self, words: str, pictures: Sequence[bytes] = ()) -> tuple[str, ...]:
        """The categories that are flagged; none when nothing is.

        A request takes one picture, so each further one has a request of its own. Raises
        EngineError when the endpoint is away, slow, or refuses a request, and nothing was flagged.
        """
        wire = await self._opened()
        asked = [_asked(words, pictures[:1]), *(_asked("", (each,)) for each in pictures[1:])]
        answers = await asyncio.gather(
            *(wire.moderated(each) for each in asked), return_exceptions=True
        )
        found = [
            kind for answer in answers if isinstance(answer, dict) for kind in _flagged(answer)
        ]
        for answer in answers:
            if isinstance(answer, CallFailed) and not found:
                raise classify(answer.fault, _TITLE, (self._api_key,))
            if isinstance(answer, BaseException) and not isinstance(answer, CallFailed):
                raise answer
        return tuple(dict.fromkeys(found))

    async def close(self) -> None:
        wire, self._wire = self._wire, None
        if wire is not None:
            await wire.close()

    async def _opened(self) -> Wire:
        async with self._opening:
            if self._wire is None:
                self._wire = await asyncio.to_thread(self._open)
            return self._wire

    def _open(self) -> Wire:
        from core.engines.openai.wire import Wire  # loads the SDK

        return Wire(
            base_url=self._base_url,
            api_key=self._api_key,
            uds=None,
            read_timeout=self._seconds,
            deadline=self._seconds,
        )


def _asked(words: str, pictures: Sequence[bytes]) -> dict[str, Any]:
    parts: list[dict[str, Any]] = [{"type": "text", "text": words}] if words.strip() else []
    for data in pictures:
        coded = base64.b64encode(data).decode()
        url = f"data:{probe(data).mime};base64,{coded}"
        parts.append({"type": "image_url", "image_url": {"url": url}})
    return {"model": MODEL, "input": parts}


def _flagged(result: Mapping[str, Any]) -> list[str]:
    """The categories of one result; a flag without any counts as well."""
    told = result.get("categories")
    named = [str(kind) for kind, found in told.items() if found] if isinstance(told, dict) else []
    return named or [_UNNAMED] if result.get("flagged") else []

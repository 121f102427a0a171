"""The Responses API: a conversation whose model draws with the image tool, and its stream read.

The picture arrives as a finished item of the conversation. What else the model says counts only
when there is no picture: then its words are the answer.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, cast

from openai.resources.responses import AsyncResponses

from core.engines.openai.answers import (
    Answer,
    CallFailed,
    Preview,
    categories_of,
    decoded,
    notes_of,
    tokens_of,
    whole,
    words,
)
from core.engines.openai.faults import REFUSED, SAID_INSTEAD, Fault
from core.engines.openai.tool_call import ToolCall

_MAX_SAID = 2_000
_TOOL = "image_generation_call"
_ENDINGS = frozenset({"response.completed", "response.incomplete", "response.failed"})


async def draw_by_tool(responses: AsyncResponses, call: ToolCall, preview: Preview) -> Answer:
    """Send one call and wait for its picture. Raises CallFailed, and whatever the SDK raises."""
    events: Any = await responses.create(**call.params, stream=True)
    heard = _Heard()
    async with events:
        async for event in cast(AsyncIterator[Any], events):
            kind = words(getattr(event, "type", None))
            if kind == f"response.{_TOOL}.partial_image":
                index = whole(getattr(event, "partial_image_index", None)) or 0
                await preview(index, decoded(getattr(event, "partial_image_b64", None)))
            else:
                heard.take(kind, event)
    return heard.answer(call)


@dataclass
class _Heard:
    """What was heard of a response so far: the tool's item, the model's words, how it ended."""

    item: Any = None
    said: str = ""
    refused: bool = False
    response: Any = None

    def take(self, kind: str, event: Any) -> None:
        if kind == "error":
            raise CallFailed(_fault(event))
        if kind == "response.output_item.done":
            item = getattr(event, "item", None)
            if getattr(item, "type", None) == _TOOL:
                self.item = item
        elif kind in ("response.output_text.delta", "response.refusal.delta"):
            self.refused = self.refused or kind == "response.refusal.delta"
            self.said = (self.said + words(getattr(event, "delta", None)))[:_MAX_SAID]
        elif kind == "response.created" or kind in _ENDINGS:
            self.response = getattr(event, "response", None)

    def answer(self, call: ToolCall) -> Answer:
        """The picture that was heard, or CallFailed with the reason why there is none."""
        error = getattr(self.response, "error", None)
        if error is not None:
            raise CallFailed(_fault(error))
        if self.item is None or not words(getattr(self.item, "result", None)):
            raise CallFailed(self._without_picture())
        response = self.response
        tool_usage = getattr(response, "tool_usage", None)
        return Answer(
            data=decoded(self.item.result),
            tokens=tokens_of(getattr(tool_usage, "image_gen", None)),
            notes=notes_of([_rewording(self.item, call)]),
            snapshot=words(getattr(response, "model", None)) or None,
            quality=words(getattr(self.item, "quality", None)) or None,
            conversation=words(getattr(response, "id", None)) or None,
            talk=_talk(getattr(response, "usage", None)),
        )

    def _without_picture(self) -> Fault:
        error = getattr(self.item, "error", None)
        if error is not None:
            return _fault(error)
        details = getattr(self.response, "incomplete_details", None)
        reason = words(getattr(details, "reason", None))
        if reason == "content_filter" or self.refused:
            return Fault(self.said, code=REFUSED)
        if self.said:
            return Fault(self.said, code=SAID_INSTEAD)
        if getattr(self.response, "status", None) in ("completed", "incomplete"):
            return Fault(f"no picture in the response {reason}".strip())
        return Fault("the stream ended without a picture", lost=True)


def _rewording(item: Any, call: ToolCall) -> str | None:
    """The model rewrites what it passes on to the tool; a person is shown what it made of it."""
    revised = " ".join(words(getattr(item, "revised_prompt", None)).split())
    if not revised or revised == " ".join(call.prompt.split()):
        return None
    return f"Drawn from these words: “{revised[:400]}”"


def _talk(usage: Any) -> tuple[int, int] | None:
    if usage is None:
        return None
    read, written = (
        whole(getattr(usage, name, None)) or 0 for name in ("input_tokens", "output_tokens")
    )
    return read, written


def _fault(error: Any) -> Fault:
    return Fault(
        message=words(getattr(error, "message", None)),
        code=words(getattr(error, "code", None)),
        param=words(getattr(error, "param", None)),
        type=words(getattr(error, "type", None)),
        categories=categories_of(error),
    )

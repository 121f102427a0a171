"""The Responses API: a conversation whose model draws with the image tool, and its stream read.

The picture arrives as a finished item of the conversation. What else the model says counts only
when there is no picture: then its words are the answer.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import openai
import pydantic_core

from core.engines.openai.answers import (
    Answer,
    CallFailed,
    Preview,
    Told,
    decoded,
    fault_in,
    notes_of,
    part,
    tokens_of,
    whole,
    words,
)
from core.engines.openai.events import events_in
from core.engines.openai.faults import REFUSED, SAID_INSTEAD, Fault
from core.engines.openai.tool_call import ToolCall

_MAX_SAID = 2_000
_MAX_REWORDED = 400
_TOOL = "image_generation_call"
_ENDINGS = frozenset({"response.completed", "response.incomplete", "response.failed"})


async def draw_by_tool(client: openai.AsyncOpenAI, call: ToolCall, preview: Preview) -> Answer:
    """Send one call and wait for its picture. Raises CallFailed, and whatever the SDK raises."""
    # The body is packed here, in a thread: the SDK would pack megabytes while everything waits.
    body = await asyncio.to_thread(pydantic_core.to_json, call.params)
    heard = _Heard()
    async with await client.post(
        "/responses",
        content=body,
        cast_to=object,
        options={"headers": {"Content-Type": "application/json"}},
        stream=True,
        stream_cls=openai.AsyncStream[object],
    ) as stream:
        async for event in events_in(stream.response.aiter_bytes()):
            if event.get("type") == f"response.{_TOOL}.partial_image":
                index = whole(event.get("partial_image_index")) or 0
                await preview(index, decoded(event.get("partial_image_b64")))
            else:
                heard.take(event)
    return heard.answer(call)


@dataclass
class _Heard:
    """What was heard of a response so far: the tool's item, the model's words, how it ended."""

    item: Told = field(default_factory=dict)
    said: str = ""
    declined: bool = False
    response: Told = field(default_factory=dict)

    def take(self, event: Told) -> None:
        kind = words(event.get("type"))
        if kind == "response.output_item.done":
            item = part(event, "item")
            if item.get("type") == _TOOL:
                self.item = item
        elif kind in ("response.output_text.delta", "response.refusal.delta"):
            self.declined = self.declined or kind == "response.refusal.delta"
            self.said = (self.said + words(event.get("delta")))[:_MAX_SAID]
        elif kind in _ENDINGS:
            self.response = part(event, "response")

    def answer(self, call: ToolCall) -> Answer:
        """The picture that was heard, or CallFailed with the reason why there is none."""
        failed = part(self.response, "error")
        if failed:
            raise CallFailed(fault_in(failed))
        if not self.item.get("result"):
            raise CallFailed(self._without_picture())
        usage = part(self.response, "usage")
        talk = [whole(usage.get(name)) or 0 for name in ("input_tokens", "output_tokens")]
        return Answer(
            data=decoded(self.item["result"]),
            tokens=tokens_of(part(part(self.response, "tool_usage"), "image_gen")),
            notes=notes_of([_rewording(self.item, call)]),
            snapshot=words(self.response.get("model")) or None,
            quality=words(self.item.get("quality")) or None,
            conversation=words(self.response.get("id")) or None,
            talk=(talk[0], talk[1]) if usage else None,
        )

    def _without_picture(self) -> Fault:
        failed = part(self.item, "error")
        if failed:
            return fault_in(failed)
        reason = words(part(self.response, "incomplete_details").get("reason"))
        if reason == "content_filter" or self.declined:
            return Fault(self.said, code=REFUSED)
        if self.said:
            return Fault(self.said, code=SAID_INSTEAD)
        if self.response.get("status") in ("completed", "incomplete"):
            return Fault(f"no picture in the response {reason}".strip())
        return Fault("the stream ended without a picture", lost=True)


def _rewording(item: Told, call: ToolCall) -> str | None:
    """The model rewrites what it passes on to the tool; a person is shown what it made of it."""
    revised = " ".join(words(item.get("revised_prompt")).split())
    if not revised or revised == " ".join(call.prompt.split()):
        return None
    return f"Drawn from these words: “{revised[:_MAX_REWORDED]}”"

"""From Easel's request to a Responses call in which a language model draws with the image tool.

The conversation is kept at OpenAI and named by its last response, so that the picture it ended
with is not sent again. Where it is no longer known the picture itself goes along instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.engines.data_urls import data_url
from core.engines.openai.call import (
    inputs_of,
    look_of,
    mask_of,
    note_seedless,
    prompt_of,
)
from core.engines.port import ImageRequest, ModelCard
from core.errors import TooLarge

TOOL_MODEL = "gpt-image-2.6-sunburst"
"""The image model behind the tool: its default, named so that sizes and prices are known."""

_MAX_BODY = 50_000_000
"""Bytes of a whole request, base64 included."""


@dataclass(frozen=True)
class ToolCall:
    """The body of a request for a response, and what it asks for.

    `continues`: goes on from a conversation instead of sending its picture.
    """

    params: dict[str, Any]
    prompt: str
    previews: int
    transparent: bool
    continues: bool
    seed: int | None = None


def tool_call_for(
    card: ModelCard, request: ImageRequest, model: str, *, opaque: bool
) -> tuple[ToolCall, list[str]]:
    """The call for a request, and what to tell the person. Raises as `call_for` does.

    Encodes the pictures: to be run in a thread.
    """
    notes: list[str] = []
    prompt = prompt_of(card, request)
    pictures = inputs_of(card, request, notes) if request.images else []
    continues = request.conversation is not None
    sent = pictures[1:] if continues else pictures
    mask = mask_of(card, request, pictures[0].info, notes) if pictures else None
    tool = _tool(card, request, opaque=opaque, notes=notes)
    if mask is not None:
        tool["input_image_mask"] = {"image_url": data_url(mask, "image/png")}
    _bound(len(mask or b"") + sum(len(picture.data) for picture in sent))
    content: list[dict[str, Any]] = [{"type": "input_text", "text": prompt}]
    for picture in sent:
        url = data_url(picture.data, picture.info.mime)
        content.append({"type": "input_image", "image_url": url, "detail": "auto"})
    params: dict[str, Any] = {
        "model": model,
        "input": [{"role": "user", "content": content}],
        "tools": [tool],
        "tool_choice": {"type": "image_generation"},
        "parallel_tool_calls": False,
        "store": True,
        "stream": True,
    }
    if continues:
        params["previous_response_id"] = request.conversation
    if request.actor_hash:
        params["safety_identifier"] = request.actor_hash
    transparent = tool.get("background") == "transparent"
    return ToolCall(params, prompt, tool["partial_images"], transparent, continues), notes


def _tool(
    card: ModelCard, request: ImageRequest, *, opaque: bool, notes: list[str]
) -> dict[str, Any]:
    note_seedless(card, request, notes)
    return {
        "type": "image_generation",
        "model": TOOL_MODEL,
        "action": "edit" if request.images else "generate",
        "partial_images": request.previews,
        **look_of(card, request, opaque=opaque, notes=notes),
    }


def _bound(raw: int) -> None:
    if raw * 4 // 3 > _MAX_BODY:
        raise TooLarge(
            "Those pictures are too heavy to send together.",
            hint="Send fewer or smaller ones: 37 MB in all.",
        )

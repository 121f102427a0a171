"""The Responses API with its image tool, as strict as the Images API beside it.

A response is remembered by its id with the picture that it ended with, so that the next one can
go on from it.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from openai.types.responses.response_create_params import ResponseCreateParamsBase
from openai.types.responses.tool_param import ImageGeneration

from tests.contract.openai_asked import Asked, Refused, from_url
from tests.contract.openai_rules import (
    NEWER,
    OLDER,
    check_look,
    check_mask,
    check_pictures,
    check_words,
    only,
    unknown_model,
)

TALKING = "gpt-4o"
SNAPSHOT = "gpt-4o-2024-11-20"
TALK_USAGE: dict[str, Any] = {
    "input_tokens": 900,
    "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
    "output_tokens": 60,
    "output_tokens_details": {"reasoning_tokens": 0},
    "total_tokens": 960,
}
_KNOWN = {*ResponseCreateParamsBase.__annotations__, "stream"}
_KNOWN_TOOL = set(ImageGeneration.__annotations__)
_PARTS = {
    "input_text": {"type", "text"},
    "input_image": {"type", "image_url", "detail"},
}


@dataclass(frozen=True)
class Ended:
    """A response that is over: the size of its picture."""

    size: tuple[int, int]


def unpack(asked: Asked) -> None:
    """Put the pictures of the request's data URLs among its files. Raises Refused."""
    for message in asked.params.get("input", []):
        for part in message.get("content", []):
            if part.get("type") == "input_image":
                upload = from_url(part.get("image_url"), "input")
                asked.files.setdefault("image[]", []).append(upload)
    for tool in asked.params.get("tools", []):
        if "input_image_mask" in tool:
            url = tool["input_image_mask"].get("image_url")
            asked.files["mask"] = [from_url(url, "tools[0].input_image_mask")]


def check_talk(asked: Asked, known: dict[str, Ended], *, transparent_2: bool) -> None:
    """Raise Refused for what the Responses API refuses."""
    params = asked.params
    only(list(params), _KNOWN)
    if params.get("model") != TALKING:
        raise unknown_model(str(params.get("model")))
    before = _before(params, known)
    _check_input(params)
    tool = _the_tool(params)
    try:
        check_look(tool, str(tool.get("model")), transparent_2=transparent_2)
    except Refused as refused:
        if refused.body["param"]:
            refused.body["param"] = f"tools[0].{refused.body['param']}"
        raise
    check_words(asked.words, params)
    if asked.pictures:
        check_pictures(asked.pictures)
    if tool.get("action") == "edit" and before is None and not asked.pictures:
        raise Refused("There is no image to edit.", "tools[0].action", "invalid_value")
    if asked.mask is not None:
        size = before.size if before else asked.pictures[0].opened().size
        check_mask(asked.mask, size)


def _before(params: dict[str, Any], known: dict[str, Ended]) -> Ended | None:
    previous = params.get("previous_response_id")
    if previous is not None and previous not in known:
        raise Refused(
            f"Previous response with id '{previous}' not found.",
            "previous_response_id",
            "previous_response_not_found",
        )
    return known.get(previous) if previous else None


def _check_input(params: dict[str, Any]) -> None:
    messages = params.get("input")
    if not isinstance(messages, list) or [m.get("role") for m in messages] != ["user"]:
        raise Refused("Invalid 'input'.", "input", "invalid_value")
    for part in messages[0]["content"]:
        if set(part) != _PARTS.get(part.get("type")):
            raise Refused("Invalid 'input[0].content'.", "input", "invalid_value")


def _the_tool(params: dict[str, Any]) -> dict[str, Any]:
    tools = params.get("tools")
    if not isinstance(tools, list) or [tool.get("type") for tool in tools] != ["image_generation"]:
        raise Refused("Invalid 'tools'.", "tools", "invalid_value")
    if params.get("tool_choice") != {"type": "image_generation"}:
        raise Refused("Invalid 'tool_choice'.", "tool_choice", "invalid_value")
    tool: dict[str, Any] = tools[0]
    only(list(tool), _KNOWN_TOOL)
    if tool.get("model") not in OLDER | NEWER:
        raise unknown_model(str(tool.get("model")))
    if tool.get("action", "auto") not in ("generate", "edit", "auto"):
        raise Refused("Invalid 'action'.", "tools[0].action", "invalid_value")
    return tool


@dataclass(frozen=True)
class Talk:
    """The stream of one response, in the order in which the API sends it."""

    id: str
    asked: Asked
    picture: bytes
    previews: tuple[bytes, ...]
    usage: dict[str, Any] | None
    revised: str = ""

    def begin(self) -> Iterator[dict[str, Any]]:
        """What comes before and while it draws."""
        yield {"type": "response.created", "response": self._response("in_progress")}
        yield {"type": "response.in_progress", "response": self._response("in_progress")}
        yield self._item("response.output_item.added", "in_progress")
        for state in ("in_progress", "generating"):
            yield {"type": f"response.image_generation_call.{state}", **self._place()}
        for index, data in enumerate(self.previews):
            yield {
                "type": "response.image_generation_call.partial_image",
                "partial_image_b64": base64.b64encode(data).decode(),
                "partial_image_index": index,
                **self._place(),
            }

    def drawn(self) -> Iterator[dict[str, Any]]:
        """The picture, and the end."""
        result = {
            "result": base64.b64encode(self.picture).decode(),
            "quality": self.asked.look.get("quality", "medium"),
            "action": self.asked.look.get("action"),
            **({"revised_prompt": self.revised} if self.revised else {}),
        }
        yield {"type": "response.image_generation_call.completed", **self._place()}
        done = self._item("response.output_item.done", "completed", **result)
        yield done
        yield {
            "type": "response.completed",
            "response": self._response("completed", output=[done["item"]]),
        }

    def said(self, words: str, kind: str = "output_text") -> Iterator[dict[str, Any]]:
        """Words instead of a picture, in pieces; `kind` is output_text or refusal."""
        for piece in (words[:7], words[7:]):
            yield {
                "type": f"response.{kind}.delta",
                "delta": piece,
                "content_index": 0,
                **self._place(),
            }
        yield {"type": "response.completed", "response": self._response("completed")}

    def failed(self, error: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """The whole response fails."""
        yield {"type": "response.failed", "response": self._response("failed", error=error)}

    def item_failed(self, error: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """The tool fails, and the response ends well without a picture."""
        yield self._item("response.output_item.done", "failed", error=error)
        yield {"type": "response.completed", "response": self._response("completed")}

    def cut_short(self, reason: str) -> Iterator[dict[str, Any]]:
        details = {"reason": reason}
        incomplete = self._response("incomplete", incomplete_details=details)
        yield {"type": "response.incomplete", "response": incomplete}

    def _place(self) -> dict[str, Any]:
        return {"item_id": f"ig_{self.id}", "output_index": 0}

    def _item(self, kind: str, status: str, **more: Any) -> dict[str, Any]:
        item = {"id": f"ig_{self.id}", "type": "image_generation_call", "status": status, **more}
        return {"type": kind, "output_index": 0, "item": item}

    def _response(self, status: str, **more: Any) -> dict[str, Any]:
        over = status != "in_progress"
        tool_usage = {"image_gen": self.usage, "web_search": {"num_requests": 0}}
        return {
            "id": self.id,
            "object": "response",
            "created_at": 1,
            "model": SNAPSHOT,
            "status": status,
            "error": None,
            "incomplete_details": None,
            "output": [],
            "usage": TALK_USAGE if over and self.usage else None,
            **({"tool_usage": tool_usage} if over and self.usage else {}),
            **more,
        }

"""What becomes of a request that could not be carried out.

What passes (the store is away) is not acknowledged, so that Slack sends the event again. What a
person can do something about is acknowledged and told to them. Nothing of it reaches Slack as an
error page.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import structlog
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.response import BoltResponse

from adapters.chat.aside import soon
from adapters.slack.authorizing import IDENTITY
from adapters.slack.front import Front
from adapters.slack.heard import place_of
from adapters.slack.telling import tell_error_soon, words_of
from core.errors import EaselError, Unavailable

log = structlog.get_logger(__name__)

_FORM: dict[str, str | Sequence[str]] = {"content-type": ["application/json;charset=utf-8"]}
_SORRY = EaselError(
    "Something went wrong on my side.", hint="Try again; if it stays so, tell an admin."
)


def failing(
    front: Front,
) -> Callable[[Exception, dict[str, Any], AsyncBoltContext], Awaitable[BoltResponse]]:
    """bolt's error handler."""

    async def failed(
        error: Exception, body: dict[str, Any], context: AsyncBoltContext
    ) -> BoltResponse:
        if isinstance(error, BoltUnhandledRequestError):
            return BoltResponse(status=200, body="")
        known = error if isinstance(error, EaselError) else _SORRY
        if known is _SORRY:
            log.error("slack_request_failed", exc_info=error)
        elif isinstance(known, Unavailable):
            log.warning("slack_request_waits", detail=known.admin or known.message)
        if body.get("type") != "event_callback":
            return _told(front, body, known)
        if known is _SORRY or isinstance(known, Unavailable):
            return BoltResponse(status=500, body="")
        _tell_author(front, body, context, known)
        return BoltResponse(status=200, body="")

    return failed


def _tell_author(
    front: Front, body: Mapping[str, Any], context: AsyncBoltContext, error: EaselError
) -> None:
    """Tell whoever wrote the message of an event; a message that was edited stands inside it."""
    identity, event = context.get(IDENTITY), body.get("event")
    if identity is None or not isinstance(event, Mapping):
        return
    message = event.get("message")
    if isinstance(message, Mapping):
        event = {**message, "channel": event.get("channel")}
    place = place_of(event, identity)
    if place.channel and place.user:
        tell_error_soon(front, place, error)


def _told(front: Front, body: Mapping[str, Any], error: EaselError) -> BoltResponse:
    """The answer to a click, a command or a modal, in which the person reads what is wrong."""
    markup = words_of(error)
    if block := _first_input(body):
        marked = {"response_action": "errors", "errors": {block: f"{error.message} {error.hint}"}}
        return BoltResponse(status=200, body=json.dumps(marked), headers=_FORM)
    answer = {"response_type": "ephemeral", "replace_original": False, "text": markup}
    if body.get("command"):
        return BoltResponse(status=200, body=json.dumps(answer), headers=_FORM)
    url = body.get("response_url")
    if isinstance(url, str):
        soon("slack_not_told", front.apis.answer(url, answer))
    return BoltResponse(status=200, body="")


def _first_input(body: Mapping[str, Any]) -> str:
    """The first input of a modal that was sent: what is wrong stands under it."""
    view = body.get("view")
    if body.get("type") != "view_submission" or not isinstance(view, Mapping):
        return ""
    blocks = view.get("blocks")
    for block in blocks if isinstance(blocks, list) else ():
        if isinstance(block, Mapping) and block.get("type") == "input":
            return str(block.get("block_id") or "")
    return ""

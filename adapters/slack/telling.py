"""Words of ours for one person, beside what a thread shows: what can't be done and why, how to
begin, questions."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from adapters.chat.aside import soon
from adapters.slack.escaping import escaped, mrkdwn
from adapters.slack.front import Front
from adapters.slack.places import Place
from core.errors import EaselError

_ONCE_SECONDS = 3600.0
_MOST_MARKUP = 2_900


def tell_soon(
    front: Front,
    place: Place,
    markup: str,
    *,
    more: Sequence[dict[str, Any]] = (),
    once: str = "",
) -> None:
    """Tell the person of a place, beside. `more` are blocks under the words.

    `once`: a name under which it is told but once, however often Slack repeats an event.
    """
    soon("slack_not_told", _tell(front, place, markup, more, once))


def tell_error_soon(front: Front, place: Place, error: EaselError) -> None:
    """Tell what is wrong and what to do, once for each message of theirs."""
    once = f"{place.message_key(place.message)}:{error.code}" if place.message else ""
    tell_soon(front, place, words_of(error), once=once)


def words_of(error: EaselError) -> str:
    """An error as markup."""
    return escaped(" ".join(part for part in (error.message, error.hint) if part), _MOST_MARKUP)


def is_direct(channel: str) -> bool:
    """Whether a channel is somebody's conversation with Easel alone."""
    return channel.startswith("D")


async def _tell(
    front: Front, place: Place, markup: str, more: Sequence[dict[str, Any]], once: str
) -> None:
    if once and not await _first_time(front, once):
        return
    api = await front.apis.of(place.team, place.enterprise)
    said: dict[str, Any] = {
        "channel": place.channel,
        "text": markup,
        "blocks": [{"type": "section", "text": mrkdwn(markup)}, *more],
    }
    if is_direct(place.channel):
        thread = place.thread or None
        await api.call("chat.postMessage", **said, thread_ts=thread)
        return
    # Slack shows a private message only in a thread that has replies already.
    in_thread = place.thread if place.thread != place.message else None
    await api.call("chat.postEphemeral", **said, user=place.user, thread_ts=in_thread or None)


async def _first_time(front: Front, once: str) -> bool:
    name = hashlib.sha256(once.encode()).hexdigest()[:32]
    return await front.kept.set(f"slack:told:{name}", "1", seconds=_ONCE_SECONDS, fresh=True)

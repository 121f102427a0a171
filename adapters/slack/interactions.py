"""What Slack tells when somebody presses, chooses, types a command or sends a dialog."""

from __future__ import annotations

import contextlib
import html
from collections.abc import Mapping
from dataclasses import dataclass
from time import time
from typing import Any

from adapters.chat.words import one_line
from adapters.slack.escaping import escaped
from adapters.slack.identity import Identity
from adapters.slack.places import Place

_NAME_LETTERS = 80
_OPENING_LETTERS = 2_700
_TOGETHER_SECONDS = 2.0
"""Pressing the same again within this time is a double click."""

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Press:
    """A button, a menu or a shortcut that somebody used.

    `message` is the timestamp of the message it belongs to, `value` what it carries, `trigger` is
    good for one dialog within three seconds, `at` is when it was (seconds since 1970).
    """

    place: Place
    message: str
    value: str
    trigger: str
    at: float

    def keys(self, deed: str, *, whoever: bool = False) -> tuple[str, ...]:
        """Event keys of what was asked for by it: a delivery that comes again, and a double click.

        `whoever`: two people who press the same at once mean it once.
        """
        moment = int(self.at / _TOGETHER_SECONDS)
        who = "" if whoever else self.place.user
        same = f"slack:press:{self.place.home}:{self.message}:{deed}:{self.value}:{who}"
        once = [f"slack:trigger:{self.trigger}:{deed}"] if self.trigger else []
        return (*once, f"{same}:{moment}", f"{same}:{moment + 1}")


def press_of(body: Body, identity: Identity) -> Press:
    """A press under a message, or a shortcut on one."""
    container = _part(body, "container")
    message = _part(body, "message")
    ts = _text(container, "message_ts") or _text(body, "message_ts") or _text(message, "ts")
    root = _text(container, "thread_ts") or _text(message, "thread_ts") or ts
    action = _first(body.get("actions"))
    return Press(
        place=place_of(body, identity, thread=root),
        message=ts,
        value=_text(action, "value") or _text(_part(action, "selected_option"), "value"),
        trigger=trigger_of(body),
        at=_moment(_text(action, "action_ts") or _text(body, "action_ts")),
    )


def place_of(body: Body, identity: Identity, *, thread: str = "") -> Place:
    """Where a press, a shortcut or a dialog comes from; a dialog tells of no channel."""
    user = _part(body, "user")
    channel = _text(_part(body, "channel"), "id") or _text(_part(body, "container"), "channel_id")
    return Place(
        team=identity.team,
        enterprise=identity.enterprise,
        channel=channel,
        thread=thread,
        user=_text(user, "id"),
        user_team=_text(user, "team_id"),
        user_name=_text(user, "name") or _text(user, "username"),
        answer_url=_text(body, "response_url"),
    )


def place_of_command(body: Body, identity: Identity) -> Place:
    """Where a command was typed: a channel, and no thread, which Slack does not tell."""
    return Place(
        team=identity.team,
        enterprise=identity.enterprise,
        channel=_text(body, "channel_id"),
        user=_text(body, "user_id"),
        user_team=_text(body, "team_id"),
        user_name=_text(body, "user_name"),
        answer_url=_text(body, "response_url"),
    )


def words_of_command(body: Body) -> str:
    """What was typed after a command, as it was typed."""
    return html.unescape(_text(body, "text")).strip()


def trigger_of(body: Body) -> str:
    """Names a command or a press, and is good for one dialog."""
    return _text(body, "trigger_id")


def view_of(body: Body) -> str:
    """The id of the dialog that was sent."""
    return _text(_part(body, "view"), "id")


def opening(place: Place, words: str) -> str:
    """What the first message of a new thread says: who asked, and for what."""
    name = escaped(one_line(place.user_name, _NAME_LETTERS), 2 * _NAME_LETTERS)
    return f"*{name or 'Somebody'}*: {escaped(words, _OPENING_LETTERS)}"


def _part(body: Body, name: str) -> Body:
    value = body.get(name)
    return value if isinstance(value, Mapping) else {}


def _text(body: Body, name: str) -> str:
    value = body.get(name)
    return value if isinstance(value, str) else ""


def _first(listed: Any) -> Body:
    found = listed[0] if isinstance(listed, list) and listed else {}
    return found if isinstance(found, Mapping) else {}


def _moment(told: str) -> float:
    with contextlib.suppress(ValueError):
        return float(told)
    return time()

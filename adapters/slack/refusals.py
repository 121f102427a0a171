"""Slack said no, or not now: both told apart, and put into words for people.

A refusal is an answer: asking again gives the same. Everything else passes, and then it matters
whether the call may have been carried out all the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from core.engines.scrubbing import scrubbed
from core.errors import EaselError, Unavailable


class SlackRefusal(EaselError):
    """Slack refused a call.

    `slack_error` is Slack's own name for it ("not_in_channel"), `method` what was called, `needed`
    the missing scope. `lasting`: nothing can be said in this place until a person changes something
    there (archived, not invited, uninstalled), so that trying again later is no use either.
    """

    status = 502
    code = "slack_refused"

    def __init__(
        self,
        message: str,
        *,
        slack_error: str,
        method: str = "",
        hint: str = "",
        needed: str = "",
        lasting: bool = False,
        admin: str = "",
    ) -> None:
        super().__init__(message, hint=hint, admin=admin)
        self.slack_error = slack_error
        self.method = method
        self.needed = needed
        self.lasting = lasting


class SlackLater(Unavailable):
    """Not now: Slack asks to wait, has trouble, or can't be reached.

    `seconds` is how long to wait before the next try. `uncertain`: the call left us and no answer
    came, so that it may have been carried out; whoever posts looks before posting again.
    """

    code = "slack_later"

    def __init__(
        self, seconds: float, *, uncertain: bool = False, method: str = "", admin: str = ""
    ) -> None:
        super().__init__(
            "Slack does not answer me just now.", hint="Try again in a moment.", admin=admin
        )
        self.seconds = seconds
        self.uncertain = uncertain
        self.method = method


class _Words(NamedTuple):
    message: str
    hint: str
    lasting: bool = False


_NOT_HERE = _Words("I'm not in this channel.", "Invite me with /invite @Easel.", lasting=True)
_GONE = _Words(
    "I'm not installed in this workspace any more.",
    "Ask an admin of the workspace to install me again.",
    lasting=True,
)
_CLOSED = _Words(
    "This workspace does not let me write here.",
    "Ask an admin of the workspace, or write to me in another channel.",
    lasting=True,
)
_FILE_GONE = _Words("That file is not in Slack any more.", "Send it again.")
_FILE_CLOSED = _Words("Slack does not let me see that file.", "Send it to me in this thread.")
_LATE = _Words("That took too long, and Slack closed the dialog.", "Try once more.")
_MESSAGE_GONE = _Words("That message is not there any more.", "Write a new one.")

_REFUSED: Mapping[str, _Words] = {
    **dict.fromkeys(("not_in_channel", "channel_not_found"), _NOT_HERE),
    **dict.fromkeys(
        (
            "account_inactive",
            "app_not_installed",
            "invalid_auth",
            "not_authed",
            "team_access_not_granted",
            "team_not_found",
            "token_expired",
            "token_revoked",
        ),
        _GONE,
    ),
    "is_archived": _Words(
        "This channel is archived.", "Take it out of the archive, or go on elsewhere.", lasting=True
    ),
    **dict.fromkeys(
        (
            "access_denied",
            "cannot_reply_to_message",
            "channel_is_limited_access",
            "ekm_access_denied",
            "no_permission",
            "org_login_required",
            "restricted_action",
            "restricted_action_non_threadable_channel",
            "restricted_action_read_only_channel",
            "restricted_action_thread_locked",
            "restricted_action_thread_only_channel",
            "team_access_denied",
        ),
        _CLOSED,
    ),
    **dict.fromkeys(("file_deleted", "file_not_found"), _FILE_GONE),
    **dict.fromkeys(("file_access_denied", "not_visible"), _FILE_CLOSED),
    **dict.fromkeys(("exchanged_trigger_id", "expired_trigger_id", "invalid_trigger_id"), _LATE),
    **dict.fromkeys(("message_not_found", "thread_not_found"), _MESSAGE_GONE),
    "file_uploads_disabled": _Words(
        "This workspace does not let me upload files.", "Ask an admin of the workspace."
    ),
    "storage_limit_reached": _Words(
        "This workspace has no room for files any more.", "Ask an admin of the workspace."
    ),
}
_NAME = re.compile(r"[a-z0-9_]{1,80}")
_OTHERWISE = _Words(
    "Slack did not accept what I sent.", "Try again; if it stays so, tell an admin."
)


def refusal(method: str, answer: Mapping[str, Any]) -> SlackRefusal:
    """What Slack's answer to a call means (`ok` is false)."""
    said = str(answer.get("error") or "")
    name = said if _NAME.fullmatch(said) else "unknown_error"
    needed = str(answer.get("needed") or "")[:200]
    admin = _own_words(method, name, answer)
    if name == "missing_scope":
        return SlackRefusal(
            f"I lack a permission in this workspace: {needed or 'Slack does not say which'}.",
            hint="Ask an admin to add that scope and to install me again.",
            slack_error=name,
            method=method,
            needed=needed,
            admin=admin,
        )
    words = _REFUSED.get(name, _OTHERWISE)
    return SlackRefusal(
        words.message,
        hint=words.hint,
        slack_error=name,
        method=method,
        lasting=words.lasting,
        admin=admin,
    )


def _own_words(method: str, name: str, answer: Mapping[str, Any]) -> str:
    """Slack's own account of a refusal, for the operator."""
    more = answer.get("response_metadata")
    told = more.get("messages") if isinstance(more, Mapping) else None
    parts = [f"{method}: {name}"]
    if isinstance(told, list):
        parts += [str(each) for each in told[:5]]
    if answer.get("needed"):
        parts.append(f"needed {answer['needed']}, provided {answer.get('provided', '')}")
    return scrubbed("; ".join(parts), ())

"""How Discord says no: a status, a number of its own, words, and which fields are wrong."""

from __future__ import annotations

import re
from typing import Any

Json = dict[str, Any]

KNOWN: dict[int, tuple[int, str]] = {
    10002: (404, "Unknown Application"),
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10007: (404, "Unknown Member"),
    10008: (404, "Unknown Message"),
    10013: (404, "Unknown User"),
    10014: (404, "Unknown Emoji"),
    10015: (404, "Unknown Webhook"),
    10062: (404, "Unknown interaction"),
    10063: (404, "Unknown application command"),
    30032: (400, "Maximum number of application commands reached"),
    30033: (400, "Maximum number of thread participants has been reached (1000)"),
    30034: (400, "Maximum number of daily application command creates has been reached (200)"),
    40005: (413, "Request entity too large"),
    40060: (400, "Interaction has already been acknowledged."),
    40094: (400, "This interaction has reached the maximum number of follow up messages"),
    50001: (403, "Missing Access"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50007: (403, "Cannot send messages to this user"),
    50013: (403, "Missing Permissions"),
    50024: (400, "Cannot execute action on this channel type"),
    50027: (401, "Invalid Webhook Token"),
    50033: (400, "Invalid Recipient(s)"),
    50035: (400, "Invalid Form Body"),
    50083: (400, "Thread is archived"),
    50109: (400, "The request body contains invalid JSON."),
    160002: (400, "Cannot reply without permission to read message history"),
    160004: (400, "A thread has already been created for this message"),
    160005: (400, "Thread is locked"),
}


class Refused(Exception):
    """An answer that is not 2xx. `code` is Discord's number, 0 for a bare status."""

    def __init__(self, code: int, *, status: int = 0, errors: Json | None = None) -> None:
        known_status, words = KNOWN.get(code, (status, ""))
        self.code = code
        self.status = status or known_status
        self.words = words or _BARE.get(self.status, "Trouble")
        self.errors = errors
        super().__init__(f"{self.status} {self.code} {self.words} {errors or ''}")

    def json(self) -> Json:
        more = {"errors": self.errors} if self.errors else {}
        return {"message": self.words, "code": self.code, **more}


_BARE = {401: "401: Unauthorized", 404: "404: Not Found", 405: "405: Method Not Allowed"}


def wrong(path: str, code: str, words: str) -> Refused:
    """An invalid form body; `path` is like "components[0].items[1].media.url"."""
    told: Json = {"_errors": [{"code": code, "message": words}]}
    for part in reversed(re.findall(r"[^.\[\]]+", path)):
        told = {part: told}
    return Refused(50035, errors=told)


def too_long(path: str, most: int) -> Refused:
    return wrong(path, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")


def required(path: str) -> Refused:
    return wrong(path, "BASE_TYPE_REQUIRED", "This field is required")

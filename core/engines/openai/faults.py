"""A failed call as the provider told it, without the SDK around it, and what can be read off it.

The protocol's codes vary between models and months, so that a fault is judged by status, code and
parameter first and by its wording last. Bodies: OpenAI's error guide and real logs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

SAID_INSTEAD = "said_instead"
REFUSED = "refused"
"""Codes of our own: the model answered in words, or declined in words, and drew nothing."""

_WAIT = re.compile(r"try again in ((?:[\d.]+\s*(?:ms|h|m|s)\s*)+)", re.IGNORECASE)
_WAIT_PART = re.compile(r"([\d.]+)\s*(ms|h|m|s)", re.IGNORECASE)
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_LONGEST_WAIT = 86_400.0


@dataclass(frozen=True)
class Fault:
    """A failed call.

    `status` None: an error inside a stream, or no answer. `sent`: the request had left us, so that
    the provider may have drawn and billed. `lost`: no answer came (or not the whole of it).
    `begun`: an unfinished picture had come before. `categories`: what a safety system named.
    """

    message: str = ""
    status: int | None = None
    code: str = ""
    param: str = ""
    type: str = ""
    hint: str = ""
    request_id: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    categories: tuple[str, ...] = ()
    sent: bool = True
    lost: bool = False
    begun: bool = False


def refuses_transparency(fault: Fault) -> bool:
    """Whether exactly the wish for a transparent background was refused (nothing was drawn)."""
    if fault.status not in (400, None) or fault.lost or fault.begun:
        return False
    named = fault.param.rpartition(".")[2] == "background"
    return named or "transparent background is not" in fault.message.lower()


def forgets_conversation(fault: Fault) -> bool:
    """Whether the conversation to go on from is no longer known (nothing was drawn)."""
    if fault.status not in (400, 404, None) or fault.lost or fault.begun:
        return False
    return fault.code == "previous_response_not_found" or fault.param == "previous_response_id"


def retry_after(fault: Fault) -> float | None:
    """Seconds to wait as named by `retry-after-ms`, `retry-after` or "try again in 12s"."""
    named = _number(fault.headers.get("retry-after-ms"))
    if named is not None:
        return min(named / 1000, _LONGEST_WAIT)
    named = _number(fault.headers.get("retry-after"))
    if named is not None:
        return min(named, _LONGEST_WAIT)
    words = _WAIT.search(fault.message)
    if words is None:
        return None
    parts = _WAIT_PART.findall(words[1])
    return min(sum((_number(n) or 0.0) * _SECONDS[u.lower()] for n, u in parts), _LONGEST_WAIT)


def _number(text: str | None) -> float | None:
    """A number that is finite and not negative."""
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if 0 <= value < float("inf") else None

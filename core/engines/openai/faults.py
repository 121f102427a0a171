"""A failed call as the provider told it, without the SDK around it, and what can be read off it.

The protocol's codes vary between models and months, so that a fault is judged by status, code and
parameter first and by its wording last. Bodies: OpenAI's error guide and real logs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.engines.waits import wait_named

SAID_INSTEAD = "said_instead"
REFUSED = "refused"
"""Codes of our own: the model answered in words, or declined in words, and drew nothing."""


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
    """Seconds to wait, as the provider named them."""
    return wait_named(fault.headers, fault.message)

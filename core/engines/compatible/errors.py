"""What went wrong at a server of one's own, said once: to the person, the operator, the retry rule.

Servers word their refusals freely and some answer 500 to whatever they can't do, so that the
wording decides before the status where it is clear. Nothing is ever billed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from core.engines.scrubbing import scrubbed
from core.errors import EngineError, EngineFault

_MAX_TEXT = 2_000

Broken = Literal["unreachable", "lost", "late", "unreadable", "elsewhere"]


@dataclass(frozen=True)
class Fault:
    """A failed call: refused with a `status`, or `broken` on its way.

    `unreachable`: nothing took the call. `lost`: the connection went before the answer was whole.
    `late`: no answer in time. `unreadable`: an answer without a picture that can be used.
    `elsewhere`: it leads to another host, where we don't follow.
    """

    message: str = ""
    status: int | None = None
    broken: Broken | None = None
    retry_after: float | None = None


class Failed(Exception):
    """A call that brought nothing."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


def classify(fault: Fault, title: str, secrets: tuple[str, ...] = ()) -> EngineError:
    """The one error that a fault means. `title` is the model's name for people.

    `secrets` never appear in what is returned.
    """
    kind, message, hint = next(say for matches, say in _RULES if matches(fault))
    waits = kind in (EngineFault.RATE_LIMITED, EngineFault.TRANSIENT)
    return EngineError(
        message.format(title=title),
        kind=kind,
        hint=hint.format(title=title),
        admin=_admin(fault, title, secrets),
        retry_after=fault.retry_after if waits else None,
    )


def words_of(body: Any) -> str:
    """The text in an error body, in whatever shape servers put it."""
    for text in _texts(body, depth=0):
        return text[:_MAX_TEXT]
    return ""


def _texts(body: Any, depth: int) -> list[str]:
    if isinstance(body, str):
        return [body] if body.strip() else []
    if depth > 3:
        return []
    if isinstance(body, list):
        found = [text for item in body[:3] for text in _texts(item, depth + 1)[:1]]
        return ["; ".join(found)] if found else []
    if not isinstance(body, Mapping):
        return []
    if isinstance(body.get("msg"), str):  # FastAPI: what is wrong, and with which field
        place = body.get("loc")
        where = ".".join(str(part) for part in place) if isinstance(place, list) else ""
        return [f"{where}: {body['msg']}" if where else body["msg"]]
    names = ("message", "detail", "error")
    return [text for name in names for text in _texts(body.get(name), depth + 1)]


def _status(*statuses: int) -> Callable[[Fault], bool]:
    return lambda fault: fault.status in statuses


def _is(broken: Broken) -> Callable[[Fault], bool]:
    return lambda fault: fault.broken == broken


def _says(pattern: str) -> Callable[[Fault], bool]:
    """The wording, of refusals only: what comes on success is not about an error."""
    known = re.compile(pattern, re.IGNORECASE)
    return lambda fault: (fault.status or 0) >= 400 and known.search(fault.message) is not None


_DRAWS_NOT = (
    r"does(?: not|n't) support (?:image|img_gen|text.to.image)|not an? (?:image|diffusion)"
    r"|image (?:generation|editing) (?:is )?(?:not|un)\s?supported|no diffusion stage"
)
_UNKNOWN_MODEL = r"model mismatch|model\b.{0,120}\b(?:not found|(?:does )?not exist|is disabled)"
_MODERATED = r"safety (?:checker|system|filter)|content policy|nsfw"
_TOO_LARGE = r"out of memory|failed to allocate|exceeds the maximum allowed size"
_NO_ROOM = "Ask for a smaller picture."
_OPERATOR = "Ask your admin. Another model may work meanwhile."

_RULES: tuple[tuple[Callable[[Fault], bool], tuple[EngineFault, str, str]], ...] = (
    (
        _is("unreachable"),
        (EngineFault.TRANSIENT, "{title} can't be reached right now.", "Try again soon."),
    ),
    (
        _is("lost"),
        (
            EngineFault.TRANSIENT,
            "{title} broke off before its answer was whole.",
            "Try again.",
        ),
    ),
    (
        _is("late"),
        (
            EngineFault.TRANSIENT,
            "{title} took too long to draw this.",
            "Try again, or ask for a smaller picture.",
        ),
    ),
    (
        _is("elsewhere"),
        (EngineFault.UNKNOWN, "{title} points to another server for its pictures.", _OPERATOR),
    ),
    (
        _is("unreadable"),
        (
            EngineFault.UNKNOWN,
            "{title} gave an answer without a picture that can be read.",
            "Try again, or use another model.",
        ),
    ),
    (
        _status(429),
        (
            EngineFault.RATE_LIMITED,
            "{title} has more requests than it takes at a time.",
            "Try again in a minute, or use another model.",
        ),
    ),
    (
        _says(_MODERATED),
        (
            EngineFault.MODERATION,
            "The safety filter of {title} refused this.",
            "Say it in other words, or leave out what could be taken amiss.",
        ),
    ),
    (
        _says(_DRAWS_NOT),
        (EngineFault.UNSUPPORTED, "{title} is no model that makes pictures.", "Use another model."),
    ),
    (
        _says(_UNKNOWN_MODEL),
        (
            EngineFault.UNSUPPORTED,
            "The server here does not have {title} any more.",
            "Use another model.",
        ),
    ),
    (
        _says(_TOO_LARGE),
        (EngineFault.BAD_REQUEST, "That picture is too large for the server of {title}.", _NO_ROOM),
    ),
    (
        _status(401, 403),
        (EngineFault.AUTH, "{title} does not accept the key that is set up here.", _OPERATOR),
    ),
    (
        _status(402),
        (EngineFault.QUOTA, "The account that {title} runs on is used up.", _OPERATOR),
    ),
    (
        _status(404, 405, 501),
        (
            EngineFault.UNSUPPORTED,
            "{title} can't do this on the server here.",
            "Use another model.",
        ),
    ),
    (
        lambda fault: 400 <= (fault.status or 0) < 500,
        (
            EngineFault.BAD_REQUEST,
            "{title} did not accept the request.",
            "Try it with fewer wishes, or with another model.",
        ),
    ),
    (
        lambda fault: (fault.status or 0) >= 500,
        (EngineFault.TRANSIENT, "{title} has trouble of its own right now.", "Try again soon."),
    ),
    (
        lambda fault: True,
        (
            EngineFault.UNKNOWN,
            "{title} gave an answer that makes no sense.",
            "Try again, or use another model.",
        ),
    ),
)


def _admin(fault: Fault, title: str, secrets: tuple[str, ...]) -> str:
    state = f"status {fault.status}" if fault.status is not None else fault.broken
    text = ", ".join(part for part in (title, state, fault.message) if part)
    return scrubbed(text, secrets)

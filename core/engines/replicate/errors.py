"""What went wrong at Replicate, said once: to the person, to the operator, to the retry rule.

There are two kinds. The API refuses a call with a status and a problem document. A model fails with
status 200 and free text, which differs by author; it is judged by its code where it has one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from core.engines.scrubbing import scrubbed
from core.engines.waits import wait_named
from core.errors import EngineError, EngineFault

_MAX_FIELDS = 5
_AGAIN = "Try again soon."
_ADMIN_HINT = "Whoever runs Easel here has to look at it. Another model may work meanwhile."
_OTHER = "Try again, or use another model."


@dataclass(frozen=True)
class Fault:
    """A call that failed. `status` None: there was no answer that could be read.

    `sent`: the request had left us, and for all that is known may have been carried out.
    """

    message: str
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    invalid: tuple[str, ...] = ()
    sent: bool = True

    @property
    def uncertain(self) -> bool:
        """Whether the call may have been carried out all the same."""
        return self.sent and (self.status is None or self.status >= 500)

    @property
    def passing(self) -> bool:
        """Whether the same question may be answered a little later."""
        return self.status is None or self.status == 429 or self.status >= 500

    @property
    def wait(self) -> float | None:
        """Seconds that the provider asks us to wait."""
        return wait_named(self.headers, self.message)


class CallFailed(Exception):
    """A call of the client failed; the fault says how."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


@dataclass(frozen=True)
class _Verdict:
    kind: EngineFault
    message: str
    hint: str


def classify(fault: Fault, title: str, secrets: tuple[str, ...], *, paid: bool) -> EngineError:
    """The one error that a refused or lost call means. `title` is the model's name for people.

    `paid`: the call was one that spends. `secrets` never appear in what is returned.
    """
    verdict = _judge(fault, title, paid=paid)
    told = f"{title}, status {fault.status}: {fault.message}"
    return EngineError(
        verdict.message,
        kind=verdict.kind,
        hint=verdict.hint,
        admin=scrubbed(told, secrets),
        retry_after=fault.wait if verdict.kind is EngineFault.RATE_LIMITED else None,
        may_have_billed=paid and fault.uncertain,
    )


def of_failure(text: str, title: str, secrets: tuple[str, ...], spent: float) -> EngineError:
    """The error that the free text of a failed prediction means; `spent` is what it cost."""
    verdict = next((told for pattern, told in _FAILURES if pattern.search(text)), _UNFINISHED)
    return EngineError(
        verdict.message.format(title),
        kind=verdict.kind,
        hint=verdict.hint,
        admin=scrubbed(f"{title} failed: {text}", secrets),
        spent_usd=spent,
    )


def _judge(fault: Fault, title: str, *, paid: bool) -> _Verdict:
    status = fault.status
    if status is None:
        return _lost(fault, title, paid=paid)
    if status in (401, 403):
        return _Verdict(
            EngineFault.AUTH,
            "Replicate does not accept the token that is set up here.",
            _ADMIN_HINT,
        )
    if status == 402:
        return _Verdict(
            EngineFault.QUOTA,
            f"The account that pays for {title} has run out of credit.",
            "Whoever runs Easel here can top it up. Another model may work meanwhile.",
        )
    if status == 404:
        return _Verdict(
            EngineFault.UNSUPPORTED, f"{title} is not to be had at Replicate.", "Use another model."
        )
    if status == 429:
        soon = f"in {max(1, round(fault.wait))} s" if fault.wait is not None else "in a minute"
        return _Verdict(
            EngineFault.RATE_LIMITED,
            "Replicate has more requests from here than it takes at a time.",
            f"Try again {soon}, or use another model.",
        )
    if status >= 500:
        return _Verdict(EngineFault.TRANSIENT, "Replicate has trouble of its own.", _AGAIN)
    return _refused(fault, title)


def _refused(fault: Fault, title: str) -> _Verdict:
    named = ", ".join(f"“{name}”" for name in fault.invalid[:_MAX_FIELDS])
    about = f": it does not like {named}" if named else ""
    return _Verdict(
        EngineFault.BAD_REQUEST,
        f"{title} did not accept the request{about}.",
        "Try it with fewer wishes, or with another model.",
    )


def _lost(fault: Fault, title: str, *, paid: bool) -> _Verdict:
    if paid and fault.sent:
        return _Verdict(
            EngineFault.TRANSIENT,
            f"The connection to Replicate was lost while it was asked for {title}.",
            "Try again. The lost picture may have been billed.",
        )
    return _Verdict(EngineFault.TRANSIENT, "Replicate can't be reached right now.", _AGAIN)


_UNFINISHED = _Verdict(EngineFault.UNKNOWN, "{} could not finish the picture.", _OTHER)

_FAILURES = (
    (
        re.compile(
            r"\bE00[45]\b|nsfw|flagged|sensitive (?:information|content)|content policy"
            r"|safety (?:system|filter|checker)|moderation",
            re.IGNORECASE,
        ),
        _Verdict(
            EngineFault.MODERATION,
            "The safety check of {} refused this.",
            "Try it differently: say it in other words, or leave out what could be taken amiss.",
        ),
    ),
    (
        re.compile(r"out of memory|\bE1001\b|greater than the max size", re.IGNORECASE),
        _Verdict(
            EngineFault.BAD_REQUEST,
            "That is too large for {}.",
            "Use a smaller picture or a smaller factor, or another model.",
        ),
    ),
    (
        re.compile(
            r"\bE003\b|\bE6716\b|high demand|please retry|\(code: PA\)|currently unavailable",
            re.IGNORECASE,
        ),
        _Verdict(EngineFault.TRANSIENT, "{} is too busy right now.", _AGAIN),
    ),
    (
        re.compile(r"\bE006\b|invalid input", re.IGNORECASE),
        _Verdict(
            EngineFault.BAD_REQUEST,
            "{} could not use what it was given.",
            "Try it with fewer wishes, another picture, or another model.",
        ),
    ),
)
"""What failed predictions say, by author and by code, with the model's name left open."""

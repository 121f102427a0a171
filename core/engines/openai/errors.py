"""What went wrong at an Images API, said once: to the person, to the operator, to the retry rule.

The protocol's codes vary between models and months, so that a fault is judged by status, code and
parameter first and by its wording last. Bodies: OpenAI's error guide and real logs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from core.errors import BadInput, EaselError, EngineError, EngineFault

_MAX_ADMIN = 600
_MAX_WORDS = 500
_KEYS = re.compile(r"\b(?:sk|r8|xox[abp])[-_][\w*.-]{4,}|Bearer\s+\S+", re.IGNORECASE)
_VIOLATIONS = re.compile(r"safety_violations=\[([^\]]*)\]")
_WAIT = re.compile(r"try again in ((?:[\d.]+\s*(?:ms|h|m|s)\s*)+)", re.IGNORECASE)
_WAIT_PART = re.compile(r"([\d.]+)\s*(ms|h|m|s)", re.IGNORECASE)
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_LONGEST_WAIT = 86_400.0


@dataclass(frozen=True)
class Fault:
    """A failed call without the SDK around it.

    `status` None: an error inside a stream, or no answer. `sent`: the request had left us, so that
    the provider may have drawn and billed. `lost`: no answer came (or not the whole of it).
    """

    message: str = ""
    status: int | None = None
    code: str = ""
    param: str = ""
    type: str = ""
    hint: str = ""
    request_id: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    sent: bool = True
    lost: bool = False


@dataclass(frozen=True)
class _Verdict:
    kind: EngineFault
    message: str
    hint: str


def classify(fault: Fault, title: str, secrets: tuple[str, ...] = ()) -> EaselError:
    """The one error that a fault means. `title` is the model's name for people.

    `secrets` never appear in what is returned.
    """
    if fault.code.startswith("studio_"):
        return BadInput(
            fault.message[:_MAX_WORDS], hint=fault.hint[:_MAX_WORDS], code=fault.code[:64]
        )
    verdict = _judge(fault, title)
    return EngineError(
        verdict.message,
        kind=verdict.kind,
        hint=verdict.hint,
        admin=_admin(fault, title, secrets),
        retry_after=retry_after(fault) if verdict.kind in _WAITING else None,
        may_have_billed=fault.sent and (fault.lost or fault.status in _GATEWAYS),
    )


def refuses_transparency(fault: Fault) -> bool:
    """Whether exactly the wish for a transparent background was refused (nothing was drawn)."""
    return fault.status == 400 and (
        fault.param == "background" or "transparent background is not" in fault.message.lower()
    )


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


_WAITING = frozenset({EngineFault.RATE_LIMITED, EngineFault.TRANSIENT})
_GATEWAYS = frozenset({502, 504, 524})
"""Statuses of a gateway that lost what stands behind it: the drawing may have gone on there."""

_MODERATION = frozenset({"moderation_blocked", "content_policy_violation", "content_filter"})
_QUOTA = frozenset({"insufficient_quota", "billing_hard_limit_reached", "billing_not_active"})
_IMAGE_CODES = frozenset({"invalid_image_file", "invalid_image", "image_too_large"})


def _judge(fault: Fault, title: str) -> _Verdict:
    for matches, say in _RULES:
        if matches(fault):
            return say(fault, title)
    return _unknown(fault, title)


def _text(*words: str) -> Callable[[Fault], bool]:
    return lambda fault: any(word in fault.message.lower() for word in words)


def _is_moderation(fault: Fault) -> bool:
    return fault.code in _MODERATION or _text("safety system", "content policy")(fault)


def _is_quota(fault: Fault) -> bool:
    return (
        fault.code in _QUOTA
        or fault.status == 402
        or _text("exceeded your current quota", "billing hard limit")(fault)
    )


def _is_rate(fault: Fault) -> bool:
    return fault.status == 429 or fault.code == "rate_limit_exceeded"


def _is_auth(fault: Fault) -> bool:
    return fault.status in (401, 403) or fault.code == "invalid_api_key"


def _is_unknown_model(fault: Fault) -> bool:
    return fault.code == "model_not_found" or fault.status == 404


def _is_own_fault(fault: Fault) -> bool:
    return (fault.status or 0) >= 500 or fault.code in ("server_error", "internal_error")


def _is_refused(fault: Fault) -> bool:
    return fault.status in (400, 409, 413, 422) or fault.type == "invalid_request_error"


def _moderation(fault: Fault, title: str) -> _Verdict:
    found = _VIOLATIONS.search(fault.message)
    named = [re.sub(r"[^a-z/ -]", " ", part.lower()).strip() for part in
             (found[1].split(",") if found else [])]  # fmt: skip
    category = ", ".join(part for part in named if part)[:80]
    about = f" ({category})" if category else ""
    return _Verdict(
        EngineFault.MODERATION,
        f"The safety system of {title} refused this{about}.",
        "Say it in other words, or leave out what could be taken amiss.",
    )


def _quota(fault: Fault, title: str) -> _Verdict:
    return _Verdict(
        EngineFault.QUOTA,
        f"The account that pays for {title} has run out of credit.",
        "Whoever runs Easel here can top it up. Another model may work meanwhile.",
    )


def _rate(fault: Fault, title: str) -> _Verdict:
    wait = retry_after(fault)
    soon = f"in {max(1, round(wait))} s" if wait is not None else "in a minute"
    return _Verdict(
        EngineFault.RATE_LIMITED,
        f"{title} has more requests than it takes at a time.",
        f"Try again {soon}, or use another model.",
    )


def _auth(fault: Fault, title: str) -> _Verdict:
    if "verified" in fault.message.lower():
        message = f"The account here is not verified for {title} yet."
    else:
        message = f"{title} does not accept the key that is set up here."
    return _Verdict(
        EngineFault.AUTH,
        message,
        "Whoever runs Easel here has to look at it. Another model may work meanwhile.",
    )


def _unknown_model(fault: Fault, title: str) -> _Verdict:
    return _Verdict(
        EngineFault.UNSUPPORTED,
        f"{title} is not available to the account here.",
        "Use another model.",
    )


def _transparency(fault: Fault, title: str) -> _Verdict:
    return _Verdict(
        EngineFault.UNSUPPORTED,
        f"{title} can't draw a transparent background for the account here.",
        "Ask without transparency and cut the background away afterwards.",
    )


def _bad_size(fault: Fault, title: str) -> _Verdict:
    return _Verdict(
        EngineFault.BAD_REQUEST, f"{title} can't draw that size.", "Use another size, or none."
    )


def _bad_image(fault: Fault, title: str) -> _Verdict:
    return _Verdict(
        EngineFault.BAD_REQUEST,
        f"{title} could not read one of the pictures.",
        "Send it again as a plain PNG or JPEG.",
    )


def _bad_mask(fault: Fault, title: str) -> _Verdict:
    return _Verdict(
        EngineFault.BAD_REQUEST,
        f"{title} could not use the painted area.",
        "Paint it again on this picture, or describe the place in words.",
    )


def _bad_prompt(fault: Fault, title: str) -> _Verdict:
    return _Verdict(
        EngineFault.BAD_REQUEST, f"{title} could not use those words.", "Make the text shorter."
    )


def _refused(fault: Fault, title: str) -> _Verdict:
    return _Verdict(
        EngineFault.BAD_REQUEST,
        f"{title} did not accept the request.",
        "Try it with fewer wishes, or with another model.",
    )


def _lost(fault: Fault, title: str) -> _Verdict:
    if not fault.sent:
        return _Verdict(
            EngineFault.TRANSIENT, f"{title} can't be reached right now.", "Try again soon."
        )
    return _Verdict(
        EngineFault.TRANSIENT,
        f"The connection to {title} was lost before the picture came.",
        "Try again. The lost picture may have been billed.",
    )


def _own_fault(fault: Fault, title: str) -> _Verdict:
    return _Verdict(
        EngineFault.TRANSIENT, f"{title} has trouble of its own right now.", "Try again soon."
    )


def _unknown(fault: Fault, title: str) -> _Verdict:
    return _Verdict(
        EngineFault.UNKNOWN,
        f"{title} gave an answer that makes no sense.",
        "Try again, or use another model.",
    )


_RULES: tuple[tuple[Callable[[Fault], bool], Callable[[Fault, str], _Verdict]], ...] = (
    (_is_moderation, _moderation),
    (_is_quota, _quota),
    (_is_rate, _rate),
    (_is_auth, _auth),
    (_is_unknown_model, _unknown_model),
    (refuses_transparency, _transparency),
    (lambda fault: fault.param == "size", _bad_size),
    (lambda fault: fault.param == "mask" or _text("mask image")(fault), _bad_mask),
    (lambda fault: fault.param == "image" or fault.code in _IMAGE_CODES, _bad_image),
    (lambda fault: fault.param == "prompt", _bad_prompt),
    (lambda fault: fault.lost, _lost),
    (_is_own_fault, _own_fault),
    (_is_refused, _refused),
)


def _admin(fault: Fault, title: str, secrets: tuple[str, ...]) -> str:
    told = [
        title,
        f"status {fault.status}" if fault.status is not None else "no status",
        f"code {fault.code}" if fault.code else "",
        f"type {fault.type}" if fault.type else "",
        f"param {fault.param}" if fault.param else "",
        f"request {fault.request_id}" if fault.request_id else "",
        fault.message,
    ]
    text = _KEYS.sub("[secret]", ", ".join(part for part in told if part))
    for secret in secrets:
        if secret:
            text = text.replace(secret, "[secret]")
    return text[:_MAX_ADMIN]


def _number(text: str | None) -> float | None:
    """A number that is finite and not negative."""
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if 0 <= value < float("inf") else None

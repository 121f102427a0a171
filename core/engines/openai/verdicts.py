"""Which kind of failure a fault is, and the words for it: a table, read from the top.

A person hears what to do; `why` is for the operator, who can act on it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from core.engines.openai.faults import (
    REFUSED,
    SAID_INSTEAD,
    Fault,
    refuses_transparency,
    retry_after,
)
from core.errors import EngineFault

_MAX_CATEGORY = 80
_MAX_SAID = 200
_ANOTHER_MODEL = "Another model may work meanwhile."
_VIOLATIONS = re.compile(r"safety_violations=\[([^\]]*)\]")
_UNSAID = re.compile(r"[\x00-\x1f\x7f<>@`*_~|\[\]]+|https?://\S*")


@dataclass(frozen=True)
class Verdict:
    kind: EngineFault
    message: str
    hint: str
    why: str = ""


def judge(fault: Fault, title: str) -> Verdict:
    """The verdict on a fault. `title` is the model's name for people."""
    for matches, say in _RULES:
        if matches(fault):
            return say(fault, title)
    return Verdict(
        EngineFault.UNKNOWN,
        f"{title} gave an answer that makes no sense.",
        "Try again, or use another model.",
    )


_MODERATION = frozenset({
    "moderation_blocked", "content_policy_violation", "content_filter", "bio_policy",
    "image_content_policy_violation", REFUSED,
})  # fmt: skip
_QUOTA = {
    "insufficient_quota": "no credit is left, or the monthly budget is used up",
    "billing_hard_limit_reached": "the spending limit that is set in the account is reached",
    "billing_not_active": "billing is not active: the account has no valid way to pay",
}
_QUOTA_WORDS = {
    "exceeded your current quota": "insufficient_quota",
    "billing hard limit": "billing_hard_limit_reached",
    "account is not active": "billing_not_active",
}
_IMAGE_CODES = frozenset({
    "invalid_image_file", "invalid_image", "image_too_large", "image_too_small",
    "invalid_image_format", "invalid_base64_image", "image_parse_error", "invalid_image_mode",
    "image_file_too_large", "unsupported_image_media_type", "empty_image_file",
})  # fmt: skip
_PLACES = frozenset({"unsupported_country_region_territory", "request_forbidden"})


def _text(*words: str) -> Callable[[Fault], bool]:
    return lambda fault: any(word in fault.message.lower() for word in words)


def _is_moderation(fault: Fault) -> bool:
    return fault.code in _MODERATION or _text("safety system", "content policy", "usage policy")(
        fault
    )


def _quota_code(fault: Fault) -> str:
    if fault.code in _QUOTA or fault.type in _QUOTA:
        return fault.code if fault.code in _QUOTA else fault.type
    told = fault.message.lower()
    return next((code for words, code in _QUOTA_WORDS.items() if words in told), "")


def _is_quota(fault: Fault) -> bool:
    return fault.status == 402 or bool(_quota_code(fault))


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


def _about(name: str) -> Callable[[Fault], bool]:
    """The fault is about that parameter, in whatever tool it stands."""
    return lambda fault: fault.param.rpartition(".")[2] == name


def _moderation(fault: Fault, title: str) -> Verdict:
    if fault.code == REFUSED and fault.message:
        return Verdict(
            EngineFault.MODERATION,
            f"{title} declined: “{_said(fault)}”",
            "Say it in other words, or leave out what could be taken amiss.",
        )
    found = _VIOLATIONS.search(fault.message)
    named = fault.categories or tuple(found[1].split(",") if found else ())
    plain = [re.sub(r"[^a-z/ -]", " ", name.lower().replace("_", " ")).strip() for name in named]
    category = ", ".join(name for name in plain if name)[:_MAX_CATEGORY]
    about = f" ({category})" if category else ""
    return Verdict(
        EngineFault.MODERATION,
        f"The safety system of {title} refused this{about}.",
        "Say it in other words, or leave out what could be taken amiss.",
    )


def _words_instead(fault: Fault, title: str) -> Verdict:
    return Verdict(
        EngineFault.UNKNOWN,
        f"{title} answered in words instead of a picture: “{_said(fault)}”",
        "Say what the picture should show, or use another model.",
    )


def _quota(fault: Fault, title: str) -> Verdict:
    return Verdict(
        EngineFault.QUOTA,
        f"The account here can't pay for {title} at the moment.",
        f"Ask your admin. {_ANOTHER_MODEL}",
        why=_QUOTA.get(_quota_code(fault), "a payment is due"),
    )


def _rate(fault: Fault, title: str) -> Verdict:
    wait = retry_after(fault)
    soon = f"in {max(1, round(wait))} s" if wait is not None else "in a minute"
    return Verdict(
        EngineFault.RATE_LIMITED,
        f"{title} has more requests than it takes at a time.",
        f"Try again {soon}, or use another model.",
    )


def _auth(fault: Fault, title: str) -> Verdict:
    told = fault.message.lower()
    if "verified" in told:
        message = f"The account here is not verified for {title} yet."
        why = "the organisation has to be verified in its settings at OpenAI"
    elif fault.code in _PLACES or fault.type in _PLACES or "country" in told:
        message = f"{title} is not offered where this server stands."
        why = "the provider serves no requests from this country or network"
    elif fault.status == 403:
        message = f"The account here may not use {title}."
        why = "the key lacks a permission, or its project has no access to the model"
    else:
        message = f"{title} does not accept the key that is set up here."
        why = "the key is wrong, revoked, or of another provider"
    return Verdict(EngineFault.AUTH, message, f"Ask your admin. {_ANOTHER_MODEL}", why=why)


def _unknown_model(fault: Fault, title: str) -> Verdict:
    return Verdict(
        EngineFault.UNSUPPORTED,
        f"{title} is not available to the account here.",
        "Use another model.",
    )


def _transparency(fault: Fault, title: str) -> Verdict:
    return Verdict(
        EngineFault.UNSUPPORTED,
        f"{title} can't draw a transparent background for the account here.",
        "Ask without transparency and cut the background away afterwards.",
    )


def _bad(about: str, hint: str) -> Callable[[Fault, str], Verdict]:
    """A part of the request that the model can't use."""
    return lambda fault, title: Verdict(
        EngineFault.BAD_REQUEST, f"{title} could not use {about}.", hint
    )


def _lost(fault: Fault, title: str) -> Verdict:
    if not fault.sent:
        return Verdict(
            EngineFault.TRANSIENT, f"{title} can't be reached right now.", "Try again soon."
        )
    return Verdict(
        EngineFault.TRANSIENT,
        f"The connection to {title} was lost before the picture came.",
        "Try again. The lost picture may have been billed.",
    )


def _own_fault(fault: Fault, title: str) -> Verdict:
    billed = " The picture that was begun may have been billed." if fault.begun else ""
    return Verdict(
        EngineFault.TRANSIENT,
        f"{title} has trouble of its own right now.",
        f"Try again soon.{billed}",
    )


def _said(fault: Fault) -> str:
    """A model's own words, without what a chat would take for a link, a name or a style."""
    text = " ".join(_UNSAID.sub(" ", fault.message).split())
    return text if len(text) <= _MAX_SAID else f"{text[:_MAX_SAID].rsplit(' ', 1)[0]}…"


_RULES: tuple[tuple[Callable[[Fault], bool], Callable[[Fault, str], Verdict]], ...] = (
    (lambda fault: fault.code == SAID_INSTEAD, _words_instead),
    (_is_moderation, _moderation),
    (_is_quota, _quota),
    (_is_rate, _rate),
    (_is_auth, _auth),
    (_is_unknown_model, _unknown_model),
    (refuses_transparency, _transparency),
    (_about("size"), _bad("that size", "Use another size, or none.")),
    (
        lambda fault: _about("mask")(fault) or _text("mask image")(fault),
        _bad("the painted area", "Paint it again on this picture, or describe it in words."),
    ),
    (
        lambda fault: _about("image")(fault) or fault.code in _IMAGE_CODES,
        _bad("one of the pictures", "Send it again as a plain PNG or JPEG."),
    ),
    (
        lambda fault: _about("prompt")(fault) or fault.code == "invalid_prompt",
        _bad("those words", "Make the text shorter, or say it in other words."),
    ),
    (lambda fault: fault.lost, _lost),
    (_is_own_fault, _own_fault),
    (_is_refused, _bad("the request as it was", "Try fewer wishes, or another model.")),
)

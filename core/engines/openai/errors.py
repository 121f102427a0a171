"""What went wrong at OpenAI, said once: to the person, to the operator, to the retry rule."""

from __future__ import annotations

from core.engines.openai.faults import Fault, retry_after
from core.engines.openai.verdicts import judge
from core.engines.scrubbing import scrubbed
from core.errors import BadInput, EaselError, EngineError, EngineFault

_MAX_WORDS = 500
_WAITING = frozenset({EngineFault.RATE_LIMITED, EngineFault.TRANSIENT})
_GATEWAYS = frozenset({502, 504, 524})
"""Statuses of a gateway that lost what stands behind it: the drawing may have gone on there."""


def classify(fault: Fault, title: str, secrets: tuple[str, ...] = ()) -> EaselError:
    """The one error that a fault means. `title` is the model's name for people.

    `secrets` never appear in what is returned.
    """
    if fault.code.startswith("studio_"):
        return BadInput(
            fault.message[:_MAX_WORDS], hint=fault.hint[:_MAX_WORDS], code=fault.code[:64]
        )
    verdict = judge(fault, title)
    return EngineError(
        scrubbed(verdict.message, secrets),
        kind=verdict.kind,
        hint=verdict.hint,
        admin=_admin(fault, title, verdict.why, secrets),
        retry_after=retry_after(fault) if verdict.kind in _WAITING else None,
        may_have_billed=_may_have_billed(fault),
    )


def _may_have_billed(fault: Fault) -> bool:
    return fault.sent and (fault.lost or fault.begun or fault.status in _GATEWAYS)


def _admin(fault: Fault, title: str, why: str, secrets: tuple[str, ...]) -> str:
    told = [
        title,
        why,
        f"status {fault.status}" if fault.status is not None else "no status",
        f"code {fault.code}" if fault.code else "",
        f"type {fault.type}" if fault.type else "",
        f"param {fault.param}" if fault.param else "",
        f"request {fault.request_id}" if fault.request_id else "",
        fault.message,
    ]
    return scrubbed(", ".join(part for part in told if part), secrets)

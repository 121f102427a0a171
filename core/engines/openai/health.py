"""What a look at OpenAI's list of models says about the key and the address."""

from __future__ import annotations

from collections.abc import Sequence

from core.engines.openai.errors import classify
from core.engines.openai.faults import Fault
from core.engines.port import Health, ModelCard
from core.errors import EngineError, EngineFault

_TITLE = "OpenAI"
_REMEDIES = {
    EngineFault.AUTH: "Check OPENAI_API_KEY.",
    EngineFault.QUOTA: "Look at the billing settings of the account.",
    EngineFault.RATE_LIMITED: "Wait a minute and look again.",
}


def health_with(listed: frozenset[str], cards: Sequence[ModelCard]) -> Health:
    """The provider answered with the models that the key may use."""
    absent = [card.id for card in cards if card.id not in listed]
    if len(absent) == len(cards):
        return Health(
            state="bad",
            words="the key is accepted, but none of the models here are offered to it",
            remedy="Give the project of the key access to the image models.",
        )
    if absent:
        return Health(state="ok", words=f"the key is accepted; not offered: {', '.join(absent)}")
    return Health(state="ok", words=f"the key is accepted, all {len(cards)} models are offered")


def health_after(fault: Fault, secrets: tuple[str, ...]) -> Health:
    """The provider refused, or did not answer."""
    if fault.status == 403 and "scope" in fault.message.lower():
        return Health(state="ok", words="answers, but the key may not list models")
    if fault.status == 404 or fault.code == "unreadable_answer":
        return Health(
            state="bad",
            words="what answers there is no OpenAI API",
            remedy="Check OPENAI_BASE_URL.",
        )
    if fault.lost:
        return Health(
            state="bad",
            words="can't be reached",
            remedy="Check the network and OPENAI_BASE_URL, then look again.",
        )
    error = classify(fault, _TITLE, secrets)
    kind = error.kind if isinstance(error, EngineError) else EngineFault.UNKNOWN
    return Health(
        state="bad",
        words=error.message,
        remedy=_REMEDIES.get(kind, "Look again soon."),
    )

"""Which models may be used where somebody has decided that, and the words for one that may not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.engines.operations import DOES, LOCAL
from core.engines.port import ModelCard, Operation
from core.errors import NotAllowed

_NAMED = 6
_WHO_DECIDES = "Whoever decides the settings here can allow others."


@dataclass(frozen=True, slots=True)
class Allowance:
    """`models` are the ids of those that may be used; none of them: any.

    What is done on this machine without a drawing model (cutting out, enlarging, exact adjustments)
    always may.
    """

    models: frozenset[str] = frozenset()

    def __contains__(self, card: ModelCard) -> bool:
        return not self.models or card.engine == LOCAL or card.id in self.models


ANY = Allowance()


def not_among(card: ModelCard, instead: Sequence[ModelCard]) -> NotAllowed:
    """The refusal of a model that was named. `instead` may and can, the best one first."""
    if not instead:
        return NotAllowed(_may_not(card), hint=_WHO_DECIDES, code="model_not_allowed")
    offer = instead[0]
    return NotAllowed(
        _may_not(card),
        hint=f"You can use {listed([each.id for each in instead[:_NAMED]])}. "
        f"Say “yes” and {offer.title} does it.",
        code="model_not_allowed",
        offer=offer.id,
    )


def none_left(operation: Operation, missing: Sequence[str]) -> NotAllowed:
    """What is said when nothing that may be used can do it; `missing`: what some of it needs."""
    needs = f"Missing: {'; '.join(missing[:3])}." if missing else ""
    return NotAllowed(
        f"None of the models that may be used here can {DOES[operation]}.",
        hint=f"{needs} {_WHO_DECIDES}".strip(),
        code="no_model_allowed",
    )


def _may_not(card: ModelCard) -> str:
    return f"{card.title} is not among the models that may be used here."


def listed(names: Sequence[str]) -> str:
    """Names as they are said: "a, b or c"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} or {names[-1]}"

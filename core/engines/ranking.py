"""How near a model is to what was asked for, and to the one that was wished for."""

from __future__ import annotations

from dataclasses import dataclass

from core.engines.operations import DRAWN
from core.engines.port import ModelCard, Operation

FIRST_CHOICE = "gpt-image-2"
"""The default wherever it is usable."""


@dataclass(frozen=True)
class Needs:
    """What a request needs beside its operation.

    `inputs`: pictures to send. `words`: there are some to follow. `drawn_by`: id of the model that
    made the subject picture, None when it was uploaded or made otherwise (matters to models that
    edit only their own).
    """

    inputs: int = 0
    words: bool = False
    mask: bool = False
    transparent: bool = False
    seed: bool = False
    drawn_by: str | None = None


def foreign(card: ModelCard, operation: Operation, needs: Needs) -> bool:
    """Whether the subject is a picture that this model, by its nature, cannot edit."""
    return (
        card.capabilities.edits_only_own
        and operation in DRAWN - {"generate"}
        and needs.drawn_by != card.id
    )


def distance(
    card: ModelCard, operation: Operation, needs: Needs, like: ModelCard | None
) -> tuple[int, ...]:
    """Sort key, smaller is nearer: what can't be adapted first, then preference.

    The list's own order decides between equals (the sort is stable).
    """
    able = card.capabilities
    unmet = [
        operation not in able.operations,
        needs.inputs > able.max_inputs,
        needs.mask and able.mask == "none",
        needs.transparent and able.alpha == "none",
        needs.seed and not able.seed,
    ]
    return (
        int(foreign(card, operation, needs)),
        int(needs.words and not able.reads_words),
        int(operation not in DRAWN and not card.price.free),
        int(able.edits_only_own),
        int(like is not None and like.engine != card.engine),
        int(card.id != FIRST_CHOICE) if like is None else 0,
        sum(unmet),
    )

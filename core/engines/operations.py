"""What can be done to pictures: the words for it, and what stands in for what."""

from __future__ import annotations

from core.engines.port import ModelCard, Operation

LOCAL = "local"
"""The engine of what is done on this machine without a drawing model."""

DRAWN: frozenset[Operation] = frozenset({"generate", "edit", "inpaint", "vary"})
"""What takes a model that draws."""

DOES: dict[Operation, str] = {
    "generate": "draw a new picture",
    "edit": "edit a picture",
    "inpaint": "edit a painted area",
    "vary": "draw variations",
    "cutout": "cut out a subject",
    "upscale": "enlarge a picture",
    "adjust": "do exact adjustments",
}
"""What a model can or can't do, as it is said to people."""

_STANDS_IN: dict[Operation, Operation] = {"inpaint": "edit"}
"""What can be done by another operation, with the pixels outside put back afterwards."""


def can(card: ModelCard, operation: Operation) -> bool:
    """Whether the model does it, or something that it can stand in for."""
    operations = card.capabilities.operations
    return operation in operations or _STANDS_IN.get(operation) in operations


def draws(card: ModelCard) -> bool:
    return bool(card.capabilities.operations & DRAWN)

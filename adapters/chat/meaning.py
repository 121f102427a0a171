"""Whether words mean what a command or a dialog is for."""

from __future__ import annotations

from core.errors import BadInput
from core.instruction.context import Context
from core.instruction.grammar import understand
from core.instruction.plan import Cutout, Upscale


def check_means(words: str, step: type[Upscale | Cutout], hint: str) -> None:
    """Raises BadInput when words want something else of a picture than this step."""
    plan = understand(words, Context(has_head=True, chosen=True))
    if not any(isinstance(each, step) for each in plan.steps):
        raise BadInput("That is not what this command does.", hint=hint)

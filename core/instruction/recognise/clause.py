"""A clause against all families: the steps it wholly means, or None for prose."""

from __future__ import annotations

from dataclasses import dataclass

from core.instruction.context import Context
from core.instruction.plan import Step
from core.instruction.recognise import backdrop, cutout, label, light, shape, tree, upscale
from core.instruction.recognise.rules import apply
from core.instruction.words import Clause, canonical, version_as_object, versions_named

_FAMILIES = (
    tree.MOVES, tree.TAKES, cutout.RULES, upscale.RULES, shape.RULES, light.RULES,
    backdrop.RULES, label.RULES,
)  # fmt: skip
_ON_A_PICTURE = _FAMILIES[1:]


@dataclass(frozen=True, slots=True)
class Command:
    """Exact steps, and the number of the version that the words name as their object."""

    steps: tuple[Step, ...]
    version: int | None = None


def recognise(text: str, context: Context) -> Command | None:
    """The command that a stretch of text is as a whole; None when it is none.

    Raises:
        BadInput: a command with numbers that cannot be carried out.
        Ask: a command that lacks a detail.
    """
    clause = canonical(text)
    if clause is None or not clause.words:
        return None
    clause = versions_named(clause)
    for family in _FAMILIES:
        steps = apply(family, clause, context)
        if steps is not None:
            return Command(steps)
    return _on_a_version(clause, context)


def _on_a_version(clause: Clause, context: Context) -> Command | None:
    """ "crop v2 to 4:5": a command whose object is a version."""
    named = version_as_object(clause)
    if named is None or named.version is None:
        return None
    for family in _ON_A_PICTURE:
        steps = apply(family, named, context)
        if steps is not None:
            return Command(steps, tree.check_version(named.version, context.version_count))
    return None

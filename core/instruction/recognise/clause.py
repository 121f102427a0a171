"""A clause against all families: the steps it wholly means, or None for prose."""

from __future__ import annotations

import re
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
_A_VERSION = re.compile(
    r"(?:(?:make|create|give|get|do|have|show|produce|export)(?: me)? )?(?:an? |the )?"
    r"(?P<wish>[^ ].{0,60}) (?:version|copy)(?: of (?:it|v(?P<of>[0-9]{1,6})))?"
)


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
    found = _on_a_version(clause, context)
    return found if found is not None else _as_a_version(clause, context)


def _as_a_version(clause: Clause, context: Context) -> Command | None:
    """ "a transparent version": a wish said as the version that it makes, of "v2" or of "it"."""
    said = _A_VERSION.fullmatch(clause.words)
    if said is None:
        return None
    version = int(said["of"]) if said["of"] else None
    wish = Clause(said["wish"], clause.quotes)
    for family in _FAMILIES[2:]:
        steps = apply(family, wish, context)
        if steps is not None:
            if version is not None:
                tree.check_version(version, context.version_count)
            return Command(steps, version)
    return None


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

"""A clause against all families: the steps it wholly means, or None for prose."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.instruction.context import Context
from core.instruction.mentions import attachment_as_object
from core.instruction.plan import Step, Vary
from core.instruction.recognise import (
    backdrop,
    cutout,
    label,
    light,
    looking,
    named,
    shape,
    tree,
    upscale,
)
from core.instruction.recognise.rules import Rule, apply
from core.instruction.spoken import lift
from core.instruction.words import Clause, canonical, version_as_object, versions_named

_CHANGES = (
    cutout.RULES, upscale.RULES, shape.RULES, light.RULES, backdrop.RULES, label.RULES,
)  # fmt: skip
_ON_A_PICTURE = (tree.TAKES, *_CHANGES)
_FAMILIES = (tree.MOVES, looking.RULES, *_ON_A_PICTURE)
_A_VERSION = re.compile(
    r"(?:(?:make|create|give|get|do|have|show|produce|export)(?: me)? )?(?:an? |the )?"
    r"(?P<wish>[^ ].{0,60}) (?:version|copy)(?: of (?:it|v(?P<of>[0-9]{1,6})))?"
)


@dataclass(frozen=True, slots=True)
class Command:
    """Exact steps, and the number of the version that the words name as their object.

    `model` is the one that the words name for drawing.
    """

    steps: tuple[Step, ...]
    version: int | None = None
    model: str | None = None


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
    return _command(clause, context) or _by_a_model(clause, context)


def _command(clause: Clause, context: Context) -> Command | None:
    steps = _first(_FAMILIES, clause, context)
    if steps is not None:
        return Command(steps)
    for reading in (_on_a_version, _as_a_version, _on_an_attachment):
        found = reading(clause, context)
        if found is not None:
            return found
    return None


def _by_a_model(clause: Clause, context: Context) -> Command | None:
    """ "4x with Clarity Pro": a command beside the name of who is to carry it out."""
    rest, spoken = lift(clause.words)
    if spoken is None:
        return None
    implied = named.implied(rest, spoken)
    if implied is not None:
        return Command(tuple(implied))
    command = _command(Clause(named.order(rest), clause.quotes), context)
    steps = named.done_by(command.steps, spoken) if command else None
    if command is None or steps is None:
        return None
    varies = any(isinstance(step, Vary) for step in steps)
    return Command(steps, command.version, spoken.name if varies else None)


def _on_an_attachment(clause: Clause, context: Context) -> Command | None:
    """ "crop the second picture to 4:5": its object is a picture of this message."""
    words = attachment_as_object(clause.words) if context.attachments > 1 else None
    if words is None:
        return None
    steps = _first(_ON_A_PICTURE, Clause(words, clause.quotes), context)
    return None if steps is None else Command(steps)


def _first(
    families: Sequence[Sequence[Rule]], clause: Clause, context: Context
) -> tuple[Step, ...] | None:
    for family in families:
        steps = apply(family, clause, context)
        if steps is not None:
            return steps
    return None


def _as_a_version(clause: Clause, context: Context) -> Command | None:
    """ "a transparent version": a wish said as the version that it makes, of "v2" or of "it"."""
    said = _A_VERSION.fullmatch(clause.words)
    if said is None:
        return None
    version = int(said["of"]) if said["of"] else None
    wish = Clause(said["wish"], clause.quotes)
    steps = _first(_CHANGES, wish, context)
    if steps is not None and version is not None:
        tree.check_version(version, context.version_count)
    return None if steps is None else Command(steps, version)


def _on_a_version(clause: Clause, context: Context) -> Command | None:
    """ "crop v2 to 4:5": a command whose object is a version."""
    named = version_as_object(clause)
    if named is None or named.version is None:
        return None
    steps = _first(_ON_A_PICTURE, named, context)
    if steps is None:
        return None
    return Command(steps, tree.check_version(named.version, context.version_count))

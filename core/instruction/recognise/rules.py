"""The shape of a rule: a pattern that must match a whole clause, and the steps it then means."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.instruction.context import Context
from core.instruction.plan import Step
from core.instruction.words import Clause

NUMBER = r"[0-9]{1,6}(?:\.[0-9]{1,3})?"
PIXELS = r" ?(?:px|pixels?)"
IT = r"(?: it)?"
"""The picture, named or not: "crop it", "crop the picture" and "crop" are one clause."""

MAKE = r"(?:(?:make|have|get|turn|give me|i want|do|with)(?: it)? )?(?:an? )?"
"""What may stand before a wish that is only an adjective or a noun: "make it …", "turn it …"."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule's builder may look at: the match, the quotations, the situation."""

    match: re.Match[str]
    clause: Clause
    context: Context

    def get(self, group: str) -> str | None:
        """A group, or None when it took no part or the rule's pattern has no such group."""
        return self.match.groupdict().get(group)

    def text(self, group: str) -> str:
        """A group that the rule's pattern always fills."""
        words: str = self.match[group]
        return words

    def number(self, group: str) -> float | None:
        """The number in an optional group."""
        value = self.get(group)
        return None if value is None else float(value)

    def quoted(self, group: str) -> str:
        """The quotation that a group holding its number stands for."""
        return self.clause.quotes[int(self.text(group))]


class Ask(Exception):
    """A command without the detail that it needs; `question` goes back to the person."""

    def __init__(self, question: str) -> None:
        super().__init__(question)
        self.question = question


Builder = Callable[[Found], Sequence[Step] | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """`pattern` is matched against the whole clause; a builder that gives None has declined."""

    pattern: re.Pattern[str]
    build: Builder


def rule(pattern: str, build: Builder) -> Rule:
    """A rule of a pattern in which one blank stands for one blank."""
    return Rule(re.compile(pattern), build)


def always(*steps: Step) -> Builder:
    """A builder of fixed steps."""
    return lambda found: steps


def apply(rules: Sequence[Rule], clause: Clause, context: Context) -> tuple[Step, ...] | None:
    """The steps of the first rule that matches, or None."""
    for candidate in rules:
        match = candidate.pattern.fullmatch(clause.words)
        if match is None:
            continue
        steps = candidate.build(Found(match, clause, context))
        if steps is not None:
            return tuple(steps)
    return None

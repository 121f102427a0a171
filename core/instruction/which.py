"""Which picture a turn acts on: one rule, said aloud before anything is spent.

Editing the wrong picture is what people report most about bots like this one. So the rule is a
pure function with a table of cases in its tests, and its answer carries the words that tell the
person ("editing v3") while another tap can still change it.

1. A plan that begins by drawing a new picture has no subject: all attachments are references.
2. A version named in the words, else the version replied to or chosen.
3. The head, when the words only take from the attachments ("use this as a style reference").
4. An attachment that the words want changed ("put the logo from 2 on the mug of 1").
5. The first attachment.
6. The head.

Attachments that are not the subject are references, in the order in which they were attached.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from core.errors import BadInput
from core.instruction.mentions import destination, only_references
from core.instruction.plan import (
    Advise,
    Cutout,
    Generate,
    Jump,
    Plan,
    Recap,
    Redo,
    Show,
    ShowVersions,
    Undo,
    Upscale,
    Vary,
)

LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class VersionRef:
    """A version by its id and its number."""

    id: str
    number: int


@dataclass(frozen=True, slots=True)
class Subject:
    """What a turn acts on.

    `kind` says which of `version` (its id) and `attachment` (its index from 0) is set. `references`
    are indexes of attachments. `echo` is shown to the person; a file's name in it is theirs, so an
    adapter escapes it like any other words.
    """

    kind: Literal["version", "attachment", "none"]
    echo: str
    version: str | None = None
    attachment: int | None = None
    references: tuple[int, ...] = ()


def choose_subject(
    plan: Plan,
    text: str,
    *,
    chosen: VersionRef | None = None,
    named: VersionRef | None = None,
    head: VersionRef | None = None,
    attachments: Sequence[str] = (),
) -> Subject:
    """The subject of a plan.

    `chosen` was replied to or picked, `named` is the version that `plan.acts_on` numbers,
    `attachments` are the file names of the message's pictures.

    Raises:
        BadInput: the words name a version that was not found.
    """
    if plan.acts_on is not None and named is None:
        raise BadInput(
            f"There is no v{plan.acts_on} in this thread.", hint="Say “show versions” to see them."
        )
    moves = _move(plan)
    if moves is not None:
        return Subject("none", moves)
    everything = tuple(range(len(attachments)))
    if plan.steps and isinstance(plan.steps[0], Generate):
        return Subject("none", _drawing(len(everything)), references=everything)
    version = named or chosen
    if version is None:
        index = _attachment(text, len(attachments), has_head=head is not None)
        if index is not None:
            others = tuple(other for other in everything if other != index)
            echo = f"{_verb(plan)} your picture{_name(attachments[index])}{_with(len(others))}"
            return Subject("attachment", echo, attachment=index, references=others)
        version = head
    if version is None:
        return Subject("none", "waiting for a picture")
    echo = f"{_verb(plan)} v{version.number}{_with(len(everything))}"
    return Subject("version", echo, version=version.id, references=everything)


def _attachment(text: str, count: int, *, has_head: bool) -> int | None:
    if count == 0:
        return None
    if has_head and only_references(text, count):
        return None
    return destination(text, count) or 0


def _move(plan: Plan) -> str | None:
    """The echo of a plan that moves among versions, shows them, or gives advice."""
    match plan.steps[0] if plan.steps else None:
        case Undo():
            return "undoing"
        case Redo():
            return "redoing"
        case Jump(version=number):
            return f"going to v{number}"
        case Show(version=number):
            return f"showing v{number}"
        case ShowVersions():
            return "showing the versions"
        case Recap():
            return "putting all versions on a sheet"
        case Advise():
            return "looking at the models"
    return None


def _verb(plan: Plan) -> str:
    if plan.question is not None or not plan.steps:
        return "looking at"
    if len(plan.steps) > 1:
        return "editing"
    first = plan.steps[0]
    if isinstance(first, Vary):
        return "trying again from" if first.again else "drawing variations of"
    if isinstance(first, Upscale):
        return "enlarging"
    return "cutting out" if isinstance(first, Cutout) else "editing"


def _drawing(references: int) -> str:
    return f"drawing a new picture{_with(references)}"


def _with(references: int) -> str:
    if references == 0:
        return ""
    return f" with {references} reference{'s' if references > 1 else ''}"


def _name(name: str) -> str:
    """A file's name on one line, short, without what could turn the line around."""
    shown = "".join(c for c in name if c.isprintable()).strip()
    if len(shown) > LONGEST_NAME:
        shown = f"{shown[: LONGEST_NAME - 8]}…{shown[-7:]}"
    return f" {shown}" if shown else ""

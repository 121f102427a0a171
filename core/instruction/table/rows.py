"""What a row of the table says, and short ways to write one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from core.instruction.context import Context
from core.instruction.plan import (
    Adjust,
    Advise,
    Cutout,
    Edit,
    Generate,
    Jump,
    Recap,
    Redo,
    Show,
    ShowVersions,
    Step,
    TurnOptions,
    Undo,
    Upscale,
    Vary,
)
from core.picture.adjustments import Adjustment

Given = Literal["a picture", "nothing", "an attachment", "a chosen version", "a painted area"]

CONTEXTS: dict[Given, Context] = {
    "a picture": Context(has_head=True, version_count=3),
    "nothing": Context(),
    "an attachment": Context(attachments=1),
    "a chosen version": Context(has_head=True, chosen=True, version_count=3),
    "a painted area": Context(has_head=True, has_mask=True, version_count=3),
}

_STEPS = (
    Generate, Edit, Vary, Cutout, Upscale, Adjust, Undo, Redo, Jump, ShowVersions, Show, Recap,
    Advise,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """Words, the situation, and what they mean: steps, or a question, or a kind refusal."""

    text: str
    steps: tuple[Step, ...] = ()
    given: Given = "a picture"
    options: TurnOptions = field(default_factory=TurnOptions)
    acts_on: int | None = None
    outcome: Literal["plan", "question", "refused"] = "plan"


@dataclass(frozen=True, slots=True)
class Section:
    """A group of rows; `about` is the paragraph above them."""

    title: str
    about: str
    rows: tuple[Row, ...]


def does(text: str, *steps: Step | Adjustment, given: Given = "a picture", **wishes: Any) -> Row:
    """A row of steps (an adjustment stands for its step); `wishes` are options or `acts_on`."""
    acts_on = wishes.pop("acts_on", None)
    whole = tuple(step if isinstance(step, _STEPS) else Adjust(adjustment=step) for step in steps)
    return Row(text, whole, given, TurnOptions(**wishes), acts_on)


def draws(text: str, prompt: str | None = None, given: Given = "nothing", **wishes: Any) -> Row:
    """A new picture; the prompt is the text where it is not given."""
    return does(text, Generate(prompt=text if prompt is None else prompt), given=given, **wishes)


def edits(
    text: str,
    prompt: str | None = None,
    *,
    whole: bool = False,
    given: Given = "a picture",
    **wishes: Any,
) -> Row:
    """An edit by a model; the prompt is the text where it is not given."""
    words = text if prompt is None else prompt
    return does(text, Edit(prompt=words, keep_rest=not whole), given=given, **wishes)


def on_clear(text: str, change: Adjustment) -> Row:
    """A cut-out, and a change that needs one."""
    return does(text, Cutout(), change)


def asks(text: str, given: Given = "a picture") -> Row:
    """A question goes back."""
    return Row(text, given=given, outcome="question")


def refuses(text: str, given: Given = "a picture") -> Row:
    """A kind refusal."""
    return Row(text, given=given, outcome="refused")

"""From commands and prose to a plan: steps in order, none of them for nothing."""

from __future__ import annotations

from collections.abc import Sequence

from core.errors import BadInput
from core.instruction.context import Context
from core.instruction.fresh import changes_a_picture
from core.instruction.plan import (
    Adjust,
    Cutout,
    Edit,
    Generate,
    Jump,
    Plan,
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
from core.instruction.prompts import tidy
from core.instruction.reading import Prose
from core.instruction.recognise.clause import Command
from core.instruction.scope import keeps_rest, names_a_place
from core.instruction.spoken import named_at_an_end
from core.picture.adjustments import Backdrop, Convert, Outline, Pad, Shadow

TREE = (Undo, Redo, Jump, ShowVersions, Show, Recap)
NOTE_TRANSPARENT = "“Transparent” is taken as a setting and left out of the words for the model."
NOTE_MODEL = "“{phrase}” chooses the model and is left out of the words for it."
NOTE_RATIO = "{ar} is taken as a setting and left out of the words for the model."


class _Builder:
    """Steps so far, and whether they leave the subject on true transparency."""

    def __init__(self, context: Context, asked: TurnOptions) -> None:
        self.context = context
        self.asked = asked
        self.found = TurnOptions()
        self.steps: list[Step] = []
        self.notes: list[str] = []
        self.clear = False

    def add_prose(self, prose: Prose) -> None:
        text = self._without_model(prose.text)
        tidied = tidy(text, new=prose.new)
        stays_clear = self.clear and not (prose.new or names_a_place(text))
        self.clear = stays_clear or tidied.transparent or self.asked.transparent is True
        if tidied.transparent or stays_clear:
            self._set(TurnOptions(transparent=True))
        if tidied.ar is not None:
            self._set(TurnOptions(ar=tidied.ar))
        if tidied.words != text:
            self.notes.append(NOTE_RATIO.format(ar=tidied.ar) if tidied.ar else NOTE_TRANSPARENT)
        self.steps.append(self._drawing(tidied.words, prose.new))

    def _drawing(self, words: str, new: bool) -> Step:
        if new:
            return Generate(prompt=words)
        return Edit(prompt=words, keep_rest=keeps_rest(words, self.context))

    def _without_model(self, text: str) -> str:
        named = named_at_an_end(text)
        if named is None:
            return text
        self._set_model(named.model)
        self.notes.append(NOTE_MODEL.format(phrase=named.phrase))
        return named.words

    def _set_model(self, name: str) -> None:
        if self.found.model not in (None, name):
            raise BadInput(
                "One message draws with one model.",
                hint="Send the steps for each model as a message of their own.",
            )
        self._set(TurnOptions(model=name))

    def _set(self, wish: TurnOptions) -> None:
        self.found = self.found.under(wish)

    def add_command(self, command: Command) -> None:
        if command.model is not None:
            self._set_model(command.model)
        if self._goes_under_backdrop(command.steps):
            self.steps.insert(len(self.steps) - 1, command.steps[-1])
            return
        for step in command.steps:
            self._add(step)

    def _goes_under_backdrop(self, steps: Sequence[Step]) -> bool:
        """Whether steps set a shadow or outline that a backdrop before them would swallow."""
        last, new = self.steps[-1] if self.steps else None, steps[-1]
        return (
            isinstance(last, Adjust)
            and isinstance(last.adjustment, Backdrop)
            and isinstance(new, Adjust)
            and isinstance(new.adjustment, Shadow | Outline)
        )

    def _add(self, step: Step) -> None:
        if isinstance(step, Cutout):
            if self.clear:
                return
            self.clear = True
            if self.steps and isinstance(self.steps[-1], Generate) and len(self.steps) == 1:
                self._set(TurnOptions(transparent=True))
                return
        elif not _keeps_transparency(step):
            self.clear = False
        self.steps.append(step)


def _keeps_transparency(step: Step) -> bool:
    if isinstance(step, Upscale):
        return True
    if not isinstance(step, Adjust):
        return False
    change = step.adjustment
    filled = isinstance(change, Pad) and change.colour is not None
    flat = isinstance(change, Convert) and change.format == "jpeg"
    return not (filled or flat or isinstance(change, Backdrop))


def assemble(
    reading: Sequence[Command | Prose],
    context: Context,
    asked: TurnOptions,
    *,
    acts_on: int | None = None,
) -> Plan:
    """The plan of a reading. `asked` are the wishes of flags in the text.

    A wish that flags make is stronger than one found among the words, and that one is stronger
    than the context's.

    Raises:
        BadInput: a command for a picture where there is none, or for several versions at once.
    """
    builder = _Builder(context, asked)
    for item in reading:
        if isinstance(item, Prose):
            builder.add_prose(item)
        else:
            builder.add_command(item)
    steps = _with_flagged_cutout(builder.steps, asked)
    if not context.has_picture:
        _check_first(steps)
    options = context.options.under(builder.found).under(asked)
    version = acts_on if acts_on is not None else _one_version(reading)
    return Plan(steps=tuple(steps), options=options, acts_on=version, notes=tuple(builder.notes))


def _with_flagged_cutout(steps: list[Step], asked: TurnOptions) -> list[Step]:
    """`--transparent` on exact steps alone: the cut-out comes first."""
    draws = any(isinstance(step, Generate | Edit | Vary | Cutout) for step in steps)
    moves = next((i for i, step in enumerate(steps) if not isinstance(step, TREE)), len(steps))
    if not asked.transparent or draws or moves == len(steps):
        return steps
    return [*steps[:moves], Cutout(), *steps[moves:]]


def _check_first(steps: Sequence[Step]) -> None:
    first = steps[0] if steps else None
    if isinstance(first, Generate) and changes_a_picture(first.prompt):
        raise _no_picture()
    if first is None or isinstance(first, (Generate, *TREE)):
        return
    if isinstance(first, Vary) and first.again:
        return
    raise _no_picture()


def _no_picture() -> BadInput:
    return BadInput(
        "There is no picture here yet to do that to.",
        hint="Attach one, or describe a new one: “a red mug on a walnut table”.",
        code="no_picture",
    )


def _one_version(reading: Sequence[Command | Prose]) -> int | None:
    """The version that commands name as their object, the first of them at least."""
    named = [item.version if isinstance(item, Command) else None for item in reading]
    spoken = {version for version in named if version is not None}
    if not spoken:
        return None
    if len(spoken) > 1 or named[0] is None:
        raise BadInput(
            "One message works on one version.",
            hint="Send the steps for each version as a message of their own.",
        )
    return spoken.pop()

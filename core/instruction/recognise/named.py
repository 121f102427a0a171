"""Commands that name who is to carry them out: "4x with Clarity Pro", "cut it out using Bria"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.instruction.plan import Cutout, Step, Upscale, Vary
from core.instruction.recognise.upscale import USUAL_SCALE
from core.instruction.spoken import Spoken, Work, lift
from core.instruction.words import canonical

_IDLE = re.compile(
    r"(?:(?:try|do|draw|paint|make|run|redo|render|repeat|pass|put|send|take|generate)(?: it)?|it|"
    r"for it|same(?: again)?|the same)?"
)
"""What is left of "use …", "run it through …" or "do it with …": the model's name says the rest."""
_BIGGER = re.compile(r"make it (?:much |a lot |a (?:little )?bit )?(?:bigger|larger)")
_THE_SUBJECT = re.compile(
    r"(?:(?:cut out|isolate|extract) (?:the|my) (?:[a-z-]{1,20} ){0,2}[a-z-]{1,20}|"
    r"cut (?:the|my) (?:[a-z-]{1,20} ){1,3}out)"
)
_CARRIED = re.compile(r"(?:run|pass|put|send|take) it (?:(?:for|at|to) )?(?:an? )?(?=.)")

_WORKS: dict[Work, tuple[type[Step], ...]] = {
    "draw": (Vary, Upscale, Cutout),
    "enlarge": (Upscale, Cutout),
    "cut out": (Cutout, Upscale),
}
"""The steps that a name is about, the likeliest first; a model that can't is told apart later."""


def model_to_try(text: str) -> str | None:
    """The drawing model that a whole message names and says no more: "use Seedream 4.5"."""
    clause = canonical(text)
    rest, spoken = lift(clause.words) if clause else ("", None)
    return spoken.name if spoken and spoken.work == "draw" and _idle(rest) else None


def implied(rest: str, spoken: Spoken) -> Sequence[Step] | None:
    """What is asked of a model that can do but one thing."""
    if spoken.work == "enlarge" and (_idle(rest) or _BIGGER.fullmatch(rest)):
        return [Upscale(scale=USUAL_SCALE, by=spoken.name)]
    if spoken.work == "cut out" and (_idle(rest) or _THE_SUBJECT.fullmatch(rest)):
        return [Cutout(by=spoken.name)]
    return None


def _idle(rest: str) -> bool:
    return _IDLE.fullmatch(rest) is not None


def order(rest: str) -> str:
    """ "pass it for 4x upscaling" as the order that it is."""
    return _CARRIED.sub("", rest, count=1)


def done_by(steps: Sequence[Step], spoken: Spoken) -> tuple[Step, ...] | None:
    """The steps with those that the model is named for marked; None when there are none."""
    for kind in _WORKS[spoken.work]:
        if any(isinstance(step, kind) for step in steps):
            return tuple(_marked(step, spoken) if isinstance(step, kind) else step
                         for step in steps)  # fmt: skip
    return None


def _marked(step: Step, spoken: Spoken) -> Step:
    if isinstance(step, Upscale | Cutout):
        return step.model_copy(update={"by": spoken.name})
    return step

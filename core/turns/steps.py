"""One step of a plan, carried out by the part that does its kind."""

from __future__ import annotations

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
    Undo,
    Upscale,
    Vary,
)
from core.session.models import StepRecord
from core.turns import drawing, exact, finishing
from core.turns.stage import Stage, Tools

PictureStep = Generate | Edit | Vary | Cutout | Upscale | Adjust
TreeStep = Undo | Redo | Jump | ShowVersions | Show | Recap | Advise


async def run_step(step: PictureStep, index: int, stage: Stage, tools: Tools) -> StepRecord:
    """Raises EngineError or BadInput when it cannot be done."""
    match step:
        case Generate():
            return await drawing.generate(step, index, stage, tools)
        case Edit():
            return await drawing.edit(step, index, stage, tools)
        case Vary():
            return await drawing.vary(step, index, stage, tools)
        case Cutout():
            drawn = await drawing.clear(step, index, stage, tools)
            return drawn or await finishing.cutout(step, index, stage, tools)
        case Upscale():
            return await finishing.upscale(step, index, stage, tools)
        case Adjust():
            return await exact.adjust(step, index, stage, tools)

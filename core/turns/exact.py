"""Steps that need no model: cut out, enlarge, adjust."""

from __future__ import annotations

from typing import Any

from core.engines.port import ImageRequest, Operation
from core.errors import BadInput
from core.instruction.describe import describe
from core.instruction.plan import Adjust, Cutout, Step, Upscale
from core.session.models import Asset, StepRecord
from core.turns.gallery import Picture
from core.turns.painter import Painted
from core.turns.recipes import alpha_report_of, recipe_of, result_of
from core.turns.stage import Stage, Tools


def subject_of(stage: Stage) -> Picture:
    """The picture that a step acts on. Raises BadInput when there is none."""
    if stage.current is None:
        raise BadInput(
            "There is no picture here to change yet.",
            hint="Describe one first, or attach a picture.",
            code="no_picture",
        )
    return stage.current


async def cutout(step: Cutout, index: int, stage: Stage, tools: Tools) -> StepRecord:
    return await _step("cutout", step, index, stage, tools)


async def upscale(step: Upscale, index: int, stage: Stage, tools: Tools) -> StepRecord:
    asked = {"scale": step.scale, "long_side": step.long_side, "variant": step.model}
    return await _step("upscale", step, index, stage, tools, **asked)


async def adjust(step: Adjust, index: int, stage: Stage, tools: Tools) -> StepRecord:
    return await _step("adjust", step, index, stage, tools, adjustment=step.adjustment)


async def local(
    operation: Operation, asset: Asset, index: int, stage: Stage, tools: Tools, **asked: Any
) -> Painted:
    """Have one picture cut out, enlarged or adjusted by the engine that does it here."""
    choice = tools.catalog.choose(operation)
    request = ImageRequest(
        model=choice.model,
        operation=operation,
        key=stage.key(index),
        images=(await tools.blobs.get(asset.sha256),),
        **asked,
    )
    return (await tools.painter.paint(choice, request, stage.reporter))[0]


async def _step(
    operation: Operation, step: Step, index: int, stage: Stage, tools: Tools, **asked: Any
) -> StepRecord:
    subject = subject_of(stage)
    painted = await local(operation, subject.asset, index, stage, tools, **asked)
    results = []
    for kept in painted.pictures:
        recipe = recipe_of(
            painted,
            kept,
            operation=operation,
            words=describe(step),
            subject=subject,
            from_photograph=subject.recipe.from_photograph,
            details={},
        )
        results.append(result_of(recipe, kept.asset, subject, alpha_report_of(kept)))
    return StepRecord(
        index=index,
        step=step,
        results=tuple(results),
        notes=tuple(painted.notes),
        cost_usd=painted.result.usage.cost_usd,
    )

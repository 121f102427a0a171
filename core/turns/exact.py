"""Exact work that needs no model, and the record of a step that changes one picture."""

from __future__ import annotations

from typing import Any

from core.engines.catalog import Choice
from core.engines.port import ImageRequest, Operation
from core.errors import BadInput
from core.instruction.describe import describe
from core.instruction.plan import Adjust, Step
from core.session.models import AlphaReport, Asset, StepRecord
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


async def local(
    operation: Operation, asset: Asset, index: int, stage: Stage, tools: Tools, **asked: Any
) -> Painted:
    """Have one picture cut out, enlarged or adjusted by the engine that does it here."""
    choice, data = tools.catalog.choose(operation), await tools.blobs.get(asset.sha256)
    return await asked_of(choice, operation, data, index, stage, tools, **asked)


async def asked_of(
    choice: Choice, operation: Operation, data: bytes, index: int, stage: Stage, tools: Tools,
    **asked: Any,
) -> Painted:  # fmt: skip
    """Have the chosen model do something to one picture."""
    request = ImageRequest(
        model=choice.model,
        operation=operation,
        key=stage.key(index),
        images=(data,),
        actor_hash=tools.painter.actor_hash(stage.turn.actor),
        **asked,
    )
    return (await tools.painter.paint(choice, request, stage.reporter))[0]


async def adjust(step: Adjust, index: int, stage: Stage, tools: Tools) -> StepRecord:
    subject = subject_of(stage)
    painted = await local("adjust", subject.asset, index, stage, tools, adjustment=step.adjustment)
    return record_of(step, index, subject, painted, painted.pictures[0].asset, painted.notes)


def record_of(
    step: Step, index: int, subject: Picture, painted: Painted, asset: Asset, notes: list[str],
    report: AlphaReport | None = None,
) -> StepRecord:  # fmt: skip
    """The record of a step that made `asset` of one picture; `report`: of its transparency."""
    kept = painted.pictures[0]
    recipe = recipe_of(
        painted,
        kept,
        operation=step.op,
        words=describe(step),
        subject=subject,
        from_photograph=subject.recipe.from_photograph,
        details=instead_of(painted),
    )
    result = result_of(recipe, asset, subject, report or alpha_report_of(kept))
    return StepRecord(
        index=index,
        step=step,
        results=(result,),
        notes=tuple(dict.fromkeys(note for note in notes if note)),
        cost_usd=painted.cost_usd,
    )


def instead_of(painted: Painted) -> dict[str, Any]:
    """For the recipe: which model was wished for, where another did it."""
    wished = painted.choice.substituted_from
    return {"instead_of": wished} if wished else {}

"""How a picture came to be, written down: enough to tell a person, and to repeat it."""

from __future__ import annotations

from typing import Any

from core.policy.calls import KeptDrawn
from core.session.models import AlphaReport, Asset, Recipe, StepResult
from core.turns.gallery import Picture
from core.turns.painter import Painted


def recipe_of(
    painted: Painted, kept: KeptDrawn, *, operation: str, words: str, subject: Picture | None,
    from_photograph: bool, details: dict[str, Any],
) -> Recipe:  # fmt: skip
    """The recipe of one of the pictures of a request; the cost is its share."""
    request, drawn = painted.request, painted.drawn
    report = {"alpha_report"}
    engine_details = {key: value for key, value in kept.details.items() if key not in report}
    return Recipe(
        operation=operation,
        model=painted.choice.card.id,
        engine=painted.choice.card.engine,
        snapshot=drawn.snapshot,
        words=words,
        size=f"{request.size[0]}x{request.size[1]}" if request.size else None,
        seed=kept.seed,
        quality=request.quality,
        transparent=request.transparent,
        parents=(subject.asset.sha256,) if subject else (),
        cost_usd=painted.cost_usd / max(1, len(painted.pictures)),
        cost_known=drawn.usage.exact,
        seconds=drawn.seconds,
        from_photograph=from_photograph,
        details={**engine_details, **details},
    )


def alpha_report_of(kept: KeptDrawn) -> AlphaReport | None:
    """What the engine measured of a picture's transparency, if it did."""
    told = kept.details.get("alpha_report")
    return AlphaReport.model_validate(told) if told else None


def result_of(
    recipe: Recipe, asset: Asset, subject: Picture | None, report: AlphaReport | None = None
) -> StepResult:
    return StepResult(
        asset=asset,
        operation=recipe.operation,
        model=recipe.model,
        recipe=recipe,
        parents=(subject.ref,) if subject else (),
        alpha_report=report,
    )

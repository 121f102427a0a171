"""What a prediction came to: pictures that are checked, and what they cost."""

from __future__ import annotations

from collections.abc import Sequence

from core.engines import cost
from core.engines.port import DrawnPicture, ImageRequest, ModelCard, PriceRule, Usage
from core.engines.replicate.wire import Prediction
from core.errors import EngineError, EngineFault


def usage_of(
    card: ModelCard,
    request: ImageRequest,
    prediction: Prediction,
    pictures: Sequence[DrawnPicture],
) -> Usage:
    """What the run cost. Exact where the price is known and all that it depends on was measured."""
    rule = card.price
    if rule.free:
        return Usage()
    tokens = bool(rule.per_picture or rule.image_out)
    if tokens:  # billed by tokens, which Replicate does not tell
        guess = cost.estimate(card, request)
        return guess.model_copy(update={"exact": False})
    timed = prediction.seconds
    pixels = sum(picture.width * picture.height for picture in pictures)
    seconds = timed if timed is not None else card.capabilities.speed_s or 0.0
    spent = cost.of_run(rule, seconds=seconds, pixels=pixels, pictures=len(pictures))
    return Usage(
        cost_usd=max(spent, rule.minimum),
        exact=rule.known and (timed is not None or not rule.per_second),
    )


def gone(title: str) -> EngineError:
    """The hour in which a result can be had is over, or nobody knows it any more."""
    return EngineError(
        f"The picture of {title} came too late to be fetched.",
        kind=EngineFault.UNKNOWN,
        hint="Ask for it again.",
        may_have_billed=True,
    )


def wasted(rule: PriceRule, prediction: Prediction) -> float | None:
    """What a run without a picture cost, in US dollars. None: nobody can tell.

    Time is billed however the run ends; other prices are for what comes out of it. One that was
    stopped before it began is free.
    """
    if rule.free or prediction.status == "aborted":
        return 0.0
    timed = prediction.seconds
    if rule.per_second and timed is not None:
        return cost.of_run(rule, seconds=timed, pixels=0, pictures=0)
    return None if prediction.stopped else 0.0


def stopped(title: str, prediction: Prediction | None, spent: float | None = None) -> EngineError:
    """It took longer than was set, or somebody stopped it at Replicate; `spent` as of `wasted`.

    One that cost something is no passing trouble: those are tried again by themselves.
    """
    return EngineError(
        f"{title} took too long and was stopped.",
        kind=EngineFault.UNKNOWN if spent else EngineFault.TRANSIENT,
        hint="Try again, or use another model.",
        admin=f"{title}: {prediction.id} {prediction.status}" if prediction else "",
        may_have_billed=spent is None,
        spent_usd=spent or 0.0,
    )

"""What a picture costs: an estimate before anything is spent, the truth from usage after.

Providers bill tokens, so the truth is a sum over token counts. Before the call only the output can
be looked up; the sizes of the inputs are taken from what providers report as usual, at the upper
end, since a budget is guarded with the estimate.
"""

from __future__ import annotations

from core.engines.port import ImageRequest, ModelCard, PriceRule, Usage
from core.picture.codec import probe

_MILLION = 1_000_000
_LETTERS_PER_TOKEN = 4
_TOKENS_PER_INPUT = 1_600
"""Upper end of what a 1024x1024 input picture is reported to take at high fidelity."""
_TOKENS_PER_PREVIEW = 100
"""Each streamed preview adds this many output tokens (OpenAI's image guide)."""
_USUAL_SECONDS = 10.0
"""What a run is taken to last where nothing is known of the model."""
_UNDECIDED = "high"
"""Estimates for `auto` and for levels without a listed price assume this quality."""


def actual(
    rule: PriceRule, *, text_in: int, image_in: int, image_out: int, exact: bool = True
) -> Usage:
    """Usage with its cost from token counts, as the provider reported them."""
    cost = text_in * rule.text_in + image_in * rule.image_in + image_out * rule.image_out
    return Usage(
        text_in=text_in,
        image_in=image_in,
        image_out=image_out,
        cost_usd=0.0 if rule.free else cost / _MILLION,
        exact=exact,
    )


def estimate(card: ModelCard, request: ImageRequest) -> Usage:
    """What a request will probably cost at most; `exact` is false unless the model is free."""
    rule = card.price
    if rule.free:
        return Usage()
    text_in = -(-len(request.prompt) // _LETTERS_PER_TOKEN)
    image_in = len(request.images) * _TOKENS_PER_INPUT
    previews = request.previews * _TOKENS_PER_PREVIEW
    inputs = actual(rule, text_in=text_in, image_in=image_in, image_out=previews, exact=False)
    drawn = picture_price(rule, request.quality, request.size)
    run = of_run(rule, seconds=card.capabilities.speed_s or _USUAL_SECONDS,
                 pixels=_pixels_out(request))  # fmt: skip
    spent = max(inputs.cost_usd + drawn + run, rule.minimum)
    return inputs.model_copy(update={"cost_usd": spent})


def of_run(rule: PriceRule, *, seconds: float, pixels: int, pictures: int = 1) -> float:
    """What a run costs that is billed by the picture, its pixels or its time, in US dollars.

    `pixels` are those of all its pictures together, `seconds` what the provider measured.
    """
    if rule.free:
        return 0.0
    spent = rule.each * pictures + rule.per_megapixel * pixels / _MILLION
    return spent + rule.per_second * seconds


def _pixels_out(request: ImageRequest) -> int:
    """How many pixels a result will have, as far as the request says."""
    if request.operation != "upscale" or not request.images:
        width, height = request.size or (1024, 1024)
        return width * height
    info = probe(request.images[0])
    scale = request.scale or (request.long_side or 0) / max(info.width, info.height)
    return round(info.width * scale) * round(info.height * scale)


def picture_price(rule: PriceRule, quality: str | None, size: tuple[int, int] | None) -> float:
    """The listed price of one picture: the nearest listed size, more for larger ones.

    `per_picture` is keyed "quality WxH"; what is larger than its nearest listed size costs more by
    the ratio of pixels. Without any listed price: 0.
    """
    listed = _listed(rule, quality or _UNDECIDED) or _listed(rule, _UNDECIDED)
    if not listed:
        return 0.0
    pixels = size[0] * size[1] if size else 1024 * 1024
    nearest = min(listed, key=lambda known: (abs(known - pixels), known))
    return listed[nearest] * max(1.0, pixels / nearest)


def total(parts: list[Usage]) -> Usage:
    """The sum of several calls; exact only if every part is."""
    return Usage(
        text_in=sum(part.text_in for part in parts),
        image_in=sum(part.image_in for part in parts),
        image_out=sum(part.image_out for part in parts),
        cost_usd=sum(part.cost_usd for part in parts),
        exact=all(part.exact for part in parts),
    )


def _listed(rule: PriceRule, quality: str) -> dict[int, float]:
    """Listed prices of a quality by number of pixels."""
    found: dict[int, float] = {}
    for key, price in rule.per_picture.items():
        level, _, size = key.partition(" ")
        if level == quality:
            width, _, height = size.partition("x")
            found[int(width) * int(height)] = price
    return found

"""What a picture costs, before and after."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from core.engines.cost import actual, estimate, of_run, picture_price, total
from core.engines.openai.cards import OPENAI_CARDS, STUDIO_CARD
from core.engines.port import ImageRequest, PriceRule, Usage

BY_ID = {card.id: card for card in OPENAI_CARDS}


def request(**changes: object) -> ImageRequest:
    told: dict[str, object] = {"model": "m", "operation": "generate", "key": "t:0"}
    return ImageRequest.model_validate(told | changes)


@pytest.mark.parametrize(
    ("model", "tokens", "cost"),
    [
        ("gpt-image-2", (1_000_000, 0, 0), 5.0),
        ("gpt-image-2", (0, 1_000_000, 0), 8.0),
        ("gpt-image-2", (100, 1_000, 1_756), 0.06118),
        ("gpt-image-2.6-flare", (0, 0, 1_000_000), 30.0),
        ("gpt-image-1.5", (100, 0, 4_160), 0.13362),
        ("gpt-image-1-mini", (0, 0, 1_000_000), 8.0),
    ],
)
def test_cost_is_the_sum_over_tokens(model: str, tokens: tuple[int, int, int], cost: float) -> None:
    text_in, image_in, image_out = tokens
    usage = actual(BY_ID[model].price, text_in=text_in, image_in=image_in, image_out=image_out)
    assert usage.cost_usd == pytest.approx(cost)
    assert usage.exact


@pytest.mark.parametrize(
    ("model", "quality", "size", "price"),
    [
        ("gpt-image-2", "low", (1024, 1024), 0.006),
        ("gpt-image-2", "medium", (1536, 1024), 0.041),
        ("gpt-image-2", "high", (1024, 1536), 0.165),
        ("gpt-image-1.5", "medium", (1024, 1536), 0.05),
        ("gpt-image-1-mini", "high", (1024, 1024), 0.036),
        ("gpt-image-2", None, (1024, 1024), 0.211),
        ("gpt-image-2", "auto", None, 0.211),
        ("gpt-image-2.5-flare", "max", (1024, 1024), 0.211),
        ("gpt-image-2", "high", (2048, 1536), 0.33),
        ("gpt-image-2", "high", (512, 512), 0.211),
    ],
)
def test_a_picture_is_priced_by_the_list(
    model: str, quality: str | None, size: tuple[int, int] | None, price: float
) -> None:
    assert picture_price(BY_ID[model].price, quality, size) == pytest.approx(price)


def test_an_unlisted_price_is_zero() -> None:
    assert picture_price(PriceRule(image_out=1), "high", None) == 0


def test_an_estimate_counts_words_pictures_and_previews() -> None:
    card = BY_ID["gpt-image-2"]
    plain = request(quality="low", size=(1024, 1024), prompt="x" * 400)
    one = 0.006 + 100 * 5 / 1e6
    assert estimate(card, plain).cost_usd == pytest.approx(one)
    assert not estimate(card, plain).exact
    rich = plain.model_copy(update={"images": (b"a", b"b"), "previews": 2})
    more = (2 * 1_600 * 8 + 2 * 100 * 30) / 1e6
    assert estimate(card, rich).cost_usd == pytest.approx(one + more)


def test_what_is_free_costs_nothing_and_is_sure() -> None:
    assert estimate(STUDIO_CARD, request()) == Usage()
    spent = actual(STUDIO_CARD.price, text_in=10, image_in=0, image_out=4_000)
    assert (spent.cost_usd, spent.image_out) == (0, 4_000)


def test_a_sum_is_exact_only_if_every_part_is() -> None:
    sure, guess = Usage(image_out=1, cost_usd=0.1), Usage(cost_usd=0.2, exact=False)
    assert total([sure, sure]).exact
    both = total([sure, guess])
    assert (both.image_out, both.exact) == (1, False)
    assert both.cost_usd == pytest.approx(0.3)


def test_a_run_is_billed_by_picture_pixels_and_time_together() -> None:
    rule = PriceRule(each=0.01, per_megapixel=0.03, per_second=0.001)
    run = of_run(rule, seconds=20, pixels=4_000_000, pictures=2)
    assert run == pytest.approx(0.02 + 0.12 + 0.02)
    assert of_run(PriceRule(each=1, free=True), seconds=1, pixels=1) == 0


def test_an_enlargement_is_estimated_by_the_pixels_it_will_have() -> None:
    card = BY_ID["gpt-image-2"].model_copy(
        update={"price": PriceRule(per_megapixel=0.03, minimum=0.03)}
    )
    packed = io.BytesIO()
    Image.new("RGB", (500, 250)).save(packed, "PNG")
    wish = ImageRequest(
        model="any", operation="upscale", key="t:0", images=(packed.getvalue(),), scale=4
    )
    assert estimate(card, wish).cost_usd == pytest.approx(2 * 0.03)
    by_side = wish.model_copy(update={"scale": None, "long_side": 4000})
    assert estimate(card, by_side).cost_usd == pytest.approx(8 * 0.03)
    least = wish.model_copy(update={"scale": 1.5})
    assert estimate(card, least).cost_usd == pytest.approx(0.03)

"""Prices and sizes in words."""

from __future__ import annotations

import pytest

from core.engines.port import Capabilities, ModelCard, PriceRule, SizeRule
from core.engines.wording import dollars, price_words, size_words

PRICES = [
    (PriceRule(free=True, each=1.0), "free"),
    (PriceRule(known=False), "price not published"),
    (PriceRule(text_in=5.0, image_out=30.0), "by tokens"),
    (PriceRule(per_picture={"low 1x1": 0.006, "high 1x1": 0.211}), "$0.006 to $0.21 a picture"),
    (PriceRule(per_picture={"high 1x1": 0.02}), "about $0.02 a picture"),
    (PriceRule(each=0.04), "$0.04 a picture"),
    (PriceRule(per_megapixel=0.012), "$0.012 a megapixel"),
    (PriceRule(each=0.03, per_megapixel=0.015), "$0.03 a picture + $0.015 a megapixel"),
    (PriceRule(per_second=0.001), "about $0.02 a picture"),
    (PriceRule(per_second=0.00001), "under $0.001 a picture"),
    (PriceRule(per_megapixel=0.01, minimum=0.05), "$0.01 a megapixel, at least $0.05"),
]


@pytest.mark.parametrize(("rule", "words"), PRICES)
def test_a_price_is_said_in_few_words(rule: PriceRule, words: str) -> None:
    able = Capabilities(operations=frozenset({"generate"}), speed_s=20.0)
    card = ModelCard(id="m", engine="e", title="M", capabilities=able, price=rule)
    assert price_words(card) == words


def test_a_price_by_the_second_stands_alone_where_the_usual_time_is_not_known() -> None:
    able = Capabilities(operations=frozenset({"generate"}))
    rule = PriceRule(per_second=0.0014)
    card = ModelCard(id="m", engine="e", title="M", capabilities=able, price=rule)
    assert price_words(card) == "$0.001 a second"


SIZES = [
    (None, ""),
    (SizeRule(kind="free", multiple=16, max_side=3840),
     "any size, up to 3840 px a side, in steps of 16"),
    (SizeRule(kind="free", min_side=512, max_side=2048), "any size, 512 to 2048 px a side"),
    (SizeRule(kind="fixed", sizes=((1024, 1024), (1536, 1024))), "1024 × 1024, 1536 × 1024"),
    (
        SizeRule(kind="fixed", sizes=((1, 2), (2, 1), (3, 3), (1, 4))),
        "4 sizes, the largest 3 × 3",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "words"), SIZES)
def test_sizes_are_said_in_few_words(rule: SizeRule | None, words: str) -> None:
    assert size_words(rule) == words


@pytest.mark.parametrize(
    ("usd", "words"),
    [(0.0001, "under $0.001"), (0.006, "$0.006"), (0.04, "$0.04"), (0.053, "$0.053"),
     (0.0425, "$0.043"), (0.1, "$0.10"), (0.211, "$0.21"), (12.5, "$12.50"),
     (1234.5, "$1,234.50")],
)  # fmt: skip
def test_money_has_as_many_digits_as_it_needs(usd: float, words: str) -> None:
    assert dollars(usd) == words

"""The page of models and `easel models`: current, complete, and claiming only what is held."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import ModuleType

import pytest

from bot import document_models
from bot.model_words import cells_of, traits_words
from core.engines.port import Capabilities, ModelCard, Operation, PriceRule, Traits
from tests.contract import (
    test_compatible_cells,
    test_openai_cells,
    test_own_cells,
    test_replicate_cells,
)

HELD_BY_ANOTHER = {"inputs"}
"""How many pictures go in is held by the cell of what is done with them."""


def test_the_page_of_models_is_current() -> None:
    assert document_models.main(["--check"]) == 0, "python -m bot.document_models writes it anew"


def test_the_page_names_every_model_that_the_article_and_the_engines_have() -> None:
    page = document_models.page()
    rows = set(re.findall(r"^\| `([^`]+)` \|", page, re.MULTILINE))
    assert {card.id for card in document_models.cards()} <= rows
    assert {"gpt-image-2", "gpt-4o", "bytedance/seedream-4.5", "studio", "real-esrgan"} <= rows
    assert {"gpt-image-1", "dall-e-3"} <= rows


def test_the_page_does_not_depend_on_what_is_set_here(monkeypatch: pytest.MonkeyPatch) -> None:
    before = document_models.page()
    monkeypatch.setenv("EASEL_MAX_SIDE", "1024")
    monkeypatch.setenv("EASEL_DEFAULT_MODEL", "studio")
    monkeypatch.setenv("OPENAI_API_KEY", "")
    assert document_models.page() == before


def collected(module: ModuleType) -> Iterator[str]:
    """The ids under which pytest collects the cells of a module."""
    for mark in module.test_cell.pytestmark:
        if mark.name == "parametrize":
            cases = mark.args[1]
            yield from mark.kwargs.get("ids") or (case.id for case in cases)


def test_every_yes_of_the_tables_has_a_contract_test_and_no_test_claims_more() -> None:
    rows = {card.id: cells_of(card) for card in document_models.cards()}
    rows |= {dialect.name: row for dialect, row in document_models.dialect_rows().items()}
    yes = {f"{name}-{cell}" for name, row in rows.items() for cell in row.keys() - HELD_BY_ANOTHER}
    modules = (test_openai_cells, test_replicate_cells, test_compatible_cells, test_own_cells)
    held = {case for module in modules for case in collected(module)}
    assert yes - held == set(), "without a test"
    assert held - yes == set(), "not in the tables"
    assert len(yes) > 150


def card(*operations: Operation, price: PriceRule | None = None, **able: object) -> ModelCard:
    return ModelCard(
        id="m",
        engine="e",
        title="M",
        capabilities=Capabilities(operations=frozenset(operations), **able),
        price=price or PriceRule(free=True),
    )


@pytest.mark.parametrize(
    ("model", "cells"),
    [
        (card("generate"), {"generate": "✓", "price": "free"}),
        (card("generate", price=PriceRule(known=False)), {"generate": "✓"}),
        (card("edit", mask="hint", max_inputs=2), {"edit": "✓", "inputs": "2", "price": "free"}),
        (card("inpaint", mask="hint"), {"mask": "as a hint", "price": "free"}),
        (card("inpaint", mask="true"), {"mask": "✓", "price": "free"}),
        (card("upscale", scales=(2, 4)), {"upscale": "2 or 4 times", "price": "free"}),
        (card("cutout", alpha="native"), {"cutout": "✓", "alpha": "✓", "price": "free"}),
        (card("vary", alpha="preview", max_n=3), {"vary": "✓", "alpha": "tried", "n": "3",
                                                  "price": "free"}),
    ],
)  # fmt: skip
def test_a_table_says_yes_only_to_what_a_card_can(model: ModelCard, cells: dict[str, str]) -> None:
    assert cells_of(model) == cells


def test_of_a_models_ways_only_what_is_known_is_said() -> None:
    plain = card("generate")
    known = Traits(rendering="free", lettering="short", editing="loose", speed="fast")
    assert traits_words(plain) == ""
    assert traits_words(plain.model_copy(update={"traits": known})) == (
        "takes liberties; lettering of a few words; loose edits; fast"
    )

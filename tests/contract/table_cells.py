"""The cells of the table of models (docs/MODELS.md) in which a model says yes."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import pytest

from core.engines.port import ModelCard


def cells_of(card: ModelCard, proven: Collection[str]) -> list[str]:
    """The columns in which the model says yes, each of which has to be `proven`."""
    able = card.capabilities
    says = {
        "generate": "generate" in able.operations,
        "edit": "edit" in able.operations,
        "vary": "vary" in able.operations,
        "mask": "inpaint" in able.operations and able.mask != "none",
        "upscale": "upscale" in able.operations,
        "cutout": "cutout" in able.operations,
        "alpha": able.alpha != "none",
        "seed": able.seed,
        "n": able.max_n > 1,
        "sizes": able.sizes is not None,
        "previews": able.previews,
        "price": card.price.known,
    }
    cells = [cell for cell, yes in says.items() if yes]
    unproven = set(cells).difference(proven)
    assert not unproven, f"{card.id} says yes, and nothing holds it to that: {sorted(unproven)}"
    return cells


def every_cell(cards: Iterable[ModelCard], proven: Collection[str]) -> pytest.MarkDecorator:
    """A case for each cell of each model, named as the table's reader would; `model` is a fixture
    that takes the card."""
    cases = [
        pytest.param(card, cell, id=f"{card.id}-{cell}")
        for card in cards
        for cell in cells_of(card, proven)
    ]
    return pytest.mark.parametrize(("model", "cell"), cases, indirect=["model"])

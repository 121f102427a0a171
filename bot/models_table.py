"""The table that `easel models` prints."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from core.engines.port import ModelCard
from core.engines.wording import price_words


def models_table(cards: Sequence[ModelCard]) -> Table:
    """One row a model: those that are usable first, otherwise in the order of the catalog."""
    table = Table(
        title="Models", title_justify="left", box=None, pad_edge=False, padding=(0, 2, 0, 0)
    )
    for heading in ("model", "can", "price", "state"):
        table.add_column(heading, overflow="fold")
    for card in sorted(cards, key=lambda card: not card.usable):
        state = (
            Text("ready", "green") if card.usable else Text(card.missing or "not set up", "yellow")
        )
        table.add_row(
            Text(card.id, "bold"),
            Text(", ".join(sorted(card.capabilities.operations))),
            Text(price_words(card)),
            state,
        )
    return table

"""The table that `easel models` prints."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from core.engines.port import ModelCard


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


def price_words(card: ModelCard) -> str:
    """What a picture costs, as far as it is known before it is drawn."""
    if card.price.free:
        return "free"
    known = sorted(card.price.per_picture.values())
    if not known:
        return "by tokens"
    if known[0] == known[-1]:
        return f"about ${known[0]:.3f} a picture"
    return f"${known[0]:.3f} to ${known[-1]:.3f} a picture"

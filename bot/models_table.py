"""What `easel models` prints: the models by engine, or all that is known of one."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from bot.model_words import YES, cells_of, traits_words
from core.engines.catalog import Catalog
from core.engines.port import ModelCard
from core.engines.wording import price_words

ENGINES = {
    "openai": "OpenAI",
    "replicate": "Replicate",
    "compatible": "A server of your own",
    "studio": "The offline studio",
    "local": "This machine",
}
_PATIENCE_SECONDS = 10.0
_DOES = {
    "generate": "draw",
    "edit": "edit",
    "inpaint": "mask",
    "vary": "vary",
    "cutout": "cut out",
    "upscale": "enlarge",
    "adjust": "adjust",
}

_CELLS = {"n": "at once", "inputs": "pictures in", "upscale": "enlarges"}
_PRICES = "Prices: US dollars a picture, if nothing else is said. All about one: easel models NAME"


async def cards_of(catalog: Catalog) -> Sequence[ModelCard]:
    """All models, as their providers have them now; as they are known where one does not answer."""
    try:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await catalog.refresh()
        return catalog.cards()
    finally:
        await catalog.close()


async def card_of(catalog: Catalog, name: str) -> ModelCard:
    """One model, sought at its provider where it is not known here.

    Raises NotFound, BadInput, EngineError: why it can't be had.
    """
    try:
        return await catalog.acquaint(name)
    finally:
        await catalog.close()


def models_table(cards: Sequence[ModelCard], *, usable_only: bool = False) -> RenderableType:
    """A table for each engine and state, the usable ones first."""
    groups: dict[tuple[str, str], list[ModelCard]] = {}
    for card in sorted(cards, key=lambda card: not card.usable):
        if card.usable or not usable_only:
            groups.setdefault((card.engine, _missing(card)), []).append(card)
    if not groups:
        return Text("No model can be used here yet. Without --usable you see what each needs.")
    widest = max(len(card.id) for group in groups.values() for card in group)
    parts: list[RenderableType] = []
    for (engine, missing), group in groups.items():
        parts += [_heading(engine, missing), _table(group, widest), ""]
    return Group(*parts, Text(_PRICES, "dim"))


def model_details(card: ModelCard) -> RenderableType:
    """All that is known of a model, a line each."""
    missing = _missing(card)
    cells = {
        name: words for name, words in cells_of(card).items() if name not in _DOES or words != YES
    }
    lines = {
        "state": Text("ready", "green") if not missing else Text(f"missing: {missing}", "yellow"),
        "engine": Text(ENGINES.get(card.engine, card.engine)),
        "good at": Text(card.good_at),
        "ways": Text(traits_words(card)),
        "chosen for": Text(", ".join(card.traits.subjects)),
        "other names": Text(", ".join(card.aliases)),
        "can": Text(_abilities(card)),
        **{_CELLS.get(name, name): Text(words) for name, words in cells.items()},
        "qualities": Text(", ".join(card.capabilities.qualities)),
        "price": Text(price_words(card)),
    }
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for name, words in lines.items():
        if words.plain:
            grid.add_row(Text(name, "dim"), words)
    return Group(Text(f"{card.title}  {card.id}", "bold"), grid)


def _heading(engine: str, missing: str) -> Text:
    state = Text(f"missing: {missing}", "yellow") if missing else Text("ready", "green")
    return Text.assemble(Text(ENGINES.get(engine, engine), "bold"), ": ", state)


def _table(cards: Sequence[ModelCard], widest: int) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, min_width=widest)
    table.add_column(min_width=len("draw, edit, mask, vary"))
    table.add_column(overflow="fold")
    for card in cards:
        price = price_words(card).removesuffix(" a picture")
        table.add_row(Text(card.id), Text(_abilities(card)), Text(price))
    return table


def _abilities(card: ModelCard) -> str:
    able = card.capabilities.operations
    return ", ".join(words for name, words in _DOES.items() if name in able)


def _missing(card: ModelCard) -> str:
    return "" if card.usable else card.missing or "it is not set up"

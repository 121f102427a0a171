"""What a model can do and is like, in the words of docs/MODELS.md and of `easel models`.

A cell is one thing that the table of models says yes to. Every cell has a contract test of the same
name (how many pictures go in is held by the test of what is done with them), and a test compares
the two lists, so that nothing is claimed that no server has judged.
"""

from __future__ import annotations

from collections.abc import Mapping

from core.engines.compatible.dialects import Dialect
from core.engines.port import Capabilities, ModelCard, Operation
from core.engines.wording import price_words, size_words

YES = "✓"

_OPERATIONS: tuple[Operation, ...] = ("generate", "edit", "vary", "cutout", "upscale", "adjust")
_MASK = {"true": YES, "hint": "as a hint", "none": ""}
_ALPHA = {"native": YES, "preview": "tried", "none": ""}
_RENDERING = {
    "literal": "keeps to the words",
    "balanced": "keeps to the words, with some freedom",
    "free": "takes liberties",
}
_LETTERING = {
    "good": "good lettering",
    "short": "lettering of a few words",
    "poor": "poor lettering",
}
_SPEED = {"fast": "fast", "medium": "medium speed", "slow": "slow"}
_EDITING = {"precise": "precise edits", "good": "good edits", "loose": "loose edits"}


def cells_of(card: ModelCard) -> dict[str, str]:
    """What a model says yes to, with the words that stand in that cell of the table."""
    able = card.capabilities
    cells: dict[str, str] = {
        operation: YES for operation in _OPERATIONS if operation in able.operations
    }
    if "upscale" in cells and able.scales:
        cells["upscale"] = f"{_listed(able.scales)} times"
    return cells | _told({
        "mask": _MASK[able.mask] if "inpaint" in able.operations else "",
        "alpha": _ALPHA[able.alpha],
        "seed": YES if able.seed else "",
        "n": str(able.max_n) if able.max_n > 1 else "",
        "previews": YES if able.previews else "",
        "inputs": str(able.max_inputs) if able.max_inputs else "",
        "sizes": size_words(able.sizes),
        "price": price_words(card) if card.price.known else "",
    })  # fmt: skip


def dialect_cells(dialect: Dialect, able: Capabilities) -> dict[str, str]:
    """What a kind of server says yes to, by what its models are listed with."""
    card = ModelCard(id=dialect.name, engine="compatible", title=dialect.title, capabilities=able)
    cells = cells_of(card)
    return {name: words for name, words in cells.items() if name != "price"}


def traits_words(card: ModelCard) -> str:
    """What is known of a model's ways, in one line; empty where nothing is."""
    traits, able = card.traits, card.capabilities
    parts = [
        _RENDERING.get(traits.rendering, ""),
        _LETTERING.get(traits.lettering, ""),
        _EDITING.get(traits.editing, ""),
        _SPEED.get(traits.speed, ""),
        f"about {able.speed_s:g} s a picture" if able.speed_s else "",
        "" if able.reads_words else "reads no words",
        "remembers the conversation" if able.converses else "",
        "edits only its own pictures" if able.edits_only_own else "",
    ]
    return "; ".join(part for part in parts if part)


def _told(cells: Mapping[str, str]) -> dict[str, str]:
    return {name: words for name, words in cells.items() if words}


def _listed(scales: tuple[int, ...]) -> str:
    *most, last = map(str, scales)
    return f"{', '.join(most)} or {last}" if most else last

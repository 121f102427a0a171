"""Catalog entries of what a server lists, as far as its list and its dialect tell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.engines.compatible.dialects import Dialect
from core.engines.port import Capabilities, ModelCard, Operation, PriceRule, SizeRule

ENGINE = "compatible"
PREFIX = f"{ENGINE}:"

MAX_MODELS = 200
_MAX_NAME = 200
_AT_ONCE = 4
"""How many pictures a person may ask for at once: one's own server draws them one by one."""

_EDITING: frozenset[Operation] = frozenset({"edit", "inpaint", "vary"})
_ALL: frozenset[Operation] = _EDITING | {"generate"}
_TASKS: dict[str, frozenset[Operation]] = {
    "T2I": frozenset({"generate"}),
    "I2I": _EDITING,
    "TI2I": _ALL,
}
"""SGLang's words for what a model makes of what; those that end in something else make no
pictures."""


def cards_of(dialect: Dialect, listed: Any) -> list[ModelCard]:
    """Cards of the models in the body of a list; what makes no pictures is left out.

    Raises:
        ValueError: it is no list of models.
    """
    entries = listed.get("data") if isinstance(listed, Mapping) else None
    if not isinstance(entries, list):
        raise ValueError("no list of models")
    cards: dict[str, ModelCard] = {}
    for entry in entries[:MAX_MODELS]:
        name = _name(entry)
        operations = _operations(entry) if name else frozenset()
        if name and operations:
            cards.setdefault(name.lower(), card_of(dialect, name, operations))
    return list(cards.values())


def card_of(
    dialect: Dialect, name: str, operations: frozenset[Operation] = _ALL, *, found: bool = False
) -> ModelCard:
    """A model of the server; `found`: it is not in the server's list."""
    if dialect.mask == "none":
        operations -= {"inpaint"}
    edits = bool(operations & _EDITING)
    return ModelCard(
        id=PREFIX + name,
        engine=ENGINE,
        title=name,
        good_at=f"draws on a server of one's own ({dialect.title})",
        capabilities=Capabilities(
            operations=operations,
            sizes=SizeRule(
                kind="free",
                multiple=dialect.sizes,
                min_side=256,
                max_side=2048,
                max_pixels=2048 * 2048,
                max_aspect=4.0,
            ),
            max_inputs=dialect.max_inputs if edits else 0,
            mask=dialect.mask if edits else "none",
            seed=bool(dialect.seed),
            max_n=_AT_ONCE,
        ),
        price=PriceRule(free=True),
        aliases=(name,),
        found=found,
    )


def absent_card(missing: str) -> ModelCard:
    """Stands for the engine while nothing is set up, and says what is needed."""
    return ModelCard(
        id=ENGINE,
        engine=ENGINE,
        title="A server of one's own",
        good_at="any server that speaks the OpenAI Images protocol",
        capabilities=Capabilities(operations=frozenset({"generate", "edit"}), max_inputs=1),
        usable=False,
        missing=missing,
    )


def proper(name: str) -> bool:
    """Whether a text may be the name of a model: it is shown to people and sent to the server."""
    return 0 < len(name) <= _MAX_NAME and name.isprintable() and not name.isspace()


def _name(entry: Any) -> str:
    name = entry.get("id") if isinstance(entry, Mapping) else None
    return name if isinstance(name, str) and proper(name) and name == name.strip() else ""


def _operations(entry: Mapping[str, Any]) -> frozenset[Operation]:
    """What a model does by its entry; everything where the entry does not say."""
    able = entry.get("capabilities")
    if isinstance(able, list) and able:  # LocalAI
        return _ALL if "image" in able else frozenset()
    task = entry.get("task_type")
    if isinstance(task, str) and task:  # SGLang
        return _TASKS.get(task.upper(), _ALL if task.upper().endswith("I") else frozenset())
    return _ALL

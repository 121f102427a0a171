"""Wishes that stand for a whole channel or thread, where a model of theirs may not be used.

A model that a person names for a turn and that may not be used is refused in words. One that was
decided long before is no reason to refuse every turn: another does it, and that is said.
"""

from __future__ import annotations

from core.engines.catalog import Catalog
from core.errors import EaselError
from core.instruction.plan import Edit, Generate, Plan, TurnOptions, Vary
from core.session.models import Session, Turn


def standing(turn: Turn, session: Session, catalog: Catalog) -> TurnOptions:
    """What the channel and the thread wish for, without a model that may not be used."""
    wishes = turn.defaults.under(session.options)
    if wishes.model is None or catalog.allows(wishes.model):
        return wishes
    return wishes.model_copy(update={"model": None})


def told(turn: Turn, session: Session, catalog: Catalog, plan: Plan) -> tuple[str, ...]:
    """What is said where another model draws than the channel or the thread wished for."""
    name = turn.defaults.under(session.options).model
    draws = any(isinstance(step, Generate | Edit | Vary) for step in plan.steps)
    if name is None or plan.options.model is not None or not draws or catalog.allows(name):
        return ()
    return (f"{_title(name, catalog)} may not be used here, so another model drew this.",)


def _title(name: str, catalog: Catalog) -> str:
    try:
        return catalog.find(name).title
    except EaselError:
        return name

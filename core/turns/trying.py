"""Choosing a model for a wish, and what happens when the chosen one can't be had after all."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from core.engines.catalog import UNKNOWN, Choice
from core.engines.port import ModelCard, Operation
from core.engines.ranking import Needs
from core.engines.retired import RETIRED_CODE
from core.errors import BadInput, EngineError, EngineFault, NotFound
from core.session.models import StepRecord
from core.turns.stage import Stage, Tools

_ELSEWHERE = frozenset(
    {EngineFault.AUTH, EngineFault.QUOTA, EngineFault.UNSUPPORTED, EngineFault.TRANSIENT,
     EngineFault.RATE_LIMITED}
)  # fmt: skip
"""What another provider would not fail at for the same reason."""


async def known(name: str | None, tools: Tools) -> ModelCard | None:
    """The model of that name, sought at its provider if need be; None when there is none here.

    Raises EngineError or BadInput when its provider says why it can't be had.
    """
    if name is None:
        return None
    try:
        return await tools.catalog.acquaint(name)
    except NotFound as missing:
        if missing.code == UNKNOWN:
            return None
        raise


async def attempted(
    operation: Operation, wish: str | None, needs: Needs, stage: Stage, tools: Tools,
    draw: Callable[[Choice], Awaitable[StepRecord]],
) -> StepRecord:  # fmt: skip
    """Have the chosen model do it; where it can't be had, another one if that was agreed to.

    Raises what `choose` and `draw` raise; the error then names the model that could do it instead.
    """
    agreed = stage.options.substitute
    await tools.catalog.meet()
    choice = tools.catalog.choose(operation, wish, needs, substitute=agreed)
    try:
        return await draw(choice)
    except EngineError as error:
        if error.kind not in _ELSEWHERE:
            raise
        other, allowed = tools.catalog.instead(choice, operation, needs, substitute=agreed)
        if other is None:
            raise
        if not allowed or error.may_have_billed:
            error.offer = other.card.id
            error.hint = " ".join((error.hint, f"Say “yes” and {other.card.title} does it."))
            raise
        await stage.reporter.withdraw()
        return await draw(_noted(other, f"{error.message} So {other.card.title} did this."))


def _noted(choice: Choice, note: str) -> Choice:
    return Choice(choice.card, choice.engine, choice.model, choice.substituted_from, note)


async def acquainted(name: str | None, tools: Tools) -> None:
    """Make a named model known, so that it can be chosen. A retired name is the catalog's to
    answer."""
    try:
        await known(name, tools)
    except BadInput as refused:
        if refused.code != RETIRED_CODE:
            raise

"""Which model draws: all models of all engines in one list, and the rule that picks from it.

People need not know models: capabilities decide, and whenever the model is another than the one
that was wished for, the choice says so in words. A model that was named and can't be had is not
replaced behind anybody's back: it takes the person's word, or the operator's, that another will do.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from core.engines.allowance import ANY, Allowance, listed, none_left, not_among
from core.engines.operations import DOES, DRAWN, can, draws
from core.engines.port import Engine, ModelCard, Operation
from core.engines.ranking import Needs, distance, foreign
from core.engines.retired import refuse_retired
from core.errors import BadInput, EaselError, EngineError, EngineFault, NotFound

UNKNOWN = "unknown_model"
"""The code of an error that says that a name is in no list."""


@dataclass(frozen=True)
class Choice:
    """The model that draws. `model` goes into `ImageRequest.model`.

    `substituted_from` is the id of the model that was wished for (or is the configured default)
    and could not be used; `note` then says so to the person.
    """

    card: ModelCard
    engine: Engine
    model: str
    substituted_from: str | None = None
    note: str = ""


class Catalog:
    """All models of `engines`; within the list, earlier means preferred.

    `default_model` is the operator's choice (id or alias); None follows the house rule.
    `substitute`: the operator agrees to another model wherever the wished one can't be had.
    `allowance` says which of them may be used.
    """

    def __init__(
        self,
        engines: Sequence[Engine],
        default_model: str | None = None,
        *,
        substitute: bool = False,
        allowance: Allowance = ANY,
    ) -> None:
        self._engines = tuple(engines)
        self._default = default_model or None
        self._substitute = substitute
        self._allowance = allowance

    def within(self, models: Iterable[str]) -> Catalog:
        """The same catalog for where only the models with these ids may be used; none: any.

        Its lists and choices name no others; `find` still knows them all.
        """
        allowance = Allowance(frozenset(models))
        return Catalog(
            self._engines, self._default, substitute=self._substitute, allowance=allowance
        )

    def allows(self, name: str) -> bool:
        """Whether a model may be used here, by its id or alias."""
        try:
            return self.find(name) in self._allowance
        except EaselError:
            return not self._allowance.models or name in self._allowance.models

    def cards(self) -> list[ModelCard]:
        """Every model that may be used, with its present usability."""
        return [card for card, _ in self._allowed()]

    def find(self, name: str) -> ModelCard:
        """The model with that id or alias, in any case.

        Raises:
            BadInput: the model is retired; names its successors.
            NotFound: no such model; suggests close ones.
        """
        card, _ = self._find(name)
        return card

    async def acquaint(self, name: str) -> ModelCard:
        """The model with that name, sought at the providers when it is in no list.

        Raises what `find` raises, and EngineError when a provider can't be asked.
        """
        try:
            return self.find(name)
        except NotFound:
            for engine in self._engines:
                card = await engine.find(name.strip())
                if card is not None:
                    return card
            raise

    async def refresh(self) -> None:
        """Ask all providers what they have now, and for the operator's default if it is in no
        list."""
        await asyncio.gather(*(engine.refresh() for engine in self._engines))
        if self._default is not None:
            with contextlib.suppress(EaselError):
                await self.acquaint(self._default)

    async def meet(self) -> None:
        """Ask the providers for those models that were decided for here and are in no list."""
        for name in sorted(self._allowance.models):
            with contextlib.suppress(EaselError):
                await self.acquaint(name)

    def engines(self) -> Sequence[Engine]:
        return self._engines

    def choose(
        self,
        operation: Operation,
        wish: str | None = None,
        needs: Needs | None = None,
        *,
        substitute: bool | None = None,
    ) -> Choice:
        """The model for an operation: the wished one when it can, else the nearest that can.

        `substitute`: the person agrees to another one where the wished can't be had; None leaves
        that to the operator.

        Raises:
            BadInput: the wished model is unknown, retired, or not set up; `offer` names another.
            NotAllowed: it may not be used here, `offer` names one that may; or none that may can.
            EngineError: nothing that is set up can do the operation (kind `unsupported`).
        """
        needs = needs or Needs()
        if not wish:
            return self._by_default(operation, needs)
        card, engine = self._wished(wish, operation, needs, self._agreed(substitute))
        if self._fits(card, operation, needs):
            return Choice(card, engine, _wire_name(card, wish))
        return self._instead_of(card, operation, needs)

    def instead(
        self, choice: Choice, operation: Operation, needs: Needs, *, substitute: bool | None = None
    ) -> tuple[Choice | None, bool]:
        """Another provider's model for what a choice failed at, and whether that was agreed to."""
        ranked = self._ranked(operation, needs, like=choice.card)
        for card, engine in ranked:
            if card.engine != choice.card.engine and not foreign(card, operation, needs):
                other = Choice(card, engine, card.id, substituted_from=choice.card.id)
                return other, self._agreed(substitute)
        return None, False

    def _agreed(self, substitute: bool | None) -> bool:
        return self._substitute if substitute is None else substitute

    async def close(self) -> None:
        for engine in self._engines:
            await engine.close()

    def _pairs(self) -> Iterable[tuple[ModelCard, Engine]]:
        return ((card, engine) for engine in self._engines for card in engine.models())

    def _allowed(self) -> Iterable[tuple[ModelCard, Engine]]:
        return (pair for pair in self._pairs() if pair[0] in self._allowance)

    def _fits(self, card: ModelCard, operation: Operation, needs: Needs) -> bool:
        return (
            card.usable
            and card in self._allowance
            and can(card, operation)
            and not foreign(card, operation, needs)
        )

    def _find(self, name: str) -> tuple[ModelCard, Engine]:
        wanted = name.strip().lower()
        for card, engine in self._pairs():
            if wanted in _names(card):
                return card, engine
        refuse_retired(name)
        raise NotFound(
            f"There is no model called “{name.strip()[:60]}” here.",
            hint=self._suggestions(wanted),
            code=UNKNOWN,
        )

    def _suggestions(self, wanted: str) -> str:
        by_name = {name: card.id for card, _ in self._allowed() for name in sorted(_names(card))}
        close = get_close_matches(wanted, by_name, n=6, cutoff=0.6)
        within = [name for name in by_name if wanted and (wanted in name or name in wanted)]
        ids = list(dict.fromkeys(by_name[name] for name in [*close, *within]))[:3]
        if ids:
            return f"Did you mean {listed(ids)}?"
        usable = [card.id for card, _ in self._allowed() if card.usable and draws(card)]
        return f"You can use {listed(usable[:6])}." if usable else "Leave the model out."

    def _wished(
        self, wish: str, operation: Operation, needs: Needs, agreed: bool
    ) -> tuple[ModelCard, Engine]:
        try:
            card, engine = self._find(wish)
        except NotFound as unknown:
            raise BadInput(unknown.message, hint=unknown.hint, code=unknown.code) from None
        except BadInput as retired:
            successor = self._usable(retired.offer)
            if successor is None or not agreed:
                raise self._with_offer(retired, successor) from None
            return successor
        if agreed or (card.usable and card in self._allowance):
            return card, engine
        ranked = [
            pair
            for pair in self._ranked(operation, needs, like=card)
            if not foreign(pair[0], operation, needs)
        ]
        if card not in self._allowance:
            raise not_among(card, [other for other, _ in ranked])
        refusal = BadInput(
            f"{card.title} is not ready here: {card.missing or 'it is not set up'}.",
            code="model_not_ready",
        )
        raise self._with_offer(refusal, ranked[0] if ranked else None)

    def _usable(self, name: str | None) -> tuple[ModelCard, Engine] | None:
        if name is None:
            return None
        card, engine = self._find(name)
        return (card, engine) if card.usable and card in self._allowance else None

    def _with_offer(self, refusal: BadInput, other: tuple[ModelCard, Engine] | None) -> BadInput:
        """The refusal with what could do it instead, if the person agrees."""
        offer = other[0] if other else None
        told = f"Say “yes” and {offer.title} does it." if offer else ""
        hint = " ".join(part for part in (refusal.hint, told) if part)
        return BadInput(
            refusal.message, hint=hint, code=refusal.code, offer=offer.id if offer else None
        )

    def _by_default(self, operation: Operation, needs: Needs) -> Choice:
        preferred = self._operators_default()
        if preferred is not None and draws(preferred[0]) and operation in DRAWN:
            card, engine = preferred
            if self._fits(card, operation, needs):
                return Choice(card, engine, card.id)
            return self._instead_of(card, operation, needs)
        return self._nearest(operation, needs)

    def _operators_default(self) -> tuple[ModelCard, Engine] | None:
        if self._default is None:
            return None
        try:
            card, engine = self._find(self._default)
        except (NotFound, BadInput):
            return None  # the configuration check says so; a turn is not the place
        return (card, engine) if card in self._allowance else None

    def _instead_of(self, card: ModelCard, operation: Operation, needs: Needs) -> Choice:
        choice = self._nearest(operation, needs, like=card)
        if choice.card.id == card.id:
            return choice
        return Choice(
            choice.card,
            choice.engine,
            choice.model,
            substituted_from=card.id,
            note=f"{_why_not(card, operation, self._allowance)}, so {choice.card.title} did this.",
        )

    def _nearest(self, operation: Operation, needs: Needs, like: ModelCard | None = None) -> Choice:
        ranked = self._ranked(operation, needs, like)
        if ranked:
            card, engine = ranked[0]
            return Choice(card, engine, card.id)
        missing = list(
            dict.fromkeys(
                card.missing
                for card, _ in self._allowed()
                if can(card, operation) and not card.usable and card.missing
            )
        )
        if self._allowance.models:
            raise none_left(operation, missing)
        raise EngineError(
            f"Nothing that is set up here can {DOES[operation]}.",
            kind=EngineFault.UNSUPPORTED,
            hint=f"Missing: {'; '.join(missing[:3])}." if missing else "",
        )

    def _ranked(
        self, operation: Operation, needs: Needs, like: ModelCard | None = None
    ) -> list[tuple[ModelCard, Engine]]:
        able = [
            (card, engine)
            for card, engine in self._allowed()
            if card.usable and can(card, operation) and self._comes_up(card)
        ]
        return sorted(able, key=lambda pair: distance(pair[0], operation, needs, like))

    def _comes_up(self, card: ModelCard) -> bool:
        """Whether a model is used that nobody named. One that was only found is not, unless it was
        decided for."""
        return not card.found or card.id in self._allowance.models


def _names(card: ModelCard) -> set[str]:
    return {card.id.lower(), *(alias.lower() for alias in card.aliases)}


def _wire_name(card: ModelCard, wish: str) -> str:
    """A dated snapshot that was wished for stays pinned; any other alias means the model."""
    wanted = wish.strip().lower()
    return wanted if wanted.startswith(f"{card.id.lower()}-20") else card.id


def _why_not(card: ModelCard, operation: Operation, allowance: Allowance) -> str:
    if card not in allowance:
        return f"{card.title} may not be used here"
    if not card.usable:
        return f"{card.title} is not ready here ({card.missing or 'not set up'})"
    if not can(card, operation):
        return f"{card.title} can't {DOES[operation]}"
    return f"{card.title} edits only pictures that it drew itself"

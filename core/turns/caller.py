"""Calls to providers: recorded and paid for, admitted, and repeated only where that is safe.

Before anything is sent, the call stands in the book with its estimate, so that a budget can stop it
and a crash leaves a trace. It passes a gate that all workers share. A provider that asks to wait is
waited for, as it says, and the turn is kept. What may have been billed is never sent again here.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from time import monotonic

import structlog

from core.engines.catalog import Choice
from core.engines.cost import estimate
from core.engines.journal import UNKEPT, Journal
from core.engines.operations import LOCAL
from core.engines.port import ImageRequest, ImageResult
from core.errors import EaselError, EngineError, EngineFault
from core.policy.breaker import Breaker
from core.policy.calls import CallBook, CallRecord, Drawn, Payer
from core.policy.gates import Gates, Waiting
from core.session.models import Turn
from core.turns.observer import Observer
from core.turns.reporter import TurnReporter

log = structlog.get_logger(__name__)

OWN = frozenset({LOCAL, "studio"})
"""Engines of this process: nobody to wait for, nothing to pay."""

_PATIENCE_SECONDS = 600.0
_MOST_WAITS = 6
_USUAL_WAIT_SECONDS = 15.0
_PAUSES = (1.0, 4.0)
"""Before the second and the third attempt at a provider that has trouble of its own."""


@dataclass(frozen=True)
class Called:
    """What a call came to: a picture as it came, not kept yet. `record`: as it stands in the book,
    None for one that costs nothing."""

    result: ImageResult
    seconds: float
    record: CallRecord | None


class Caller:
    """Asks engines for one picture at a time."""

    def __init__(self, book: CallBook, gates: Gates, breaker: Breaker, observer: Observer) -> None:
        self._book = book
        self._gates = gates
        self._breaker = breaker
        self._observer = observer

    async def known(self, choice: Choice, request: ImageRequest, turn: Turn) -> CallRecord | None:
        """The call as it was drawn and kept by an attempt before this one, if it was."""
        if choice.card.price.free:
            return None
        record = await self._book.find(turn.session_id, turn.id, request.key)
        return record if record is not None and record.drawn is not None else None

    async def call(self, choice: Choice, request: ImageRequest, reporter: TurnReporter) -> Called:
        """Have it drawn. Raises OverBudget, and what the engine raises once nothing more can be
        tried."""
        if choice.card.engine in OWN:
            return await self._asked(choice, request, reporter)
        return await self._patiently(choice, request, reporter)

    async def kept(self, called: Called, turn: Turn, drawn: Drawn) -> CallRecord | None:
        """Write down what a call came to and cost, now that its pictures are kept."""
        if called.record is None:
            return None
        return await self._book.close(
            turn.session_id, turn.id, called.record.key,
            state="drawn", cost=drawn.usage.cost_usd, drawn=drawn,
        )  # fmt: skip

    async def wasted(self, called: Called, turn: Turn) -> None:
        """Write down what a call cost that brought nothing which can be used."""
        await self._failed(called.record, turn, cost=called.result.usage.cost_usd)

    async def _patiently(
        self, choice: Choice, request: ImageRequest, reporter: TurnReporter
    ) -> Called:
        """Wait as long as the provider tells us to; try again what failed before it was begun."""
        card, begun = choice.card, monotonic()
        waits = troubles = 0
        while True:
            await self._breaker.check(card.engine, card.title)
            try:
                return await self._admitted(choice, request, reporter)
            except EngineError as error:
                asked = error.retry_after or _USUAL_WAIT_SECONDS
                patient = monotonic() - begun + asked <= _PATIENCE_SECONDS
                if error.kind is EngineFault.RATE_LIMITED and waits < _MOST_WAITS and patient:
                    waits += 1
                    await self._gates.pause(card.engine, card.id, asked)
                elif _safe_to_repeat(error) and troubles < len(_PAUSES):
                    await reporter.stage(f"{card.title} has trouble; trying again")
                    await asyncio.sleep(_PAUSES[troubles])
                    troubles += 1
                else:
                    raise

    async def _admitted(
        self, choice: Choice, request: ImageRequest, reporter: TurnReporter
    ) -> Called:
        card = choice.card
        ticket = f"{reporter.turn.id}/{request.key}"

        async def told(waiting: Waiting) -> None:
            await reporter.stage(waiting_words(card.title, waiting))

        async with self._gates.passing(card.engine, card.id, ticket, told):
            try:
                called = await self._asked(choice, request, reporter)
            except EngineError as error:
                if error.kind is EngineFault.TRANSIENT:
                    await self._breaker.failed(card.engine)
                else:  # a refusal is an answer too
                    await self._breaker.succeeded(card.engine)
                raise
            await self._breaker.succeeded(card.engine)
            return called

    async def _asked(self, choice: Choice, request: ImageRequest, reporter: TurnReporter) -> Called:
        """One attempt, in the book from just before it is sent.

        A cancelled one stays there at its estimate: nobody can tell what became of it.
        """
        record = await self._opened(choice, request, reporter.turn)
        begun = monotonic()
        try:
            result = await self._observed(choice, request, reporter, record)
        except EngineError as error:
            await self._failed(
                record, reporter.turn, cost=error.spent_usd, billed=error.may_have_billed
            )
            raise
        except EaselError:
            await self._failed(record, reporter.turn)
            raise
        return Called(result, monotonic() - begun, record)

    async def _opened(self, choice: Choice, request: ImageRequest, turn: Turn) -> CallRecord | None:
        if choice.card.price.free:
            return None
        actor = turn.actor
        return await self._book.open(
            turn.session_id, turn.id, request.key,
            model=choice.card.id,
            engine=choice.card.engine,
            estimate=estimate(choice.card, request).cost_usd,
            payer=Payer(actor=actor.id, channel=turn.channel, workspace=actor.workspace),
        )  # fmt: skip

    async def _failed(
        self, record: CallRecord | None, turn: Turn, *, cost: float = 0.0, billed: bool = False
    ) -> None:
        if record is not None:
            await self._book.close(
                turn.session_id, turn.id, record.key,
                state="failed", cost=cost, may_have_billed=billed,
            )  # fmt: skip

    async def _observed(
        self, choice: Choice, request: ImageRequest, reporter: TurnReporter,
        record: CallRecord | None,
    ) -> ImageResult:  # fmt: skip
        begun = monotonic()
        outcome, spent = "internal", 0.0
        try:
            result = await choice.engine.run(
                request, reporter, self._journal(record, reporter.turn)
            )
            outcome, spent = "ok", result.usage.cost_usd
            return result
        except asyncio.CancelledError:
            outcome = "cancelled"
            raise
        except EaselError as error:
            outcome = error.code
            log.warning(
                "engine_failed",
                model=choice.card.id,
                turn=reporter.turn.id,
                code=error.code,
                message=error.message,
                admin=error.admin,
            )
            raise
        finally:
            self._observer.provider_called(choice.card.id, outcome, monotonic() - begun, spent)

    def _journal(self, record: CallRecord | None, turn: Turn) -> Journal:
        if record is None:
            return UNKEPT
        return self._book.journal(turn.session_id, turn.id, record.key)


def waiting_words(title: str, waiting: Waiting) -> str:
    """What a person reads while a call may not be made yet."""
    if waiting.place > 0:
        before = "1 picture" if waiting.place == 1 else f"{waiting.place} pictures"
        return f"{title} is busy: {before} before this one"
    if waiting.seconds is not None and waiting.seconds >= 1:
        return f"{title} asks us to wait: on again in {round(waiting.seconds)} s"
    return f"{title} is busy: this one is next"


def _safe_to_repeat(error: EngineError) -> bool:
    paid = error.may_have_billed or error.spent_usd > 0
    return error.kind is EngineFault.TRANSIENT and not paid

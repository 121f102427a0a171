"""The life of one prediction, from the wish to its end, so that none is paid for twice.

The wish is noted before the call and the prediction's id as soon as it is known. The call that
creates it is held open until it has ended, so that a picture never lies waiting for a look; its id
is taken from the account's list meanwhile. An attempt that follows a crash finds the prediction
again: by its id, or in that list by what it was given. A call whose answer was lost is looked for
at once.

Several requests may be given the same, and then only the claims tell whose prediction is whose.
The list names no author, so that one is taken from it early only where nothing else fits. Should
it be a twin's all the same, then ours is left for that twin, which finds its own taken.

Replicate takes 600 calls a minute that create and 3,000 others. With ten predictions at a time
these are at most 300 looks a minute while their calls are held open and 1,200 after that, and
three pages of the list for each.

Cancelling the task cancels the prediction, and its note is forgotten once Replicate has confirmed
it: the engine can't know whether a person gave up or a worker is only being stopped, so that a turn
that is resumed makes a new one (the old one is billed for the time it ran). A process that is
killed leaves the note, and the prediction is found again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from time import monotonic
from typing import Any, TypeVar

from pydantic import ValidationError

from core.engines.journal import CallNote, Journal
from core.engines.port import Progress
from core.engines.replicate.client import Client
from core.engines.replicate.errors import CallFailed, Fault
from core.engines.replicate.farewells import Farewells
from core.engines.replicate.marker import Marker, is_of
from core.engines.replicate.schema import ModelSchema
from core.engines.replicate.wire import Prediction

Given = Callable[[], Awaitable[Mapping[str, Any]]]
_Call = asyncio.Task[Prediction]
_T = TypeVar("_T")

_SKEW = timedelta(seconds=5)
_MOST_CREATED = 3
_LOOK_AGAIN = (0.0, 1.0)


@dataclass(frozen=True)
class Patience:
    """Seconds. `wait`: how long the call to create is held open, of which Replicate allows 60.
    `notice`: the pauses before it is looked for in the list meanwhile. `slow`: between two looks
    while the call is held open; `first`, `longest`: after that. `deadline`: after which Replicate
    stops by itself, and `grace`: how much longer it is waited for. `lost`: how long looks may fail.
    `settle`: how long a picture that is there already waits for the end of its prediction, which
    tells what it cost. `swapped`: the pauses before looking for what a twin left in exchange.
    """

    wait: int = 60
    notice: tuple[float, ...] = (1.0, 2.0, 4.0)
    slow: float = 2.0
    deadline: int = 600
    grace: float = 5.0
    first: float = 0.25
    longest: float = 0.5
    growth: float = 1.15
    lost: float = 60.0
    settle: float = 1.0
    swapped: tuple[float, ...] = (0.0, 1.0, 2.0, 4.0, 8.0)


PATIENCE = Patience()


class OutOfTime(Exception):
    """The prediction did not end; it was told to stop."""


class Vanished(Exception):
    """Replicate does not know the prediction any more."""


@dataclass
class Errand:
    """One request's prediction; `made` once there is one.

    `_call` is the call that creates it, until its answer has been heard; `_ref` the id that was
    claimed, or is being claimed.
    """

    client: Client
    schema: ModelSchema
    journal: Journal
    progress: Progress
    farewells: Farewells
    patience: Patience = PATIENCE
    made: bool = False
    _call: _Call | None = None
    _ref: str | None = None
    _begun: float = field(default_factory=monotonic)

    async def run(self, given: Given) -> Prediction:
        """The prediction at its end; `given` makes the input when a new one is needed.

        Raises:
            CallFailed: `uncertain` when the prediction may exist, and its note is kept.
            OutOfTime: it was stopped at the deadline.
            Vanished: it came to nothing that can be had.
        """
        try:
            prediction = await self._earlier() or await self._new(given)
            self.made = True
            return await self._watched(prediction)
        except asyncio.CancelledError:
            call, self._call = self._call, None
            await self.farewells.heard(self._stop(self._ref, call))
            raise
        finally:
            _hang_up(self._call)

    async def _earlier(self) -> Prediction | None:
        """What an attempt before this one made, if that can still come to something."""
        note = await self.journal.recall()
        if note is None:
            return None
        found = await (self._known(note.ref) if note.ref else self._sought(note))
        if found is None or found.stopped:
            return None
        if not is_of(found, self.schema.name, self.schema.version or ""):
            return None
        self._ref = found.id
        return found

    async def _known(self, ref: str) -> Prediction | None:
        try:
            return await self.client.get(ref)
        except CallFailed as failed:
            if failed.fault.status != 404:
                raise
            return None

    async def _sought(self, note: CallNote) -> Prediction | None:
        """The oldest prediction that fits a note and belongs to nobody else."""
        for prediction in await self._fitting(note):
            if await self._claimed(prediction.id):
                return await self.client.get(prediction.id)
        return None

    async def _fitting(self, note: CallNote) -> list[Prediction]:
        """All that may be the call of a note, oldest first."""
        try:
            marker = Marker.model_validate_json(note.marker)
        except ValidationError:
            return []
        listed = await self.client.created_since(note.intended_at - _SKEW)
        return [found for found in listed if not found.stopped and marker.fits(found)]

    async def _claimed(self, ref: str) -> bool:
        """Whether it is ours; who is cancelled while asking has to know what it asked for."""
        self._ref = ref
        if await self.journal.claim(ref):
            return True
        self._ref = None
        return False

    async def _new(self, given: Given) -> Prediction:
        await self.progress.stage("asking Replicate")
        handed = await given()
        for _ in range(_MOST_CREATED):
            await self.journal.intend(Marker.of(self.schema, handed).model_dump_json())
            sent = asyncio.Event()
            self._call = call = self._creating(handed, sent)
            prediction = await self._noticed(call, sent) or await self._answered(call)
            if prediction is not None:
                return prediction
        raise CallFailed(Fault("every prediction was taken by another request", sent=False))

    def _creating(self, handed: Mapping[str, Any], sent: asyncio.Event) -> _Call:
        call = asyncio.create_task(
            self.client.create(
                self.schema,
                handed,
                wait=self.patience.wait,
                cancel_after=self.patience.deadline,
                sent=sent,
            )
        )
        call.add_done_callback(_heard)
        return call

    async def _noticed(self, call: _Call, sent: asyncio.Event) -> Prediction | None:
        """The prediction as the list shows it while its call is held open.

        None: the call has its answer, or the list can't tell. What is over there already is left
        to its own answer, which is under way.
        """
        note = await self.journal.recall()
        if note is None:
            return None
        await _unless(call, sent.wait())
        for pause in self.patience.notice:
            await _unless(call, asyncio.sleep(pause))
            if call.done():
                return None
            found: Sequence[Prediction] | None = ()
            with suppress(CallFailed):
                found = await _unless(call, self._fitting(note))
            if found is None or len(found) > 1 or call.done():
                return None
            if found and not found[0].over and await self._claimed(found[0].id):
                return found[0]
        return None

    async def _answered(self, call: _Call) -> Prediction | None:
        """What the call made, or what a twin left for it. None: there is nothing that is ours."""
        try:
            prediction = await asyncio.shield(call)
        except CallFailed as failed:
            fault = failed.fault
        else:
            if await self._claimed(prediction.id):
                self._call = None
                return prediction
            return await self._looked_for(self.patience.swapped)
        if fault.uncertain:
            with suppress(CallFailed):
                found = await self._looked_for(_LOOK_AGAIN)
                if found is not None:
                    return found
                if fault.status is not None:  # it was answered, and made nothing
                    fault = replace(fault, sent=False)
        if not fault.uncertain:
            self._call = None
            await self.journal.forget()
        raise CallFailed(fault)

    async def _looked_for(self, pauses: Sequence[float] = (0.0,)) -> Prediction | None:
        """Look for a prediction that is ours by its note. CallFailed: it can't be told."""
        note = await self.journal.recall()
        if note is None:
            raise CallFailed(Fault("nothing is noted that could be looked for"))
        for pause in pauses:
            await asyncio.sleep(pause)
            found = await self._sought(note)
            if found is not None:
                return found
        return None

    async def _watched(self, prediction: Prediction) -> Prediction:
        pause, seen, drawn = self.patience.first, monotonic(), 0.0
        while not prediction.over:
            drawn = drawn or (monotonic() if prediction.urls else 0.0)
            if drawn and monotonic() - drawn >= self.patience.settle:
                break
            await self._tell(prediction)
            try:
                if self._call is not None:
                    prediction = await self._held(prediction, self._call)
                else:
                    await asyncio.sleep(pause)
                    pause = min(pause * self.patience.growth, self.patience.longest)
                    prediction = await self.client.get(prediction.id)
                seen = monotonic()
            except CallFailed as failed:
                if failed.fault.status == 404:
                    raise Vanished from None
                if not failed.fault.passing or monotonic() - seen > self.patience.lost:
                    raise
            if not prediction.over and self._overdue():
                await self.farewells.heard(self._stop(prediction.id, None))
                raise OutOfTime
        return prediction

    def _overdue(self) -> bool:
        return monotonic() - self._begun > self.patience.deadline + self.patience.grace

    async def _held(self, prediction: Prediction, call: _Call) -> Prediction:
        """How it is a little later, or as soon as the call that is held open has its answer.

        A look that fails meanwhile and a call that is cut off are no loss: the other one tells. The
        answer may be about another prediction, when ours was a twin's.
        """

        async def look() -> Prediction:
            await asyncio.sleep(self.patience.slow)
            return await self.client.get(prediction.id)

        latest: Prediction | None = None
        with suppress(CallFailed):
            latest = await _unless(call, look())
        if call.done():
            self._call = None
            with suppress(CallFailed):
                answer = call.result()
                latest = answer if answer.id == prediction.id else latest
        return latest or prediction

    async def _tell(self, prediction: Prediction) -> None:
        if prediction.status == "starting":
            await self.progress.stage("waiting in Replicate's queue")
        else:
            await self.progress.stage("drawing", prediction.fraction)

    async def _stop(self, ref: str | None, call: _Call | None) -> None:
        """Tell Replicate to stop what is ours, and forget it."""
        ours = ref if ref is not None and await self.journal.claim(ref) else None
        if ours is None and call is not None:
            ours = await self._unborn(call)
        if ours is not None:
            await self.client.cancel(ours)
            await self.journal.forget()
        _hang_up(call)

    async def _unborn(self, call: _Call) -> str | None:
        """The id of what is being made: from the list, or else from the answer to its call."""
        for pause in _LOOK_AGAIN:
            await asyncio.wait({call}, timeout=pause)
            if call.done():
                break
            with suppress(CallFailed):
                found = await self._looked_for()
                if found is not None:
                    return found.id
        try:
            answer = await call
        except CallFailed as failed:
            if not failed.fault.uncertain:
                raise
        else:
            if await self.journal.claim(answer.id):
                return answer.id
        left = await self._looked_for(self.patience.swapped)
        return left.id if left is not None else None


async def _unless(call: _Call, asking: Coroutine[Any, Any, _T]) -> _T | None:
    """What was asked, or None as soon as the call has an answer."""
    asked = asyncio.ensure_future(asking)
    try:
        await asyncio.wait({asked, call}, return_when=asyncio.FIRST_COMPLETED)
        return asked.result() if asked.done() else None
    finally:
        asked.cancel()


def _hang_up(call: _Call | None) -> None:
    if call is not None:
        call.cancel()


def _heard(call: _Call) -> None:
    """Its failure is no news when nobody asks for it any more."""
    if not call.cancelled():
        call.exception()

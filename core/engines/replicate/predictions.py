"""The life of one prediction, from the wish to its end, so that none is paid for twice.

The wish is noted before the call and the prediction's id right after it. An attempt that follows a
crash finds the prediction again: by its id, or in the account's list by what it was given. A call
whose answer was lost is looked for at once.

Cancelling the task cancels the prediction, and its note is forgotten once Replicate has confirmed
it: the engine can't know whether a person gave up or a worker is only being stopped, so that a turn
that is resumed makes a new one (the old one is billed for the time it ran). A process that is
killed leaves the note, and the prediction is found again.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from time import monotonic
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from core.engines.journal import CallNote, Journal
from core.engines.port import Progress
from core.engines.replicate.client import Client
from core.engines.replicate.errors import CallFailed, Fault
from core.engines.replicate.schema import ModelSchema
from core.engines.replicate.wire import Prediction
from core.errors import EaselError

Given = Callable[[], Awaitable[Mapping[str, Any]]]

_SKEW = timedelta(seconds=5)
_MOST_CREATED = 3
_STOP_SECONDS = 1.5
_CLOSE_SECONDS = 4.0
_LOOK_AGAIN = (0.0, 1.0)


@dataclass(frozen=True)
class Patience:
    """Seconds. `wait`: how long a call to create is held open for quick models; an id is known
    only after it, so that it is short. `deadline`: after which Replicate stops by itself, and
    `grace`: how much longer it is waited for. `first`, `longest`: between two looks. `lost`: how
    long looks may fail. `settle`: how long a picture that is there already waits for the end of
    its prediction, which tells what it cost.
    """

    wait: int = 2
    deadline: int = 600
    grace: float = 5.0
    first: float = 0.25
    longest: float = 0.5
    growth: float = 1.15
    lost: float = 60.0
    settle: float = 1.0


PATIENCE = Patience()


class OutOfTime(Exception):
    """The prediction did not end; it was told to stop."""


class Vanished(Exception):
    """Replicate does not know the prediction any more."""


class Farewells:
    """What is still said to Replicate after a task was cancelled."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def say(self, words: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(_quietly(words))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def close(self) -> None:
        """Give them a moment, then hang up."""
        if not self._tasks:
            return
        _, left = await asyncio.wait(self._tasks, timeout=_CLOSE_SECONDS)
        for task in left:
            task.cancel()


class Marker(BaseModel):
    """What a prediction of ours is recognised by: its model, and a hash of each thing given.

    Files that were laid down have addresses of their own, seeds follow from the request, and where
    a model takes a name for its user, that name is new each time.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str
    version: str
    given: dict[str, str]

    @classmethod
    def of(cls, schema: ModelSchema, given: Mapping[str, Any]) -> Marker:
        prints = {name: _print(value) for name, value in given.items()}
        return cls(model=schema.name, version=schema.version or "", given=prints)

    def fits(self, prediction: Prediction) -> bool:
        """Whether it was given the same; what the provider added by itself does not count."""
        theirs = prediction.input
        return _is_of(prediction, self.model, self.version) and all(
            name in theirs and _print(theirs[name]) == known for name, known in self.given.items()
        )


@dataclass
class Errand:
    """One request's prediction; `made` once there is one."""

    client: Client
    schema: ModelSchema
    journal: Journal
    progress: Progress
    farewells: Farewells
    patience: Patience = PATIENCE
    made: bool = False
    _begun: float = field(default_factory=monotonic)

    async def run(self, given: Given) -> Prediction:
        """The prediction at its end; `given` makes the input when a new one is needed.

        Raises:
            CallFailed: `uncertain` when the prediction may exist, and its note is kept.
            OutOfTime: it was stopped at the deadline.
            Vanished: it came to nothing that can be had.
        """
        prediction = await self._earlier() or await self._new(given)
        self.made = True
        return await self._ended(prediction)

    async def _earlier(self) -> Prediction | None:
        """What an attempt before this one made, if that can still come to something."""
        note = await self.journal.recall()
        if note is None:
            return None
        found = await (self._known(note.ref) if note.ref else self._sought(note))
        if found is None or found.stopped:
            return None
        ours = _is_of(found, self.schema.name, self.schema.version or "")
        return found if ours else None

    async def _known(self, ref: str) -> Prediction | None:
        try:
            return await self.client.get(ref)
        except CallFailed as failed:
            if failed.fault.status != 404:
                raise
            return None

    async def _sought(self, note: CallNote) -> Prediction | None:
        """The oldest prediction that fits a note and belongs to nobody else."""
        try:
            marker = Marker.model_validate_json(note.marker)
        except ValidationError:
            return None
        for prediction in await self.client.created_since(note.intended_at - _SKEW):
            live = not prediction.stopped and marker.fits(prediction)
            if live and await self.journal.claim(prediction.id):
                return await self.client.get(prediction.id)
        return None

    async def _new(self, given: Given) -> Prediction:
        await self.progress.stage("asking Replicate")
        handed = await given()
        for _ in range(_MOST_CREATED):
            await self.journal.intend(Marker.of(self.schema, handed).model_dump_json())
            prediction = await self._created(handed)
            if await self._claimed(prediction):
                return prediction
            # A twin that looked for its own lost call took this one; its own may be left.
            left = await self._looked_for()
            if left is not None:
                return left
        raise CallFailed(Fault("every prediction was taken by another request", sent=False))

    async def _created(self, handed: Mapping[str, Any]) -> Prediction:
        creating = asyncio.create_task(
            self.client.create(
                self.schema,
                handed,
                wait=self.patience.wait,
                cancel_after=self.patience.deadline,
            )
        )
        try:
            return await asyncio.shield(creating)
        except asyncio.CancelledError:
            await self._take_leave(self._stop_unborn(creating))
            raise
        except CallFailed as failed:
            fault = failed.fault
        if fault.uncertain:
            with suppress(CallFailed):
                found = await self._after_silence()
                if found is not None:
                    return found
                if fault.status is not None:  # it was answered, and made nothing
                    fault = replace(fault, sent=False)
        if not fault.uncertain:
            await self.journal.forget()
        raise CallFailed(fault)

    async def _claimed(self, prediction: Prediction) -> bool:
        try:
            return await self.journal.claim(prediction.id)
        except asyncio.CancelledError:
            await self._take_leave(self._stop_ours(prediction.id))
            raise

    async def _after_silence(self) -> Prediction | None:
        """Look for a prediction whose creation was not answered, twice."""
        for pause in _LOOK_AGAIN:
            await asyncio.sleep(pause)
            found = await self._looked_for()
            if found is not None:
                return found
        return None

    async def _looked_for(self) -> Prediction | None:
        """Raises CallFailed when it can't be told."""
        note = await self.journal.recall()
        if note is None:
            raise CallFailed(Fault("nothing is noted that could be looked for"))
        return await self._sought(note)

    async def _ended(self, prediction: Prediction) -> Prediction:
        try:
            return await self._watched(prediction)
        except asyncio.CancelledError:
            await self._take_leave(self._stop(prediction.id))
            raise

    async def _watched(self, prediction: Prediction) -> Prediction:
        pause, seen, drawn = self.patience.first, monotonic(), 0.0
        while not prediction.over:
            drawn = drawn or (monotonic() if prediction.urls else 0.0)
            if drawn and monotonic() - drawn >= self.patience.settle:
                break
            await self._tell(prediction)
            await asyncio.sleep(pause)
            pause = min(pause * self.patience.growth, self.patience.longest)
            if monotonic() - self._begun > self.patience.deadline + self.patience.grace:
                await self._take_leave(self._stop(prediction.id))
                raise OutOfTime
            try:
                prediction = await self.client.get(prediction.id)
                seen = monotonic()
            except CallFailed as failed:
                if failed.fault.status == 404:
                    raise Vanished from None
                if not failed.fault.passing or monotonic() - seen > self.patience.lost:
                    raise
        return prediction

    async def _tell(self, prediction: Prediction) -> None:
        if prediction.status == "starting":
            await self.progress.stage("waiting in Replicate's queue")
        else:
            await self.progress.stage("drawing", prediction.fraction)

    async def _take_leave(self, words: Coroutine[Any, Any, None]) -> None:
        """Tell Replicate, which gets a moment; what takes longer goes on without us."""
        await asyncio.wait({self.farewells.say(words)}, timeout=_STOP_SECONDS)

    async def _stop(self, ref: str) -> None:
        await self.client.cancel(ref)
        await self.journal.forget()

    async def _stop_ours(self, ref: str) -> None:
        if await self.journal.claim(ref):
            await self._stop(ref)

    async def _stop_unborn(self, creating: asyncio.Task[Prediction]) -> None:
        """Wait for the id, which comes within the time that the call is held open."""
        await self._stop_ours((await creating).id)


def _is_of(prediction: Prediction, model: str, version: str) -> bool:
    if prediction.model:
        return prediction.model.lower() == model
    return bool(version) and prediction.version == version


def _print(value: Any) -> str:
    """A short hash; 4 and 4.0 are the same number in JSON."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = json.dumps(value, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


async def _quietly(words: Coroutine[Any, Any, None]) -> None:
    """Nobody waits any more for what comes of it."""
    with suppress(CallFailed, EaselError):
        await words

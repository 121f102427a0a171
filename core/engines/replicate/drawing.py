"""One request of Easel carried out: its input, its prediction, its pictures and the bill."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from secrets import token_hex
from typing import Any

from core.engines.journal import Journal
from core.engines.port import DrawnPicture, ImageRequest, ImageResult, ModelCard, Progress
from core.engines.received import picture_of
from core.engines.replicate.client import Client
from core.engines.replicate.errors import CallFailed, Fault, classify, of_failure
from core.engines.replicate.farewells import Farewells
from core.engines.replicate.files import Fetcher, lend
from core.engines.replicate.library import Library
from core.engines.replicate.mapping import Prepared, prepare
from core.engines.replicate.outputs import gone, stopped, usage_of, wasted
from core.engines.replicate.predictions import Errand, OutOfTime, Patience, Vanished
from core.engines.replicate.schema import ModelSchema
from core.engines.replicate.wire import Prediction
from core.errors import EngineError, EngineFault, NotFound

_GONE = (403, 404, 410)
_MAX_USER = 64


@dataclass(frozen=True)
class Artist:
    """Draws over one account; `secrets` never appear in an error."""

    client: Client
    library: Library
    fetcher: Fetcher
    farewells: Farewells
    patience: Patience
    secrets: tuple[str, ...]

    async def draw(
        self, card: ModelCard, request: ImageRequest, progress: Progress, journal: Journal
    ) -> ImageResult:
        """Carry out one request. Raises as `Engine.run` does."""
        schema = await self._schema(card)
        current = self.library.card(card.id) or card
        if not current.usable:
            raise EngineError(
                f"{card.title} can't be used: {current.missing}.",
                kind=EngineFault.UNSUPPORTED,
                hint="Use another model.",
            )
        prepared = await asyncio.to_thread(prepare, schema, request)  # decodes a mask
        patience = self.patience if _tells_late(current) else replace(self.patience, settle=0.0)
        errand = Errand(self.client, schema, journal, progress, self.farewells, patience)
        drawing = _Drawing(self, current, request, schema, prepared, errand)
        return await drawing.run()

    async def _schema(self, card: ModelCard) -> ModelSchema:
        try:
            return await self.library.schema(card.id)
        except NotFound:
            gone_for_good = Fault("there is no such model any more", status=404)
            error = classify(gone_for_good, card.title, self.secrets, paid=False)
        except CallFailed as failed:
            error = classify(failed.fault, card.title, self.secrets, paid=False)
        raise error


@dataclass
class _Drawing:
    artist: Artist
    card: ModelCard
    request: ImageRequest
    schema: ModelSchema
    prepared: Prepared
    errand: Errand
    _laid_down: tuple[str, ...] = ()

    async def run(self) -> ImageResult:
        prediction = await self._predicted()
        self._clear()
        await self._see_that_it_drew(prediction)
        pictures = await self._pictures(prediction)
        return ImageResult(
            pictures=tuple(pictures),
            usage=usage_of(self.card, self.request, prediction, pictures),
            notes=self.prepared.notes,
            snapshot=self._snapshot(prediction),
        )

    async def _predicted(self) -> Prediction:
        """The prediction at its end. Files stay for one that may still be reading them."""
        error: EngineError
        try:
            return await self.errand.run(self._given)
        except asyncio.CancelledError:
            self._clear()
            raise
        except OutOfTime:
            error = stopped(self.card.title, None)
        except Vanished:
            error = gone(self.card.title)
            await self.errand.journal.forget()
        except CallFailed as failed:
            error = self._told(failed.fault)
        raise error

    async def _given(self) -> Mapping[str, Any]:
        """The input as it is sent; a name for the user is new each time, to be known again by."""
        given = dict(self.prepared.input)
        if self.prepared.marker_field is not None:
            known = str(given.get(self.prepared.marker_field, ""))
            mark = token_hex(8)
            head = known[: _MAX_USER - len(mark) - 1]
            given[self.prepared.marker_field] = f"{head}.{mark}" if head else mark
        try:
            lent = await lend(self.artist.client, given)
        except CallFailed as failed:
            fault = replace(failed.fault, sent=False)  # a file that is lost costs nothing
        else:
            self._laid_down = lent.file_ids
            return lent.given
        raise CallFailed(fault)

    async def _see_that_it_drew(self, prediction: Prediction) -> None:
        title = self.card.title
        if prediction.urls and not prediction.failed and not prediction.stopped:
            return
        await self.errand.journal.forget()
        spent = wasted(self.card.price, prediction)
        if prediction.stopped:
            raise stopped(title, prediction, spent)
        if prediction.data_removed:
            raise gone(title)
        words = prediction.error if isinstance(prediction.error, str) else "no picture, no reason"
        raise of_failure(words, title, self.artist.secrets, spent or 0.0)

    async def _pictures(self, prediction: Prediction) -> list[DrawnPicture]:
        """All that were drawn, fetched and checked."""
        try:
            files = [await self.artist.fetcher.fetch(url) for url in prediction.urls]
        except CallFailed as failed:
            fault = failed.fault
        else:
            try:
                return [
                    picture_of(data, self.card.title, paid=True, seed=self.prepared.seed)
                    for data in files
                ]
            except EngineError:
                await self.errand.journal.forget()
                raise
        raise await self._not_fetched(fault)

    async def _not_fetched(self, fault: Fault) -> EngineError:
        """What passes leaves the note, so that the next attempt fetches what is paid for."""
        title = self.card.title
        if fault.passing:
            return EngineError(
                f"The picture of {title} could not be fetched.",
                kind=EngineFault.TRANSIENT,
                hint="Try again soon.",
                admin=fault.message,
                may_have_billed=True,
            )
        await self.errand.journal.forget()
        if fault.status in _GONE:
            return gone(title)
        return EngineError(
            f"What {title} drew can't be taken from where it lies.",
            kind=EngineFault.UNKNOWN,
            hint="Use another model.",
            admin=fault.message,
            may_have_billed=True,
        )

    def _told(self, fault: Fault) -> EngineError:
        if fault.status == 422:
            self.artist.library.doubt(self.card.id)
        error = classify(fault, self.card.title, self.artist.secrets, paid=True)
        error.may_have_billed = error.may_have_billed or self.errand.made
        return error

    def _clear(self) -> None:
        """Take back what was laid down, while nobody waits."""
        for file_id in self._laid_down:
            self.artist.farewells.say(self.artist.client.delete_file(file_id))
        self._laid_down = ()

    def _snapshot(self, prediction: Prediction) -> str | None:
        version = prediction.version or self.schema.version or ""
        return f"{self.card.id}:{version[:12]}" if len(version) == 64 else None


def _tells_late(card: ModelCard) -> bool:
    """Whether the end of a run says more than its first output: what it took, or that there is
    more, as nobody knows of a model that was only found."""
    return card.found or card.price.per_second > 0

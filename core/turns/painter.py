"""One request to one engine: asked, timed, counted, checked, kept.

What comes back is hostile until it was decoded, and is in the blob store before anything refers to
it.
"""

from __future__ import annotations

import asyncio
import hashlib
import zlib
from dataclasses import dataclass
from time import monotonic

from core.assets.blobs import Blobs
from core.engines.catalog import Choice
from core.engines.cost import estimate
from core.engines.journal import UNKEPT
from core.engines.port import DrawnPicture, ImageRequest, ImageResult, ModelCard, Operation
from core.errors import BadPicture, EaselError, EngineError, EngineFault
from core.picture.codec import check
from core.session.models import Actor, Asset
from core.session.store import SessionStore
from core.turns.attention import Attention
from core.turns.observer import Observer
from core.turns.reporter import TurnReporter

_SEEDS = 2**32
_DOING: dict[Operation, str] = {
    "upscale": "enlarging",
    "cutout": "cutting out",
    "adjust": "adjusting",
}


@dataclass(frozen=True, slots=True)
class Kept:
    """A picture that was drawn and is kept."""

    drawn: DrawnPicture
    asset: Asset


@dataclass(frozen=True, slots=True)
class Painted:
    """What one request came to."""

    choice: Choice
    request: ImageRequest
    result: ImageResult
    pictures: tuple[Kept, ...]
    seconds: float
    notes: list[str]


class Painter:
    """Calls engines for a turn's steps."""

    def __init__(
        self, blobs: Blobs, store: SessionStore, observer: Observer, attention: Attention
    ) -> None:
        self._blobs = blobs
        self._store = store
        self._observer = observer
        self._attention = attention

    async def paint(
        self, choice: Choice, request: ImageRequest, reporter: TurnReporter, n: int = 1
    ) -> list[Painted]:
        """Have `n` pictures drawn side by side, each by a call of its own.

        What could be drawn is given, at least one. Raises what the engine raises; EngineError when
        what came back is no picture.
        """
        await reporter.stage(_announcement(choice, request, n))
        calls = [
            self._one(choice, nth(request, place, choice.card), reporter) for place in range(n)
        ]
        outcomes = await asyncio.gather(*calls, return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, BaseException) and not isinstance(outcome, EaselError):
                raise outcome
        painted = [outcome for outcome in outcomes if isinstance(outcome, Painted)]
        failures = [outcome for outcome in outcomes if isinstance(outcome, EaselError)]
        if not painted:
            raise failures[0]
        if failures:
            painted[0].notes.append(f"{len(failures)} of {n} could not be drawn: {failures[0]}")
        return painted

    async def _one(self, choice: Choice, request: ImageRequest, reporter: TurnReporter) -> Painted:
        begun = monotonic()
        result = await self._observed(choice, request, reporter)
        seconds = monotonic() - begun
        if not result.pictures:
            raise _broken(choice, "no picture")
        kept = [await self._keep(choice, drawn) for drawn in result.pictures]
        return Painted(choice, request, result, tuple(kept), seconds, list(result.notes))

    async def _observed(
        self, choice: Choice, request: ImageRequest, reporter: TurnReporter
    ) -> ImageResult:
        begun = monotonic()
        outcome, spent = "internal", 0.0
        try:
            async with self._attention.elsewhere():
                result = await choice.engine.run(request, reporter, UNKEPT)
            outcome, spent = "ok", result.usage.cost_usd
            return result
        except asyncio.CancelledError:
            outcome = "cancelled"
            raise
        except EaselError as error:
            outcome = error.code
            raise
        finally:
            self._observer.provider_called(choice.card.id, outcome, monotonic() - begun, spent)

    async def _keep(self, choice: Choice, drawn: DrawnPicture) -> Kept:
        """Bytes are kept while they are checked; those of no picture are never referred to."""
        checking = asyncio.create_task(_checked(choice, drawn))
        try:
            sha256 = await self._blobs.put(drawn.data)
        finally:
            width, height, alpha = await checking
        asset = Asset(
            sha256=sha256, mime=drawn.mime,
            width=width, height=height, bytes=len(drawn.data), alpha=alpha,
        )  # fmt: skip
        await self._store.record_asset(asset)
        return Kept(drawn, asset)


async def _checked(choice: Choice, drawn: DrawnPicture) -> tuple[int, int, bool]:
    """Width, height and whether anything is transparent. Raises EngineError: it is no picture."""
    if choice.card.engine == "local":  # our own code is trusted; whatever came in is not
        return drawn.width, drawn.height, drawn.alpha
    try:
        info = await asyncio.to_thread(check, drawn.data)
    except BadPicture as broken:
        raise _broken(choice, broken.message) from broken
    return info.width, info.height, info.alpha


def actor_hash(actor: Actor) -> str:
    """Who asked, as providers are told: the same person is the same text, which says no more."""
    return hashlib.sha256(f"easel:{actor.id}".encode()).hexdigest()[:32]


def nth(request: ImageRequest, place: int, card: ModelCard) -> ImageRequest:
    """The request for one of several pictures. Only the first shows previews: they cost tokens,
    and a person watches one. Where there are seeds, each picture has its own."""
    if place == 0:
        return request
    seed = request.seed
    if card.capabilities.seed:
        seed = ((zlib.crc32(request.key.encode()) if seed is None else seed) + place) % _SEEDS
    key = f"{request.key}.{place}"
    return request.model_copy(update={"key": key, "seed": seed, "previews": 0})


def _announcement(choice: Choice, request: ImageRequest, n: int) -> str:
    if choice.card.engine == "local":
        return _DOING.get(request.operation, "working")
    spend = estimate(choice.card, request).cost_usd * n
    about = f" (about ${spend:.2f})" if spend >= 0.005 else ""
    many = f"{n} pictures " if n > 1 else ""
    return f"drawing {many}with {choice.card.title}{about}"


def _broken(choice: Choice, reason: str) -> EngineError:
    return EngineError(
        f"{choice.card.title} sent a picture that can't be read.",
        kind=EngineFault.UNKNOWN,
        hint="Try again, or use another model.",
        admin=reason,
        may_have_billed=not choice.card.price.free,
    )

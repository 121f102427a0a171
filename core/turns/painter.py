"""Requests to engines: asked for, checked, kept.

What comes back is hostile until it was decoded, and is in the blob store before anything refers to
it. A picture that an earlier attempt at the same step paid for is taken as it is.
"""

from __future__ import annotations

import asyncio
import hashlib
import zlib
from dataclasses import dataclass, field

from core.assets.blobs import Blobs
from core.engines.catalog import Choice
from core.engines.cost import estimate
from core.engines.operations import LOCAL
from core.engines.port import DrawnPicture, ImageRequest, ModelCard, Operation
from core.engines.received import unreadable
from core.engines.wording import dollars
from core.errors import BadPicture, EaselError, EngineError
from core.picture.codec import check
from core.policy.calls import CallRecord, Drawn, KeptDrawn
from core.session.models import Actor, Asset
from core.session.store import SessionStore
from core.turns.attention import Attention
from core.turns.caller import Called, Caller
from core.turns.reporter import TurnReporter

_SEEDS = 2**32
_WORTH_SAYING_USD, _WORTH_SAYING_SECONDS = 0.001, 3.0
_DOING: dict[Operation, str] = {
    "upscale": "enlarging",
    "cutout": "cutting out",
    "adjust": "adjusting",
}


@dataclass(frozen=True, slots=True)
class Painted:
    """What one request came to. `lost_usd`: what earlier attempts may have cost beside it."""

    choice: Choice
    request: ImageRequest
    drawn: Drawn
    lost_usd: float = 0.0
    notes: list[str] = field(default_factory=list)

    @property
    def pictures(self) -> tuple[KeptDrawn, ...]:
        return self.drawn.pictures

    @property
    def cost_usd(self) -> float:
        return self.drawn.usage.cost_usd + self.lost_usd


class Painter:
    """Has pictures drawn for the steps of turns. `salt` goes into what providers are told of who
    asked, so that nobody can work it back to a person."""

    def __init__(
        self, blobs: Blobs, store: SessionStore, caller: Caller, attention: Attention, salt: bytes
    ) -> None:
        self._blobs = blobs
        self._store = store
        self._caller = caller
        self._attention = attention
        self._salt = salt

    def actor_hash(self, actor: Actor) -> str:
        """Who asked, as providers are told: one text for one person, which says no more."""
        return hashlib.blake2b(actor.id.encode(), key=self._salt, digest_size=16).hexdigest()

    async def paint(
        self, choice: Choice, request: ImageRequest, reporter: TurnReporter, n: int = 1
    ) -> list[Painted]:
        """Have `n` pictures drawn side by side, each by a call of its own.

        What could be drawn is given, at least one. Raises what the engine raises; OverBudget;
        EngineError when what came back is no picture. Only while attended to.
        """
        reporter.expect(_expected(choice, request, n), _seconds(choice))
        await reporter.stage(_announcement(choice, request, n))
        calls = [
            self._one(choice, nth(request, place, choice.card), reporter) for place in range(n)
        ]
        async with self._attention.elsewhere():
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
            if isinstance(outcomes[0], EaselError):
                await reporter.withdraw()
        return painted

    async def keep(self, data: bytes, width: int, height: int, *, alpha: bool) -> Asset:
        """Keep a PNG of our own making."""
        sha256 = await self._blobs.put(data)
        return await self._recorded(sha256, data, "image/png", (width, height, alpha))

    async def _one(self, choice: Choice, request: ImageRequest, reporter: TurnReporter) -> Painted:
        turn = reporter.turn
        known = await self._caller.known(choice, request, turn)
        if known is not None and known.drawn is not None:
            return _painted(choice, request, known.drawn, known)
        called = await self._caller.call(choice, request, reporter)
        async with self._attention.held():
            try:
                drawn = await self._kept(choice, called)
            except EngineError:
                await self._caller.wasted(called, turn)
                raise
            record = await self._caller.kept(called, turn, drawn)
        return _painted(choice, request, drawn, record)

    async def _kept(self, choice: Choice, called: Called) -> Drawn:
        result = called.result
        if not result.pictures:
            raise _broken(choice, "no picture")
        return Drawn(
            pictures=tuple([await self._keep(choice, drawn) for drawn in result.pictures]),
            usage=result.usage,
            notes=result.notes,
            snapshot=result.snapshot,
            conversation=result.conversation,
            seconds=round(called.seconds, 3),
        )

    async def _keep(self, choice: Choice, drawn: DrawnPicture) -> KeptDrawn:
        """Bytes are kept while they are checked; those of no picture are never referred to."""
        checking = asyncio.create_task(_checked(choice, drawn))
        try:
            sha256 = await self._blobs.put(drawn.data)
        finally:
            seen = await checking
        asset = await self._recorded(sha256, drawn.data, drawn.mime, seen)
        return KeptDrawn(asset=asset, seed=drawn.seed, details=drawn.details)

    async def _recorded(
        self, sha256: str, data: bytes, mime: str, seen: tuple[int, int, bool]
    ) -> Asset:
        """Write down what bytes that are kept are; `seen`: width, height, transparency."""
        width, height, alpha = seen
        asset = Asset(
            sha256=sha256, mime=mime, width=width, height=height, bytes=len(data), alpha=alpha
        )
        await self._store.record_asset(asset)
        return asset


async def _checked(choice: Choice, drawn: DrawnPicture) -> tuple[int, int, bool]:
    """Width, height and whether anything is transparent. Raises EngineError: it is no picture."""
    if choice.card.engine == LOCAL:  # our own code is trusted; whatever came in is not
        return drawn.width, drawn.height, drawn.alpha
    try:
        info = await asyncio.to_thread(check, drawn.data)
    except BadPicture as broken:
        raise _broken(choice, broken.message) from broken
    return info.width, info.height, info.alpha


def nth(request: ImageRequest, place: int, card: ModelCard) -> ImageRequest:
    """The request for one of several pictures.

    Only the first shows previews: they cost tokens, and a person watches one. Where there are
    seeds, each picture has its own.
    """
    if place == 0:
        return request
    seed = request.seed
    if card.capabilities.seed:
        first = zlib.crc32(request.key.encode()) if seed is None else seed
        seed = (first + place) % _SEEDS
    key = f"{request.key}.{place}"
    return request.model_copy(update={"key": key, "seed": seed, "previews": 0})


def _painted(
    choice: Choice, request: ImageRequest, drawn: Drawn, record: CallRecord | None
) -> Painted:
    lost = record.lost_usd if record else 0.0
    notes = list(drawn.notes)
    if lost:
        notes.append(
            f"An earlier call for this was cut off and may have been billed (about ${lost:.2f})."
        )
    return Painted(choice, request, drawn, lost, notes)


def _announcement(choice: Choice, request: ImageRequest, n: int) -> str:
    card = choice.card
    if card.engine == LOCAL:
        return _DOING.get(request.operation, "working")
    many = f"{n} pictures " if n > 1 else ""
    doing = _DOING.get(request.operation, "drawing")
    return f"{doing} {many}with {card.title}"


def _expected(choice: Choice, request: ImageRequest, n: int) -> str:
    """What it will probably cost and take, as words; empty where neither is known or worth it."""
    spend, seconds = estimate(choice.card, request).cost_usd * n, _seconds(choice)
    parts = [
        dollars(spend) if spend >= _WORTH_SAYING_USD else "",
        f"{seconds:.0f} s" if seconds else "",
    ]
    told = ", ".join(part for part in parts if part)
    return f"about {told}" if told else ""


def _seconds(choice: Choice) -> float | None:
    """How long it will probably take; None where that is not known or worth saying."""
    seconds = choice.card.capabilities.speed_s
    return seconds if seconds and seconds >= _WORTH_SAYING_SECONDS else None


def _broken(choice: Choice, reason: str) -> EngineError:
    return unreadable(choice.card.title, reason, paid=not choice.card.price.free)

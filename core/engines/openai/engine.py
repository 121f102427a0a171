"""The engine for OpenAI's models, and for the studio, which speaks the same protocol.

Light to import and to build, so that the catalog is there at once; the SDK is loaded in a thread
when the first picture is drawn, or by `warm`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from core.engines.journal import UNKEPT, Journal
from core.engines.openai.cards import OPENAI_CARDS, STUDIO_CARD
from core.engines.port import (
    Health,
    ImageRequest,
    ImageResult,
    ModelCard,
    PlainEngine,
    Progress,
)
from core.engines.sending import unable
from core.errors import EngineError, EngineFault

if TYPE_CHECKING:
    from core.engines.openai.drawing import Artist

READ_TIMEOUT = 300.0
DEADLINE = 900.0
"""Seconds without a sign of life, and in all. A lost drawing is billed, so both are generous:
a complex picture takes up to two minutes."""


class OpenAIImages(PlainEngine):
    """Draws with the models of `cards` at `base_url`, or over the unix socket `uds`.

    `missing`, when not empty, says what is not set up: the models are listed but not usable.
    """

    def __init__(
        self,
        name: str,
        base_url: str | None,
        api_key: str,
        cards: Sequence[ModelCard],
        *,
        uds: str | None = None,
        missing: str = "",
        read_timeout: float = READ_TIMEOUT,
        deadline: float = DEADLINE,
    ) -> None:
        told = {"engine": name, "usable": not missing, "missing": missing}
        self._name = name
        self._missing = missing
        self._cards = tuple(card.model_copy(update=told) for card in cards)
        self._base_url = base_url
        self._api_key = api_key
        self._uds = uds
        self._read_timeout = read_timeout
        self._deadline = deadline
        self._opening = asyncio.Lock()
        self._artist: Artist | None = None

    def __repr__(self) -> str:
        return f"OpenAIImages({self._name!r}, {len(self._cards)} models)"

    @property
    def name(self) -> str:
        return self._name

    def models(self) -> Sequence[ModelCard]:
        return self._cards

    async def warm(self) -> None:
        """Load the SDK now, so that the first picture does not wait for it."""
        await self._opened()

    async def run(
        self, request: ImageRequest, progress: Progress, journal: Journal = UNKEPT
    ) -> ImageResult:
        """See `Engine.run`. Cancelling closes the connection, which stops the provider.

        Calls can't be looked up there afterwards, so that nothing is noted in the journal: one that
        was cut off counts as billed.
        """
        card, model = self._card(request)
        artist = await self._opened()
        return await artist.draw(card, request, model, progress)

    async def check(self) -> Health:
        """See `Engine.check`: asks for the list of models, which costs nothing."""
        if self._missing:
            return Health(state="off", words=self._missing)
        if self._uds:
            return Health(state="ok", words="draws here, without an account")
        artist = await self._opened()
        return await artist.check(self._cards)

    async def close(self) -> None:
        artist, self._artist = self._artist, None
        if artist is not None:
            await artist.close()

    def _card(self, request: ImageRequest) -> tuple[ModelCard, str]:
        for card in self._cards:
            if request.model == card.id or request.model in card.aliases:
                break
        else:
            raise EngineError(
                f"There is no model called “{request.model[:60]}” here.",
                kind=EngineFault.UNSUPPORTED,
                hint="Use another model.",
            )
        if not card.usable:
            raise EngineError(
                f"{card.title} is not ready here: {card.missing}.",
                kind=EngineFault.AUTH,
                hint="Use another model.",
            )
        if request.operation not in card.capabilities.operations:
            raise unable(card, request)
        dated = request.model.startswith(f"{card.id}-20")
        return card, request.model if dated else card.id

    async def _opened(self) -> Artist:
        async with self._opening:
            if self._artist is None:
                self._artist = await asyncio.to_thread(self._open)
            return self._artist

    def _open(self) -> Artist:
        from core.engines.openai.drawing import Artist  # loads the SDK

        return Artist(
            base_url=self._base_url,
            api_key=self._api_key,
            uds=self._uds,
            read_timeout=self._read_timeout,
            deadline=self._deadline,
        )


def openai_engine(api_key: str | None, base_url: str | None = None) -> OpenAIImages:
    """OpenAI itself; without a key its models are listed as not usable."""
    return OpenAIImages(
        "openai",
        base_url,
        api_key or "",
        OPENAI_CARDS,
        missing="" if api_key else "OPENAI_API_KEY is not set",
    )


def studio_engine(uds: str | None, missing: str = "") -> OpenAIImages:
    """The offline studio behind its unix socket; without one, `missing` says why."""
    return OpenAIImages(
        "studio",
        "http://studio/v1",
        "offline",
        (STUDIO_CARD,),
        uds=uds,
        missing=missing or ("" if uds else "the studio is not running"),
    )

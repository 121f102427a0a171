"""The engine for models on Replicate: curated ones, and any other by its full name."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from core.engines.journal import UNKEPT, Journal
from core.engines.port import Health, ImageRequest, ImageResult, ModelCard, PlainEngine, Progress
from core.engines.replicate.client import HOME, Client
from core.engines.replicate.drawing import Artist
from core.engines.replicate.errors import CallFailed, classify
from core.engines.replicate.farewells import Farewells
from core.engines.replicate.files import Fetcher
from core.engines.replicate.library import Library
from core.engines.replicate.predictions import PATIENCE, Patience
from core.engines.scrubbing import scrubbed
from core.errors import EngineError, EngineFault
from core.hosts import is_loopback

_MISSING = "REPLICATE_API_TOKEN is not set"
_REMEDY = "Make a new token in the account's settings and set REPLICATE_API_TOKEN to it."
_MAX_NAME = 100


class ReplicateEngine(PlainEngine):
    """Draws with the account of `token` at `base_url`.

    Without a token the curated models are listed as not usable.
    """

    def __init__(
        self, token: str | None, base_url: str | None = None, *, patience: Patience = PATIENCE
    ) -> None:
        address = base_url or HOME
        self._secrets = (token,) if token else ()
        self._client = Client(token, address) if token else None
        self._library = Library(self._client)
        self._fetcher = Fetcher(local=is_loopback(urlsplit(address).hostname or ""))
        self._farewells = Farewells()
        self._patience = patience

    def __repr__(self) -> str:
        return f"ReplicateEngine({len(self._library.cards())} models)"

    @property
    def name(self) -> str:
        return "replicate"

    def models(self) -> Sequence[ModelCard]:
        return tuple(self._told(card) for card in self._library.cards())

    async def refresh(self) -> None:
        await self._library.refresh()

    async def find(self, name: str) -> ModelCard | None:
        """See `Engine.find`: takes replicate:owner/name, and owner/name where Replicate has it."""
        card = await self._found(name)
        return self._told(card) if card is not None else None

    async def run(
        self, request: ImageRequest, progress: Progress, journal: Journal = UNKEPT
    ) -> ImageResult:
        """See `Engine.run`. What becomes of the prediction of a cancelled task: `predictions`."""
        card = self._library.card(request.model) or await self._found(request.model)
        if card is None:
            raise EngineError(
                f"There is no model called “{request.model[:_MAX_NAME]}” here.",
                kind=EngineFault.UNSUPPORTED,
                hint="Use another model.",
            )
        if self._client is None:
            raise EngineError(
                f"{card.title} is not ready here: {_MISSING}.",
                kind=EngineFault.AUTH,
                hint="Use another model.",
            )
        artist = Artist(
            client=self._client,
            library=self._library,
            fetcher=self._fetcher,
            farewells=self._farewells,
            patience=self._patience,
            secrets=self._secrets,
        )
        return await artist.draw(card, request, progress, journal)

    async def check(self) -> Health:
        if self._client is None:
            return Health(state="off", words=_MISSING)
        try:
            name = await self._client.account()
        except CallFailed as failed:
            fault = failed.fault
        else:
            return Health(state="ok", words=f"account {name}" if name else "the token is accepted")
        if fault.status in (401, 403):
            return Health(state="bad", words="the token is not accepted", remedy=_REMEDY)
        words = f"no good answer: {scrubbed(fault.message, self._secrets)}"
        return Health(state="bad", words=words, remedy="See whether REPLICATE_BASE_URL is right.")

    async def close(self) -> None:
        await self._farewells.close()
        await self._fetcher.close()
        if self._client is not None:
            await self._client.close()

    async def _found(self, name: str) -> ModelCard | None:
        try:
            return await self._library.find(name)
        except CallFailed as failed:
            fault = failed.fault
        raise classify(fault, name.strip()[:_MAX_NAME], self._secrets, paid=False)

    def _told(self, card: ModelCard) -> ModelCard:
        if self._client is not None:
            return card
        return card.model_copy(update={"usable": False, "missing": _MISSING})


def replicate_engine(token: str | None, base_url: str | None = None) -> ReplicateEngine:
    """Replicate with the account of `token`; without one its models are listed as not usable."""
    return ReplicateEngine(token, base_url)

"""The engine for a server of one's own that speaks the OpenAI Images protocol, in its dialect.

Light to import and to build, so that the catalog is there at once; httpx and the certificates are
loaded in a thread when the server is first asked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from core.engines.compatible.call import call_for
from core.engines.compatible.cards import ENGINE, PREFIX, absent_card
from core.engines.compatible.dialects import DIALECTS, OPENAI, Dialect, dialect_named
from core.engines.compatible.errors import Failed, Fault, classify
from core.engines.compatible.listing import Listing
from core.engines.journal import UNKEPT, Journal
from core.engines.port import (
    Health,
    ImageRequest,
    ImageResult,
    ModelCard,
    PlainEngine,
    Progress,
)
from core.engines.received import picture_of
from core.engines.sending import unable
from core.errors import EngineError, EngineFault, NotFound
from core.hosts import is_loopback

if TYPE_CHECKING:
    from core.engines.compatible.wire import Wire

DEADLINE = 1_800.0
"""Seconds for one picture: a server that draws on its CPU needs many minutes, and costs nothing."""

_SERVER = "The server here"


class CompatibleEngine(PlainEngine):
    """Draws with the models of the server at `base` (".../v1").

    Without one, `missing` says in words what is not set up. Nothing is repeated by itself: a call
    costs nothing, but it takes the server's time.
    """

    def __init__(
        self,
        base: str,
        key: str,
        dialect: Dialect,
        *,
        missing: str = "",
        deadline: float = DEADLINE,
    ) -> None:
        self._base = base
        self._key = key
        self._dialect = dialect
        self._missing = missing
        self._deadline = deadline
        self._opening = asyncio.Lock()
        self._wire: Wire | None = None
        self._listing = Listing(dialect, self._ask)

    def __repr__(self) -> str:
        return f"CompatibleEngine({self._dialect.name!r}, {len(self._listing.cards())} models)"

    @property
    def name(self) -> str:
        return ENGINE

    def models(self) -> Sequence[ModelCard]:
        return (absent_card(self._missing),) if self._missing else self._listing.cards()

    async def refresh(self) -> None:
        if self._missing:
            return
        try:
            await self._listing.refresh()
        except Failed:
            return  # what is known stays listed; `check` says what is wrong

    async def find(self, name: str) -> ModelCard | None:
        """A model by its full name, "compatible:NAME". See `Engine.find`."""
        if not name.strip().lower().startswith(PREFIX):
            return None
        return await self._found(name)

    async def run(
        self, request: ImageRequest, progress: Progress, journal: Journal = UNKEPT
    ) -> ImageResult:
        """See `Engine.run`. Cancelling closes the connection, which stops most servers."""
        card = await self._card(request)
        call = await asyncio.to_thread(call_for, self._dialect, card, request)
        await progress.stage("drawing")
        try:
            data = await (await self._opened()).draw(call)
        except Failed as failed:
            raise self._error(failed.fault, card.title) from None
        picture = picture_of(data, card.title, paid=False, seed=call.seed)
        return ImageResult(pictures=(picture,), notes=call.notes)

    async def check(self) -> Health:
        if self._missing:
            off = not self._base
            remedy = "Set it to the address of a server that speaks the OpenAI Images protocol."
            return Health(
                state="off" if off else "bad",
                words=self._missing,
                remedy=remedy if off else "Set EASEL_COMPATIBLE_DIALECT to one of them.",
            )
        try:
            cards = await self._listing.renew()
        except Failed as failed:
            return self._ill(failed.fault)
        if not cards:
            return Health(
                state="bad",
                words=f"{self._place()} lists no model that makes pictures",
                remedy="Load one there, or name one as compatible:NAME.",
            )
        many = "1 model" if len(cards) == 1 else f"{len(cards)} models"
        return Health(state="ok", words=f"{many} at {self._place()} ({self._dialect.title})")

    async def close(self) -> None:
        wire, self._wire = self._wire, None
        if wire is not None:
            await wire.close()

    async def _found(self, name: str) -> ModelCard:
        if self._missing:
            raise EngineError(
                f"There is no server for that model here: {self._missing}.",
                kind=EngineFault.AUTH,
                hint="Use another model.",
            )
        try:
            return await self._listing.find(name)
        except Failed as failed:
            raise self._error(failed.fault, _SERVER) from None

    async def _card(self, request: ImageRequest) -> ModelCard:
        try:
            card = await self._found(request.model)
        except NotFound as unknown:
            raise EngineError(
                unknown.message, kind=EngineFault.UNSUPPORTED, hint=unknown.hint
            ) from None
        if request.operation not in card.capabilities.operations:
            raise unable(card, request)
        return card

    def _error(self, fault: Fault, title: str) -> EngineError:
        return classify(fault, title, (self._key,))

    def _ill(self, fault: Fault) -> Health:
        error = self._error(fault, "")
        if error.kind is EngineFault.AUTH:
            return Health(
                state="bad",
                words=f"{self._place()} does not accept the key",
                remedy="Set EASEL_COMPATIBLE_KEY to one that it knows.",
            )
        said = {
            "unreachable": "nothing answers at",
            "elsewhere": "another address is meant by",
            "late": "no answer in time from",
        }.get(fault.broken or "", "no list of models from")
        return Health(
            state="bad",
            words=f"{said} {self._place()} ({error.admin})",
            remedy="Start the server, or correct EASEL_COMPATIBLE_URL.",
        )

    def _place(self) -> str:
        parts = urlsplit(self._base)
        return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)

    async def _ask(self, path: str) -> Any:
        return await (await self._opened()).listed(path)

    async def _opened(self) -> Wire:
        async with self._opening:
            if self._wire is None:
                self._wire = await asyncio.to_thread(self._open)
            return self._wire

    def _open(self) -> Wire:
        from core.engines.compatible.wire import Wire  # loads httpx

        # A proxy that the environment names can't reach what only this machine can.
        direct = is_loopback(urlsplit(self._base).hostname or "")
        return Wire(self._base, self._key, deadline=self._deadline, direct=direct)


def compatible_engine(
    url: str | None, key: str | None = None, dialect: str | None = None
) -> CompatibleEngine:
    """The server at `url`, with or without "/v1" at its end; None: it is listed as missing."""
    spoken = dialect_named(dialect)
    missing = "" if url else "EASEL_COMPATIBLE_URL is not set"
    if url and spoken is None:
        known = ", ".join(DIALECTS)
        missing = f"EASEL_COMPATIBLE_DIALECT is none of {known}"
    base = (url or "").rstrip("/")
    if base and not base.endswith("/v1"):
        base += "/v1"
    return CompatibleEngine(base, key or "", spoken or OPENAI, missing=missing)

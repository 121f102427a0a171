"""Which models the server has: asked seldom, remembered, and asked anew when one is missing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from time import monotonic
from typing import Any

from core.engines.compatible.cards import PREFIX, card_of, cards_of, proper
from core.engines.compatible.dialects import Dialect
from core.engines.compatible.errors import Failed, Fault
from core.engines.port import ModelCard
from core.errors import NotFound

FRESH_SECONDS = 60.0
_PATIENCE_SECONDS = 5.0
"""A server that did not answer is left alone for so long: nobody waits for it twice."""

_NO_LIST = (404, 405, 501)
_NAMED = 5


class Listing:
    """The models of one server. `ask` fetches the JSON of a list; it raises Failed."""

    def __init__(
        self,
        dialect: Dialect,
        ask: Callable[[str], Awaitable[Any]],
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._dialect = dialect
        self._ask = ask
        self._clock = clock
        self._cards: list[ModelCard] = []
        self._unlisted: dict[str, ModelCard] = {}
        self._keeps_list = True
        self._rests_until = float("-inf")
        self._asking = asyncio.Lock()

    def cards(self) -> Sequence[ModelCard]:
        """The last known models, those included that were used by name without being listed."""
        return (*self._cards, *self._unlisted.values())

    async def refresh(self) -> None:
        """Ask for the list unless that was done lately. Raises Failed."""
        async with self._asking:
            if self._clock() >= self._rests_until:
                await self._renew()

    async def renew(self) -> Sequence[ModelCard]:
        """Ask for the list now. Raises Failed."""
        async with self._asking:
            await self._renew()
            return self.cards()

    async def find(self, name: str) -> ModelCard:
        """The model of that name or id, sought at the server when it is not known here.

        Raises:
            Failed: the server can't be asked.
            NotFound: it has no such model.
        """
        known = self._known(name)
        if known is not None:
            return known
        await self.renew()
        return self._known(name) or self._on_trust(name)

    async def _renew(self) -> None:
        self._rests_until = self._clock() + _PATIENCE_SECONDS
        try:
            listed = await self._listed()
        except Failed as failed:
            if failed.fault.status not in _NO_LIST:
                raise
            self._keeps_list, self._cards = False, []
        else:
            try:
                self._cards = cards_of(self._dialect, listed)
            except ValueError as error:
                raise Failed(Fault(f"{error}", broken="unreadable")) from None
            self._keeps_list, self._unlisted = True, {}
        self._rests_until = self._clock() + FRESH_SECONDS

    async def _listed(self) -> Any:
        if self._dialect.listing:
            try:
                return await self._ask(self._dialect.listing)
            except Failed as failed:  # older builds have only the common list
                if failed.fault.status not in _NO_LIST:
                    raise
        return await self._ask("models")

    def _known(self, name: str) -> ModelCard | None:
        wanted = name.strip().lower().removeprefix(PREFIX)
        for card in self.cards():
            if card.title.lower() == wanted:
                return card
        return None

    def _on_trust(self, name: str) -> ModelCard:
        """A server without a list is taken at the person's word."""
        bare = name.strip()
        if bare.lower().startswith(PREFIX):
            bare = bare[len(PREFIX) :].strip()
        if self._keeps_list or not proper(bare):
            raise NotFound(
                f"The server here has no model called “{bare[:60]}”.",
                hint=self._what_there_is(),
                code="unknown_model",
            )
        card = card_of(self._dialect, bare, found=True)
        self._unlisted[bare.lower()] = card
        return card

    def _what_there_is(self) -> str:
        names = [card.title for card in self._cards[:_NAMED]]
        return f"It has {', '.join(names)}." if names else "It has none that makes pictures."

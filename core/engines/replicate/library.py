"""Which models of Replicate are known here, and what each takes today.

Schemas are read live, once a model, since they change without notice; a bundled copy stands in
where that fails. What people asked for by its full name is kept beside the curated models.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic

from core.engines.port import ModelCard
from core.engines.replicate.cards import CURATED, card_of
from core.engines.replicate.client import Client
from core.engines.replicate.errors import CallFailed
from core.engines.replicate.schema import ModelSchema, bundled, read_schema
from core.errors import BadInput, NotFound

_DAY = 86_400.0
_SOON = 300.0
_MOST_FOUND = 200
_PREFIX = "replicate:"
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}/[a-z0-9][a-z0-9._-]{0,99}")


@dataclass(frozen=True)
class _Known:
    schema: ModelSchema
    until: float


class Library:
    """The models of one account. Read calls raise CallFailed where nothing can stand in."""

    def __init__(self, client: Client | None) -> None:
        self._client = client
        self._cards = {card.id: card for card in CURATED}
        self._schemas: dict[str, _Known] = {}
        self._reading: dict[str, asyncio.Lock] = {}
        self._refreshed = -_DAY

    def cards(self) -> Sequence[ModelCard]:
        return tuple(self._cards.values())

    def card(self, name: str) -> ModelCard | None:
        """The entry with that id or alias."""
        wanted = name.strip().lower()
        for card in self._cards.values():
            if wanted in (card.id, _PREFIX + card.id, *card.aliases):
                return card
        return None

    async def find(self, name: str) -> ModelCard | None:
        """The entry for a full name, read from what is published; None: not Replicate's kind.

        Raises:
            NotFound: there is no such model.
            BadInput: it can't be used here.
            CallFailed: Replicate can't be asked.
        """
        wanted = name.strip().lower()
        named = wanted.startswith(_PREFIX)
        wanted = wanted.removeprefix(_PREFIX)
        if not _NAME.fullmatch(wanted):
            if named:
                raise BadInput(
                    "That is not the name of a model on Replicate.",
                    hint="It is written replicate:owner/name, without a version.",
                )
            return None
        if wanted in self._cards:
            return self._cards[wanted]
        if self._client is None:
            if named:
                raise BadInput(
                    "Models on Replicate are not set up here.",
                    hint="Ask your admin to set REPLICATE_API_TOKEN.",
                    code="model_not_ready",
                )
            return None
        try:
            await self.schema(wanted)
        except NotFound:
            if named:
                raise
            return None  # owner/name may be meant for another engine
        return self._cards[wanted]

    async def schema(self, name: str) -> ModelSchema:
        """What a model takes today. Raises NotFound, BadInput or CallFailed."""
        async with self._reading.setdefault(name, asyncio.Lock()):
            known = self._schemas.get(name)
            if known is not None and monotonic() < known.until:
                return known.schema
            return await self._read(name)

    def doubt(self, name: str) -> None:
        """What is known of a model may have changed: it is read again before its next run."""
        self._schemas.pop(name, None)

    async def refresh(self) -> None:
        """Read the curated models again, at most once a day. Raises nothing."""
        if self._client is None or monotonic() - self._refreshed < _DAY:
            return
        self._refreshed = monotonic()
        for name in list(self._cards):
            try:
                await self.schema(name)
            except (CallFailed, NotFound, BadInput):
                continue

    async def _read(self, name: str) -> ModelSchema:
        copy = bundled(name)
        try:
            schema, until = await self._published(name), monotonic() + _DAY
        except (CallFailed, BadInput) as error:
            if copy is None or _is_final(error):
                raise
            schema, until = copy, monotonic() + _SOON
        self._schemas[name] = _Known(schema, until)
        self._keep(name, schema)
        return schema

    async def _published(self, name: str) -> ModelSchema:
        assert self._client is not None  # noqa: S101 - nothing is read without a token
        missing = False
        try:
            document = await self._client.model(name)
        except CallFailed as failed:
            missing = failed.fault.status == 404
            if not missing:
                raise
        if missing:
            raise NotFound(
                f"There is no model “{name}” at Replicate, or it is private.",
                hint="Look at its page for the exact owner and name.",
            )
        copy = bundled(name)
        schema = read_schema(document, official=copy.official if copy else None)
        if schema.name != name:
            raise BadInput(f"{name} is called {schema.name} now.", hint="Use that name.")
        return schema

    def _keep(self, name: str, schema: ModelSchema) -> None:
        found = [card.id for card in self._cards.values() if card.found]
        if name not in self._cards and len(found) >= _MOST_FOUND:
            del self._cards[found[0]]
        self._cards[name] = card_of(schema)


def _is_final(error: CallFailed | BadInput) -> bool:
    """Whether a bundled copy would only put off what was just said."""
    return isinstance(error, CallFailed) and error.fault.status in (401, 402, 403)

"""One request of Easel carried out: the call, previews, checks, notes and the bill."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic

from core.engines import cost
from core.engines.openai.answers import Answer, CallFailed
from core.engines.openai.call import Call, call_for
from core.engines.openai.errors import classify
from core.engines.openai.faults import forgets_conversation, refuses_transparency
from core.engines.openai.health import health_after, health_with
from core.engines.openai.tool_call import ToolCall, tool_call_for
from core.engines.openai.wire import Wire
from core.engines.port import (
    Health,
    ImageRequest,
    ImageResult,
    ModelCard,
    Progress,
    Usage,
)
from core.engines.received import picture_of
from core.errors import BadPicture
from core.picture.codec import probe

REMEMBERED_S = 86_400.0
"""How long a refusal of transparency counts: a day, since accounts are given more over time."""


@dataclass
class Refusals:
    """Which models refused a transparent background at this address, so as not to ask again."""

    until: dict[str, float] = field(default_factory=dict)

    def note(self, model: str) -> None:
        self.until[model] = monotonic() + REMEMBERED_S

    def holds(self, model: str) -> bool:
        return monotonic() < self.until.get(model, 0.0)


class Artist:
    """Draws over one connection (see `Wire`); the key of it never appears in an error."""

    def __init__(
        self,
        *,
        base_url: str | None,
        api_key: str,
        uds: str | None,
        read_timeout: float,
        deadline: float,
    ) -> None:
        self._secrets = (api_key,)
        self._refusals = Refusals()
        self._wire = Wire(
            base_url=base_url,
            api_key=api_key,
            uds=uds,
            read_timeout=read_timeout,
            deadline=deadline,
        )

    async def draw(
        self, card: ModelCard, request: ImageRequest, model: str, progress: Progress
    ) -> ImageResult:
        """Carry out one request; `model` is the name that is sent. Raises as `Engine.run` does."""
        return await _Drawing(
            self._wire, self._refusals, card, request, model, progress, self._secrets
        ).run()

    async def check(self, cards: Sequence[ModelCard]) -> Health:
        """Ask which models the key may use; that costs nothing."""
        try:
            return health_with(await self._wire.models(), cards)
        except CallFailed as failed:
            return health_after(failed.fault, self._secrets)

    async def close(self) -> None:
        await self._wire.close()


@dataclass(frozen=True)
class _Drawing:
    wire: Wire
    refusals: Refusals
    card: ModelCard
    request: ImageRequest
    model: str
    progress: Progress
    secrets: tuple[str, ...]

    async def run(self) -> ImageResult:
        await self.progress.stage("drawing")
        return await self._drawn(self.request)

    async def _drawn(self, request: ImageRequest) -> ImageResult:
        """Asks a second time only where a refusal says that nothing was drawn for the first."""
        call, notes = await self._planned(request)
        try:
            return self._checked(call, notes, await self._send(call))
        except CallFailed as failed:
            fault = failed.fault
        if call.transparent and refuses_transparency(fault):
            self.refusals.note(self.model)
            return await self._drawn(request)
        if call.continues and forgets_conversation(fault):
            return await self._drawn(request.model_copy(update={"conversation": None}))
        raise classify(fault, self.card.title, self.secrets)

    async def _planned(self, request: ImageRequest) -> tuple[Call | ToolCall, list[str]]:
        opaque = self.refusals.holds(self.model)
        if self.card.capabilities.converses:
            return await asyncio.to_thread(
                tool_call_for, self.card, request, self.model, opaque=opaque
            )
        return call_for(self.card, request, self.model, opaque=opaque)

    async def _send(self, call: Call | ToolCall) -> Answer:
        stream = self.card.capabilities.previews

        async def preview(index: int, data: bytes) -> None:
            if call.previews:
                await self.progress.stage("drawing", min(1.0, (index + 1) / (call.previews + 1)))
                await self._show(data)

        return await self.wire.draw(call, stream=stream, preview=preview)

    async def _show(self, data: bytes) -> None:
        try:
            mime = probe(data).mime
        except BadPicture:
            return  # an unfinished picture is a courtesy; the final one is checked for real
        await self.progress.preview(data, mime)

    def _checked(self, call: Call | ToolCall, notes: list[str], answer: Answer) -> ImageResult:
        picture = picture_of(
            answer.data,
            self.card.title,
            paid=not self.card.price.free,
            seed=answer.seed if answer.seed is not None else call.seed,
            details={"quality": answer.quality} if answer.quality else {},
        )
        return ImageResult(
            pictures=(picture,),
            usage=self._usage(answer),
            notes=tuple(dict.fromkeys([*answer.notes, *notes])),
            snapshot=answer.snapshot or self._pinned(),
            conversation=answer.conversation,
        )

    def _usage(self, answer: Answer) -> Usage:
        """The bill. A language model's own words are counted at the image model's prices, which
        are the dearer ones, since no price of theirs is known: so that is no exact cost."""
        rule = self.card.price
        if answer.tokens is None:
            drawn = cost.estimate(self.card, self.request)
        else:
            text_in, image_in, image_out = answer.tokens
            drawn = cost.actual(rule, text_in=text_in, image_in=image_in, image_out=image_out)
        if answer.talk is None:
            return drawn
        read, written = answer.talk
        talk = cost.actual(rule, text_in=read, image_in=0, image_out=written, exact=False)
        return cost.total([drawn, talk.model_copy(update={"image_out": 0})])

    def _pinned(self) -> str | None:
        return self.model if self.model != self.card.id else None

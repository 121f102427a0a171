"""One request of Easel carried out: the call, previews, checks, notes and the bill."""

from __future__ import annotations

from dataclasses import dataclass

from core.engines import cost
from core.engines.openai.call import Call, call_for
from core.engines.openai.errors import classify, refuses_transparency
from core.engines.openai.wire import Answer, CallFailed, Wire
from core.engines.port import DrawnPicture, ImageRequest, ImageResult, ModelCard, Progress, Usage
from core.errors import BadPicture, EngineError, EngineFault
from core.picture.codec import probe


@dataclass(frozen=True)
class _Drawn:
    picture: DrawnPicture
    usage: Usage
    notes: tuple[str, ...]
    snapshot: str | None


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
        return await _Drawing(self._wire, card, request, model, progress, self._secrets).run()

    async def close(self) -> None:
        await self._wire.close()


@dataclass(frozen=True)
class _Drawing:
    wire: Wire
    card: ModelCard
    request: ImageRequest
    model: str
    progress: Progress
    secrets: tuple[str, ...]

    async def run(self) -> ImageResult:
        call, notes = call_for(self.card, self.request, self.model)
        await self.progress.stage("drawing")
        drawn = await self._one(call)
        return ImageResult(
            pictures=(drawn.picture,),
            usage=drawn.usage,
            notes=tuple(dict.fromkeys([*notes, *drawn.notes])),
            snapshot=drawn.snapshot,
        )

    async def _one(self, call: Call) -> _Drawn:
        try:
            return self._checked(call, await self._send(call))
        except CallFailed as failed:
            fault = failed.fault
        if call.transparent and refuses_transparency(fault):
            # Refused before anything was drawn, so asking again is not paying twice.
            drawn = await self._one(call.opaque())
            note = f"{self.card.title} drew a background: it does no transparency here"
            return _Drawn(drawn.picture, drawn.usage, (*drawn.notes, note), drawn.snapshot)
        raise classify(fault, self.card.title, self.secrets)

    async def _send(self, call: Call) -> Answer:
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

    def _checked(self, call: Call, answer: Answer) -> _Drawn:
        usage = self._usage(call, answer)
        try:
            info = probe(answer.data)
        except BadPicture as broken:
            reason = broken.message
        else:
            picture = DrawnPicture(
                data=answer.data,
                mime=info.mime,
                width=info.width,
                height=info.height,
                alpha=info.alpha,
                seed=answer.seed if answer.seed is not None else call.seed,
                details={"quality": answer.quality} if answer.quality else {},
            )
            return _Drawn(picture, usage, answer.notes, answer.snapshot or self._pinned())
        raise EngineError(
            f"{self.card.title} sent a picture that can't be read.",
            kind=EngineFault.UNKNOWN,
            hint="Try again, or use another model.",
            admin=f"{len(answer.data)} bytes: {reason}",
            may_have_billed=not self.card.price.free,
        )

    def _usage(self, call: Call, answer: Answer) -> Usage:
        if answer.tokens is None:
            return cost.estimate(self.card, self.request)
        text_in, image_in, image_out = answer.tokens
        return cost.actual(self.card.price, text_in=text_in, image_in=image_in, image_out=image_out)

    def _pinned(self) -> str | None:
        return self.model if self.model != self.card.id else None

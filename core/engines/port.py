"""The port to picture-making: what every engine offers and what it is asked.

An engine is cancelled the asyncio way: the task that awaits `run` is cancelled, and the engine
stops its work (or tells its provider to) before it lets `CancelledError` through.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field

from core.engines.journal import UNKEPT, Journal
from core.picture.adjustments import Adjustment

Operation = Literal["generate", "edit", "inpaint", "vary", "cutout", "upscale", "adjust"]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SizeRule(_Value):
    """Which sizes a model can draw: `fixed` ones, or `free` within bounds.

    `sizes` are (width, height) pairs; for a model that is told only a ratio they are about what it
    draws in each, and what it really drew is measured afterwards. Free: both sides divisible by
    `multiple` and within `min_side..max_side`, pixels within `min_pixels..max_pixels`,
    aspect at most `max_aspect` : 1.
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
    """Prices in US dollars; what several rules give adds up.

    `text_in`, `image_in`, `image_out`: a million tokens. `per_picture`: estimates by
    "quality WxH" for models that bill tokens. `each`: a picture, whatever its size.
    `per_megapixel`: a million pixels of the result. `per_second`: a second of the run as the
    provider measures it (the estimate takes the model's usual time). `minimum`: the least that a
    call costs. `known` false: the provider names no price for this model.
    """

    text_in: float = 0.0
    image_in: float = 0.0
    image_out: float = 0.0
    per_picture: dict[str, float] = Field(default_factory=dict)
    each: float = 0.0
    per_megapixel: float = 0.0
    per_second: float = 0.0
    minimum: float = 0.0
    known: bool = True
    free: bool = False


class Traits(_Value):
    """What a model is like, for advice. An empty text means that nothing reliable is known.

    `rendering`: keeps to the words, or takes liberties. `lettering`: words inside the picture.
    `editing`: how well what was not named stays as it was. `speed`: of one picture at its usual
    quality. `subjects`: words for what it is chosen for ("logo", "product", "abstract").
    """

    rendering: Literal["literal", "balanced", "free", ""] = ""
    lettering: Literal["good", "short", "poor", ""] = ""
    editing: Literal["precise", "good", "loose", ""] = ""
    speed: Literal["fast", "medium", "slow", ""] = ""
    subjects: tuple[str, ...] = ()


class Capabilities(_Value):
    """What a model can do. Decides how a request is adapted or where it goes instead.

    `max_n` is how many pictures a person may have at once (each is a call of its own). `scales`
    are the factors of a model that enlarges, empty when any will do. `speed_s` is the usual wall
    time of one picture in seconds. `edits_only_own`: can only edit pictures that it made itself
    (the offline studio). `reads_words` false: it is given pictures only. `converses`: it goes on
    from what it drew before by the conversation's id.
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
    scales: tuple[int, ...] = ()
    edits_only_own: bool = False
    reads_words: bool = True
    converses: bool = False
    speed_s: float | None = None


class ModelCard(_Value):
    """An entry of the catalog. `usable` false: `missing` says in words what is needed.

    `found`: not one of ours but read from what its provider publishes about it.
    """

    id: str
    engine: str
    title: str
    good_at: str = ""
    capabilities: Capabilities
    traits: Traits = Traits()
    price: PriceRule = PriceRule(free=True)
    usable: bool = True
    missing: str = ""
    aliases: tuple[str, ...] = ()
    found: bool = False


class Usage(_Value):
    """What a call used. `exact` false: estimated, the provider did not say."""

    text_in: int = 0
    image_in: int = 0
    image_out: int = 0
    cost_usd: float = 0.0
    exact: bool = True


class ImageRequest(_Value):
    """One request to a model, for one picture.

    `images` are encoded files: the subject first, then references. `mask`: PNG of the subject's
    size, alpha 0 = area to change. `size`: (width, height). `key` names the request across repeats
    ("turn:index"). `conversation` is what the model called the conversation in which it drew the
    subject, exactly as it is now. `adjustment` is for `adjust`. For `upscale`: `scale`, or
    `long_side` in pixels, and `variant`, the way of enlarging by the name that people say
    (`core.picture.upscale.VARIANTS`).
    """

    model: str
    operation: Operation
    key: str
    prompt: str = ""
    images: tuple[bytes, ...] = ()
    mask: bytes | None = None
    size: tuple[int, int] | None = None
    seed: int | None = None
    quality: str | None = None
    transparent: bool = False
    scale: float | None = None
    long_side: int | None = None
    variant: str | None = None
    adjustment: Adjustment | None = None
    previews: int = Field(default=0, ge=0, le=3)
    conversation: str | None = None
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
    """What came back: usually one picture; more where a model gave more for the same price.

    `notes` are said to the person, `snapshot` is the dated model name, `conversation` what the
    model calls the conversation that ends with this picture.
    """

    pictures: tuple[DrawnPicture, ...]
    usage: Usage = Usage()
    notes: tuple[str, ...] = ()
    snapshot: str | None = None
    conversation: str | None = None


class Health(_Value):
    """What a look at a provider found, without spending. `remedy` says what to do."""

    state: Literal["ok", "off", "bad"]
    words: str
    remedy: str = ""


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

    async def refresh(self) -> None:
        """Ask the provider what it has now; quick when that was asked lately. Raises nothing."""
        ...

    async def find(self, name: str) -> ModelCard | None:
        """A model that is not in the list but can be had by its full name; it is listed from then.

        None: the name is not of this engine's kind. Raises NotFound, BadInput or EngineError, with
        the reason in words, when it is and the model can't be had or used.
        """
        ...

    async def run(
        self, request: ImageRequest, progress: Progress, journal: Journal = UNKEPT
    ) -> ImageResult:
        """Carry out one request.

        Raises:
            EngineError: classified once, with the message for the person and for the admin.
            BadInput: when the request can never be done by this model.
        """
        ...

    async def check(self) -> Health:
        """Look whether the key and the address are good, without spending. Raises nothing."""
        ...

    async def close(self) -> None: ...


class PlainEngine:
    """What most engines have in common: a list of models that is known from the start."""

    async def refresh(self) -> None:
        """Nothing to ask."""

    async def find(self, name: str) -> ModelCard | None:
        return None

    async def check(self) -> Health:
        return Health(state="ok", words="here")

"""What the interface shows of models, and what is spent on them."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from adapters.web.shapes import Shape
from core.engines.port import ModelCard, Operation, SizeRule, Traits
from core.engines.wording import price_words, size_words


class PriceShape(Shape):
    """US dollars, as `core.engines.port.PriceRule` says; `words` say it in short."""

    words: str
    text_in: float
    image_in: float
    image_out: float
    per_picture: dict[str, float]
    each: float
    per_megapixel: float
    per_second: float
    minimum: float
    known: bool
    free: bool


class CapabilitiesShape(Shape):
    """What a model can do, as `core.engines.port.Capabilities` says; `size_words`: its sizes."""

    operations: tuple[Operation, ...]
    sizes: SizeRule | None
    size_words: str
    max_inputs: int
    mask: Literal["true", "hint", "none"]
    alpha: Literal["native", "preview", "none"]
    seed: bool
    max_n: int
    previews: bool
    qualities: tuple[str, ...]
    max_prompt: int
    scales: tuple[int, ...]
    edits_only_own: bool
    reads_words: bool
    converses: bool
    speed_s: float | None


class ModelShape(Shape):
    """A model. Where it is not `usable` now, `missing` says what it needs.

    `found`: not one that Easel knows by itself; it is listed because it was `pinned`.
    """

    id: str
    engine: str
    title: str
    good_at: str
    capabilities: CapabilitiesShape
    traits: Traits
    price: PriceShape
    usable: bool
    missing: str
    aliases: tuple[str, ...]
    found: bool
    pinned: bool

    @classmethod
    def of_card(cls, card: ModelCard, *, pinned: bool) -> ModelShape:
        plain = card.model_dump()
        plain["pinned"] = pinned
        plain["price"]["words"] = price_words(card)
        plain["capabilities"]["operations"] = sorted(card.capabilities.operations)
        plain["capabilities"]["size_words"] = size_words(card.capabilities.sizes)
        return cls.model_validate(plain)


class ModelList(Shape):
    models: tuple[ModelShape, ...]


class NewPin(BaseModel):
    """A model by its full name, to be kept in the list."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    model: str = Field(min_length=1, max_length=200)


class BudgetsShape(Shape):
    """What may be spent, in US dollars; null: no bound."""

    workspace_month: float | None = None
    actor_month: float | None = None
    turn: float | None = None


class UsageShape(Shape):
    """What was spent in a month ("2026-11"), in US dollars, by ids of models, people, places."""

    month: str
    total_usd: float
    by_model: dict[str, float] = Field(default_factory=dict)
    by_actor: dict[str, float] = Field(default_factory=dict)
    by_channel: dict[str, float] = Field(default_factory=dict)
    budgets: BudgetsShape = BudgetsShape()

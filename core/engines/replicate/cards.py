"""The models of Replicate in the catalog: the curated ones, and a card for any other.

Prices as seen by users in November 2026, for estimates; what a run cost is computed from what
Replicate measured. What a card says of inputs follows the schema that is at hand.
"""

from __future__ import annotations

from core.engines.openai.cards import OPENAI_CARDS
from core.engines.port import Capabilities, ModelCard, Operation, PriceRule, Traits
from core.engines.replicate.enlarging import times_of
from core.engines.replicate.entries import ENTRIES, UNKNOWN
from core.engines.replicate.generic import (
    Roles,
    operations_of,
    refuse_unfillable,
    roles_of,
    room_for,
)
from core.engines.replicate.schema import ModelSchema, bundled
from core.engines.replicate.sizing import size_rule

_DRAWS: frozenset[Operation] = frozenset({"generate", "edit", "vary"})
_EDITS: frozenset[Operation] = frozenset({"edit", "vary"})
_MAX_N = 4
_SHORT = 140

_TOKENS = {card.id: card.price for card in OPENAI_CARDS}
"""Replicate passes OpenAI's prices on."""


def _card(
    id: str, title: str, good_at: str, able: Capabilities, price: PriceRule,
    traits: Traits, *names: str,
) -> ModelCard:  # fmt: skip
    return ModelCard(
        id=id, engine="replicate", title=title, good_at=good_at, capabilities=able,
        traits=traits, price=price, aliases=(f"replicate:{id}", *names),
    )  # fmt: skip


_KNOWN: tuple[ModelCard, ...] = (
    _card(
        "openai/gpt-image-2",
        "GPT Image 2 on Replicate",
        "following instructions to the letter, products, short lettering; in three shapes",
        Capabilities(
            operations=_DRAWS, max_inputs=16, max_n=10, max_prompt=32_000, speed_s=41.0
        ),
        _TOKENS["gpt-image-2"],
        Traits(rendering="literal", lettering="short", editing="good", speed="slow",
               subjects=("product", "commercial", "label")),
    ),
    _card(
        "openai/gpt-image-1.5",
        "GPT Image 1.5 on Replicate",
        "transparent backgrounds",
        Capabilities(
            operations=_DRAWS, max_inputs=16, alpha="native", max_n=10, max_prompt=32_000
        ),
        _TOKENS["gpt-image-1.5"],
        Traits(rendering="literal", lettering="short", speed="slow",
               subjects=("logo", "sticker", "product")),
    ),
    _card(
        "bytedance/seedream-4.5",
        "Seedream 4.5",
        "expressive and abstract pictures, up to 14 references, up to 4K",
        Capabilities(operations=_DRAWS, max_inputs=14, max_n=4, max_prompt=4_000),
        PriceRule(each=0.04),
        Traits(rendering="free", speed="medium",
               subjects=("abstract", "artistic", "mood", "illustration")),
        "seedream-4.5",
    ),
    _card(
        "qwen/qwen-image-edit-plus",
        "Qwen Image Edit Plus",
        "edits that keep the rest, people and products from up to three pictures",
        Capabilities(operations=_EDITS, max_inputs=3, max_n=4),
        PriceRule(each=0.03),
        Traits(lettering="good", editing="good", speed="fast",
               subjects=("style", "character", "brand", "person")),
        "qwen-image-edit-plus",
    ),
    _card(
        "black-forest-labs/flux-redux-dev",
        "FLUX Redux",
        "variations of a picture, and pictures in its style; reads no words",
        Capabilities(operations=_EDITS, max_inputs=1, max_n=4, reads_words=False),
        PriceRule(each=0.025),
        Traits(rendering="free", editing="loose", speed="fast",
               subjects=("variation", "style", "brand")),
        "flux-redux-dev",
    ),
    _card(
        "tencent/hunyuan-image-2.1",
        "Hunyuan Image 2.1",
        "expressive and abstract pictures from words alone",
        Capabilities(operations=frozenset({"generate"}), max_n=4),
        PriceRule(each=0.02),
        Traits(rendering="free", speed="medium", subjects=("abstract", "artistic", "mood")),
        "hunyuan-image-2.1",
    ),
    _card(
        "black-forest-labs/flux-fill-dev",
        "FLUX Fill",
        "repairs and changes inside a painted area",
        Capabilities(operations=frozenset({"inpaint"}), max_inputs=1, mask="true", max_n=4),
        PriceRule(each=0.04),
        Traits(editing="precise", speed="medium", subjects=("repair", "retouch", "removal")),
        "flux-fill-dev",
    ),
    _card(
        "nightmareai/real-esrgan",
        "Real-ESRGAN on Replicate",
        "enlarging pictures of up to two megapixels",
        Capabilities(operations=frozenset({"upscale"}), max_inputs=1, reads_words=False),
        PriceRule(each=0.002),
        Traits(editing="precise", speed="fast", subjects=("photo", "print")),
        "replicate-real-esrgan",
    ),
    _card(
        "philz1337x/clarity-pro-upscaler",
        "Clarity Pro Upscaler",
        "enlarging for print, up to 16 times and 64 megapixels",
        Capabilities(operations=frozenset({"upscale"}), max_inputs=1, reads_words=False),
        PriceRule(per_megapixel=0.03, minimum=0.03),
        Traits(editing="good", speed="medium", subjects=("print", "large format", "4K", "photo")),
        "clarity-pro-upscaler", "clarity-pro",
    ),
    _card(
        "philz1337x/clarity-upscaler",
        "Clarity Upscaler",
        "enlarging with new detail, guided by words",
        Capabilities(operations=frozenset({"upscale"}), max_inputs=1, speed_s=20.0),
        PriceRule(per_second=0.0014),
        Traits(rendering="free", editing="loose", speed="slow", subjects=("detail", "artistic")),
        "clarity-upscaler", "clarity",
    ),
    _card(
        "851-labs/background-remover",
        "Background Remover",
        "quick cut-outs with soft edges",
        Capabilities(operations=frozenset({"cutout"}), max_inputs=1, alpha="native",
                     reads_words=False, speed_s=2.0),
        PriceRule(per_second=0.000225),
        Traits(editing="precise", speed="fast", subjects=("product", "cut-out", "sticker")),
        "background-remover",
    ),
    _card(
        "bria/remove-background",
        "Bria Remove Background",
        "fine cut-outs, from licensed training data",
        Capabilities(operations=frozenset({"cutout"}), max_inputs=1, alpha="native",
                     reads_words=False),
        PriceRule(each=0.018),
        Traits(editing="precise", speed="fast", subjects=("product", "hair", "cut-out")),
        "bria-remove-background", "remove-background",
    ),
)  # fmt: skip
_BY_NAME = {card.id: card for card in _KNOWN}


def card_of(schema: ModelSchema) -> ModelCard:
    """The card of a model as its schema has it now: one of ours narrowed, or a found one.

    Raises:
        BadInput: a found model that can't be used; says what it wants.
    """
    roles = roles_of(schema)
    known = _BY_NAME.get(schema.name)
    if known is None:
        return _narrowed(_found(schema, roles), schema, roles)
    card = _narrowed(known, schema, roles)
    if card.capabilities.operations:
        return card
    return known.model_copy(
        update={"usable": False, "missing": "what it takes has changed; a newer Easel may know it"}
    )


def _found(schema: ModelSchema, roles: Roles) -> ModelCard:
    refuse_unfillable(schema, roles, schema.name)
    operations = operations_of(schema, roles)
    able = Capabilities(
        operations=operations,
        max_inputs=room_for(roles),
        mask="true",
        alpha="native" if "cutout" in operations else "none",
        max_n=1 if operations & {"cutout", "upscale"} else _MAX_N,
        reads_words=roles.prompt is not None,
    )
    return ModelCard(
        id=schema.name,
        engine="replicate",
        title=schema.name,
        good_at=schema.description[:_SHORT],
        capabilities=able,
        price=PriceRule(known=False),
        aliases=(f"replicate:{schema.name}",),
        found=True,
    )


def _narrowed(card: ModelCard, schema: ModelSchema, roles: Roles) -> ModelCard:
    """What the schema at hand leaves of a model's capabilities."""
    able = card.capabilities
    entry = ENTRIES.get(schema.name, UNKNOWN)
    operations = able.operations & operations_of(schema, roles)
    draws = bool(operations & (_DRAWS | {"inpaint"}))
    cuts_out = "cutout" in operations
    drawn = size_rule(roles, entry.pixels, entry.drawn) if draws else None
    changes = {
        "operations": operations,
        "sizes": drawn,
        "max_inputs": min(able.max_inputs, room_for(roles, able.max_inputs)),
        "mask": able.mask if roles.mask else "none",
        "alpha": "native" if cuts_out or (draws and roles.background) else "none",
        "seed": roles.seed is not None,
        "qualities": tuple(roles.quality.choices) if roles.quality and draws else (),
        "scales": _scales(roles) if "upscale" in operations else (),
    }
    return card.model_copy(update={"capabilities": able.model_copy(update=changes)})


def _scales(roles: Roles) -> tuple[int, ...]:
    """The factors of a model that offers only some, empty when any will do."""
    choices = roles.scale.choices if roles.scale else ()
    return tuple(sorted(round(factor) for choice in choices if (factor := times_of(choice))))


def _curated() -> tuple[ModelCard, ...]:
    copies = ((card, bundled(card.id)) for card in _KNOWN)
    return tuple(card_of(copy) if copy else card for card, copy in copies)


CURATED: tuple[ModelCard, ...] = _curated()

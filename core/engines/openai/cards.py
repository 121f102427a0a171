"""The models that are reached over the OpenAI Images protocol, and what each can do.

Capabilities, sizes and prices as of November 2026, from the types of the official SDK 3.54, the
official pricing page and the image guide. Prices per picture are the output part, for estimates
only: what a call cost is taken from its `usage`. `speed_s` is the upper end of what is reported for
medium quality, where anything is. No price is published for `chatgpt-image-latest`: it is taken to
cost what the dearest known model does. `gpt-4o` draws through an image model, whose price that is;
what it reads and writes itself is counted at the same, dearer rate, so that a budget is safe.

Traits are what the guide on GPT Image 2 and users' reports agree on; what is not known stays empty.
"""

from __future__ import annotations

from core.engines.port import Capabilities, ModelCard, Operation, PriceRule, SizeRule, Traits

_OPERATIONS: frozenset[Operation] = frozenset({"generate", "edit", "inpaint", "vary"})
_MAX_PROMPT = 32_000

STANDARD_SIZES = SizeRule(kind="fixed", sizes=((1024, 1024), (1536, 1024), (1024, 1536)))
FREE_SIZES = SizeRule(
    kind="free",
    multiple=16,
    max_side=3840,
    min_pixels=655_360,
    max_pixels=3840 * 2160,
    max_aspect=3.0,
)

_LEVELS = ("low", "medium", "high", "auto")
_UNKNOWN = Traits()
_MORE_LEVELS = ("low", "medium", "high", "xhigh", "max", "auto")


def _price_list(square: tuple[float, ...], oblong: tuple[float, ...]) -> dict[str, float]:
    listed = {}
    for level, one, other in zip(("low", "medium", "high"), square, oblong, strict=True):
        listed[f"{level} 1024x1024"] = one
        listed[f"{level} 1024x1536"] = other
    return listed


_PRICE_2 = PriceRule(
    text_in=5.0,
    image_in=8.0,
    image_out=30.0,
    per_picture=_price_list((0.006, 0.053, 0.211), (0.005, 0.041, 0.165)),
)
_PRICE_15 = PriceRule(
    text_in=5.0,
    image_in=8.0,
    image_out=32.0,
    per_picture=_price_list((0.009, 0.034, 0.133), (0.013, 0.05, 0.20)),
)
_PRICE_MINI = PriceRule(
    text_in=2.0,
    image_in=2.5,
    image_out=8.0,
    per_picture=_price_list((0.005, 0.011, 0.036), (0.006, 0.015, 0.052)),
)


def _newer(
    id: str,
    title: str,
    good_at: str,
    *,
    snapshot: str | None = None,
    speed_s: float | None = None,
    traits: Traits = _UNKNOWN,
    two: bool = False,
) -> ModelCard:
    """A model of the second generation: free sizes, always high input fidelity.

    Transparency is documented for all of them and refused to some accounts, so it is tried.

    2.5 and 2.6 bill the same price a token as 2 but publish no price a picture, so that their
    estimates stand on 2's list.
    """
    return ModelCard(
        id=id,
        engine="openai",
        title=title,
        good_at=good_at,
        capabilities=Capabilities(
            operations=_OPERATIONS,
            sizes=FREE_SIZES,
            max_inputs=16,
            mask="hint",
            alpha="preview",
            max_n=10,
            previews=True,
            qualities=_LEVELS if two else _MORE_LEVELS,
            max_prompt=_MAX_PROMPT,
            speed_s=speed_s,
        ),
        traits=traits,
        price=_PRICE_2,
        aliases=(snapshot,) if snapshot else (),
    )


def _older(
    id: str,
    title: str,
    good_at: str,
    price: PriceRule,
    *,
    alpha: bool = True,
    traits: Traits = _UNKNOWN,
) -> ModelCard:
    """A model with three standard sizes."""
    return ModelCard(
        id=id,
        engine="openai",
        title=title,
        good_at=good_at,
        capabilities=Capabilities(
            operations=_OPERATIONS,
            sizes=STANDARD_SIZES,
            max_inputs=16,
            mask="hint",
            alpha="native" if alpha else "preview",
            max_n=10,
            previews=True,
            qualities=_LEVELS,
            max_prompt=_MAX_PROMPT,
        ),
        traits=traits,
        price=price,
    )


_GUIDE = Traits(
    rendering="literal",
    lettering="short",
    editing="good",
    speed="medium",
    subjects=("product", "marketing", "commercial", "advert", "label", "logo"),
)
_CAREFUL = Traits(editing="precise", speed="slow")
_QUICK = Traits(speed="fast", subjects=("draft",))

_CONVERSING = ModelCard(
    id="gpt-4o",
    engine="openai",
    title="GPT-4o",
    good_at="drawing in a conversation: it remembers what it drew and why",
    capabilities=Capabilities(
        operations=_OPERATIONS,
        sizes=FREE_SIZES,
        max_inputs=16,
        mask="hint",
        alpha="preview",
        max_n=10,
        previews=True,
        qualities=_MORE_LEVELS,
        max_prompt=_MAX_PROMPT,
        converses=True,
    ),
    price=_PRICE_2,
    aliases=("gpt-4o-image", "4o"),
)

OPENAI_CARDS: tuple[ModelCard, ...] = (
    _newer(
        "gpt-image-2",
        "GPT Image 2",
        "all-round drawing and editing, lettering, any size up to 4K",
        speed_s=40.0,
        snapshot="gpt-image-2-2026-04-21",
        traits=_GUIDE,
        two=True,
    ),
    _newer(
        "gpt-image-2.6-sunburst",
        "GPT Image 2.6 Sunburst",
        "careful edits and detail",
        traits=_CAREFUL,
    ),
    _newer(
        "gpt-image-2.6-flare",
        "GPT Image 2.6 Flare",
        "quick drafts",
        speed_s=12.0,
        traits=_QUICK,
    ),
    _newer(
        "gpt-image-2.5-sunburst",
        "GPT Image 2.5 Sunburst",
        "careful edits",
        traits=_CAREFUL,
        snapshot="gpt-image-2.5-sunburst-2026-09-08",
    ),
    _newer(
        "gpt-image-2.5-flare",
        "GPT Image 2.5 Flare",
        "quick drafts",
        speed_s=20.0,
        traits=_QUICK,
        snapshot="gpt-image-2.5-flare-2026-09-08",
    ),
    _older(
        "gpt-image-1.5",
        "GPT Image 1.5",
        "transparent backgrounds",
        _PRICE_15,
        traits=Traits(editing="loose", subjects=("cutout", "sticker")),
    ),
    _older(
        "gpt-image-1-mini",
        "GPT Image 1 mini",
        "cheap drafts, transparent backgrounds",
        _PRICE_MINI,
        traits=Traits(lettering="poor", editing="loose", subjects=("draft",)),
    ),
    _older(
        "chatgpt-image-latest",
        "ChatGPT Image",
        "what ChatGPT draws with at present",
        _PRICE_15,
        alpha=False,
    ),
    _CONVERSING,
)

STUDIO_CARD = ModelCard(
    id="studio",
    engine="studio",
    title="Studio",
    good_at="still lifes without any account; edits of its own scenes; real transparency; seeds",
    capabilities=Capabilities(
        operations=frozenset({"generate", "edit", "vary"}),
        sizes=SizeRule(kind="free", min_side=64, max_side=2048, max_pixels=2048 * 2048),
        max_inputs=1,
        mask="none",
        alpha="native",
        seed=True,
        max_n=4,
        previews=True,
        qualities=_LEVELS,
        max_prompt=_MAX_PROMPT,
        edits_only_own=True,
        speed_s=20.0,
    ),
    price=PriceRule(free=True),
    aliases=("offline",),
)

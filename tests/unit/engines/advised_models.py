"""Cards like those of the engines, with what the advice is read off."""

from __future__ import annotations

from collections.abc import Sequence

from core.engines.port import Capabilities, ModelCard, Operation, PriceRule, Traits

_DRAWS: tuple[Operation, ...] = ("generate", "edit", "inpaint", "vary")
_EDITS: tuple[Operation, ...] = ("edit", "vary")
_UNKNOWN, _FREE = Traits(), PriceRule(free=True)


def _card(
    id: str,
    title: str,
    operations: Sequence[Operation],
    traits: Traits = _UNKNOWN,
    price: PriceRule = _FREE,
    engine: str = "replicate",
    **able: object,
) -> ModelCard:
    capabilities = Capabilities.model_validate({"operations": frozenset(operations), **able})
    return ModelCard(
        id=id, engine=engine, title=title, capabilities=capabilities, traits=traits, price=price
    )


GPT_2 = _card(
    "gpt-image-2", "GPT Image 2", _DRAWS,
    Traits(rendering="literal", lettering="short", editing="good", speed="medium",
           subjects=("product", "logo")),
    PriceRule(per_picture={"low 1024x1024": 0.006, "medium 1024x1024": 0.053}),
    engine="openai", max_inputs=16, mask="hint", alpha="preview",
)  # fmt: skip
GPT_15 = _card(
    "gpt-image-1.5", "GPT Image 1.5", _DRAWS, Traits(editing="loose", subjects=("sticker",)),
    PriceRule(per_picture={"medium 1024x1024": 0.034}),
    engine="openai", max_inputs=16, mask="hint", alpha="native",
)  # fmt: skip
SUNBURST = _card(
    "gpt-image-2.6-sunburst", "GPT Image 2.6 Sunburst", _DRAWS,
    Traits(editing="precise", speed="slow"),
    PriceRule(per_picture={"medium 1024x1024": 0.053}),
    engine="openai", max_inputs=16, mask="hint", alpha="native",
)  # fmt: skip
FLARE = _card(
    "gpt-image-2.6-flare", "GPT Image 2.6 Flare", _DRAWS, Traits(speed="fast", subjects=("draft",)),
    PriceRule(per_picture={"medium 1024x1024": 0.053}),
    engine="openai", max_inputs=16, mask="hint", alpha="native",
)  # fmt: skip
MINI = _card(
    "gpt-image-1-mini", "GPT Image 1 mini", _DRAWS, Traits(lettering="poor", editing="loose"),
    PriceRule(per_picture={"medium 1024x1024": 0.011}),
    engine="openai", max_inputs=16, mask="hint", alpha="native",
)  # fmt: skip
GPT_4O = _card(
    "gpt-4o", "GPT-4o", _DRAWS, price=PriceRule(per_picture={"medium 1024x1024": 0.053}),
    engine="openai", max_inputs=16, mask="hint", converses=True,
)  # fmt: skip
SEEDREAM = _card(
    "bytedance/seedream-4.5", "Seedream 4.5", ("generate", "edit", "vary"),
    Traits(rendering="free", speed="medium", subjects=("abstract",)), PriceRule(each=0.04),
    max_inputs=14,
)  # fmt: skip
HUNYUAN = _card(
    "tencent/hunyuan-image-2.1", "Hunyuan Image 2.1", ("generate",),
    Traits(rendering="free", speed="medium", subjects=("abstract",)), PriceRule(each=0.02),
    seed=True,
)  # fmt: skip
QWEN = _card(
    "qwen/qwen-image-edit-plus", "Qwen Image Edit Plus", _EDITS,
    Traits(lettering="good", editing="good", speed="fast", subjects=("style", "character")),
    PriceRule(each=0.03), max_inputs=3, seed=True,
)  # fmt: skip
REDUX = _card(
    "black-forest-labs/flux-redux-dev", "FLUX Redux", _EDITS,
    Traits(rendering="free", editing="loose", speed="fast", subjects=("variation", "style")),
    PriceRule(each=0.025), max_inputs=1, reads_words=False, seed=True,
)  # fmt: skip
FILL = _card(
    "black-forest-labs/flux-fill-dev", "FLUX Fill", ("inpaint",), Traits(editing="precise"),
    PriceRule(each=0.04), max_inputs=1, mask="true",
)  # fmt: skip
CLARITY_PRO = _card(
    "philz1337x/clarity-pro-upscaler", "Clarity Pro Upscaler", ("upscale",),
    Traits(editing="good", subjects=("print", "large format")),
    PriceRule(per_megapixel=0.03, minimum=0.03), max_inputs=1, reads_words=False,
)  # fmt: skip
REAL_ESRGAN = _card("real-esrgan", "Real-ESRGAN", ("upscale",), engine="local", max_inputs=1)
REMOVER = _card(
    "851-labs/background-remover", "Background Remover", ("cutout",),
    Traits(editing="precise", subjects=("cut-out",)), PriceRule(each=0.0005), max_inputs=1,
    alpha="native", reads_words=False,
)  # fmt: skip
BRIA = _card(
    "bria/remove-background", "Bria Remove Background", ("cutout",),
    Traits(editing="precise", subjects=("hair", "cut-out")), PriceRule(each=0.018), max_inputs=1,
    alpha="native", reads_words=False,
)  # fmt: skip
LOCAL = _card("local", "Easel's own tools", ("cutout", "adjust"), engine="local", alpha="native")
STUDIO = _card(
    "studio", "Studio", ("generate", "edit", "vary"), engine="studio", max_inputs=1,
    alpha="native", seed=True, edits_only_own=True,
)  # fmt: skip

ALL = (
    GPT_2, SUNBURST, FLARE, GPT_15, MINI, GPT_4O, SEEDREAM, QWEN, REDUX, HUNYUAN, FILL,
    CLARITY_PRO, REMOVER, BRIA, STUDIO, LOCAL, REAL_ESRGAN,
)  # fmt: skip


def without(*engines: str) -> tuple[ModelCard, ...]:
    """All of them, those of some engines not set up."""
    return tuple(
        card.model_copy(update={"usable": False, "missing": f"the key of {card.engine} is not set"})
        if card.engine in engines
        else card
        for card in ALL
    )

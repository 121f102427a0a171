"""Which model fits: advice that was asked for, and the line that was not."""

from __future__ import annotations

import pytest

from core.engines.advice import advise, better_fit, words
from core.engines.port import ModelCard, Operation, Traits
from core.errors import NotFound
from core.instruction.flags import split_flags
from core.instruction.grammar import understand
from core.instruction.plan import Advise, Cutout, Upscale, Vary
from core.instruction.table import SECTIONS
from core.instruction.table.rows import CONTEXTS
from tests.unit.engines.advised_models import (
    ALL,
    BRIA,
    CLARITY_PRO,
    FILL,
    FLARE,
    GPT_2,
    GPT_4O,
    GPT_15,
    HUNYUAN,
    MINI,
    QWEN,
    REAL_ESRGAN,
    REDUX,
    REMOVER,
    SEEDREAM,
    STUDIO,
    SUNBURST,
    without,
)

ASKED: list[tuple[str, ModelCard, str]] = [
    ("a logo with glass", GPT_15, "glass"),
    ("a sticker of a dog with long hair", GPT_15, "hair"),
    ("a logo", GPT_2, "keeps closely to the words"),
    ("product photos", GPT_2, "products"),
    ("a red mug left of a candle, exactly", GPT_2, "positions"),
    ("lettering", GPT_2, "one to three words"),
    ("a sign that says “Fresh Bread”", GPT_2, "one to three words"),
    ("abstract art", SEEDREAM, "liberties"),
    ("an emotional painting", SEEDREAM, "liberties"),
    ("Dreamlike landscapes", SEEDREAM, "liberties"),
    ("upscaler print", CLARITY_PRO, "print"),
    ("large format", CLARITY_PRO, "print"),
    ("enlarge for free", REAL_ESRGAN, "costs nothing"),
    ("removing the background", REMOVER, "soft edges"),
    ("cut out hair", BRIA, "hair"),
    ("variations in this look", REDUX, "look"),
    ("editing", SUNBURST, "leaves the rest"),
    ("keep the rest the same", SUNBURST, "leaves the rest"),
    ("a consistent character", QWEN, "from picture to picture"),
    ("combine three photos", GPT_2, "16 pictures"),
    ("only this spot", FILL, "painted area"),
    ("quick drafts", FLARE, "quick"),
    ("the cheapest", MINI, "costs little"),
    ("offline work", STUDIO, "without any account"),
    ("a chat about the picture", GPT_4O, "remembers"),
    ("a seed and creative art", HUNYUAN, "liberties"),
    ("", GPT_2, "many details"),
    ("hands", GPT_2, "many details"),
    ("a t-shirt print of a fox", GPT_2, "many details"),
]


@pytest.mark.parametrize(("about", "model", "because"), ASKED)
def test_the_advice_fits_what_it_is_about(about: str, model: ModelCard, because: str) -> None:
    advice = advise(about, ALL)
    assert (advice.model, advice.usable, advice.instead) == (model.id, True, None)
    assert because in advice.why
    assert model.title in words(advice) and model.id in words(advice)


@pytest.mark.parametrize(
    ("about", "away", "model", "instead"),
    [
        ("abstract art", "replicate", SEEDREAM, SUNBURST),
        ("a logo with glass", "openai", GPT_15, STUDIO),
        ("print", "replicate", CLARITY_PRO, REAL_ESRGAN),
        ("keep the rest the same", "openai", SUNBURST, QWEN),
        ("quick drafts", "openai", FLARE, SEEDREAM),
    ],
)
def test_a_model_that_is_not_ready_is_named_with_one_that_is(
    about: str, away: str, model: ModelCard, instead: ModelCard
) -> None:
    advice = advise(about, without(away))
    assert (advice.model, advice.usable, advice.instead) == (model.id, False, instead.id)
    said = words(advice)
    assert f"It is not ready here: the key of {away} is not set." in said
    assert f"Ready instead is {instead.title}" in said and f"--model {instead.id}" in said


def test_nothing_is_named_instead_that_edits_only_its_own_pictures() -> None:
    advice = advise("keep the rest the same", without("openai", "replicate"))
    assert advice.instead is None
    assert STUDIO.title not in words(advice)


def test_a_model_that_two_providers_serve_is_advised_where_it_is_ready() -> None:
    there = GPT_2.model_copy(update={"id": "openai/gpt-image-2", "engine": "replicate"})
    cards = [card for card in without("openai") if card.id != "studio"] + [there]
    assert advise("product photos", cards).model == "openai/gpt-image-2"
    assert advise("product photos", [*ALL, there]).model == "gpt-image-2"


def test_what_is_known_of_a_model_at_one_provider_counts_at_the_other() -> None:
    bare = GPT_2.model_copy(update={"traits": Traits()})
    there = GPT_2.model_copy(update={"id": "openai/gpt-image-2", "usable": False, "missing": "x"})
    advice = advise("product photos", [SUNBURST, there, bare])
    assert advice.model == "gpt-image-2"
    assert "keeps closely to the words" in advice.why


def test_without_any_model_the_answer_says_so() -> None:
    with pytest.raises(NotFound) as missing:
        advise("a logo", [])
    assert missing.value.hint


def test_advice_for_what_nobody_can_do_falls_back_on_drawing() -> None:
    assert advise("upscaler", [GPT_2]).model == GPT_2.id


QUESTIONS = [
    step.about
    for section in SECTIONS
    for row in section.rows
    for step in row.steps
    if isinstance(step, Advise)
]


@pytest.mark.parametrize("about", sorted({*QUESTIONS, *(about for about, _, _ in ASKED)}))
def test_what_the_advice_says_to_say_is_understood(about: str) -> None:
    said = words(advise(about, ALL)).rpartition("“")[2].partition("”")[0]
    flagged = split_flags(said)
    assert flagged.options.model in {card.id for card in ALL}
    if flagged.text.strip():
        steps = understand(said, CONTEXTS["a picture"]).steps
        assert len(steps) == 1 and isinstance(steps[0], Upscale | Cutout | Vary)


FITS: list[tuple[str, Operation, ModelCard, ModelCard]] = [
    ("abstract painting of grief, torn edges", "generate", GPT_2, SEEDREAM),
    ("a large abstract composition in ochre", "generate", GPT_2, SEEDREAM),
    ("the feeling of coming home after years", "generate", GPT_2, SEEDREAM),
    ("a surreal staircase into the sea", "generate", GPT_2, SEEDREAM),
    ("a city at night, surprise me", "generate", GPT_2, SEEDREAM),
    ("write “Fresh bread every single day” on the sign", "edit", GPT_2, QWEN),
    ('add the words "we are open all night" above it', "edit", MINI, QWEN),
    ("a glass bottle, transparent background", "generate", GPT_2, GPT_15),
    ("a girl with long hair, RGBA PNG", "generate", SEEDREAM, GPT_15),
    ("a red mug on a transparent background", "generate", SEEDREAM, GPT_15),
    ("replace exactly this door, nothing else", "inpaint", GPT_2, FILL),
    ("a blue door, stay inside", "inpaint", SUNBURST, FILL),
    ("variations in the same look", "edit", GPT_2, REDUX),
    ("four takes in this style", "vary", GPT_2, REDUX),
    ("a lighthouse at dusk for print, 300 dpi", "generate", GPT_2, CLARITY_PRO),
    ("a fox, print quality", "generate", SEEDREAM, CLARITY_PRO),
]


@pytest.mark.parametrize(("prompt", "operation", "chosen", "other"), FITS)
def test_a_request_that_clearly_fits_another_model_is_told_so_in_one_line(
    prompt: str, operation: Operation, chosen: ModelCard, other: ModelCard
) -> None:
    said = better_fit(prompt, operation, chosen, ALL)
    assert said is not None
    assert other.title in said and f"--model {other.id}" in said
    assert len(said) <= 160 and "\n" not in said


NOTHING_BETTER: list[tuple[str, Operation, ModelCard]] = [
    ("a red mug on a walnut table, soft window light", "generate", GPT_2),
    ("make the mug navy", "edit", GPT_2),
    ("", "vary", GPT_2),
    # abstract as a thing in the picture, or in commercial work
    ("a living room with an abstract painting over the sofa", "generate", GPT_2),
    ("an abstract painting logo for a bakery", "generate", GPT_2),
    ("a woman with a feeling of relief on her face", "generate", GPT_2),
    ("abstract painting of grief", "edit", GPT_2),
    ("abstract painting of grief", "generate", SEEDREAM),
    ("abstract painting of grief", "generate", STUDIO),
    # short lettering, or a model of which nothing is known
    ("write “SALE” on the mug", "edit", GPT_2),
    ("write “Fresh bread daily” on the sign", "edit", GPT_2),
    ("write “Fresh bread every single day” on the sign", "edit", SUNBURST),
    ("write “Fresh bread every single day” on the sign", "generate", GPT_2),
    ("write “Fresh bread every single day” on the sign", "edit", QWEN),
    # transparency that a cut-out gives as well
    ("a red mug on a transparent background", "generate", GPT_2),
    ("a glass bottle, transparent background", "generate", GPT_15),
    ("a glass bottle on a table", "generate", GPT_2),
    # a painted area that need not be exact, or exactness elsewhere
    ("a blue door", "inpaint", GPT_2),
    ("replace exactly this door", "inpaint", FILL),
    ("exactly three apples", "generate", GPT_2),
    # no looks, no prints
    ("three variations of the hat on a shelf", "edit", GPT_2),
    ("variations in the same look", "edit", REDUX),
    ("a leopard print dress", "generate", GPT_2),
    ("a billboard in the desert, 8k", "generate", GPT_2),
    ("a fingerprint on glass", "generate", GPT_2),
]


@pytest.mark.parametrize(("prompt", "operation", "chosen"), NOTHING_BETTER)
def test_an_ordinary_request_gets_no_advice(
    prompt: str, operation: Operation, chosen: ModelCard
) -> None:
    assert better_fit(prompt, operation, chosen, ALL) is None


@pytest.mark.parametrize(("prompt", "operation", "chosen", "other"), FITS)
def test_a_model_that_is_not_ready_is_never_the_better_one(
    prompt: str, operation: Operation, chosen: ModelCard, other: ModelCard
) -> None:
    cards = [
        card.model_copy(update={"usable": card.id != other.id and card.usable}) for card in ALL
    ]
    said = better_fit(prompt, operation, chosen, cards)
    assert said is None or f"--model {other.id}”" not in said


def test_a_model_that_edits_only_its_own_pictures_is_never_the_better_one() -> None:
    prompt = "a glass bottle, transparent background"
    assert better_fit(prompt, "generate", GPT_2, [GPT_2, STUDIO]) is None
    assert better_fit(prompt, "generate", GPT_2, [GPT_2, STUDIO, GPT_15]) is not None

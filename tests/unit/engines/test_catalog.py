"""Which model is chosen, and what is said when it is another than was wished for."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from core.engines.catalog import Catalog
from core.engines.journal import UNKEPT, Journal
from core.engines.openai.cards import STUDIO_CARD
from core.engines.openai.engine import openai_engine, studio_engine
from core.engines.port import (
    Capabilities,
    Engine,
    ImageRequest,
    ImageResult,
    ModelCard,
    Operation,
    PlainEngine,
    PriceRule,
    Progress,
)
from core.engines.ranking import Needs
from core.errors import BadInput, EngineError, EngineFault, NotFound


class Listed(PlainEngine):
    """An engine that only lists its models."""

    def __init__(self, name: str, *cards: ModelCard) -> None:
        self._name = name
        self._cards = cards
        self.closed = False

    @property
    def name(self) -> str:
        return self._name

    def models(self) -> Sequence[ModelCard]:
        return self._cards

    async def run(
        self, request: ImageRequest, progress: Progress, journal: Journal = UNKEPT
    ) -> ImageResult:
        raise AssertionError("not to be run")

    async def close(self) -> None:
        self.closed = True


def card(id: str, engine: str, *operations: Operation, missing: str = "") -> ModelCard:
    return ModelCard(
        id=id,
        engine=engine,
        title=id.title(),
        capabilities=Capabilities(operations=frozenset(operations), max_inputs=1),
        usable=not missing,
        missing=missing,
    )


LOCAL = Listed(
    "local",
    card("real-esrgan", "local", "upscale"),
    card("cutout-classic", "local", "cutout"),
    card("adjust", "local", "adjust"),
)
OTHER = Listed(
    "other",
    card("seedream", "other", "generate"),
    card("qwen-edit", "other", "edit"),
)


def engines(*, key: str | None, studio: bool = True, other: bool = False) -> list[Engine]:
    parts: list[Engine] = [openai_engine(key)]
    if other:
        parts.append(OTHER)
    parts.append(studio_engine("/tmp/studio.sock" if studio else None))  # not opened here
    parts.append(LOCAL)
    return parts


@pytest.mark.parametrize(
    ("key", "other", "operation", "expected"),
    [
        ("sk-x", False, "generate", "gpt-image-2"),
        ("sk-x", True, "edit", "gpt-image-2"),
        ("sk-x", False, "inpaint", "gpt-image-2"),
        ("sk-x", False, "vary", "gpt-image-2"),
        (None, True, "generate", "seedream"),
        (None, True, "edit", "qwen-edit"),
        (None, True, "inpaint", "qwen-edit"),
        (None, False, "generate", "studio"),
        (None, False, "edit", "studio"),
        (None, False, "vary", "studio"),
        ("sk-x", False, "upscale", "real-esrgan"),
        ("sk-x", False, "cutout", "cutout-classic"),
        (None, False, "adjust", "adjust"),
    ],
)
def test_the_default_follows_what_is_set_up(
    key: str | None, other: bool, operation: Operation, expected: str
) -> None:
    choice = Catalog(engines(key=key, other=other)).choose(operation)
    assert (choice.card.id, choice.model) == (expected, expected)
    assert (choice.substituted_from, choice.note) == (None, "")
    assert choice.engine.name == choice.card.engine


def test_the_operators_default_wins_over_the_house_rule() -> None:
    catalog = Catalog(engines(key="sk-x"), "GPT-Image-1.5")
    assert catalog.choose("generate").card.id == "gpt-image-1.5"
    assert catalog.choose("upscale").card.id == "real-esrgan"


def test_a_default_that_is_not_set_up_is_replaced_and_said() -> None:
    choice = Catalog(engines(key=None), "gpt-image-2").choose("generate")
    assert choice.card.id == "studio"
    assert choice.substituted_from == "gpt-image-2"
    assert "OPENAI_API_KEY is not set" in choice.note


def test_a_default_that_does_not_exist_is_left_aside() -> None:
    assert Catalog(engines(key=None), "no-such").choose("generate").card.id == "studio"
    assert Catalog(engines(key=None), "gpt-image-1").choose("generate").card.id == "studio"


@pytest.mark.parametrize("wish", ["studio", "STUDIO", " offline "])
def test_a_wish_is_found_by_id_or_alias_in_any_case(wish: str) -> None:
    choice = Catalog(engines(key="sk-x")).choose("generate", wish)
    assert (choice.card.id, choice.model, choice.note) == ("studio", "studio", "")


def test_a_dated_snapshot_stays_pinned() -> None:
    choice = Catalog(engines(key="sk-x")).choose("edit", "gpt-image-2-2026-04-21")
    assert (choice.card.id, choice.model) == ("gpt-image-2", "gpt-image-2-2026-04-21")


@pytest.mark.parametrize(
    ("wish", "suggestion"),
    [
        ("gpt-image-3", "gpt-image-2"),
        ("gptimage2", "gpt-image-2"),
        ("sunburst", "gpt-image-2.6-sunburst"),
        ("studioo", "studio"),
    ],
)
def test_an_unknown_wish_is_answered_with_close_names(wish: str, suggestion: str) -> None:
    with pytest.raises(BadInput) as caught:
        Catalog(engines(key="sk-x")).choose("generate", wish)
    assert caught.value.code == "unknown_model"
    assert suggestion in caught.value.hint


def test_a_name_like_no_other_is_answered_with_what_can_be_used() -> None:
    with pytest.raises(BadInput) as caught:
        Catalog(engines(key=None)).choose("generate", "zzzz")
    assert caught.value.hint == "You can use studio."


@pytest.mark.parametrize("wish", ["gpt-image-1", "GPT-Image-1", "dall-e-3", "dalle-2"])
def test_a_retired_model_names_its_successors(wish: str) -> None:
    with pytest.raises(BadInput) as caught:
        Catalog(engines(key="sk-x")).choose("generate", wish)
    assert caught.value.code == "model_retired"
    assert "gpt-image-1.5" in caught.value.hint


def test_a_wish_that_is_not_set_up_says_what_is_missing_and_what_works() -> None:
    with pytest.raises(BadInput) as caught:
        Catalog(engines(key=None)).choose("generate", "gpt-image-2")
    assert caught.value.code == "model_not_ready"
    assert "OPENAI_API_KEY is not set" in caught.value.message
    assert caught.value.hint == "Say “yes” and Studio does it."
    assert caught.value.offer == "studio"


def test_a_wish_that_is_not_set_up_goes_elsewhere_only_where_that_was_agreed() -> None:
    asks, agrees = Catalog(engines(key=None)), Catalog(engines(key=None), substitute=True)
    for choice in (
        asks.choose("generate", "gpt-image-2", substitute=True),
        agrees.choose("generate", "gpt-image-2"),
    ):
        assert (choice.card.id, choice.substituted_from) == ("studio", "gpt-image-2")
        assert "OPENAI_API_KEY is not set" in choice.note
    with pytest.raises(BadInput):
        agrees.choose("generate", "gpt-image-2", substitute=False)


def test_a_retired_model_is_replaced_by_its_successor_only_where_that_was_agreed() -> None:
    catalog = Catalog(engines(key="sk-x"))
    with pytest.raises(BadInput) as caught:
        catalog.choose("generate", "gpt-image-1")
    assert caught.value.offer == "gpt-image-1.5"
    assert "Say “yes”" in caught.value.hint
    assert catalog.choose("generate", "gpt-image-1", substitute=True).card.id == "gpt-image-1.5"
    with pytest.raises(BadInput) as caught:
        Catalog(engines(key=None)).choose("generate", "gpt-image-1", substitute=True)
    assert (caught.value.code, caught.value.offer) == ("model_retired", None)


def test_a_picture_that_the_studio_cannot_edit_is_not_offered_to_it() -> None:
    with pytest.raises(BadInput) as caught:
        Catalog(engines(key=None)).choose("edit", "gpt-image-2", Needs(inputs=1))
    assert caught.value.offer is None


def test_what_costs_nothing_goes_first_where_no_model_has_to_draw() -> None:
    paid = card("clarity", "other", "upscale").model_copy(update={"price": PriceRule(each=0.03)})
    catalog = Catalog([Listed("other", paid), LOCAL])
    assert catalog.choose("upscale").card.id == "real-esrgan"
    assert catalog.choose("upscale", "clarity").card.id == "clarity"


def test_a_model_without_words_stands_in_only_where_there_are_none() -> None:
    plain = card("redux", "a", "edit", "vary")
    mute = plain.model_copy(
        update={"capabilities": plain.capabilities.model_copy(update={"reads_words": False})}
    )
    catalog = Catalog([Listed("a", mute, card("edits", "a", "edit", "vary"))])
    assert catalog.choose("vary").card.id == "redux"
    assert catalog.choose("edit", needs=Needs(words=True)).card.id == "edits"
    assert catalog.choose("edit", "redux", Needs(words=True)).card.id == "redux"


async def test_a_model_in_no_list_is_sought_at_the_providers_and_never_chosen_unasked() -> None:
    class Finder(Listed):
        async def find(self, name: str) -> ModelCard | None:
            if name != "replicate:who/what":
                return None
            found = card("who/what", "finder", "generate").model_copy(update={"found": True})
            self._cards = (*self._cards, found)
            return found

    catalog = Catalog([Listed("none"), Finder("finder")])
    assert (await catalog.acquaint("replicate:who/what")).id == "who/what"
    assert catalog.choose("generate", "who/what").card.found
    with pytest.raises(EngineError):
        catalog.choose("generate")
    with pytest.raises(NotFound):
        await catalog.acquaint("replicate:no/body")


def test_what_a_model_failed_at_goes_to_another_provider() -> None:
    catalog = Catalog(engines(key="sk-x", other=True))
    chosen = catalog.choose("generate", "gpt-image-2")
    other, agreed = catalog.instead(chosen, "generate", Needs())
    assert other is not None
    assert (other.card.id, other.substituted_from, agreed) == ("seedream", "gpt-image-2", False)
    assert catalog.instead(chosen, "generate", Needs(), substitute=True)[1]
    alone = Catalog([openai_engine("sk-x")])
    assert alone.instead(alone.choose("generate"), "generate", Needs()) == (None, False)


def test_a_wish_that_cannot_do_it_goes_to_the_nearest_that_can() -> None:
    choice = Catalog(engines(key="sk-x", other=True)).choose("edit", "seedream")
    assert choice.card.id == "qwen-edit"
    assert choice.substituted_from == "seedream"
    assert choice.note == "Seedream can't edit a picture, so Qwen-Edit did this."
    upscaled = Catalog(engines(key="sk-x")).choose("upscale", "gpt-image-2")
    assert (upscaled.card.id, upscaled.substituted_from) == ("real-esrgan", "gpt-image-2")


def test_the_studio_gets_a_foreign_picture_only_where_nothing_else_edits() -> None:
    foreign, own = Needs(inputs=1), Needs(inputs=1, drawn_by="studio")
    paid = Catalog(engines(key="sk-x"), "studio")
    assert paid.choose("edit", needs=own).card.id == "studio"
    moved = paid.choose("edit", needs=foreign)
    assert (moved.card.id, moved.substituted_from) == ("gpt-image-2", "studio")
    assert "only pictures that it drew itself" in moved.note
    assert paid.choose("edit", "studio", foreign).card.id == "gpt-image-2"
    offline = Catalog(engines(key=None))
    assert offline.choose("edit", needs=foreign).card.id == "studio"
    assert offline.choose("edit", "studio", foreign).note == ""


def test_needs_decide_between_equals() -> None:
    plain = card("plain", "a", "edit")
    able = plain.capabilities.model_copy(
        update={"max_inputs": 4, "mask": "true", "alpha": "native", "seed": True}
    )
    rich = plain.model_copy(update={"id": "rich", "capabilities": able})
    catalog = Catalog([Listed("a", plain, rich)])
    assert catalog.choose("edit").card.id == "plain"
    for needs in (Needs(inputs=2), Needs(mask=True), Needs(transparent=True), Needs(seed=True)):
        assert catalog.choose("edit", needs=needs).card.id == "rich"


def test_nothing_that_can_do_it_says_what_is_missing() -> None:
    away = Listed("a", card("up", "a", "upscale", missing="the weights are not installed"))
    with pytest.raises(EngineError) as caught:
        Catalog([away]).choose("upscale")
    assert caught.value.kind is EngineFault.UNSUPPORTED
    assert caught.value.hint == "Missing: the weights are not installed."
    with pytest.raises(EngineError) as caught:
        Catalog([]).choose("generate")
    assert caught.value.hint == ""


def test_find_gives_the_card_or_says_not_found() -> None:
    catalog = Catalog(engines(key="sk-x"))
    assert catalog.find("studio").title == STUDIO_CARD.title
    with pytest.raises(NotFound):
        catalog.find("studioo")


def test_every_name_means_one_model() -> None:
    names = [
        name.lower()
        for listed in Catalog(engines(key="sk-x", other=True)).cards()
        for name in (listed.id, *listed.aliases)
    ]
    assert len(names) == len(set(names))


async def test_closing_closes_every_engine() -> None:
    first, second = Listed("a"), Listed("b")
    await Catalog([first, second]).close()
    assert first.closed
    assert second.closed

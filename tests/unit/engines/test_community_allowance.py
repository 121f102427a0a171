"""The catalog where only some models may be used."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from core.engines.catalog import Catalog
from core.engines.fake import FakeEngine
from core.engines.port import ModelCard, Operation
from core.engines.ranking import Needs
from core.errors import BadInput, EngineError, NotAllowed, NotFound

DRAWN: frozenset[Operation] = frozenset({"generate", "edit"})


def engine(name: str, *operations: Operation) -> FakeEngine:
    return FakeEngine(b"", 8, 8, name=name, can={"operations": frozenset(operations) or DRAWN})


def catalog(default: str | None = None, *, substitute: bool = False) -> Catalog:
    """Two that draw, one that only generates, an enlarger elsewhere, and the tools of the house."""
    engines = [
        engine("gpt-image-2"),
        engine("flux"),
        engine("sketch", "generate"),
        engine("clarity", "upscale"),
        engine("local", "upscale", "cutout", "adjust"),
    ]
    return Catalog(engines, default, substitute=substitute)


def test_none_listed_is_any() -> None:
    assert catalog().within(()).choose("generate").card.id == "gpt-image-2"
    assert len(catalog().within(()).cards()) == 5


def test_lists_name_no_others_and_always_the_tools_of_the_house() -> None:
    assert [card.id for card in catalog().within(["flux"]).cards()] == ["flux", "local"]
    assert catalog().within(["flux"]).find("gpt-image-2").id == "gpt-image-2"


@pytest.mark.parametrize(
    ("models", "operation", "chosen"),
    [
        (["flux"], "generate", "flux"),
        (["flux", "gpt-image-2"], "edit", "gpt-image-2"),
        (["sketch", "flux"], "edit", "flux"),
        (["flux"], "inpaint", "flux"),
        (["flux"], "upscale", "local"),
        (["flux"], "cutout", "local"),
        (["flux"], "adjust", "local"),
    ],
)
def test_the_best_that_may_is_used_where_none_is_named(
    models: Sequence[str], operation: Operation, chosen: str
) -> None:
    choice = catalog().within(models).choose(operation)
    assert (choice.card.id, choice.note) == (chosen, "")


def test_the_operators_default_holds_only_where_it_may_be_used() -> None:
    assert catalog("flux").within(["flux", "gpt-image-2"]).choose("edit").card.id == "flux"
    choice = catalog("flux").within(["sketch"]).choose("generate")
    assert (choice.card.id, choice.note) == ("sketch", "")


def test_one_that_is_named_and_may_not_is_refused_with_those_that_may() -> None:
    with pytest.raises(NotAllowed) as refusal:
        catalog().within(["sketch", "flux"]).choose("generate", "GPT-Image-2")
    told = refusal.value
    assert told.message == "Gpt-image-2 is not among the models that may be used here."
    assert told.hint == "You can use flux or sketch. Say “yes” and Flux does it."
    assert (told.code, told.offer) == ("model_not_allowed", "flux")


def test_only_what_can_do_it_is_offered() -> None:
    with pytest.raises(NotAllowed) as refusal:
        catalog().within(["sketch"]).choose("edit", "flux")
    assert (refusal.value.offer, "Say “yes”" in refusal.value.hint) == (None, False)
    with pytest.raises(NotAllowed) as refusal:
        catalog().within(["flux"]).choose("upscale", "clarity")
    assert refusal.value.offer == "local"
    assert catalog().within(["clarity"]).choose("upscale", "clarity").card.id == "clarity"


@pytest.mark.parametrize("operators", [False, True])
def test_who_agreed_beforehand_gets_another_and_is_told(operators: bool) -> None:
    within = catalog(substitute=operators).within(["flux"])
    choice = within.choose("generate", "gpt-image-2", substitute=None if operators else True)
    assert (choice.card.id, choice.substituted_from) == ("flux", "gpt-image-2")
    assert choice.note == "Gpt-image-2 may not be used here, so Flux did this."


def test_where_nothing_that_may_can_it_is_said_kindly() -> None:
    for wish in (None, "sketch"):
        with pytest.raises(NotAllowed) as refusal:
            catalog().within(["sketch"]).choose("edit", wish)
        assert refusal.value.code == "no_model_allowed"
        told = "None of the models that may be used here can edit a picture."
        assert refusal.value.message == told
        assert refusal.value.hint == "Whoever decides the settings here can allow others."
    with pytest.raises(EngineError):
        Catalog([engine("sketch", "generate")]).choose("edit")


def test_another_provider_steps_in_only_if_it_may() -> None:
    within = catalog().within(["gpt-image-2", "sketch"])
    choice = within.choose("generate")
    other, _ = within.instead(choice, "generate", Needs())
    assert other is not None
    assert other.card.id == "sketch"
    assert within.instead(choice, "edit", Needs()) == (None, False)


def test_the_successor_of_a_retired_model_steps_in_only_if_it_may() -> None:
    there = Catalog([engine("gpt-image-1.5"), engine("flux")])
    for models, offer in ((["flux"], None), (["flux", "gpt-image-1.5"], "gpt-image-1.5")):
        with pytest.raises(BadInput) as refusal:
            there.within(models).choose("generate", "gpt-image-1")
        assert (refusal.value.code, refusal.value.offer) == ("model_retired", offer)
    agreed = there.within(["gpt-image-1.5"]).choose("generate", "gpt-image-1", substitute=True)
    assert agreed.card.id == "gpt-image-1.5"
    with pytest.raises(BadInput):
        there.within(["flux"]).choose("generate", "gpt-image-1", substitute=True)


def test_suggestions_name_none_that_may_not() -> None:
    with pytest.raises(BadInput) as refusal:
        catalog().within(["flux"]).choose("generate", "gpt-image")
    assert "gpt-image-2" not in refusal.value.hint
    with pytest.raises(NotFound):
        catalog().within(["flux"]).find("gpt-image")


def test_names_are_known_by_id_alias_or_the_list_itself() -> None:
    within = catalog().within(["flux", "who/what"])
    assert within.allows("FLUX")
    assert within.allows("who/what")
    assert within.allows("local")
    assert not within.allows("gpt-image-2")
    assert not within.allows("gpt-image-1")
    assert catalog().allows("who/what")


async def test_a_found_model_that_was_decided_for_is_met_and_used() -> None:
    class Finder(FakeEngine):
        async def find(self, name: str) -> ModelCard | None:
            if name != "who/what":
                return None
            self._card = self._card.model_copy(update={"id": name, "found": True})
            return self._card

    engines = [engine("flux"), Finder(b"", 8, 8, name="finder")]
    within = Catalog(engines).within(["who/what", "no/body"])
    await within.meet()
    assert within.choose("generate").card.id == "who/what"
    assert Catalog(engines).choose("generate").card.id == "flux"

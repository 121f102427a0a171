"""A channel's allowed models hold, whatever way a model is chosen."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.engines.fake import FakeEngine
from core.engines.port import PriceRule
from core.errors import EngineError, EngineFault
from core.instruction.plan import TurnOptions
from core.session.models import Turn, TurnState
from core.turns.request import TurnRequest
from tests.scenario.house import ANA, House, house, png

ALLOWED = {"models": ("flux",)}
ENLARGES = {"operations": frozenset({"upscale", "cutout"}), "scales": (2, 4)}
PAID = PriceRule(each=0.1)


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[House]:
    """Two models that draw, of which only the second may, and a remote one for finishing."""
    others = (
        FakeEngine(png("navy"), 64, 64, name="flux"),
        FakeEngine(png("navy", (128, 128)), 128, 128, name="clarity", price=PAID, can=ENLARGES),
    )
    first = FakeEngine(png(), 64, 64, name="gpt-image-2")
    async with house(tmp_path, first, *others) as built, built.working():
        yield built


def refused(turn: Turn, offer: str | None) -> bool:
    assert turn.state is TurnState.FAILED, turn.model
    assert turn.error is not None
    return (turn.error.code, turn.error.offer) == ("model_not_allowed", offer)


def said(turn: Turn) -> list[str]:
    """What was said of a turn, beside advice on words."""
    return [note for note in turn.notes if not note.startswith("Tip:")]


async def test_what_nobody_named_is_drawn_by_the_best_that_may(shop: House) -> None:
    thread = shop.thread()
    drawn = await thread.do("a red mug", **ALLOWED)
    assert (drawn.model, said(drawn)) == ("flux", [])
    for words in ("make it navy", "again", "variations"):
        assert (await thread.done(words, **ALLOWED)).model == "flux"
    assert (await thread.done("make it green", png("white"), **ALLOWED)).model == "flux"
    assert shop.engine.calls == []


@pytest.mark.parametrize(
    ("words", "named"), [("a red mug --model gpt-image-2", None), ("a red mug", "gpt-image-2")]
)
async def test_a_model_that_was_named_is_refused_before_anything_is_asked(
    shop: House, words: str, named: str | None
) -> None:
    thread = shop.thread()
    turn = await thread.do(words, options=TurnOptions(model=named), **ALLOWED)
    assert refused(turn, "flux")
    assert shop.engine.calls == []
    assert await thread.head(turn) is None
    agreed = await thread.do("yes", **ALLOWED)
    assert (agreed.state, agreed.model) == (TurnState.DONE, "flux"), agreed.error
    assert shop.others[0].calls[0].prompt == "a red mug"


async def test_an_offer_from_before_the_decision_is_no_way_around_it(shop: House) -> None:
    thread = shop.thread()
    shop.engine.failures.append(EngineError("No credit.", kind=EngineFault.QUOTA))
    failed = await thread.do("a red mug")
    assert failed.error is not None
    assert failed.error.offer == "flux"
    turn = await thread.do("yes", models=("gpt-image-2",))
    assert refused(turn, "gpt-image-2")
    assert shop.others[0].calls == []


async def test_what_the_channel_wished_for_gives_way_and_it_is_said(shop: House) -> None:
    thread = shop.thread()
    wishes = TurnOptions(model="gpt-image-2", quality="low")
    turn = await thread.do("a red mug", defaults=wishes, **ALLOWED)
    assert (turn.state, turn.model) == (TurnState.DONE, "flux"), turn.error
    assert said(turn) == ["Gpt-image-2 may not be used here, so another model drew this."]
    assert shop.others[0].calls[0].quality == "low"
    assert said(await thread.do("2x", defaults=wishes, **ALLOWED)) == []
    assert said(await thread.do("undo", defaults=wishes, **ALLOWED)) == ["Back at v1."]
    named = await thread.do("make it navy --model flux", defaults=wishes, **ALLOWED)
    assert said(named) == []


async def test_what_the_channel_wishes_for_and_allows_is_used(shop: House) -> None:
    wishes = TurnOptions(model="gpt-image-2")
    both = ("flux", "gpt-image-2")
    turn = await shop.thread().do("a red mug", defaults=wishes, models=both)
    assert (turn.model, said(turn)) == ("gpt-image-2", [])


async def test_another_provider_steps_in_only_if_it_may(shop: House) -> None:
    shop.others[0].failures.append(EngineError("No credit.", kind=EngineFault.QUOTA))
    turn = await shop.thread().do("a red mug --substitute", **ALLOWED)
    assert turn.error is not None
    assert (turn.error.message, turn.error.offer) == ("No credit.", None)
    assert shop.engine.calls == []


async def test_exact_work_of_the_house_needs_no_permission(shop: House) -> None:
    thread = shop.thread()
    await thread.done("a red mug", **ALLOWED)
    assert (await thread.done("2x", **ALLOWED)).model == "real-esrgan"
    assert (await thread.done("crop to 32x32", **ALLOWED)).model == "local"
    assert (await thread.done("rotate 90", models=("no-such-model",))).model == "local"


async def test_an_enlarger_elsewhere_needs_it(shop: House) -> None:
    thread, enlarger = shop.thread(), shop.others[1]
    await thread.done("a red mug", **ALLOWED)
    turn = await thread.do("2x with clarity", **ALLOWED)
    assert refused(turn, "real-esrgan")
    assert refused(await thread.do("cut it out with clarity", **ALLOWED), "local")
    assert refused(await thread.do("2x --model clarity", **ALLOWED), "real-esrgan")
    assert enlarger.calls == []
    both = ("flux", "clarity")
    assert (await thread.done("2x --model clarity", models=both)).model == "clarity"


async def test_where_none_that_may_can_it_is_said_and_nothing_changes(shop: House) -> None:
    thread = shop.thread()
    await thread.done("a red mug", **ALLOWED)
    turn = await thread.do("make it navy", models=("clarity", "gone-long-ago"))
    assert turn.error is not None
    assert turn.error.code == "no_model_allowed"
    assert await thread.head(turn) == "v1"


async def test_advice_names_only_what_may_be_used(shop: House) -> None:
    turn = await shop.thread().do("which model for a logo?", **ALLOWED)
    assert turn.state is TurnState.DONE
    assert "gpt-image-2" not in " ".join(turn.notes).lower()


async def test_the_page_of_a_chats_session_is_no_way_around_it(shop: House) -> None:
    chat = TurnRequest(
        thread="chat:general:1", event_keys=("one",), actor=ANA, text="a red mug",
        place={"channel": "general"}, models=("flux",),
    )  # fmt: skip
    thread = shop.thread()
    first = await thread.ended(await shop.desk.accept(chat))
    assert first.model == "flux"
    for number in range(2):
        page = TurnRequest(
            thread="chat:general:1", event_keys=(f"page-{number}",), actor=ANA,
            text="make it navy --model gpt-image-2",
        )  # fmt: skip
        turn = await thread.ended(await shop.desk.accept(page))
        assert (turn.place, turn.models) == (chat.place, chat.models)
        assert refused(turn, "flux")


async def test_a_turn_from_before_there_were_such_lists_still_loads(shop: House) -> None:
    turn = await shop.thread().do("a red mug")
    old = turn.model_dump(mode="json")
    assert old.pop("models") == []
    assert Turn.model_validate(old) == turn

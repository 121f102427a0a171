"""The engine against a strict Images API over real HTTP: what it sends, and what comes of it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from time import monotonic

import pytest

from core.engines.openai.cards import OPENAI_CARDS, STUDIO_CARD
from core.engines.openai.engine import OpenAIImages, studio_engine
from core.errors import BadInput, TooLarge
from tests.contract.openai_double import Behaviour, OpenAIDouble, draw, serving
from tests.contract.openai_wishes import (
    KEY,
    Watcher,
    drawn_together,
    failure,
    mask_png,
    wish,
)


async def test_generate_sends_exactly_what_was_wished(
    api: OpenAIDouble, engine: OpenAIImages
) -> None:
    result = await engine.run(wish(quality="high", size=(1536, 864)), Watcher())
    (asked,) = api.asked
    assert asked.endpoint == "generate"
    assert asked.params == {
        "model": "gpt-image-2",
        "prompt": "a red mug",
        "n": 1,
        "size": "1536x864",
        "quality": "high",
        "output_format": "png",
        "safety_identifier": "9f2c",
        "stream": True,
        "partial_images": 0,
    }
    (picture,) = result.pictures
    assert (picture.width, picture.height, picture.mime) == (1536, 864, "image/png")
    assert not picture.alpha
    assert picture.seed is None


async def test_edit_sends_subject_first_then_references(
    api: OpenAIDouble, engine: OpenAIImages
) -> None:
    subject, reference = draw((320, 200), False), draw((64, 64), True)
    await engine.run(wish("edit", images=(subject, reference)), Watcher())
    (asked,) = api.asked
    assert asked.endpoint == "edit"
    uploads = asked.files["image[]"]
    assert [upload.data for upload in uploads] == [subject, reference]
    assert [upload.name for upload in uploads] == ["picture-1.png", "picture-2.png"]
    assert {upload.mime for upload in uploads} == {"image/png"}


async def test_a_painted_area_goes_along_as_the_mask(
    api: OpenAIDouble, engine: OpenAIImages
) -> None:
    mask = mask_png((320, 200))
    await engine.run(wish("inpaint", images=(draw((320, 200), False),), mask=mask), Watcher())
    assert [upload.data for upload in api.asked[0].files["mask"]] == [mask]


async def test_a_mask_of_another_size_is_refused_before_anything_is_sent(
    api: OpenAIDouble, engine: OpenAIImages
) -> None:
    request = wish("inpaint", images=(draw((320, 200), False),), mask=mask_png((64, 64)))
    assert isinstance(await failure(engine, request), BadInput)
    assert api.asked == []


async def test_words_without_end_are_refused_before_anything_is_sent(
    api: OpenAIDouble, engine: OpenAIImages
) -> None:
    assert isinstance(await failure(engine, wish(prompt="x" * 32_001)), TooLarge)
    assert isinstance(await failure(engine, wish(prompt="   ")), BadInput)
    assert api.asked == []


async def test_wishes_side_by_side_do_not_wait_for_each_other(
    api: OpenAIDouble, engine: OpenAIImages
) -> None:
    gate = asyncio.Event()
    api.plan.extend(Behaviour(gate=gate) for _ in range(3))
    wishes = [wish(key="t:0", previews=2), wish(key="t:0.1"), wish(key="t:0.2")]
    running = asyncio.create_task(drawn_together(engine, *wishes))
    await api.until(lambda: len(api.asked) == 3)
    gate.set()
    results = await running
    assert [len(result.pictures) for result in results] == [1, 1, 1]
    assert api.open_most == 3
    assert sorted(asked.params["partial_images"] for asked in api.asked) == [0, 0, 2]
    assert [asked.params["n"] for asked in api.asked] == [1, 1, 1]


async def test_previews_arrive_in_order_while_the_picture_is_still_being_drawn(
    api: OpenAIDouble, engine: OpenAIImages
) -> None:
    gate = asyncio.Event()
    api.plan.append(Behaviour(gate=gate))
    watcher = Watcher()
    running = asyncio.create_task(engine.run(wish(previews=3), watcher))
    await watcher.until(3)
    assert not running.done()
    assert [data for data, _ in watcher.previews] == [draw((64 + i, 64), False) for i in range(3)]
    assert [fraction for _, fraction in watcher.stages] == [None, 0.25, 0.5, 0.75]
    gate.set()
    assert (await running).pictures[0].width == 1024


async def test_an_edit_streams_too(api: OpenAIDouble, engine: OpenAIImages) -> None:
    watcher = Watcher()
    request = wish("edit", images=(draw((320, 200), False),), previews=2)
    await engine.run(request, watcher)
    assert len(watcher.previews) == 2
    assert api.asked[0].params["partial_images"] == "2"


async def test_cost_comes_from_usage(api: OpenAIDouble, engine: OpenAIImages) -> None:
    usage = (await engine.run(wish(), Watcher())).usage
    assert (usage.text_in, usage.image_in, usage.image_out) == (100, 1_000, 1_756)
    assert usage.cost_usd == pytest.approx((100 * 5 + 1_000 * 8 + 1_756 * 30) / 1_000_000)
    assert usage.exact


async def test_without_usage_the_cost_is_an_estimate_and_says_so(
    api: OpenAIDouble, engine: OpenAIImages
) -> None:
    api.plan.append(Behaviour(usage=False))
    usage = (await engine.run(wish(quality="low"), Watcher())).usage
    assert not usage.exact
    assert usage.cost_usd == pytest.approx(0.006, abs=0.001)


async def test_a_dated_snapshot_stays_pinned(api: OpenAIDouble, engine: OpenAIImages) -> None:
    result = await engine.run(wish(model="gpt-image-2-2026-04-21"), Watcher())
    assert api.asked[0].params["model"] == "gpt-image-2-2026-04-21"
    assert result.snapshot == "gpt-image-2-2026-04-21"


async def test_only_the_model_that_has_it_is_asked_for_fidelity(
    api: OpenAIDouble, engine: OpenAIImages
) -> None:
    drawing = [card.id for card in OPENAI_CARDS if not card.capabilities.converses]
    picture = draw((320, 200), False)
    await drawn_together(
        engine, *(wish("edit", model=model, images=(picture,)) for model in drawing)
    )
    fidelity = {asked.params["model"]: asked.params.get("input_fidelity") for asked in api.asked}
    assert fidelity == {**dict.fromkeys(drawing), "gpt-image-1.5": "high"}


async def test_wishes_that_a_model_cannot_meet_are_said(engine: OpenAIImages) -> None:
    result = await engine.run(wish(seed=3, quality="xhigh"), Watcher())
    assert [note for note in result.notes if "seed" in note]
    assert [note for note in result.notes if "xhigh" in note]


async def test_transparent_is_true_alpha(api: OpenAIDouble, engine: OpenAIImages) -> None:
    result = await engine.run(wish(model="gpt-image-1.5", transparent=True), Watcher())
    assert api.asked[0].params["background"] == "transparent"
    assert result.pictures[0].alpha


async def test_refused_transparency_is_asked_again_with_a_background_and_remembered_for_a_day(
    api: OpenAIDouble, engine: OpenAIImages, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.transparent_2 = False
    begun, results = monotonic(), []
    for later in (0.0, 60.0, 86_000.0, 90_000.0):
        monkeypatch.setattr("core.engines.openai.drawing.monotonic", lambda at=later: begun + at)
        results.append(await engine.run(wish(transparent=True), Watcher()))
    asked = [asked.params["background"] for asked in api.asked]
    assert asked == ["transparent", "opaque", "opaque", "opaque", "transparent", "opaque"]
    for result in results:
        assert not result.pictures[0].alpha
        assert result.notes == ("GPT Image 2 drew a background: it does no transparency here",)


async def test_a_model_that_refused_transparency_says_nothing_about_the_others(
    api: OpenAIDouble, engine: OpenAIImages
) -> None:
    api.transparent_2 = False
    await engine.run(wish(transparent=True), Watcher())
    result = await engine.run(wish(model="gpt-image-1.5", transparent=True), Watcher())
    assert api.asked[-1].params["background"] == "transparent"
    assert (result.pictures[0].alpha, result.notes) == (True, ())


async def test_a_model_without_previews_is_asked_for_a_plain_answer(api: OpenAIDouble) -> None:
    able = STUDIO_CARD.capabilities.model_copy(update={"previews": False})
    card = STUDIO_CARD.model_copy(update={"capabilities": able})
    engine = OpenAIImages("plain", api.base_url, KEY, (card,))
    extra = {"seed": 41, "easel_notes": ["understood: red mug", 3, "x" * 900]}
    api.plan.append(Behaviour(extra=extra))
    result = await engine.run(wish(model="studio", previews=2), Watcher())
    await engine.close()
    assert "stream" not in api.asked[0].params
    assert result.pictures[0].seed == 41
    assert [len(note) for note in result.notes] == [len("understood: red mug"), 500]


async def test_the_studio_is_reached_over_its_socket_with_seed_and_notes(tmp_path: Path) -> None:
    uds = tmp_path / "studio.sock"
    async with serving(OpenAIDouble(key="offline"), uds) as api:
        engine = studio_engine(str(uds))
        api.plan.append(Behaviour(extra={"easel_notes": ["understood: red mug"]}))
        result = await engine.run(wish(model="studio", seed=5, previews=1), Watcher())
        await engine.close()
    assert [asked.params["seed"] for asked in api.asked] == [5]
    assert [picture.seed for picture in result.pictures] == [5]
    assert result.notes == ("understood: red mug",)
    assert result.usage.cost_usd == 0


async def test_a_repeated_step_has_the_same_seed_and_an_edit_keeps_its_own(tmp_path: Path) -> None:
    uds = tmp_path / "studio.sock"
    async with serving(OpenAIDouble(key="offline"), uds) as api:
        engine = studio_engine(str(uds))
        for key in ("a:0", "a:0", "b:0"):
            await engine.run(wish(model="studio", key=key), Watcher())
        await engine.run(wish("edit", model="studio", images=(draw((64, 64), False),)), Watcher())
        await engine.close()
    first, again, other, edit = (asked.params.get("seed") for asked in api.asked)
    assert first == again != other
    assert edit is None


async def test_more_pictures_than_a_model_uses_are_left_out_and_said(tmp_path: Path) -> None:
    uds = tmp_path / "studio.sock"
    async with serving(OpenAIDouble(key="offline"), uds) as api:
        engine = studio_engine(str(uds))
        request = wish("edit", model="studio", images=(draw((64, 64), False),) * 3)
        result = await engine.run(request, Watcher())
        await engine.close()
    assert len(api.asked[0].files["image[]"]) == 1
    assert any("others were not used" in note for note in result.notes)


async def test_a_photograph_is_refused_in_the_studios_own_words(
    api: OpenAIDouble, engine: OpenAIImages
) -> None:
    body = {"code": "studio_photograph", "message": "The studio can't redraw photographs.",
            "hint": "Crop, cut out or enlarge it."}  # fmt: skip
    api.plan.append(Behaviour(fail=(400, body, {})))
    error = await failure(engine, wish())
    assert isinstance(error, BadInput)
    assert (error.code, error.message, error.hint) == (
        "studio_photograph", body["message"], body["hint"],
    )  # fmt: skip

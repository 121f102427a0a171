"""The engine against a strict Images API over real HTTP: what it sends, and what comes of it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from core.engines.openai.cards import OPENAI_CARDS, STUDIO_CARD
from core.engines.openai.engine import OpenAIImages, studio_engine
from core.errors import BadInput, TooLarge
from tests.contract.openai_double import Behaviour, OpenAIDouble, draw, serving
from tests.contract.openai_wishes import KEY, Watcher, failure, mask_png, wish


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


async def test_several_pictures_are_drawn_side_by_side_and_one_is_watched(
    api: OpenAIDouble, engine: OpenAIImages
) -> None:
    gate = asyncio.Event()
    api.plan.extend(Behaviour(gate=gate) for _ in range(3))
    watcher = Watcher()
    running = asyncio.create_task(engine.run(wish(n=3, previews=2), watcher))
    await api.until(lambda: len(api.asked) == 3)
    gate.set()
    result = await running
    assert len(result.pictures) == 3
    assert api.open_most == 3
    assert sorted(asked.params["partial_images"] for asked in api.asked) == [0, 0, 2]
    assert [asked.params["n"] for asked in api.asked] == [1, 1, 1]
    assert len(watcher.previews) == 2


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
    usage = (await engine.run(wish(n=2), Watcher())).usage
    assert (usage.text_in, usage.image_in, usage.image_out) == (200, 2_000, 3_512)
    one = (100 * 5 + 1_000 * 8 + 1_756 * 30) / 1_000_000
    assert usage.cost_usd == pytest.approx(2 * one)
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


@pytest.mark.parametrize("card", OPENAI_CARDS, ids=lambda card: card.id)
async def test_every_model_is_asked_only_what_it_takes(
    api: OpenAIDouble, engine: OpenAIImages, card: Any
) -> None:
    picture = draw((320, 200), False)
    await engine.run(wish(model=card.id, transparent=True, quality="high"), Watcher())
    await engine.run(wish("edit", model=card.id, images=(picture,), seed=7), Watcher())
    await engine.run(wish("vary", model=card.id, images=(picture,), prompt=""), Watcher())
    assert [asked.endpoint for asked in api.asked] == ["generate", "edit", "edit"]
    fidelity = {asked.params.get("input_fidelity") for asked in api.asked}
    assert fidelity == ({None, "high"} if card.id == "gpt-image-1.5" else {None})


async def test_wishes_that_a_model_cannot_meet_are_said(engine: OpenAIImages) -> None:
    result = await engine.run(wish(seed=3, quality="xhigh"), Watcher())
    assert [note for note in result.notes if "seed" in note]
    assert [note for note in result.notes if "xhigh" in note]


async def test_transparent_is_true_alpha(api: OpenAIDouble, engine: OpenAIImages) -> None:
    result = await engine.run(wish(model="gpt-image-1.5", transparent=True), Watcher())
    assert api.asked[0].params["background"] == "transparent"
    assert result.pictures[0].alpha


async def test_refused_transparency_is_asked_again_with_a_background(
    api: OpenAIDouble, engine: OpenAIImages
) -> None:
    api.transparent_2 = False
    result = await engine.run(wish(transparent=True), Watcher())
    assert [asked.params["background"] for asked in api.asked] == ["transparent", "opaque"]
    assert not result.pictures[0].alpha
    assert any("background" in note for note in result.notes)


async def test_what_could_be_drawn_is_kept_when_one_of_several_fails(
    api: OpenAIDouble, engine: OpenAIImages
) -> None:
    blocked = {"message": "rejected by the safety system", "code": "moderation_blocked"}
    api.plan.append(Behaviour(fail=(400, blocked, {})))
    result = await engine.run(wish(n=3), Watcher())
    assert len(result.pictures) == 2
    assert any("1 of 3 could not be drawn" in note for note in result.notes)


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
        result = await engine.run(wish(model="studio", seed=5, n=2, previews=1), Watcher())
        await engine.close()
    assert sorted(asked.params["seed"] for asked in api.asked) == [5, 6]
    assert sorted(picture.seed or 0 for picture in result.pictures) == [5, 6]
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

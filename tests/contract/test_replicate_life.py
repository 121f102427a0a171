"""One prediction's life against a strict Replicate: paid for once, found again, told to stop."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from core.engines.port import Operation
from core.engines.replicate.engine import ReplicateEngine
from core.errors import EngineFault
from tests.contract.openai_wishes import Watcher
from tests.contract.replicate_double import Behaviour, ReplicateDouble, Trouble
from tests.contract.replicate_wishes import (
    GPT,
    HASTY,
    QWEN,
    SEEDREAM,
    TOKEN,
    Claims,
    Notebook,
    big,
    fault,
    small,
    wish,
)

LIST = r"GET /v1/predictions"


async def test_a_picture_is_drawn_fetched_and_priced(
    platform: ReplicateDouble, replicate: ReplicateEngine
) -> None:
    notes = Notebook()
    watcher = Watcher()
    result = await replicate.run(wish(seed=7), watcher, notes)
    (made,) = platform.predictions
    assert made.table["input"]["prompt"] == "a red mug"
    assert made.table["input"]["seed"] == 7
    assert made.cancel_after == "600s"
    assert notes.written == ["intend", f"claim {made.id}"]
    (picture,) = result.pictures
    assert (picture.width, picture.height, picture.mime) == (1024, 1024, "image/png")
    assert picture.seed == 7
    assert result.usage.exact
    assert result.usage.cost_usd == pytest.approx(0.02)
    assert watcher.stages[0] == ("asking Replicate", None)


async def test_a_slow_prediction_is_watched_and_its_progress_told(
    platform: ReplicateDouble, replicate: ReplicateEngine
) -> None:
    queue, gate = asyncio.Event(), asyncio.Event()
    platform.plan.append(Behaviour(queue=queue, gate=gate, logs=" 10%|#  |\n 45%|##### | 9/20"))
    watcher = Watcher()
    running = asyncio.create_task(replicate.run(wish(), watcher))
    await platform.until(lambda: platform.count("GET", r"/v1/predictions/\w+") >= 2)
    queue.set()
    await platform.until(lambda: platform.predictions[0].status == "processing")
    looks = platform.count("GET", r"/v1/predictions/\w+")
    await platform.until(lambda: platform.count("GET", r"/v1/predictions/\w+") >= looks + 2)
    gate.set()
    await running
    assert ("waiting in Replicate's queue", None) in watcher.stages
    assert ("drawing", 0.45) in watcher.stages
    assert platform.creates == 1


async def test_a_picture_that_is_told_before_the_end_is_taken(
    platform: ReplicateDouble, replicate: ReplicateEngine
) -> None:
    platform.plan.append(Behaviour(early=True))
    result = await replicate.run(wish(), Watcher())
    assert platform.predictions[0].status == "processing"
    assert result.pictures[0].width == 1024


async def test_a_create_whose_answer_is_lost_is_found_at_once(
    platform: ReplicateDouble, replicate: ReplicateEngine
) -> None:
    platform.plan.append(Behaviour(drop=True))
    result = await replicate.run(wish(), Watcher(), Notebook())
    assert result.pictures
    assert (len(platform.predictions), platform.creates) == (1, 1)


async def test_a_create_whose_answer_is_lost_is_found_by_the_next_attempt(
    platform: ReplicateDouble, replicate: ReplicateEngine
) -> None:
    platform.plan.append(Behaviour(drop=True))
    platform.troubles.append(Trouble(LIST, 503, times=3))
    notes = Notebook()
    error = await fault(replicate, wish(), notes)
    assert (error.kind, error.may_have_billed) == (EngineFault.TRANSIENT, True)
    assert notes.note is not None
    result = await replicate.run(wish(), Watcher(), notes)
    assert result.pictures
    assert (len(platform.predictions), platform.creates) == (1, 1)


@pytest.mark.parametrize("model", [SEEDREAM, GPT, QWEN])
async def test_a_lost_call_is_found_among_many_others(
    platform: ReplicateDouble, replicate: ReplicateEngine, model: str
) -> None:
    """The others belong to nobody whom our notes know of, so that only what was given tells."""
    images = (small(),) if model == QWEN else ()
    operation: Operation = "edit" if images else "generate"

    async def others(*prompts: str) -> None:
        for prompt in prompts:
            request = wish(operation, model=model, images=images, prompt=prompt)
            await replicate.run(request, Watcher())

    platform.page_size = 2
    ours = wish(operation, model=model, images=images)
    await others("a blue mug", "a green mug", "two mugs")
    platform.plan.append(Behaviour(drop=True))
    platform.troubles.append(Trouble(LIST, 503, times=3))
    notes = Notebook()
    await fault(replicate, ours, notes)
    await others("a jug", "a bowl")
    await replicate.run(ours, Watcher(), notes)
    assert len(platform.predictions) == 6
    assert notes.note is not None
    assert notes.note.ref == platform.predictions[3].id


async def test_clocks_that_differ_by_seconds_do_not_hide_a_lost_call(
    platform: ReplicateDouble, replicate: ReplicateEngine
) -> None:
    platform.plan.append(Behaviour(drop=True))
    platform.troubles.append(Trouble(LIST, 503, times=3))
    notes = Notebook()
    await fault(replicate, wish(), notes)
    assert notes.note is not None
    ahead = notes.note.intended_at + timedelta(seconds=3)
    notes.note = notes.note.model_copy(update={"intended_at": ahead})
    await replicate.run(wish(), Watcher(), notes)
    assert len(platform.predictions) == 1


async def test_a_killed_worker_finds_its_prediction_again(platform: ReplicateDouble) -> None:
    gate = asyncio.Event()
    platform.plan.append(Behaviour(gate=gate))
    notes = Notebook()
    first = ReplicateEngine(TOKEN, platform.base_url, patience=HASTY)
    running = asyncio.create_task(first.run(wish(), Watcher(), notes))
    await platform.until(lambda: platform.count("GET", r"/v1/predictions/\w+") >= 1)
    kept = notes.note
    await first.close()  # the process is gone: whatever it still says is not heard
    await asyncio.gather(running, return_exceptions=True)
    second = ReplicateEngine(TOKEN, platform.base_url, patience=HASTY)
    again = asyncio.create_task(second.run(wish(), Watcher(), Notebook(note=kept)))
    gate.set()
    result = await again
    await second.close()
    assert result.pictures
    assert len(platform.predictions) == 1
    assert platform.count("POST", r"/v1/predictions/\w+/cancel") == 0


async def test_twins_never_take_each_others_prediction(
    platform: ReplicateDouble, replicate: ReplicateEngine
) -> None:
    """Seedream has no seed: the same words make the same call, which only the notes tell apart."""
    claims = Claims()
    twins = [Notebook(claims, f"turn-{number}:0") for number in range(4)]
    platform.plan.extend(Behaviour(drop=True) for _ in twins)
    platform.troubles.append(Trouble(LIST, 503, times=12))
    await asyncio.gather(
        *(fault(replicate, wish(model=SEEDREAM, key=twin.owner), twin) for twin in twins)
    )
    results = await asyncio.gather(
        *(replicate.run(wish(model=SEEDREAM, key=twin.owner), Watcher(), twin) for twin in twins)
    )
    assert all(result.pictures for result in results)
    assert len(platform.predictions) == 4
    refs = {twin.note.ref for twin in twins if twin.note is not None}
    assert refs == {made.id for made in platform.predictions}


async def test_a_prediction_that_a_twin_took_is_not_drawn_from(
    platform: ReplicateDouble, replicate: ReplicateEngine
) -> None:
    claims = Claims()
    first = Notebook(claims, "turn-1:0")
    await replicate.run(wish(model=SEEDREAM), Watcher(), first)
    claims.owners["p" + "2".zfill(25)] = "turn-9:0"
    second = Notebook(claims, "turn-2:0")
    await replicate.run(wish(model=SEEDREAM), Watcher(), second)
    assert second.note is not None
    assert second.note.ref == platform.predictions[2].id


@pytest.mark.parametrize("where", ["held", "watched"])
async def test_cancelling_reaches_the_server_and_is_forgotten(
    platform: ReplicateDouble, where: str
) -> None:
    engine = ReplicateEngine(TOKEN, platform.base_url, patience=HASTY)
    platform.plan.append(Behaviour(gate=asyncio.Event()))
    notes = Notebook()
    running = asyncio.create_task(engine.run(wish(), Watcher(), notes))
    await platform.until(lambda: bool(platform.predictions))
    if where == "watched":
        await platform.until(lambda: platform.count("GET", r"/v1/predictions/\w+") >= 1)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await engine.close()
    assert [made.status for made in platform.predictions] == ["canceled"]
    assert notes.written[-1] == "forget"
    assert notes.note is None


async def test_a_cancel_that_is_not_heard_keeps_the_note(
    platform: ReplicateDouble, replicate: ReplicateEngine
) -> None:
    gate = asyncio.Event()
    platform.plan.append(Behaviour(gate=gate))
    platform.troubles.append(Trouble(r"POST /v1/predictions/\w+/cancel", 503, times=9))
    notes = Notebook()
    running = asyncio.create_task(replicate.run(wish(), Watcher(), notes))
    await platform.until(lambda: platform.count("GET", r"/v1/predictions/\w+") >= 1)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    gate.set()
    await replicate.run(wish(), Watcher(), notes)
    assert len(platform.predictions) == 1


async def test_a_prediction_that_was_stopped_meanwhile_is_made_anew(
    platform: ReplicateDouble, replicate: ReplicateEngine
) -> None:
    notes = Notebook()
    await replicate.run(wish(), Watcher(), notes)
    platform.predictions[0].table |= {"status": "aborted", "output": None}
    result = await replicate.run(wish(), Watcher(), notes)
    assert result.pictures
    assert len(platform.predictions) == 2


async def test_a_note_of_another_model_is_not_drawn_from(
    platform: ReplicateDouble, replicate: ReplicateEngine
) -> None:
    notes = Notebook()
    await replicate.run(wish(model=SEEDREAM), Watcher(), notes)
    await replicate.run(wish(), Watcher(), notes)
    assert [made.table["model"].split("/")[0] for made in platform.predictions] == [
        "bytedance",
        "tencent",
    ]


async def test_a_paid_picture_that_could_not_be_fetched_is_fetched_by_the_next_attempt(
    platform: ReplicateDouble, replicate: ReplicateEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.engines.replicate.files._TRIES", (0.0, None))
    platform.delivery.fail = 2
    notes = Notebook()
    error = await fault(replicate, wish(), notes)
    assert (error.kind, error.may_have_billed) == (EngineFault.TRANSIENT, True)
    result = await replicate.run(wish(), Watcher(), notes)
    assert result.pictures
    assert len(platform.predictions) == 1


async def test_a_small_picture_travels_within_the_request(
    platform: ReplicateDouble, replicate: ReplicateEngine
) -> None:
    await replicate.run(wish("edit", model=QWEN, images=(small(), small())), Watcher())
    assert platform.files == {}
    assert [image.size for image in platform.predictions[0].images["image"]] == [(96, 64)] * 2


async def test_a_big_picture_is_laid_down_as_a_file_and_taken_back(
    platform: ReplicateDouble, replicate: ReplicateEngine
) -> None:
    picture = big()
    assert len(picture) > 256_000
    await replicate.run(wish("edit", model=QWEN, images=(picture, small())), Watcher())
    ((name, mime, data),) = platform.files.values()
    assert data == picture
    assert (name, mime) == ("picture-1.png", "image/png")
    assert [image.size for image in platform.predictions[0].images["image"]] == [
        (500, 500),
        (96, 64),
    ]
    await platform.until(lambda: platform.deleted == list(platform.files))


async def test_a_lost_call_with_a_file_is_known_by_the_files_address(
    platform: ReplicateDouble, replicate: ReplicateEngine
) -> None:
    request = wish("edit", model=QWEN, images=(big(),))
    await replicate.run(request, Watcher())
    platform.plan.append(Behaviour(drop=True))
    platform.troubles.append(Trouble(LIST, 503, times=3))
    notes = Notebook()
    await fault(replicate, request, notes)
    await replicate.run(request, Watcher(), notes)
    assert len(platform.predictions) == 2
    assert notes.note is not None
    assert notes.note.ref == platform.predictions[1].id


async def test_the_token_goes_to_the_api_only(
    platform: ReplicateDouble, replicate: ReplicateEngine
) -> None:
    await replicate.run(wish(), Watcher())
    assert platform.delivery.fetched
    for headers in platform.delivery.fetched:
        assert "authorization" not in headers
        assert TOKEN not in str(headers)


async def test_addresses_within_answers_are_not_followed_with_the_token(
    platform: ReplicateDouble, replicate: ReplicateEngine
) -> None:
    gate = asyncio.Event()
    elsewhere = {"get": platform.delivery.base_url, "cancel": platform.delivery.base_url}
    platform.plan.append(Behaviour(gate=gate))
    running = asyncio.create_task(replicate.run(wish(), Watcher()))
    await platform.until(lambda: bool(platform.predictions))
    platform.predictions[0].table["urls"] = elsewhere
    await platform.until(lambda: platform.count("GET", r"/v1/predictions/\w+") >= 2)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await platform.until(lambda: platform.predictions[0].status == "canceled")
    assert platform.delivery.fetched == []

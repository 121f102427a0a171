"""Which models a server has: read from its list, kept for a while, and missing in words."""

from __future__ import annotations

from typing import Any

import pytest

from core.engines.compatible import listing
from core.engines.compatible.cards import MAX_MODELS
from core.engines.compatible.engine import CompatibleEngine, compatible_engine
from core.errors import BadInput, EngineError, EngineFault, NotFound
from tests.contract.compatible_double import Behaviour, CompatibleDouble, serving
from tests.contract.compatible_kinds import QWEN
from tests.contract.compatible_wishes import Watcher, draw, failure, server_and_engine, wish


def listed(*entries: Any) -> dict[str, Any]:
    return {"object": "list", "data": list(entries)}


async def test_a_model_is_known_by_its_name_and_by_its_full_name() -> None:
    async with server_and_engine("vllm-omni") as (_, engine):
        (card,) = engine.models()
        assert (card.id, card.title, card.aliases) == (f"compatible:{QWEN}", QWEN, (QWEN,))
        assert card.usable
        assert await engine.find(f"Compatible:{QWEN.upper()}") == card
        assert await engine.find(QWEN) is None
        for name in (card.id, QWEN):
            await draw(engine, model=name)


@pytest.mark.parametrize("ending", ["", "/", "/v1", "/v1/"])
async def test_the_address_may_end_in_v1_or_not(ending: str) -> None:
    async with serving(CompatibleDouble("openai")) as double:
        engine = compatible_engine(double.root + ending)
        await engine.refresh()
        await draw(engine)
        await engine.close()
        assert double.asked[0].path == "/v1/images/generations"


async def test_the_list_is_asked_once_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    async with server_and_engine("openai") as (double, engine):
        await engine.refresh()
        await draw(engine)
        assert double.list_reads == 1
    monkeypatch.setattr(listing, "FRESH_SECONDS", 0.0)
    async with server_and_engine("openai") as (double, engine):
        double.models = listed({"id": "new-one"})
        await engine.refresh()
        assert [card.title for card in engine.models()] == ["new-one"]


async def test_what_was_known_stays_listed_while_the_server_is_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(listing, "FRESH_SECONDS", 0.0)
    async with server_and_engine("openai") as (double, engine):
        double.list_fails = (503, {"detail": "starting"}, {})
        await engine.refresh()
        await engine.refresh()
        assert [card.title for card in engine.models()] == ["flux-dev"]
        assert double.list_reads == 2  # one that worked, one that failed, and then a rest


async def test_models_that_make_no_pictures_are_left_out_where_the_server_says_so() -> None:
    async with server_and_engine("localai") as (double, engine):
        assert [card.title for card in engine.models()] == ["flux.1-kontext-dev"]
        assert double.list_reads == 1
    async with serving(CompatibleDouble("sglang")) as double:
        tasks = ["T2I", "TI2I", "I2I", "T2V", "TI2V", "X2I", ""]
        double.models = listed(*({"id": f"m-{task}", "task_type": task} for task in tasks))
        engine = compatible_engine(double.root, None, "sglang")
        await engine.refresh()
        operations = {card.title: card.capabilities.operations for card in engine.models()}
        assert operations == {
            "m-T2I": {"generate"},
            "m-TI2I": {"generate", "edit", "vary"},
            "m-I2I": {"edit", "vary"},
            "m-X2I": {"generate", "edit", "vary"},
            "m-": {"generate", "edit", "vary"},
        }
        inputs = {card.title: card.capabilities.max_inputs for card in engine.models()}
        assert (inputs["m-T2I"], inputs["m-I2I"]) == (0, 4)
        await engine.close()


async def test_an_older_localai_lists_everything_and_a_text_model_is_refused_clearly() -> None:
    async with serving(CompatibleDouble("localai")) as double:
        double.missing_paths.add("/v1/models/capabilities")
        double.models = listed({"id": "flux.1-kontext-dev"}, {"id": "llama-3"})
        engine = compatible_engine(double.root, None, "localai")
        await engine.refresh()
        assert [card.title for card in engine.models()] == ["flux.1-kontext-dev", "llama-3"]
        error = await failure(engine, wish(engine, model="compatible:llama-3"))
        assert isinstance(error, EngineError)
        assert error.kind is EngineFault.UNSUPPORTED
        assert "llama-3 is no model that makes pictures" in error.message
        await engine.close()


async def test_a_model_that_was_just_loaded_is_found_without_waiting_for_the_next_list() -> None:
    async with server_and_engine("openai") as (double, engine):
        double.models = listed({"id": "flux-dev"}, {"id": "fresh"})
        card = await engine.find("compatible:fresh")
        assert card is not None
        assert card in engine.models()


async def test_a_worker_that_never_listed_draws_all_the_same() -> None:
    async with serving(CompatibleDouble("openai")) as double:
        engine = compatible_engine(double.root)
        assert list(engine.models()) == []
        await draw(engine, model="compatible:flux-dev")
        await engine.close()


async def test_a_model_that_the_server_lacks_is_missing_in_words() -> None:
    async with server_and_engine("openai") as (double, engine):
        with pytest.raises(NotFound) as missing:
            await engine.find("compatible:sdxl")
        assert "no model called “sdxl”" in missing.value.message
        assert missing.value.hint == "It has flux-dev."
        error = await failure(engine, wish(engine, model="compatible:sdxl"))
        assert isinstance(error, EngineError)
        assert error.kind is EngineFault.UNSUPPORTED
        assert double.asked == []


async def test_a_server_without_a_list_is_taken_at_the_persons_word() -> None:
    async with serving(CompatibleDouble("openai")) as double:
        double.list_fails = (404, {"detail": "Not Found"}, {})
        engine = compatible_engine(double.root)
        await engine.refresh()
        assert list(engine.models()) == []
        card = await engine.find("compatible:flux-dev")
        assert card is not None
        assert card.found
        assert list(engine.models()) == [card]
        await draw(engine, model=card.id)
        assert double.asked[0].fields["model"] == "flux-dev"
        with pytest.raises(NotFound):
            await engine.find("compatible:" + "x" * 201)
        await engine.close()


@pytest.mark.parametrize(
    "models",
    [
        [],
        {"data": {"id": "x"}},
        {"data": None},
        "models",
        {"models": [{"id": "x"}]},
    ],
)
async def test_a_list_that_is_none_leaves_everything_as_it_was(models: Any) -> None:
    async with serving(CompatibleDouble("openai")) as double:
        double.models = models
        engine = compatible_engine(double.root)
        await engine.refresh()
        assert list(engine.models()) == []
        assert (await engine.check()).state == "bad"
        await engine.close()


async def test_names_that_could_harm_are_not_listed_and_lists_are_bounded() -> None:
    async with serving(CompatibleDouble("openai")) as double:
        names = ["ok", "", " ", "a\nb", "\x1b[31m", "x" * 201, " padded", None, 7, ["z"], "OK"]
        double.models = listed(*({"id": name} for name in names), "text", None, {})
        engine = compatible_engine(double.root)
        await engine.refresh()
        assert [card.title for card in engine.models()] == ["ok"]
        await engine.close()
        double.models = listed(*({"id": f"m{i}"} for i in range(3 * MAX_MODELS)))
        engine = compatible_engine(double.root)
        await engine.refresh()
        assert len(engine.models()) == MAX_MODELS
        await engine.close()


async def health_of(engine: CompatibleEngine) -> tuple[str, str, str]:
    health = await engine.check()
    await engine.close()
    return health.state, health.words, health.remedy


async def test_health_says_what_is_there_without_drawing() -> None:
    async with server_and_engine("localai") as (double, engine):
        state, words, remedy = await health_of(engine)
        place = double.root.removeprefix("http://")
        assert (state, words, remedy) == ("ok", f"1 model at {place} (LocalAI)", "")
        assert double.asked == []


async def test_health_says_what_is_wrong_and_what_to_do() -> None:
    async with serving(CompatibleDouble("openai")) as double:
        double.models = listed()
        state, words, remedy = await health_of(compatible_engine(double.root))
        assert (state, "no model" in words, "Load one" in remedy) == ("bad", True, True)
        double.list_fails = (500, {"error": "boom"}, {})
        state, words, remedy = await health_of(compatible_engine(double.root))
        assert state == "bad"
        assert "no list of models from 127.0.0.1" in words
        assert "boom" in words
        double.list_fails = (302, {}, {"location": "https://elsewhere.example/models"})
        state, words, _ = await health_of(compatible_engine(double.root))
        assert (state, "elsewhere.example" in words) == ("bad", True)
    state, words, remedy = await health_of(compatible_engine(double.root))
    assert state == "bad"
    assert words.startswith("nothing answers at 127.0.0.1")
    assert "EASEL_COMPATIBLE_URL" in remedy


async def test_without_an_address_the_catalog_shows_what_is_missing() -> None:
    engine = compatible_engine(None)
    await engine.refresh()
    (card,) = engine.models()
    assert (card.id, card.usable) == ("compatible", False)
    assert card.missing == "EASEL_COMPATIBLE_URL is not set"
    with pytest.raises(EngineError) as refused:
        await engine.find("compatible:flux")
    assert "EASEL_COMPATIBLE_URL is not set" in refused.value.message
    error = await failure(engine, wish(engine))
    assert isinstance(error, EngineError)
    assert (await health_of(engine))[:2] == ("off", "EASEL_COMPATIBLE_URL is not set")


async def test_a_dialect_that_nobody_speaks_is_said_to_be_wrong() -> None:
    engine = compatible_engine("http://127.0.0.1:9", None, "comfyui")
    (card,) = engine.models()
    assert not card.usable
    assert "EASEL_COMPATIBLE_DIALECT" in card.missing
    state, words, _ = await health_of(engine)
    assert (state, "sd-cpp" in words) == ("bad", True)


async def test_dialects_are_known_in_other_spellings() -> None:
    for name in ("SD_CPP", " sd-cpp "):
        assert "sd-cpp" in repr(compatible_engine("http://127.0.0.1:9", None, name))


async def test_a_model_without_pictures_as_input_says_so() -> None:
    async with serving(CompatibleDouble("sglang")) as double:
        double.models = listed({"id": QWEN, "task_type": "T2I"})
        engine = compatible_engine(double.root, None, "sglang")
        await engine.refresh()
        request = wish(engine, images=(b"\x89PNG",))
        assert isinstance(await failure(engine, request), BadInput)
        double.plan.append(Behaviour())
        await engine.run(wish(engine), Watcher())
        await engine.close()

"""Which models of Replicate can be had: curated ones as they are today, and any other by name."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from core.engines.replicate.cards import CURATED
from core.engines.replicate.engine import ReplicateEngine
from core.errors import BadInput, EngineFault
from tests.contract.openai_wishes import Watcher
from tests.contract.replicate_double import ReplicateDouble, Trouble
from tests.contract.replicate_wishes import HUNYUAN, QWEN, SEEDREAM, TOKEN, fault, small, wish

READ = r"GET /v1/models/.*"


def published(**changes: Any) -> dict[str, Any]:
    """A model that no one curated, as `GET /v1/models/{owner}/{name}` tells it."""
    given = {
        "text": {"type": "string", "x-order": 0},
        "aspect_ratio": {"allOf": [{"$ref": "#/components/schemas/aspect_ratio"}]},
        "seed": {"type": "integer", "minimum": 0, "maximum": 1000},
        "num_outputs": {"type": "integer", "minimum": 1, "maximum": 4, "default": 2},
    }
    schemas = {
        "Input": {"type": "object", "required": ["text"], "properties": given},
        "Output": {"type": "array", "items": {"type": "string", "format": "uri"}},
        "aspect_ratio": {"type": "string", "enum": ["1:1", "16:9"]},
    }
    document = {
        "owner": "some-one",
        "name": "her-model",
        "description": "Paints",
        "is_official": False,
        "latest_version": {"id": "ab" * 32, "openapi_schema": {"components": {"schemas": schemas}}},
    }
    return document | changes


async def test_a_model_that_nobody_curated_is_read_listed_and_run(
    platform: ReplicateDouble, replicate: ReplicateEngine
) -> None:
    platform.publish(published())
    card = await replicate.find("replicate:Some-One/Her-Model")
    assert card is not None
    assert (card.id, card.found, card.price.known) == ("some-one/her-model", True, False)
    assert card.id in {listed.id for listed in replicate.models()}
    result = await replicate.run(wish(model=card.id, size=(1536, 864), seed=7), Watcher())
    (made,) = platform.predictions
    assert made.table["input"] == {
        "text": "a red mug",
        "aspect_ratio": "16:9",
        "seed": 7,
        "num_outputs": 1,
    }
    assert platform.count("POST", "/v1/predictions") == 1
    assert result.snapshot == f"some-one/her-model:{'ab' * 6}"
    assert not result.usage.exact
    assert platform.count("GET", "/v1/models/some-one/her-model") == 1


async def test_another_process_runs_a_found_model_by_its_name(platform: ReplicateDouble) -> None:
    """What one worker found may be asked of another, which has it in no list."""
    platform.publish(published())
    other = ReplicateEngine(TOKEN, platform.base_url)
    result = await other.run(wish(model="some-one/her-model"), Watcher())
    await other.close()
    assert result.pictures


async def test_a_model_of_no_pictures_is_refused_with_the_reason(
    platform: ReplicateDouble, replicate: ReplicateEngine
) -> None:
    document = published()
    schemas = document["latest_version"]["openapi_schema"]["components"]["schemas"]
    schemas["Output"] = {"type": "array", "items": {"type": "string"}, "title": "Text"}
    platform.publish(document)
    with pytest.raises(BadInput) as caught:
        await replicate.find("some-one/her-model")
    assert caught.value.message
    assert "some-one/her-model" not in {card.id for card in replicate.models()}


async def test_a_curated_model_follows_its_live_schema(
    platform: ReplicateDouble, replicate: ReplicateEngine
) -> None:
    """The schema of today may be narrower than the copy: what is gone is not sent."""
    document = copy.deepcopy(platform.models[SEEDREAM])
    schemas = document["latest_version"]["openapi_schema"]["components"]["schemas"]
    schemas["size"]["enum"] = ["2K"]
    for side in ("width", "height"):
        del schemas["Input"]["properties"][side]
    platform.publish(document)
    await replicate.run(wish(model=SEEDREAM, size=(4096, 4096)), Watcher())
    assert platform.predictions[0].table["input"]["size"] == "2K"
    assert "width" not in platform.predictions[0].table["input"]


async def test_the_schema_is_read_once_a_model(
    platform: ReplicateDouble, replicate: ReplicateEngine
) -> None:
    for _ in range(3):
        await replicate.run(wish(), Watcher())
    assert platform.count("GET", READ.removeprefix("GET ")) == 1


async def test_the_copy_stands_in_where_the_schema_can_not_be_read(
    platform: ReplicateDouble, replicate: ReplicateEngine
) -> None:
    platform.troubles.append(Trouble(READ, 503, times=3))
    assert (await replicate.run(wish(), Watcher())).pictures
    assert platform.count("GET", READ.removeprefix("GET ")) == 3


async def test_a_curated_model_that_is_gone_is_told(
    platform: ReplicateDouble, replicate: ReplicateEngine
) -> None:
    del platform.models[HUNYUAN]
    error = await fault(replicate, wish())
    assert error.kind is EngineFault.UNSUPPORTED


async def test_a_model_that_is_official_no_more_runs_by_its_version(
    platform: ReplicateDouble, replicate: ReplicateEngine
) -> None:
    document = copy.deepcopy(platform.models[QWEN])
    document["is_official"] = False
    document["latest_version"]["id"] = "cd" * 32
    platform.publish(document)
    result = await replicate.run(wish("edit", model=QWEN, images=(small(),)), Watcher())
    assert result.pictures
    assert len(platform.predictions) == 1


async def test_refreshing_reads_every_curated_model_and_then_rests(
    platform: ReplicateDouble, replicate: ReplicateEngine
) -> None:
    await replicate.refresh()
    await replicate.refresh()
    assert platform.count("GET", READ.removeprefix("GET ")) == len(CURATED)
    assert platform.creates == 0


async def test_refreshing_raises_nothing(
    platform: ReplicateDouble, replicate: ReplicateEngine
) -> None:
    platform.troubles.append(Trouble(READ, 401, times=1_000))
    await replicate.refresh()
    assert {card.usable for card in replicate.models()} == {True}


@pytest.mark.parametrize("card", CURATED, ids=lambda card: card.id)
async def test_curated_models_are_known_by_all_their_names(
    replicate: ReplicateEngine, platform: ReplicateDouble, card: Any
) -> None:
    found = await replicate.find(f"replicate:{card.id.upper()}")
    assert found is not None
    assert found.id == card.id
    assert platform.asked == []

"""A model that remembers: each version knows the conversation that it came from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import SecretStr

from tests.contract.openai_double import OpenAIDouble, serving
from tests.scenario.house import house

KEY = "sk-test-0123456789"


async def test_an_edit_goes_on_from_the_version_it_edits_and_from_no_other(tmp_path: Path) -> None:
    async with serving(OpenAIDouble(key=KEY)) as openai:
        settings: dict[str, Any] = {
            "openai_api_key": SecretStr(KEY),
            "openai_base_url": openai.base_url,
            "default_model": "gpt-4o",
        }
        async with house(tmp_path, fake=False, **settings) as built, built.working():
            thread = built.thread()
            first = await thread.done("a red mug on a walnut table")
            second = await thread.done("make the mug navy")
            await thread.done("edit v1: make the mug green")
            await thread.done("rotate 90")
            await thread.done("add a silver spoon beside it")
    made = [version.recipe.details["conversation"] for version in (first, second)]
    assert len(set(made)) == 2
    asked = [each for each in openai.asked if each.endpoint == "respond"]
    before = [each.params.get("previous_response_id") for each in asked]
    assert before == [None, made[0], made[0], None]
    assert [len(each.files) for each in asked] == [0, 0, 0, 1]

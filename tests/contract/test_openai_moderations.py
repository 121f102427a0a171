"""What the moderation endpoint is asked, and what becomes of its answers."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from PIL import Image

from core.engines.openai.moderations import MODEL, OpenAIModerations
from core.errors import EngineError, EngineFault
from tests.contract.openai_double import Behaviour, OpenAIDouble
from tests.contract.openai_moderating import pictures_in, words_in
from tests.contract.openai_wishes import KEY


def webp(colour: tuple[int, int, int]) -> bytes:
    packed = io.BytesIO()
    Image.new("RGB", (32, 24), colour).save(packed, "WEBP", lossless=True)
    return packed.getvalue()


MUG, UNSHOWABLE = webp((90, 120, 200)), webp((228, 40, 40))


@pytest.fixture
async def reader(api: OpenAIDouble) -> AsyncIterator[OpenAIModerations]:
    api.amiss = {"gore": "violence/graphic", "hatred": "hate"}
    built = OpenAIModerations(KEY, api.base_url, seconds=5)
    yield built
    await built.close()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("a red mug on a walnut table", ()),
        ("gore, close up", ("violence/graphic",)),
        ("gore and hatred", ("hate", "violence/graphic")),
    ],
)
async def test_words_are_read(
    api: OpenAIDouble, reader: OpenAIModerations, words: str, found: tuple[str, ...]
) -> None:
    assert tuple(sorted(await reader.read(words))) == found
    [asked] = api.asked
    assert asked.endpoint == "moderate"
    assert asked.params == {"model": MODEL, "input": [{"type": "text", "text": words}]}


async def test_each_picture_has_its_request_and_the_first_goes_with_the_words(
    api: OpenAIDouble, reader: OpenAIModerations
) -> None:
    assert await reader.read("as a watercolour", [MUG, UNSHOWABLE]) == ("sexual",)
    told = {words_in(asked): pictures_in(asked)[0] for asked in api.asked}
    assert {words: (picture.mime, picture.data) for words, picture in told.items()} == {
        "as a watercolour": ("image/webp", MUG),
        "": ("image/webp", UNSHOWABLE),
    }


async def test_several_harmless_pictures_pass(api: OpenAIDouble, reader: OpenAIModerations) -> None:
    assert await reader.read("as a watercolour", [MUG, MUG, MUG]) == ()
    assert len(api.asked) == 3


async def test_a_picture_without_words_is_looked_at(
    api: OpenAIDouble, reader: OpenAIModerations
) -> None:
    assert await reader.read("", [MUG]) == ()
    assert [part["type"] for part in api.asked[0].params["input"]] == ["image_url"]


async def test_what_one_answer_found_counts_where_another_did_not_come(
    api: OpenAIDouble, reader: OpenAIModerations
) -> None:
    api.amiss["table"] = "illicit"
    api.plan.append(Behaviour(hang_up="before"))
    read = reader.read("a table", [MUG, UNSHOWABLE])
    assert set(await read) & {"illicit", "sexual"}


@pytest.mark.parametrize(
    ("behaviour", "kind"),
    [
        (Behaviour(fail=(503, {"message": "overloaded"}, {})), EngineFault.TRANSIENT),
        (Behaviour(fail=(429, {"message": "slow down"}, {})), EngineFault.RATE_LIMITED),
        (Behaviour(fail=(404, {"message": "no such page"}, {})), EngineFault.UNSUPPORTED),
        (Behaviour(hang_up="before"), EngineFault.TRANSIENT),
        (Behaviour(raw=b"<html>"), EngineFault.TRANSIENT),
        (Behaviour(raw=b"[]"), EngineFault.TRANSIENT),
        (Behaviour(raw=b'{"results": []}'), EngineFault.TRANSIENT),
        (Behaviour(raw=b'{"results": [true]}'), EngineFault.TRANSIENT),
    ],
    ids=["503", "429", "404", "hang-up", "html", "list", "empty", "odd"],
)
async def test_no_answer_is_an_error_of_the_tree(
    api: OpenAIDouble, reader: OpenAIModerations, behaviour: Behaviour, kind: EngineFault
) -> None:
    api.plan.append(behaviour)
    with pytest.raises(EngineError) as caught:
        await reader.read("a red mug")
    assert caught.value.kind is kind
    assert len(api.asked) == 1


@pytest.mark.parametrize(
    ("result", "found"),
    [
        ({"flagged": True}, ("unnamed",)),
        ({"flagged": True, "categories": {"new/kind": True, "hate": False}}, ("new/kind",)),
        ({"flagged": True, "categories": "hate"}, ("unnamed",)),
        ({"flagged": False, "categories": {"hate": True}}, ()),
        ({}, ()),
    ],
    ids=["bare", "unheard-of", "odd", "not flagged", "nothing"],
)
async def test_answers_of_another_shape_are_read_by_their_flag(
    api: OpenAIDouble, reader: OpenAIModerations, result: dict[str, Any], found: tuple[str, ...]
) -> None:
    api.plan.append(Behaviour(raw=json.dumps({"results": [result]}).encode()))
    assert await reader.read("a red mug") == found


async def test_a_slow_answer_is_not_waited_for(api: OpenAIDouble) -> None:
    never = asyncio.Event()
    api.plan.append(Behaviour(gate=never))
    reader = OpenAIModerations(KEY, api.base_url, seconds=0.2)
    with pytest.raises(EngineError) as caught:
        await reader.read("a red mug")
    await reader.close()
    assert "no answer within 0.2 s" in caught.value.admin


async def test_a_wrong_key_is_told_to_the_log_and_not_shown(api: OpenAIDouble) -> None:
    reader = OpenAIModerations("sk-proj-Wrong_Key-123456", api.base_url)
    with pytest.raises(EngineError) as caught:
        await reader.read("a red mug")
    await reader.close()
    assert caught.value.kind is EngineFault.AUTH
    assert "Wrong_Key" not in repr((caught.value.admin, caught.value.message))

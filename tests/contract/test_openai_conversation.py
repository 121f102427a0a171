"""GPT-4o in a conversation: what is sent again, what is not, and how it ends without a picture."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from core.engines.openai.engine import OpenAIImages
from core.engines.port import ImageRequest, ImageResult, Operation
from core.errors import BadInput, EngineError, EngineFault, TooLarge
from tests.contract.openai_double import Asked, Behaviour, OpenAIDouble, draw
from tests.contract.openai_talk import SNAPSHOT
from tests.contract.openai_wishes import Watcher, failure, mask_png, wish

SUBJECT = draw((320, 200), False)
REFERENCE = draw((64, 64), True)
BLOCKED = {
    "code": "moderation_blocked",
    "message": "Your request was rejected by the safety system.",
    "type": "image_generation_user_error",
    "param": None,
    "moderation_details": {"categories": ["sexual", "self_harm"], "moderation_stage": "output"},
}


def told(operation: Operation = "generate", **changes: Any) -> ImageRequest:
    return wish(operation, model="gpt-4o", **changes)


async def begun(engine: OpenAIImages) -> ImageResult:
    return await engine.run(told(size=(1024, 1024)), Watcher())


def sent(asked: Asked) -> list[bytes]:
    return [upload.data for upload in asked.pictures]


async def test_a_first_picture_is_asked_of_the_tool_and_of_nothing_else(
    api: OpenAIDouble, engine: OpenAIImages
) -> None:
    result = await engine.run(told(quality="xhigh", size=(1536, 864), previews=2), Watcher())
    (asked,) = api.asked
    assert asked.params == {
        "model": "gpt-4o",
        "input": [{"role": "user", "content": [{"type": "input_text", "text": "a red mug"}]}],
        "tools": [
            {
                "type": "image_generation",
                "model": "gpt-image-2.6-sunburst",
                "action": "generate",
                "partial_images": 2,
                "output_format": "png",
                "size": "1536x864",
                "quality": "xhigh",
            }
        ],
        "tool_choice": {"type": "image_generation"},
        "parallel_tool_calls": False,
        "store": True,
        "stream": True,
        "safety_identifier": "9f2c",
    }
    assert (result.conversation, result.snapshot) == ("resp_1", SNAPSHOT)
    assert result.pictures[0].details == {"quality": "xhigh"}


async def test_the_picture_that_a_conversation_ended_with_is_not_sent_again(
    api: OpenAIDouble, engine: OpenAIImages
) -> None:
    first = await begun(engine)
    drawn = first.pictures[0].data
    request = told("edit", images=(drawn, REFERENCE), conversation=first.conversation)
    second = await engine.run(request, Watcher())
    asked = api.asked[-1]
    assert asked.params["previous_response_id"] == "resp_1"
    assert asked.look["action"] == "edit"
    assert sent(asked) == [REFERENCE]
    assert second.conversation == "resp_2"


async def test_a_mask_goes_along_with_the_picture_that_is_not_sent(
    api: OpenAIDouble, engine: OpenAIImages
) -> None:
    first = await begun(engine)
    mask = mask_png((1024, 1024))
    drawn = first.pictures[0].data
    request = told("inpaint", images=(drawn,), mask=mask, conversation=first.conversation)
    await engine.run(request, Watcher())
    assert api.asked[-1].mask is not None
    assert api.asked[-1].mask.data == mask
    assert sent(api.asked[-1]) == []


async def test_a_conversation_that_is_no_longer_known_is_begun_anew_with_the_picture(
    api: OpenAIDouble, engine: OpenAIImages
) -> None:
    request = told("edit", images=(SUBJECT, REFERENCE), conversation="resp_gone")
    result = await engine.run(request, Watcher())
    lost, anew = api.asked
    assert lost.params["previous_response_id"] == "resp_gone"
    assert "previous_response_id" not in anew.params
    assert sent(anew) == [SUBJECT, REFERENCE]
    assert (result.conversation, result.notes) == ("resp_1", ())


async def test_any_other_refusal_of_a_conversation_is_not_asked_again(
    api: OpenAIDouble, engine: OpenAIImages
) -> None:
    first = await begun(engine)
    api.plan.append(Behaviour(fail=(404, {"message": "no", "code": "model_not_found"}, {})))
    request = told("edit", images=(SUBJECT,), conversation=first.conversation)
    error = await failure(engine, request)
    assert error.code == "engine_unsupported"
    assert len(api.asked) == 2


async def test_refused_transparency_is_remembered_here_too(
    api: OpenAIDouble, engine: OpenAIImages
) -> None:
    api.transparent_2 = False
    results = [await engine.run(told(transparent=True), Watcher()) for _ in range(2)]
    asked = [asked.look["background"] for asked in api.asked]
    assert asked == ["transparent", "opaque", "opaque"]
    assert {result.notes for result in results} == {
        ("GPT-4o drew a background: it does no transparency here",)
    }


async def test_words_that_were_put_otherwise_are_shown(
    api: OpenAIDouble, engine: OpenAIImages
) -> None:
    api.plan.append(Behaviour(revised="A crimson  mug\non oak"))
    api.plan.append(Behaviour(revised="a red mug"))
    results = [await begun(engine) for _ in range(2)]
    assert [result.notes for result in results] == [
        ("Drawn from these words: “A crimson mug on oak”",),
        (),
    ]


async def test_words_instead_of_a_picture_are_told_in_short(
    api: OpenAIDouble, engine: OpenAIImages
) -> None:
    api.plan.append(
        Behaviour(words="Which mug?\n<@U1> *See* https://evil.example/x " + "la " * 300)
    )
    error = await failure(engine, told())
    assert isinstance(error, EngineError)
    assert (error.kind, error.may_have_billed) == (EngineFault.UNKNOWN, False)
    assert "answered in words instead of a picture: “Which mug? U1 See la la" in error.message
    assert len(error.message) < 280
    assert error.hint


async def test_a_model_that_declines_is_quoted(api: OpenAIDouble, engine: OpenAIImages) -> None:
    api.plan.append(Behaviour(refusal="I can't help with that."))
    error = await failure(engine, told())
    assert isinstance(error, EngineError)
    assert error.kind is EngineFault.MODERATION
    assert error.message == "GPT-4o declined: “I can't help with that.”"


async def test_a_response_that_the_filter_cut_short_is_moderation(
    api: OpenAIDouble, engine: OpenAIImages
) -> None:
    api.plan.append(Behaviour(cut_short="content_filter"))
    api.plan.append(Behaviour(cut_short="max_output_tokens"))
    errors = [await failure(engine, told()) for _ in range(2)]
    assert [error.code for error in errors] == ["engine_moderation", "engine_unknown"]


@pytest.mark.parametrize("place", ["event", "nested", "response", "item"])
@pytest.mark.parametrize("previews", [0, 2])
async def test_an_error_is_found_wherever_it_stands(
    api: OpenAIDouble, engine: OpenAIImages, place: str, previews: int
) -> None:
    api.plan.append(Behaviour(fail_in_stream=BLOCKED, fail_as=place))
    watcher = Watcher()
    with pytest.raises(EngineError) as caught:
        await engine.run(told(previews=previews), watcher)
    assert caught.value.kind is EngineFault.MODERATION
    assert "(sexual, self harm)" in caught.value.message
    assert len(watcher.previews) == previews
    assert caught.value.may_have_billed is bool(previews)


async def test_a_failed_response_is_the_providers_own_trouble(
    api: OpenAIDouble, engine: OpenAIImages
) -> None:
    failed = {"code": "server_error", "message": "The model failed to generate a response."}
    api.plan.append(Behaviour(fail_in_stream=failed, fail_as="response"))
    error = await failure(engine, told())
    assert error.code == "engine_transient"
    assert len(api.asked) == 1


@pytest.mark.parametrize(
    "nonsense",
    [
        Behaviour(raw=b"data: {not json}\n\n"),
        Behaviour(raw=b"data: [1, 2]\n\n"),
        Behaviour(raw=b""),
        Behaviour(raw=b'data: {"type": "response.completed"}\n\n'),
        Behaviour(raw=b'data: {"type": "response.completed", "response": 7}\n\n'),
        Behaviour(raw=b'data: {"type": "response.output_item.done", "item": {"type": '
                  b'"image_generation_call", "result": "%%%"}}\n\n'),
        Behaviour(raw=b'data: {"type": "response.output_item.done", "item": {"type": '
                  b'"image_generation_call", "result": 7}}\n\n'),
        Behaviour(raw=b"\x1f\x8b", raw_headers={"content-encoding": "gzip"}),
        Behaviour(picture=b"<svg>no picture</svg>"),
    ],
    ids=["json", "shape", "empty", "bare", "number", "base64", "type", "gzip", "picture"],
)  # fmt: skip
async def test_nonsense_in_a_conversation_becomes_a_kind_error(
    api: OpenAIDouble, engine: OpenAIImages, nonsense: Behaviour
) -> None:
    api.plan.append(nonsense)
    error = await failure(engine, told())
    assert isinstance(error, EngineError)
    assert error.may_have_billed
    assert error.hint


async def test_a_picture_that_came_before_the_end_is_kept(
    api: OpenAIDouble, engine: OpenAIImages
) -> None:
    api.plan.append(Behaviour(usage=False))
    result = await begun(engine)
    assert result.pictures[0].width == 1024
    assert not result.usage.exact
    assert result.usage.cost_usd > 0.2  # the listed price of the highest level that is listed


async def test_cancelling_a_conversation_hangs_up(api: OpenAIDouble, engine: OpenAIImages) -> None:
    api.plan.append(Behaviour(gate=asyncio.Event()))
    watcher = Watcher()
    running = asyncio.create_task(engine.run(told(previews=1), watcher))
    await watcher.until(1)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await api.until(lambda: api.disconnects == 1 and api.open_now == 0)


async def test_what_can_never_be_drawn_is_refused_before_anything_is_sent(
    api: OpenAIDouble, engine: OpenAIImages, monkeypatch: pytest.MonkeyPatch
) -> None:
    await engine.warm()
    monkeypatch.setattr("core.engines.openai.tool_call._MAX_BODY", 1_000)
    assert isinstance(await failure(engine, told(prompt=" ")), BadInput)
    assert isinstance(await failure(engine, told(prompt="x" * 32_001)), TooLarge)
    assert isinstance(await failure(engine, told("edit", images=(SUBJECT,) * 3)), TooLarge)
    wrong = told("inpaint", images=(SUBJECT,), mask=mask_png((64, 64)), conversation="resp_1")
    assert isinstance(await failure(engine, wrong), BadInput)
    assert api.asked == []


@pytest.mark.parametrize("name", ["gpt-4o", "4o", "gpt-4o-image"])
async def test_it_goes_by_several_names(api: OpenAIDouble, engine: OpenAIImages, name: str) -> None:
    await engine.run(wish(model=name), Watcher())
    assert api.asked[0].params["model"] == "gpt-4o"

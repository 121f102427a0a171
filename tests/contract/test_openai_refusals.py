"""How the engine ends when it is refused, left alone, cut off or told to stop."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from core.engines.openai.cards import OPENAI_CARDS
from core.engines.openai.engine import OpenAIImages, openai_engine
from core.errors import EngineError, EngineFault
from tests.contract.openai_double import Behaviour, OpenAIDouble
from tests.contract.openai_wishes import KEY, Watcher, drawn_together, failure, wish

MODERATED = {
    "message": "Your request was rejected by the safety system. If you believe this is an error, "
    "contact us at help.openai.com and include the request ID. safety_violations=[sexual].",
    "type": "image_generation_user_error",
    "param": None,
    "code": "moderation_blocked",
}
LIMITED = {
    "message": "Rate limit reached for gpt-image-2 on input-images per min: Limit 5, Used 5, "
    "Requested 1. Please try again in 12s.",
    "type": "input-images",
    "param": None,
    "code": "rate_limit_exceeded",
}


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, MODERATED, EngineFault.MODERATION),
        (429, LIMITED, EngineFault.RATE_LIMITED),
        (429, {"message": "quota", "code": "insufficient_quota"}, EngineFault.QUOTA),
        (403, {"message": "Your organization must be verified"}, EngineFault.AUTH),
        (404, {"message": "no model", "code": "model_not_found"}, EngineFault.UNSUPPORTED),
        (500, {"message": "oops", "type": "server_error"}, EngineFault.TRANSIENT),
        (503, {"message": "overloaded"}, EngineFault.TRANSIENT),
        (400, {"message": "Invalid size", "param": "size"}, EngineFault.BAD_REQUEST),
    ],
)
async def test_a_refusal_is_classified_and_never_repeated(
    api: OpenAIDouble, engine: OpenAIImages, status: int, body: dict[str, Any], kind: EngineFault
) -> None:
    api.plan.append(Behaviour(fail=(status, body, {})))
    error = await failure(engine, wish())
    assert isinstance(error, EngineError)
    assert error.kind is kind
    assert "req_test_1" in error.admin
    assert not error.may_have_billed
    assert len(api.asked) == 1


async def test_the_wait_that_a_header_names_wins(api: OpenAIDouble, engine: OpenAIImages) -> None:
    api.plan.append(Behaviour(fail=(429, LIMITED, {"retry-after-ms": "2500"})))
    api.plan.append(Behaviour(fail=(429, LIMITED, {"retry-after": "7"})))
    api.plan.append(Behaviour(fail=(429, LIMITED, {})))
    errors = [await failure(engine, wish()) for _ in range(3)]
    assert [getattr(error, "retry_after", None) for error in errors] == [2.5, 7.0, 12.0]


async def test_moderation_may_come_after_previews(api: OpenAIDouble, engine: OpenAIImages) -> None:
    api.plan.append(Behaviour(fail_in_stream=MODERATED))
    watcher = Watcher()
    with pytest.raises(EngineError) as caught:
        await engine.run(wish(previews=2), watcher)
    assert len(watcher.previews) == 2
    assert caught.value.kind is EngineFault.MODERATION
    assert "sexual" in caught.value.message


@pytest.mark.parametrize("when", ["before", "mid"])
async def test_a_lost_connection_may_have_been_billed_and_is_not_repeated(
    api: OpenAIDouble, engine: OpenAIImages, when: str
) -> None:
    api.plan.append(Behaviour(hang_up=when))
    error = await failure(engine, wish())
    assert isinstance(error, EngineError)
    assert (error.kind, error.may_have_billed) == (EngineFault.TRANSIENT, True)
    assert len(api.asked) == 1


async def test_a_server_that_is_away_was_not_paid() -> None:
    engine = openai_engine(KEY, "http://127.0.0.1:9/v1")
    error = await failure(engine, wish())
    await engine.close()
    assert isinstance(error, EngineError)
    assert (error.kind, error.may_have_billed) == (EngineFault.TRANSIENT, False)


@pytest.mark.parametrize("limits", [{"read_timeout": 0.2}, {"deadline": 0.2}])
async def test_silence_ends_and_may_have_been_billed(
    api: OpenAIDouble, limits: dict[str, Any]
) -> None:
    engine = OpenAIImages("openai", api.base_url, KEY, OPENAI_CARDS, **limits)
    await engine.warm()
    api.plan.append(Behaviour(gate=asyncio.Event()))
    error = await failure(engine, wish())
    await engine.close()
    assert isinstance(error, EngineError)
    assert (error.kind, error.may_have_billed) == (EngineFault.TRANSIENT, True)
    assert len(api.asked) == 1


@pytest.mark.parametrize("previews", [0, 2])
async def test_cancelling_hangs_up(api: OpenAIDouble, engine: OpenAIImages, previews: int) -> None:
    api.plan.append(Behaviour(gate=asyncio.Event()))
    watcher = Watcher()
    running = asyncio.create_task(engine.run(wish(previews=previews), watcher))
    await api.until(lambda: bool(api.asked))
    await watcher.until(previews)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await api.until(lambda: api.disconnects == 1 and api.open_now == 0)


async def test_cancelling_hangs_up_every_call_of_several(
    api: OpenAIDouble, engine: OpenAIImages
) -> None:
    api.plan.extend(Behaviour(gate=asyncio.Event()) for _ in range(3))
    running = asyncio.create_task(drawn_together(engine, wish(), wish(), wish()))
    await api.until(lambda: len(api.asked) == 3)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await api.until(lambda: api.disconnects == 3)


@pytest.mark.parametrize(
    "nonsense",
    [
        Behaviour(raw=b"data: {not json}\n\n"),
        Behaviour(raw=b"data: [1, 2]\n\n"),
        Behaviour(raw=b"\xff\xfe\n\n"),
        Behaviour(raw=b""),
        Behaviour(raw=b'data: {"type": "image_generation.completed"}\n\n'),
        Behaviour(raw=b'data: {"type": "image_generation.completed", "b64_json": "%%%"}\n\n'),
        Behaviour(raw=b'data: {"type": "image_generation.completed", "b64_json": 7}\n\n'),
        Behaviour(raw=b"\x1f\x8b", raw_headers={"content-encoding": "gzip"}),
        Behaviour(picture=b"<svg>no picture</svg>"),
    ],
    ids=["json", "shape", "utf8", "empty", "bare", "base64", "type", "gzip", "picture"],
)
async def test_nonsense_becomes_a_kind_error(
    api: OpenAIDouble, engine: OpenAIImages, nonsense: Behaviour
) -> None:
    api.plan.append(nonsense)
    error = await failure(engine, wish())
    assert isinstance(error, EngineError)
    assert error.may_have_billed
    assert error.hint


async def test_an_answer_without_end_is_cut_off(
    api: OpenAIDouble, engine: OpenAIImages, monkeypatch: pytest.MonkeyPatch
) -> None:
    await engine.warm()
    monkeypatch.setattr("core.engines.openai.wire.MAX_ANSWER_BYTES", 1_000_000)
    api.plan.append(Behaviour(raw=b": nothing\n" * 1000, raw_forever=True))
    error = await failure(engine, wish())
    assert isinstance(error, EngineError)
    assert error.kind is EngineFault.TRANSIENT
    await api.until(lambda: api.open_now == 0)


async def test_a_broken_preview_does_not_spoil_the_picture(
    api: OpenAIDouble, engine: OpenAIImages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.contract.openai_double.preview_picture", lambda index: b"no picture")
    watcher = Watcher()
    result = await engine.run(wish(previews=2), watcher)
    assert watcher.previews == []
    assert result.pictures[0].width == 1024


async def test_the_key_appears_in_no_error_and_no_repr(api: OpenAIDouble) -> None:
    secret = "sk-proj-Very_Secret-0987654321"
    engine = openai_engine(secret, api.base_url)
    error = await failure(engine, wish())
    await engine.close()
    told = f"{engine!r} {error!r} {error.message} {error.hint} {error.admin} {error.__cause__!r}"
    assert "Very_Secret" not in told
    assert error.__context__ is None
    assert isinstance(error, EngineError)
    assert error.kind is EngineFault.AUTH
    assert "[secret]" in error.admin


async def test_models_without_a_key_are_listed_but_not_usable() -> None:
    engine = openai_engine(None)
    assert {card.usable for card in engine.models()} == {False}
    assert "OPENAI_API_KEY" in engine.models()[0].missing
    error = await failure(engine, wish())
    assert isinstance(error, EngineError)
    assert error.kind is EngineFault.AUTH

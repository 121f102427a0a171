"""How the engine ends when a server refuses, breaks off, misleads, or is told to stop."""

from __future__ import annotations

import asyncio
import base64
import json
import re
from typing import Any

import pytest

from core.engines.compatible import wire
from core.engines.compatible.dialects import DIALECTS
from core.engines.compatible.engine import CompatibleEngine, compatible_engine
from core.engines.port import ImageRequest
from core.errors import BadInput, EngineError, EngineFault, TooLarge
from tests.contract.compatible_double import Behaviour, CompatibleDouble, serving
from tests.contract.compatible_wishes import (
    KEY,
    KINDS,
    Watcher,
    draw,
    failure,
    open_on_the_right,
    server_and_engine,
    subject,
    wish,
)


async def fault(engine: CompatibleEngine, request: ImageRequest | None = None) -> EngineError:
    error = await failure(engine, request or wish(engine))
    assert isinstance(error, EngineError)
    assert not error.may_have_billed
    assert error.message[0].isupper() or error.message.startswith(engine.models()[0].title)
    return error


UNPROCESSABLE = {"detail": [{"loc": ["body", "size"], "msg": "bad size", "type": "value_error"}]}


@pytest.mark.parametrize(
    ("status", "body", "kind", "told"),
    [
        (400, {"error": {"message": "no", "code": 400}}, EngineFault.BAD_REQUEST, "no"),
        (400, {"error": "prompt required"}, EngineFault.BAD_REQUEST, "prompt required"),
        (400, {"detail": "Invalid size format"}, EngineFault.BAD_REQUEST, "Invalid size"),
        (422, UNPROCESSABLE, EngineFault.BAD_REQUEST, "body.size: bad size"),
        (400, {"error": "loaded model does not support img_gen"}, EngineFault.UNSUPPORTED, ""),
        (500, {"error": {"message": "this is not an image model"}}, EngineFault.UNSUPPORTED, ""),
        (503, {"detail": "No diffusion stage found"}, EngineFault.UNSUPPORTED, ""),
        (400, {"detail": "Model mismatch: 'a' but 'b'."}, EngineFault.UNSUPPORTED, "mismatch"),
        (404, {"error": {"message": 'model "x" not found.'}}, EngineFault.UNSUPPORTED, "found"),
        (403, {"error": {"message": 'model "x" is disabled'}}, EngineFault.UNSUPPORTED, "x"),
        (404, {"detail": "Not Found"}, EngineFault.UNSUPPORTED, "Not Found"),
        (401, {"error": "who are you"}, EngineFault.AUTH, "who"),
        (403, "forbidden", EngineFault.AUTH, "forbidden"),
        (402, {"error": "pay"}, EngineFault.QUOTA, "pay"),
        (429, {"detail": "slow down"}, EngineFault.RATE_LIMITED, "slow down"),
        (500, {"error": "server_error", "message": "boom"}, EngineFault.TRANSIENT, "boom"),
        (500, {"detail": "CUDA out of memory."}, EngineFault.BAD_REQUEST, "memory"),
        (503, {"detail": "busy"}, EngineFault.TRANSIENT, "busy"),
        (502, "<html>Bad Gateway</html>", EngineFault.TRANSIENT, "Bad Gateway"),
        (400, {"detail": "flagged by the safety checker"}, EngineFault.MODERATION, "flagged"),
        (413, "", EngineFault.BAD_REQUEST, "413"),
        (418, {"detail": {"error": {"message": "teapot"}}}, EngineFault.BAD_REQUEST, "teapot"),
    ],
)
async def test_a_refusal_in_any_shape_is_classified_and_never_repeated(
    status: int, body: Any, kind: EngineFault, told: str
) -> None:
    async with server_and_engine("openai") as (double, engine):
        double.plan.append(Behaviour(fail=(status, body, {})))
        error = await fault(engine)
        assert error.kind is kind
        assert told in error.admin
        assert f"status {status}" in error.admin
        assert len(double.asked) == 1


async def test_the_wait_that_a_server_names_is_passed_on_where_waiting_helps() -> None:
    async with server_and_engine("vllm-omni") as (double, engine):
        for status in (429, 503, 400):
            double.plan.append(Behaviour(fail=(status, {"detail": "no"}, {"retry-after": "7"})))
        double.plan.append(Behaviour(fail=(429, {"detail": "no"}, {"retry-after": "nan"})))
        waits = [(await fault(engine)).retry_after for _ in range(4)]
        assert waits == [7.0, 7.0, None, None]


@pytest.mark.parametrize("when", ["before", "mid"])
async def test_a_lost_connection_can_be_tried_again_since_nothing_was_billed(when: str) -> None:
    async with server_and_engine("sd-cpp") as (double, engine):
        double.plan.append(Behaviour(hang_up=when))
        error = await fault(engine)
        assert error.kind is EngineFault.TRANSIENT
        assert len(double.asked) == 1
        await draw(engine)


async def test_a_server_that_went_away_is_said_to_be_out_of_reach() -> None:
    async with server_and_engine("openai") as (double, engine):
        pass
    lonely = compatible_engine(double.root, None, "openai")
    error = await failure(lonely, wish(engine))
    await lonely.close()
    assert isinstance(error, EngineError)
    assert error.kind is EngineFault.TRANSIENT
    assert "can't be reached" in error.message


async def test_a_picture_that_takes_too_long_is_given_up_and_the_server_is_told() -> None:
    async with serving(CompatibleDouble("openai")) as double:
        engine = CompatibleEngine(f"{double.root}/v1", "", DIALECTS["openai"], deadline=0.3)
        await engine.refresh()
        double.plan.append(Behaviour(gate=asyncio.Event()))
        error = await fault(engine)
        assert error.kind is EngineFault.TRANSIENT
        assert "too long" in error.message
        await double.until(lambda: double.disconnects == 1)
        await engine.close()


async def test_cancelling_closes_the_connection() -> None:
    async with server_and_engine("localai") as (double, engine):
        double.plan.append(Behaviour(gate=asyncio.Event()))
        watcher = Watcher()
        running = asyncio.create_task(engine.run(wish(engine), watcher))
        await double.until(lambda: len(double.asked) == 1)
        assert watcher.stages == ["drawing"]
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        await double.until(lambda: double.disconnects == 1)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b"null",
        b'{"data": []}',
        b'{"data": [null]}',
        b'{"data": [{}]}',
        b'{"data": [{"b64_json": 7, "url": null}]}',
        b'{"data": [{"b64_json": "@@@"}]}',
        b'{"data": [{"b64_json": "aGVsbG8="}]}',
        b'{"data": [{"url": "data:image/png,plain"}]}',
        b'{"data": [{"url": "data:image/png;base64,aGVsbG8="}]}',
        b'{"error": {"message": "it failed after all"}}',
        b"[" * 200_000,
        b"\xff\xfe",
    ],
)
async def test_an_answer_without_a_picture_is_said_to_be_one(body: bytes) -> None:
    async with server_and_engine("openai") as (double, engine):
        double.plan.append(Behaviour(body=body))
        error = await fault(engine)
        assert error.kind is EngineFault.UNKNOWN
        assert re.search(r"a picture that can('t)? be read", error.message)


async def test_an_endless_answer_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "MAX_ANSWER_BYTES", 300_000)
    async with server_and_engine("openai") as (double, engine):
        double.plan.append(Behaviour(body=b" " * 50_000, forever=True))
        error = await fault(engine)
        assert error.kind is EngineFault.UNKNOWN
        assert "past 300,000 bytes" in error.admin
        await double.until(lambda: double.disconnects == 1)


async def test_a_compressed_answer_is_refused_since_it_could_grow_past_any_bound() -> None:
    async with server_and_engine("openai") as (double, engine):
        double.plan.append(Behaviour(body=b"\x1f\x8b", headers={"content-encoding": "gzip"}))
        assert "a compression that was not asked for" in (await fault(engine)).admin
        assert double.asked[0].headers["accept-encoding"] == "identity"


@pytest.mark.parametrize("kind", ["sglang", "localai"])
async def test_a_link_to_the_server_itself_is_fetched_with_the_key(kind: str) -> None:
    async with server_and_engine(kind, key=KEY) as (double, engine):
        double.links = True
        result = await draw(engine)
        assert result.pictures[0].width == 512
        (headers,) = double.kept_reads
        assert headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize("form", ["{root}{path}", "{path}", "//{host}{path}", "data:"])
async def test_a_picture_is_taken_in_every_form_that_servers_give(form: str) -> None:
    async with server_and_engine("openai") as (double, engine):
        double.kept["/out/1.png"] = subject()
        url = form.format(root=double.root, path="/out/1.png", host=double.root[7:])
        if form == "data:":
            url = "data:image/png;base64," + base64.b64encode(subject()).decode()
        double.plan.append(Behaviour(item={"url": url}))
        result = await draw(engine)
        assert result.pictures[0].data == subject()


@pytest.mark.parametrize("form", ["{other}/v1/images/0/content", "//{host}/x.png", "file:///x"])
async def test_a_link_to_another_host_is_never_followed(form: str) -> None:
    async with (
        server_and_engine("openai", key=KEY) as (double, engine),
        serving(CompatibleDouble("openai")) as stranger,
    ):
        other = stranger.root.replace("127.0.0.1", "localhost")
        stranger.kept["/v1/images/0/content"] = stranger.kept["/x.png"] = subject()
        url = form.format(other=other, host=other[7:])
        double.plan.append(Behaviour(item={"url": url}))
        error = await fault(engine)
        assert error.kind is EngineFault.UNKNOWN
        assert "another server" in error.message
        assert stranger.kept_reads == []


async def test_a_link_that_has_gone_is_an_answer_without_a_picture() -> None:
    async with server_and_engine("openai") as (double, engine):
        double.plan.append(Behaviour(item={"url": "/v1/images/9/content"}))
        error = await fault(engine)
        assert error.kind is EngineFault.UNKNOWN
        assert "404" in error.admin


async def test_a_heavy_picture_behind_a_link_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "MAX_PICTURE_BYTES", 100)
    async with server_and_engine("sglang") as (double, engine):
        double.links = True
        assert "past 100 bytes" in (await fault(engine)).admin


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_redirect_is_never_followed(status: int) -> None:
    async with (
        server_and_engine("openai", key=KEY) as (double, engine),
        serving(CompatibleDouble("openai")) as stranger,
    ):
        place = {"location": f"{stranger.root}/v1/images/generations"}
        double.plan.append(Behaviour(fail=(status, {}, place)))
        error = await fault(engine)
        assert error.kind is EngineFault.UNKNOWN
        assert stranger.asked == []


async def test_the_key_is_sent_and_shown_nowhere_else() -> None:
    async with serving(CompatibleDouble("vllm-omni", key=f"{KEY}-other")) as double:
        engine = compatible_engine(double.root, KEY, "vllm-omni")
        request = ImageRequest(model="compatible:x", operation="generate", key="k", prompt="a mug")
        error = await failure(engine, request)
        assert isinstance(error, EngineError)
        assert error.kind is EngineFault.AUTH
        assert "Invalid API key: [secret]" in error.admin
        health = await engine.check()
        shown = json.dumps([repr(engine), str(error), error.hint, health.model_dump()])
        assert KEY not in shown
        assert health.state == "bad"
        assert "EASEL_COMPATIBLE_KEY" in health.remedy
        await engine.close()


@pytest.mark.parametrize("kind", KINDS)
async def test_what_no_server_could_do_is_refused_before_anything_is_sent(kind: str) -> None:
    async with server_and_engine(kind) as (double, engine):
        other = wish(engine, "edit", images=(subject(),), mask=open_on_the_right((64, 64)))
        if kind != "sglang":
            assert isinstance(await failure(engine, other), BadInput)
        assert isinstance(await failure(engine, wish(engine, prompt="  ")), BadInput)
        assert isinstance(await failure(engine, wish(engine, prompt="x" * 8_001)), TooLarge)
        assert isinstance(await failure(engine, wish(engine, "edit", images=(b"no",))), BadInput)
        upscale = await failure(engine, wish(engine, "upscale", images=(subject(),)))
        assert isinstance(upscale, EngineError)
        assert upscale.kind is EngineFault.UNSUPPORTED
        assert double.asked == []


async def test_settings_for_the_server_cannot_be_smuggled_in_with_the_words() -> None:
    async with server_and_engine("sd-cpp") as (double, engine):
        inner = "<sd_cpp_extra_args>"
        sly = f'a mug {inner}{{"width":9999}}</sd_cpp_extra_args> <SD_<sd_cpp_extra_args>cpp_extra'
        await draw(engine, prompt=sly, seed=5)
        (drawing,) = double.drawings
        assert drawing.seed == 5
        assert "a mug" in drawing.prompt
        assert "9999" in drawing.prompt


async def test_words_behind_a_bar_are_not_lost_and_the_change_is_said() -> None:
    async with server_and_engine("localai") as (double, engine):
        result = await draw(engine, prompt="a sign that says Open | Closed")
        assert double.drawings[0].prompt == "a sign that says Open / Closed"
        assert any("“|”" in note for note in result.notes)


async def test_wishes_that_a_server_cannot_meet_are_said() -> None:
    async with server_and_engine("openai") as (double, engine):
        images = (subject(),) * 5
        result = await draw(engine, "edit", images=images, seed=3, quality="high", transparent=True)
        for word in ("seed", "quality", "transparency", "4 pictures"):
            assert [note for note in result.notes if word in note], word
        assert len(double.drawings[0].pictures) == 4
        assert result.pictures[0].seed is None


async def test_an_area_that_a_server_would_pass_over_is_not_sent_and_that_is_said() -> None:
    async with server_and_engine("sglang") as (double, engine):
        result = await draw(engine, "edit", images=(subject(),), mask=open_on_the_right())
        assert [part[0] for part in double.asked[0].files] == ["image"]
        assert any("painted area" in note for note in result.notes)


async def test_painting_an_area_at_localai_takes_one_picture_and_no_seed() -> None:
    async with server_and_engine("localai") as (double, engine):
        images = (subject(), subject((64, 64)))
        result = await draw(engine, "inpaint", images=images, mask=open_on_the_right(), seed=4)
        assert set(double.asked[0].fields) == {"model", "prompt"}
        assert result.pictures[0].seed is None
        assert any("seed" in note for note in result.notes)
        assert any("others were not used" in note for note in result.notes)


async def test_a_variation_needs_no_words() -> None:
    async with server_and_engine("vllm-omni") as (double, engine):
        await draw(engine, "vary", images=(subject(),), prompt="")
        assert "Another take" in double.drawings[0].prompt


async def test_a_proxy_of_the_environment_does_not_stand_between_us_and_this_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    async with server_and_engine("openai") as (_, engine):
        await draw(engine)

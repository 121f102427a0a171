"""How the Replicate engine ends when it is refused, failed, cut off or misled."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import httpx
import pytest

from core.engines.replicate.engine import ReplicateEngine, replicate_engine
from core.engines.replicate.errors import CallFailed
from core.engines.replicate.files import Fetcher
from core.engines.replicate.predictions import Patience
from core.errors import BadInput, EngineFault, NotFound, TooLarge
from tests.contract.openai_wishes import Watcher
from tests.contract.replicate_double import Behaviour, ReplicateDouble, Trouble
from tests.contract.replicate_wishes import (
    HUNYUAN,
    QWEN,
    TOKEN,
    Notebook,
    big,
    failure,
    fault,
    small,
    wish,
)

CREATE = r"POST /v1/(models/.*/)?predictions"
LOOK = r"GET /v1/predictions/\w+"
STOPPED = {"status": "canceled", "output": None}
THROTTLED = {"detail": "Request was throttled. Your rate limit resets in ~30s.", "status": 429}


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (401, {"title": "Unauthenticated", "detail": "bad token"}, EngineFault.AUTH),
        (403, {"detail": "You do not have permission"}, EngineFault.AUTH),
        (402, {"title": "Insufficient credit", "detail": "Buy credit"}, EngineFault.QUOTA),
        (404, {"detail": "The requested resource could not be found."}, EngineFault.UNSUPPORTED),
        (422, {"title": "Input validation failed", "detail": "-"}, EngineFault.BAD_REQUEST),
        (429, THROTTLED, EngineFault.RATE_LIMITED),
        (500, {"detail": "Internal server error"}, EngineFault.TRANSIENT),
        (503, {}, EngineFault.TRANSIENT),
    ],
)
async def test_a_refusal_is_classified_never_repeated_and_forgotten(
    platform: ReplicateDouble,
    replicate: ReplicateEngine,
    status: int,
    body: dict[str, Any],
    kind: EngineFault,
) -> None:
    platform.troubles.append(Trouble(CREATE, status, body))
    notes = Notebook()
    error = await fault(replicate, wish(), notes)
    assert error.kind is kind
    assert error.hint
    assert not error.may_have_billed
    assert platform.creates == 1
    assert notes.note is None


async def test_the_wait_is_read_from_the_header_or_from_the_words(
    platform: ReplicateDouble, replicate: ReplicateEngine
) -> None:
    soon = {"detail": "Request was throttled. Expected available in 1 second."}
    platform.troubles.extend(
        [
            Trouble(CREATE, 429, THROTTLED, {"retry-after": "7"}),
            Trouble(CREATE, 429, THROTTLED),
            Trouble(CREATE, 429, soon),
            Trouble(CREATE, 429, {"detail": "slow down"}),
        ]
    )
    errors = [await fault(replicate, wish()) for _ in range(4)]
    assert [error.retry_after for error in errors] == [7.0, 30.0, 1.0, None]
    assert platform.predictions == []


async def test_an_input_that_the_live_schema_refuses_is_named(
    platform: ReplicateDouble, replicate: ReplicateEngine
) -> None:
    """The schema changes between our reading and our call; the next run reads it again."""
    await replicate.run(wish(), Watcher())
    document = platform.models[HUNYUAN]
    schemas = document["latest_version"]["openapi_schema"]["components"]["schemas"]
    schemas["Input"]["properties"]["prompt"]["maxLength"] = 3
    error = await fault(replicate, wish())
    assert error.kind is EngineFault.BAD_REQUEST
    assert "“prompt”" in error.message
    assert isinstance(await failure(replicate, wish()), TooLarge)
    assert len(platform.predictions) == 1


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("NSFW content detected. Try running it again, or try a different prompt.", "moderation"),
        ("The input or output was flagged as sensitive. Please try again. (E005)", "moderation"),
        ("the output image may contain sensitive information", "moderation"),
        ("CUDA out of memory. Tried to allocate 20.00 GiB", "bad_request"),
        ("Ran out of memory (E1001)", "bad_request"),
        ("Service is currently unavailable due to high demand (E003)", "transient"),
        ("Prediction interrupted; please retry (code: PA)", "transient"),
        ("Invalid input: image is broken (E006)", "bad_request"),
        ("'NoneType' object is not subscriptable", "unknown"),
    ],
)
async def test_a_failed_prediction_is_classified_by_its_words(
    platform: ReplicateDouble, replicate: ReplicateEngine, text: str, kind: str
) -> None:
    platform.plan.append(Behaviour(error=text))
    notes = Notebook()
    error = await fault(replicate, wish(), notes)
    assert error.kind == kind
    assert text in error.admin
    assert text not in error.message
    assert notes.note is None


async def test_a_refused_picture_says_to_try_differently(
    platform: ReplicateDouble, replicate: ReplicateEngine
) -> None:
    platform.plan.append(Behaviour(error="NSFW content detected."))
    error = await fault(replicate, wish())
    assert "Try it differently" in error.hint


@pytest.mark.parametrize(
    ("changes", "kind", "billed"),
    [
        ({"status": "canceled", "output": None}, EngineFault.TRANSIENT, True),
        ({"status": "aborted", "output": None}, EngineFault.TRANSIENT, False),
        ({"status": "exploded", "output": None}, EngineFault.UNKNOWN, False),
        ({"output": []}, EngineFault.UNKNOWN, False),
        ({"output": {"text": "a poem"}}, EngineFault.UNKNOWN, False),
        ({"output": None, "input": {}, "data_removed": True}, EngineFault.UNKNOWN, True),
    ],
)
async def test_an_end_without_a_picture_is_an_error(
    platform: ReplicateDouble,
    replicate: ReplicateEngine,
    changes: dict[str, Any],
    kind: EngineFault,
    billed: bool,
) -> None:
    platform.plan.append(Behaviour(changes=changes))
    notes = Notebook()
    error = await fault(replicate, wish(), notes)
    assert (error.kind, error.may_have_billed) == (kind, billed)
    assert notes.note is None


@pytest.mark.parametrize(
    ("how", "kind", "spent", "billed"),
    [
        (Behaviour(error="NSFW content detected."), "moderation", 2.5 * 0.0014, False),
        (Behaviour(error="CUDA out of memory"), "bad_request", 2.5 * 0.0014, False),
        (Behaviour(error="no GPU (E003)", metrics={}), "transient", 0.0, False),
        (Behaviour(changes=dict(STOPPED)), "unknown", 2.5 * 0.0014, False),
        (Behaviour(changes=dict(STOPPED), metrics={}), "transient", 0.0, True),
        (Behaviour(changes=STOPPED | {"status": "aborted"}), "transient", 0.0, False),
    ],
)
async def test_time_that_was_billed_in_vain_is_told(
    platform: ReplicateDouble,
    replicate: ReplicateEngine,
    how: Behaviour,
    kind: str,
    spent: float,
    billed: bool,
) -> None:
    """Clarity Upscaler is billed by the second; what cost something is not tried again alone."""
    platform.plan.append(how)
    request = wish("upscale", model="philz1337x/clarity-upscaler", images=(small(),), scale=2)
    error = await fault(replicate, request, Notebook())
    assert error.kind == kind
    assert error.spent_usd == pytest.approx(spent)
    assert error.may_have_billed is billed


async def test_a_failure_costs_nothing_where_pictures_are_billed(
    platform: ReplicateDouble, replicate: ReplicateEngine
) -> None:
    platform.plan.append(Behaviour(error="NSFW content detected."))
    error = await fault(replicate, wish(), Notebook())
    assert (error.spent_usd, error.may_have_billed) == (0.0, False)


async def test_every_shape_of_output_is_understood(
    platform: ReplicateDouble, replicate: ReplicateEngine
) -> None:
    url = platform.delivery.put(small())
    for output in (url, [url], {"url": url}, [{"url": url}], {"image": url, "seed": 3}):
        platform.plan.append(Behaviour(output=output))
        result = await replicate.run(wish(), Watcher())
        assert [picture.width for picture in result.pictures] == [96]


async def test_all_pictures_are_kept_when_a_model_gives_more(
    platform: ReplicateDouble, replicate: ReplicateEngine
) -> None:
    platform.plan.append(Behaviour(pictures=[small(), small()]))
    assert len((await replicate.run(wish(), Watcher())).pictures) == 2


async def test_an_expired_output_came_too_late(
    platform: ReplicateDouble, replicate: ReplicateEngine
) -> None:
    platform.delivery.expired = True
    notes = Notebook()
    error = await fault(replicate, wish(), notes)
    assert (error.kind, error.may_have_billed) == (EngineFault.UNKNOWN, True)
    assert "too late" in error.message
    assert notes.note is None


async def test_a_delivery_that_stumbles_is_asked_again(
    platform: ReplicateDouble, replicate: ReplicateEngine
) -> None:
    platform.delivery.fail = 1
    assert (await replicate.run(wish(), Watcher())).pictures
    assert len(platform.delivery.fetched) == 2


async def test_a_redirect_to_another_host_is_refused(
    platform: ReplicateDouble, replicate: ReplicateEngine
) -> None:
    platform.delivery.redirect = f"{platform.base_url}/v1/account"
    error = await fault(replicate, wish())
    assert error.kind is EngineFault.UNKNOWN
    assert platform.count("GET", r"/v1/account") == 0


async def test_a_redirect_within_the_host_is_followed(
    platform: ReplicateDouble, replicate: ReplicateEngine
) -> None:
    platform.delivery.redirect = platform.delivery.put(small()).removeprefix(
        platform.delivery.base_url
    )
    result = await replicate.run(wish(), Watcher())
    assert result.pictures[0].width == 96


async def test_an_output_without_end_is_cut_off(
    platform: ReplicateDouble, replicate: ReplicateEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.engines.replicate.files.MAX_PICTURE_BYTES", 1_000_000)
    platform.delivery.endless = True
    error = await fault(replicate, wish())
    assert error.kind is EngineFault.UNKNOWN
    assert platform.delivery.sent < 20_000_000


async def test_what_is_no_picture_is_an_error(
    platform: ReplicateDouble, replicate: ReplicateEngine
) -> None:
    platform.plan.append(Behaviour(pictures=[b"<svg>no picture</svg>"]))
    error = await fault(replicate, wish())
    assert (error.kind, error.may_have_billed) == (EngineFault.UNKNOWN, True)


async def test_an_input_that_is_no_picture_never_leaves(
    platform: ReplicateDouble, replicate: ReplicateEngine
) -> None:
    request = wish("edit", model=QWEN, images=(b"not a picture",))
    assert isinstance(await failure(replicate, request), BadInput)
    assert platform.predictions == []


@pytest.mark.parametrize(
    "url",
    [
        "http://delivery.example/out.png",
        "https://user:secret@delivery.example/out.png",
        "https://127.0.0.1/out.png",
        "https://localhost/out.png",
        "https://[::1]/out.png",
        "https://10.1.2.3/out.png",
        "https://169.254.169.254/latest/meta-data",
        "https://[::ffff:192.168.0.1]/out.png",
        "https://100.64.0.1/out.png",
        "data:image/png;base64,%%%",
        "data:image/png,plain",
    ],
)
async def test_outputs_are_fetched_from_public_addresses_only(url: str) -> None:
    fetcher = Fetcher(local=False)
    with pytest.raises(CallFailed) as caught:
        await fetcher.fetch(url)
    await fetcher.close()
    assert "was not fetched" in caught.value.fault.message


async def test_a_name_that_leads_inside_is_not_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    async def inside(*_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", 443)),
                (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.168.1.1", 443))]  # fmt: skip

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", inside)
    fetcher = Fetcher(local=False)
    with pytest.raises(CallFailed) as caught:
        await fetcher.fetch("https://replicate.delivery/out.png")
    await fetcher.close()
    assert "not public" in caught.value.fault.message


async def test_the_address_that_was_looked_at_is_the_one_that_is_connected_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A name could lead elsewhere the next time; certificates are still checked by the name."""
    seen: list[httpx.Request] = []

    async def outside(*_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", 443))]

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, content=small())

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", outside)
    fetcher = Fetcher(local=False, transport=httpx.MockTransport(answer))
    assert await fetcher.fetch("https://replicate.delivery/out.png?x=1") == small()
    await fetcher.close()
    (request,) = seen
    assert str(request.url) == "https://8.8.8.8/out.png?x=1"
    assert request.headers["host"] == "replicate.delivery"
    assert request.extensions["sni_hostname"] == "replicate.delivery"


async def test_looks_that_fail_for_a_while_do_not_lose_the_picture(
    platform: ReplicateDouble,
) -> None:
    patience = Patience(wait=1, first=0.02, longest=0.05, lost=30.0)
    engine = ReplicateEngine(TOKEN, platform.base_url, patience=patience)
    gate = asyncio.Event()
    platform.plan.append(Behaviour(gate=gate))
    platform.troubles.append(Trouble(LOOK, 503, times=4))
    running = asyncio.create_task(engine.run(wish(), Watcher()))
    await platform.until(lambda: platform.troubles[0].times == 0)
    gate.set()
    assert (await running).pictures
    await engine.close()


async def test_looks_that_fail_for_good_keep_the_note(
    platform: ReplicateDouble, replicate: ReplicateEngine
) -> None:
    gate = asyncio.Event()
    platform.plan.append(Behaviour(gate=gate))
    platform.troubles.append(Trouble(LOOK, hang_up=True, times=1_000))
    notes = Notebook()
    error = await fault(replicate, wish(), notes)
    assert (error.kind, error.may_have_billed) == (EngineFault.TRANSIENT, True)
    platform.troubles.clear()
    gate.set()
    assert (await replicate.run(wish(), Watcher(), notes)).pictures
    assert len(platform.predictions) == 1


async def test_a_prediction_without_end_is_stopped(platform: ReplicateDouble) -> None:
    patience = Patience(wait=1, deadline=5, grace=-4.5, first=0.02)
    engine = ReplicateEngine(TOKEN, platform.base_url, patience=patience)
    platform.plan.append(Behaviour(gate=asyncio.Event()))
    error = await fault(engine, wish())
    await engine.close()
    assert (error.kind, error.may_have_billed) == (EngineFault.TRANSIENT, True)
    assert platform.predictions[0].status == "canceled"


async def test_a_file_that_can_not_be_laid_down_was_not_paid(
    platform: ReplicateDouble, replicate: ReplicateEngine
) -> None:
    platform.troubles.append(Trouble(r"POST /v1/files", hang_up=True, times=9))
    error = await fault(replicate, wish("edit", model=QWEN, images=(big(),)), Notebook())
    assert (error.kind, error.may_have_billed) == (EngineFault.TRANSIENT, False)
    assert platform.creates == 0


async def test_replicate_that_is_away_was_not_paid() -> None:
    engine = replicate_engine(TOKEN, "http://127.0.0.1:9")
    error = await fault(engine, wish())
    health = await engine.check()
    await engine.close()
    assert (error.kind, error.may_have_billed) == (EngineFault.TRANSIENT, False)
    assert health.state == "bad"


async def test_the_token_appears_in_no_error_and_no_repr(platform: ReplicateDouble) -> None:
    secret = "verysecrettoken0987654321"
    platform.troubles.append(Trouble(r"GET .*", 401, {"detail": f"Token {secret} is bad"}, times=9))
    engine = replicate_engine(secret, platform.base_url)
    error = await fault(engine, wish())
    health = await engine.check()
    await engine.close()
    told = f"{engine!r} {error!r} {error.message} {error.hint} {error.admin} {health!r}"
    assert secret not in told
    assert "[secret]" in error.admin
    assert error.__context__ is None
    assert error.kind is EngineFault.AUTH
    assert (health.state, bool(health.remedy)) == ("bad", True)


async def test_without_a_token_a_full_name_says_what_is_missing() -> None:
    engine = replicate_engine(None)
    with pytest.raises(BadInput, match="not set up here") as refused:
        await engine.find("replicate:who/what")
    assert "REPLICATE_API_TOKEN" in refused.value.hint
    assert await engine.find("who/what") is None
    await engine.close()


async def test_models_without_a_token_are_listed_but_not_usable() -> None:
    engine = replicate_engine(None)
    assert {card.usable for card in engine.models()} == {False}
    assert "REPLICATE_API_TOKEN" in engine.models()[0].missing
    assert (await engine.check()).state == "off"
    assert (await fault(engine, wish())).kind is EngineFault.AUTH
    await engine.refresh()
    await engine.close()


async def test_health_names_the_account(
    platform: ReplicateDouble, replicate: ReplicateEngine
) -> None:
    health = await replicate.check()
    assert (health.state, health.words) == ("ok", "account easel-tests")
    assert platform.creates == 0


async def test_a_model_that_nobody_knows_is_not_found(
    platform: ReplicateDouble, replicate: ReplicateEngine
) -> None:
    with pytest.raises(NotFound):
        await replicate.find("replicate:no/body")
    with pytest.raises(BadInput):
        await replicate.find("replicate:not a name")
    assert await replicate.find("no/body") is None
    assert await replicate.find("plain-name") is None

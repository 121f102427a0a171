"""What becomes of a call to Slack: carried out once, refused, or to be tried later."""

from __future__ import annotations

import json
import logging
import socket

import pytest
import structlog

from adapters.slack.api import Apis
from adapters.slack.identity import NotInstalled
from adapters.slack.refusals import SlackLater, SlackRefusal
from tests.unit.slack.slack_stand import TOKEN, OneTeam, calling, drops, gives, says, slack_stand

QUIET = {"unfurl_links": "false", "unfurl_media": "false"}
"""No preview of an address that people wrote is shown under our name."""


async def test_arguments_travel_as_every_method_takes_them() -> None:
    async with calling() as (stand, api):
        stand.will("chat.postMessage", says(ok=True, ts="1.2"))
        answer = await api.call(
            "chat.postMessage",
            channel="C1",
            text="café & <tea>",
            blocks=[{"type": "divider"}],
            thread_ts=None,
        )
        assert answer == {"ok": True, "ts": "1.2"}
        asked = stand.asked[0]
        assert asked.headers["Authorization"] == f"Bearer {TOKEN}"
        assert json.loads(asked.form.pop("blocks")) == [{"type": "divider"}]
        assert asked.form == {"channel": "C1", "text": "café & <tea>"} | QUIET


@pytest.mark.parametrize(
    ("error", "lasting", "words"),
    [
        ("not_in_channel", True, "/invite @Easel"),
        ("channel_not_found", True, "/invite @Easel"),
        ("is_archived", True, "archive"),
        ("token_revoked", True, "install me again"),
        ("account_inactive", True, "install me again"),
        ("restricted_action", True, "admin"),
        ("invalid_blocks", False, "admin"),
        ("message_not_found", False, "Write a new one"),
        ("file_not_found", False, "Send it again"),
        ("something_new", False, "Try again"),
    ],
)
async def test_a_refusal_says_what_to_do_and_whether_it_stays(
    error: str, lasting: bool, words: str
) -> None:
    async with calling() as (stand, api):
        stand.will("chat.postMessage", says(ok=False, error=error))
        with pytest.raises(SlackRefusal) as refused:
            await api.call("chat.postMessage", channel="C1", text="hello")
        assert (refused.value.slack_error, refused.value.lasting) == (error, lasting)
        assert refused.value.method == "chat.postMessage"
        assert words in refused.value.hint
        assert error not in refused.value.message + refused.value.hint
        assert error in refused.value.admin
        assert len(stand.asked) == 1


async def test_a_missing_scope_is_named() -> None:
    async with calling() as (stand, api):
        stand.will(
            "reactions.add",
            says(ok=False, error="missing_scope", needed="reactions:write", provided="chat:write"),
        )
        with pytest.raises(SlackRefusal) as refused:
            await api.call("reactions.add", channel="C1", name="eyes", timestamp="1.2")
        assert refused.value.needed == "reactions:write"
        assert "reactions:write" in refused.value.message
        assert "provided chat:write" in refused.value.admin


async def test_what_is_wrong_with_blocks_is_for_the_operator() -> None:
    async with calling() as (stand, api):
        told = {"messages": ["[ERROR] must be less than 3001 characters [json-pointer:/blocks/0]"]}
        stand.will("chat.update", says(ok=False, error="invalid_blocks", response_metadata=told))
        with pytest.raises(SlackRefusal) as refused:
            await api.call("chat.update", channel="C1", ts="1.2")
        assert "/blocks/0" in refused.value.admin
        assert "/blocks/0" not in str(refused.value)


async def test_a_post_whose_answer_is_lost_is_not_repeated() -> None:
    async with calling() as (stand, api):
        stand.will("chat.postMessage", drops)
        with pytest.raises(SlackLater) as later:
            await api.call("chat.postMessage", channel="C1", text="hello")
        assert later.value.uncertain
        assert stand.names == ["chat.postMessage"]


@pytest.mark.parametrize(
    "answer",
    [
        says(500, ok=False),
        gives(b"<html>Bad gateway</html>", "text/html", 502),
        gives(b"upstream reset", "text/plain", 503),
        gives(b"all is well", "text/plain"),
        gives(b"{not json", "application/json"),
        gives(b"[1, 2]", "application/json"),
        says(ok=False, error="fatal_error"),
        says(ok=False, error="internal_error"),
    ],
)
async def test_what_may_have_been_done_is_said_to_be_uncertain(answer: object) -> None:
    async with calling() as (stand, api):
        stand.will("chat.postMessage", answer)  # type: ignore[arg-type]
        with pytest.raises(SlackLater) as later:
            await api.call("chat.postMessage", channel="C1", text="hello")
        assert later.value.uncertain
        assert len(stand.asked) == 1


async def test_what_only_asks_is_asked_again() -> None:
    async with calling() as (stand, api):
        stand.will("files.info", drops, says(503, ok=False), says(ok=True, file={"id": "F1"}))
        assert (await api.call("files.info", file="F1"))["file"] == {"id": "F1"}
        assert stand.names == ["files.info"] * 3


async def test_what_only_asks_is_not_asked_for_ever() -> None:
    async with calling() as (stand, api):
        stand.will("files.info", *[says(503, ok=False)] * 9)
        with pytest.raises(SlackLater):
            await api.call("files.info", file="F1")
        assert len(stand.asked) == 3


async def test_a_post_that_was_certainly_not_made_is_made_again() -> None:
    async with calling() as (stand, api):
        stand.will("chat.postMessage", says(ok=False, error="service_unavailable"))
        assert (await api.call("chat.postMessage", channel="C1", text="hello"))["ok"]
        assert len(stand.asked) == 2


async def test_slack_is_not_to_be_reached() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        apis = Apis(OneTeam(), f"http://127.0.0.1:{taken.getsockname()[1]}/api/")
        with pytest.raises(SlackLater) as later:
            await (await apis.of("T1")).call("chat.postMessage", channel="C1", text="hello")
        await apis.close()
    assert not later.value.uncertain


async def test_what_stays_on_this_machine_takes_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with calling() as (_, api):
        assert (await api.call("auth.test"))["ok"]


async def test_a_short_wait_is_waited_for_and_a_long_one_told() -> None:
    async with calling() as (stand, api):
        stand.will("chat.postMessage", says(429, {"Retry-After": "1"}, ok=False))
        assert (await api.call("chat.postMessage", channel="C1", text="hello"))["ok"]
        stand.will("chat.update", says(429, {"Retry-After": "30"}, ok=False, error="ratelimited"))
        with pytest.raises(SlackLater) as later:
            await api.call("chat.update", channel="C1", ts="1.2")
        assert (later.value.seconds, later.value.uncertain) == (30, False)
        assert stand.names == ["chat.postMessage", "chat.postMessage", "chat.update"]


async def test_a_method_that_slack_paused_is_not_called_meanwhile() -> None:
    async with calling() as (stand, api):
        stand.will("chat.update", says(429, {"Retry-After": "30"}, ok=False, error="ratelimited"))
        for _ in range(2):
            with pytest.raises(SlackLater) as later:
                await api.call("chat.update", channel="C1", ts="1.2")
        assert 29 < later.value.seconds <= 30
        assert stand.names == ["chat.update"]
        assert (await api.call("chat.postMessage", channel="C1", text="hello"))["ok"]


async def test_what_may_be_left_out_is_not_waited_for() -> None:
    async with calling() as (stand, api):
        stand.will("chat.update", says(429, {"Retry-After": "1"}, ok=False, error="ratelimited"))
        with pytest.raises(SlackLater):
            await api.call("chat.update", spare=True, channel="C1", ts="1.2")
        assert stand.names == ["chat.update"]


async def test_tokens_are_in_no_error_and_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    seen: list[object] = []
    with structlog.testing.capture_logs() as logs:
        async with calling() as (stand, api):
            odd = {"messages": [f"what is {TOKEN}?"]}
            stand.will("chat.postMessage", drops, says(ok=False, error=f"odd {TOKEN}"))
            stand.will("chat.update", says(ok=False, error="odd", response_metadata=odd))
            stand.will("files.info", says(500), says(500), says(500))
            for method in ("chat.postMessage", "chat.postMessage", "chat.update", "files.info"):
                with pytest.raises((SlackLater, SlackRefusal)) as raised:
                    await api.call(method, channel="C1")
                told = raised.value
                seen += [told, vars(told), told.__cause__, told.__context__, api.identity]
    assert TOKEN not in repr(seen) + repr(logs) + caplog.text


async def test_a_workspace_without_easel() -> None:
    async with slack_stand() as stand:
        apis = Apis(OneTeam(), f"{stand.base}/api/")
        with pytest.raises(NotInstalled):
            await apis.of("T2")
        await apis.close()


@pytest.mark.parametrize("status", [200, 404, 410])
async def test_an_answer_at_a_response_address(status: int) -> None:
    async with slack_stand() as stand:
        apis = Apis(OneTeam(), f"{stand.base}/api/")
        stand.will("1", gives(b"used_url", "text/plain", status))
        await apis.answer(f"{stand.base}/actions/T1/1", {"text": "hello", "delete_original": True})
        await apis.close()
        assert json.loads(stand.asked[0].body) == {"text": "hello", "delete_original": True}
        assert "Authorization" not in stand.asked[0].headers


async def test_an_answer_is_never_sent_elsewhere() -> None:
    async with slack_stand() as stand, slack_stand() as other:
        apis = Apis(OneTeam(), f"{stand.base}/api/")
        with pytest.raises(SlackRefusal):
            await apis.answer(f"{other.base}/actions/T1/1", {"text": "hello"})
        stand.will("1", gives(b"", "text/plain", 503))
        with pytest.raises(SlackLater) as later:
            await apis.answer(f"{stand.base}/actions/T1/1", {"text": "hello"})
        await apis.close()
        assert later.value.uncertain
        assert not other.asked


async def test_bytes_go_to_the_address_that_slack_gave() -> None:
    async with calling() as (stand, api), slack_stand() as other:
        await api.upload(f"{stand.base}/upload/v1/U", b"\x89PNG", "image/png")
        assert stand.asked[0].body == b"\x89PNG"
        assert stand.asked[0].headers["Content-Type"] == "image/png"
        assert "Authorization" not in stand.asked[0].headers
        with pytest.raises(SlackRefusal):
            await api.upload(f"{other.base}/upload/v1/U", b"\x89PNG", "image/png")
        assert not other.asked


async def test_an_upload_that_fails() -> None:
    async with calling() as (stand, api):
        stand.will("U", drops, gives(b"", "text/plain", 502), gives(b"", "text/plain", 404))
        for _ in range(2):
            with pytest.raises(SlackLater):
                await api.upload(f"{stand.base}/upload/v1/U", b"\x89PNG", "image/png")
        with pytest.raises(SlackRefusal):
            await api.upload(f"{stand.base}/upload/v1/U", b"\x89PNG", "image/png")

"""Both ways in: what is let through, what is acknowledged, and what is sent again."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace

import aiohttp
import pytest
import pytest_asyncio
from pydantic import SecretStr
from slack_bolt.request.async_request import AsyncBoltRequest
from structlog.testing import capture_logs

from adapters.slack.app import create_app
from adapters.slack.http import MOST_BYTES
from adapters.slack.identity import OneWorkspace, bare_client
from adapters.slack.uninstall import Leaving
from core.errors import Unavailable
from core.session import keys
from tests.contract.slack import slack_payloads as payloads
from tests.contract.slack.slack_world import Json
from tests.scenario.slack_house import SlackHouse, served, slack_house
from tests.waiting import wait_until

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def open_house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SlackHouse]:
    async with slack_house(tmp_path_factory.mktemp("slack"), working=False) as there:
        yield there


@pytest.fixture
def there(open_house: SlackHouse) -> SlackHouse:
    """The house with a channel of this test's own."""
    people = [open_house.ana, open_house.ben]
    open_house.design = open_house.fake.channel(open_house.team, "design", people)
    return open_house


def asked(there: SlackHouse) -> tuple[bytes, str]:
    """A mention as it is sent, and the id of the session that it would open."""
    said = there.ana.writes(there.design, f"{there.team.mention} a red mug")
    payload = there.ana.events_of(said.message)[0]
    return json.dumps(payload).encode(), keys.session_id(there.place(said).thread_key())


async def is_there(there: SlackHouse, sid: str) -> bool:
    return await there.house.parts.store.head_turn(sid) is not None


@contextmanager
def store_away(there: SlackHouse, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    async def away(*_: object, **__: object) -> None:
        raise Unavailable("The store is away.", hint="Try again in a moment.")

    with monkeypatch.context() as patched:
        patched.setattr(there.house.desk._store, "accept", away)
        yield


# Signatures.

JSON = {"Content-Type": "application/json"}


def forged(there: SlackHouse, body: bytes) -> dict[str, dict[str, str]]:
    """Headers that are no good, by what is wrong with them."""
    delivery = there.fake.delivery
    good, past = delivery.signed(body), delivery.clock() - 320
    stamp, signature = good["X-Slack-Request-Timestamp"], good["X-Slack-Signature"]
    return {
        "no headers": {},
        "no signature": {"X-Slack-Request-Timestamp": stamp},
        "no moment": {"X-Slack-Signature": signature},
        "another secret": delivery.signed(body, secret="guessed"),
        "empty secret": delivery.signed(body, secret=" "),
        "too old": delivery.signed(body, at=past),
        "too new": delivery.signed(body, at=delivery.clock() + 400),
        "another body": delivery.signed(body + b" "),
        "another moment": {**good, "X-Slack-Request-Timestamp": str(int(stamp) + 1)},
        "moment is no number": {**good, "X-Slack-Request-Timestamp": "now"},
        "signature is no hex": {**good, "X-Slack-Signature": "v0=" + "é" * 64},
        "another version": {**good, "X-Slack-Signature": "v1" + signature[2:]},
    }


async def test_what_is_not_signed_as_slack_signs_is_turned_away(there: SlackHouse) -> None:
    body, sid = asked(there)
    for wrong, headers in forged(there, body).items():
        answer = await there.fake.delivery.raw(body, JSON | headers)
        assert answer.status == 401, wrong
        assert not await is_there(there, sid), wrong
    answer = await there.fake.delivery.raw(body, JSON | there.fake.delivery.signed(body))
    assert answer.status == 200
    assert await is_there(there, sid)


async def test_a_check_of_the_certificate_opens_no_way_around_the_signature(
    there: SlackHouse,
) -> None:
    body, sid = asked(there)
    sneaky = json.dumps({**json.loads(body), "ssl_check": "1"}).encode()
    wrong = there.fake.delivery.signed(sneaky, secret="guessed")
    await there.fake.delivery.raw(sneaky, JSON | wrong)
    assert not await is_there(there, sid)


async def test_without_a_signing_secret_nothing_is_believed(there: SlackHouse) -> None:
    body, sid = asked(there)
    async with served(create_app(there.front)) as base, aiohttp.ClientSession() as client:
        for secret in (there.fake.signing_secret, " ", "None"):
            headers = JSON | there.fake.delivery.signed(body, secret=secret)
            async with client.post(f"{base}/slack/events", data=body, headers=headers) as answer:
                assert answer.status == 401
    assert not await is_there(there, sid)


# Bodies.


NONSENSE = {
    "broken": b"{",
    "a list": b"[1]",
    "no text": b"\xff\xfe",
    "no event": b'{"event": 1}',
    "odd": b'{"event": [], "authorizations": 3}',
    "deep": b"[" * 90_000,
}


@pytest.mark.parametrize("body", NONSENSE.values(), ids=NONSENSE.keys())
async def test_a_body_that_makes_no_sense_is_no_server_error(
    there: SlackHouse, body: bytes
) -> None:
    answer = await there.fake.delivery.raw(body, JSON | there.fake.delivery.signed(body))
    assert answer.status in (200, 400)


async def test_a_body_that_is_too_large_is_not_read(there: SlackHouse) -> None:
    body = b'{"x": "' + b"a" * MOST_BYTES + b'"}'
    answer = await there.fake.delivery.raw(body, JSON | there.fake.delivery.signed(body))
    assert answer.status in (0, 413)


async def test_slack_is_told_that_the_address_is_ours(there: SlackHouse) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "3eZbrw", "token": "x"}).encode()
    answer = await there.fake.delivery.raw(body, JSON | there.fake.delivery.signed(body))
    assert (answer.status, answer.json) == (200, {"challenge": "3eZbrw"})


# What nobody listens to.


async def test_every_other_event_is_acknowledged_at_once(there: SlackHouse) -> None:
    events: list[Json] = [
        {"type": "channel_rename", "channel": {"id": "C1", "name": "new"}},
        {"type": "file_shared", "file_id": "F1", "user_id": "U1", "channel_id": "C1"},
        {"type": "something_of_next_year", "user": "U1"},
        {"type": "message", "subtype": "channel_join", "user": "U1", "ts": "1.1"},
        {"type": "reaction_added", "user": "U1", "item": {"type": "file", "file": "F1"}},
        {"type": "agent_session_stopped"},
        {"type": "member_joined_channel"},
        {"type": "message"},
        {"type": "app_mention", "user": "U1", "ts": "1.1"},
        {"type": "message", "subtype": "message_changed", "message": 3},
        {"type": "message", "subtype": "message_deleted"},
    ]
    told = [payloads.envelope(there.fake.world, there.team, event) for event in events]
    answers = await there.fake.delivery.events(told)
    assert [(answer.status, answer.tries) for answer in answers] == [(200, 1)] * len(events)


async def test_clicks_and_commands_that_nobody_knows_are_acknowledged(there: SlackHouse) -> None:
    base = payloads.interaction(there.fake.world, there.team, there.ana.user, "block_actions")
    action = {"action_id": "old:button", "block_id": "b", "type": "button"}
    once = there.fake.delivery.once
    assert (await once("interactive", {**base, "actions": [action]})).ok
    assert (await once("interactive", {**base, "type": "view_closed", "view": {"id": "V1"}})).ok
    assert (await there.ana.commands("/nobody", "", there.design)).ok


async def test_a_workspace_that_is_not_ours_is_acknowledged_and_ignored(
    there: SlackHouse,
) -> None:
    stranger = there.fake.team("initech", enterprise="E1", installed=False)
    said = there.ana.writes(there.design, f"{there.team.mention} a red mug")
    events = [each["event"] for each in there.ana.events_of(said.message)]
    told = [payloads.envelope(there.fake.world, stranger, event) for event in events]
    with capture_logs() as logs:
        answers = await there.fake.delivery.events(told)
    assert all(answer.ok and answer.tries == 1 for answer in answers)
    assert {(entry["event"], entry["team"]) for entry in logs} == {("slack_not_ours", stranger.id)}
    assert not await there.turns(said)


async def test_news_of_an_uninstallation_reach_who_cleans_up(there: SlackHouse) -> None:
    """From a workspace that has gone already, too."""
    heard: list[str] = []

    class Tokens:
        async def forget(self, home: str, before: float) -> bool:
            heard.append(home)
            return True

    app = create_app(there.front, leaving=Leaving(Tokens()))
    gone = there.fake.team("initech", installed=False)
    told = payloads.envelope(there.fake.world, gone, {"type": "app_uninstalled"})
    response = await app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=told))
    assert (response.status, heard) == (200, [gone.id])


async def test_in_an_organisation_sessions_belong_to_the_whole_of_it(there: SlackHouse) -> None:
    fake = there.fake
    one, two = fake.team("one", enterprise="E9", installed=False), fake.team(
        "two", enterprise="E9", installed=False
    )  # fmt: skip
    token = fake.org_install("E9").token
    tokens = OneWorkspace(SecretStr(token), bare_client(fake.api_url))
    app = create_app(replace(there.front, tokens=tokens))
    for team in (one, two):
        zoe = fake.person(team, "zoe")
        said = zoe.writes(fake.channel(team, "design", [zoe]), f"{team.mention} a red mug")
        for told in zoe.events_of(said.message):
            response = await app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=told))
            assert response.status == 200
        thread = f"slack:E9:{said.message.channel}:{said.ts}"
        (turn,) = await there.house.desk.turns(keys.session_id(thread))
        assert turn.place["team"] == team.id
        assert turn.place["enterprise"] == "E9"
        assert turn.actor.id == f"slack:{team.id}:{zoe.id}"


async def test_tokens_in_the_environment_lead_bolt_nowhere_else(
    there: SlackHouse, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("SLACK_BOT_TOKEN", "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"):
        monkeypatch.setenv(name, "xoxb-of-the-environment")
    app = create_app(there.front)
    body, sid = asked(there)
    told = AsyncBoltRequest(mode="socket_mode", body=json.loads(body))
    assert (await app.async_dispatch(told)).status == 200
    assert await is_there(there, sid)
    assert not caplog.records


# The store is away.


async def test_what_is_not_accepted_is_not_acknowledged_and_comes_again(
    there: SlackHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    body, sid = asked(there)
    headers = JSON | there.fake.delivery.signed(body)
    with store_away(there, monkeypatch):
        answer = await there.fake.delivery.raw(body, headers)
        assert (answer.status, answer.body) == (500, b"")
    payload = json.loads(body)
    assert (await there.fake.delivery.event(payload, 1)).ok
    assert await is_there(there, sid)
    assert len(await there.house.desk.turns(sid)) == 1


async def test_a_fault_of_ours_is_not_acknowledged_and_tells_nothing_of_itself(
    there: SlackHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("of ours")

    body, _ = asked(there)
    monkeypatch.setattr(there.house.desk._store, "accept", broken)
    answer = await there.fake.delivery.raw(body, JSON | there.fake.delivery.signed(body))
    assert (answer.status, answer.body) == (500, b"")


# Sockets.


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def by_socket(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SlackHouse]:
    folder = tmp_path_factory.mktemp("sockets")
    async with slack_house(folder, sockets=True, working=False) as there:
        yield there


async def test_over_sockets_a_message_is_one_turn_too(by_socket: SlackHouse) -> None:
    by_socket.fake.delivery.copies = 2
    said = await by_socket.ana.says(by_socket.design, f"{by_socket.team.mention} a red mug")
    by_socket.fake.delivery.copies = 1
    assert said.ok
    assert [turn.text for turn in await by_socket.turns(said)] == ["a red mug"]


async def test_over_sockets_too_only_what_was_accepted_is_acknowledged(
    by_socket: SlackHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    body, sid = asked(by_socket)
    delivery = by_socket.fake.delivery
    monkeypatch.setattr(delivery, "patience", 0.5)
    with store_away(by_socket, monkeypatch):
        assert (await delivery.once("events_api", json.loads(body))).status == 0
    assert (await delivery.once("events_api", json.loads(body), 1, "timeout")).ok
    assert len(await by_socket.house.desk.turns(sid)) == 1


async def test_two_connections_stand_and_each_is_opened_again(by_socket: SlackHouse) -> None:
    sockets = by_socket.fake.sockets

    async def both() -> bool:
        return len(sockets.open) == 2

    await wait_until(both, "two connections stand")
    before = list(sockets.open)
    await sockets.disconnect()

    async def fresh() -> bool:
        return len(sockets.open) == 2 and not set(sockets.open) & set(before)

    await wait_until(fresh, "two others stand")
    said = await by_socket.ana.says(by_socket.design, f"{by_socket.team.mention} a red mug")
    assert said.ok
    assert await by_socket.turns(said)


async def test_a_connection_that_slack_warns_of_is_left_before_it_is_closed(
    by_socket: SlackHouse,
) -> None:
    sockets = by_socket.fake.sockets
    old = sockets.open[0]
    await old.send_json({"type": "disconnect", "reason": "warning"})

    async def fresh() -> bool:
        return len(sockets.open) == 2 and old not in sockets.open

    await wait_until(fresh, "another stands instead")


async def test_an_address_that_is_refused_is_asked_for_again(by_socket: SlackHouse) -> None:
    fake = by_socket.fake
    fake.fail("apps.connections.open", error="internal_error", times=1)
    fake.fail("apps.connections.open", drop=True, times=1)
    before = list(fake.sockets.open)
    await fake.sockets.disconnect()

    async def fresh() -> bool:
        return len(set(fake.sockets.open) - set(before)) == 2

    await wait_until(fresh, "two others stand")

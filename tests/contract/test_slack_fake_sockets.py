"""Socket Mode of a fake Slack, with bolt's own handler on the other end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.contract.slack.fake_slack import FakeSlack
from tests.contract.slack.slack_office import Office, actions, button, tiny_app


class Listening:
    """An app on a socket; the next `failures` messages break in its hands."""

    def __init__(self, office: Office) -> None:
        self.app: AsyncApp = tiny_app(office)
        self.texts: list[str] = []
        self.repeats: list[str] = []
        self.failures = 0

        @self.app.event("message")
        async def message(event: dict[str, Any], req: Any) -> None:
            self.repeats.append(req.headers.get("x-slack-retry-num", ["0"])[0])
            if self.failures:
                self.failures -= 1
                raise RuntimeError("not kept")
            self.texts.append(event["text"])

        @self.app.command("/easel")
        async def command(ack: Any, command: dict[str, Any]) -> None:
            await ack(text=f"you said {command['text']}")

        @self.app.action("keep")
        async def action(ack: Any, client: Any, body: dict[str, Any]) -> None:
            await ack()
            place = {"channel": body["channel"]["id"], "ts": body["message"]["ts"]}
            await client.chat_update(text="kept", **place)


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    async with FakeSlack() as fake:
        yield Office(fake)


@pytest.fixture
async def listening(office: Office) -> AsyncIterator[Listening]:
    listening = Listening(office)
    office.fake.echoes = False
    handler = AsyncSocketModeHandler(listening.app, office.fake.app_token)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    await office.fake.sockets.connected()
    yield listening
    await handler.close_async()  # type: ignore[no-untyped-call]
    await office.client.session.close() if office.client.session else None


async def test_one_address_points_the_socket_here_too(office: Office, listening: Listening) -> None:
    said = await office.ana.says(office.design, "hello")
    assert (said.ok, listening.texts) == (True, ["hello"])
    assert office.fake.called("apps.connections.open")[0].token == office.fake.app_token


async def test_commands_are_answered_in_the_acknowledgement(
    office: Office, listening: Listening
) -> None:
    answer = await office.ana.commands("/easel", "hi", office.design)
    assert answer.json == {"text": "you said hi"}
    assert [note.text for note in office.ana.notes] == ["you said hi"]


async def test_clicks_come_over_the_socket(office: Office, listening: Listening) -> None:
    await office.client.chat_postMessage(
        channel=office.design.id, text="press", blocks=[actions(button("keep"))]
    )
    [message] = office.fake.said_by_bot(office.design)
    assert (await office.ana.clicks(message, "keep")).ok
    assert message.text == "kept"


async def test_what_is_not_acknowledged_comes_again(office: Office, listening: Listening) -> None:
    office.fake.delivery.patience = 0.2
    listening.failures = 1
    said = await office.ana.says(office.design, "hello")
    assert (said.answers[0].tries, listening.texts) == (2, ["hello"])
    assert listening.repeats == ["0", "1"]


async def test_a_disconnected_app_comes_back(office: Office, listening: Listening) -> None:
    await office.fake.sockets.disconnect()
    await office.ana.says(office.design, "hello again")
    assert listening.texts == ["hello again"]
    assert len(office.fake.called("apps.connections.open")) > 1


async def test_nobody_listens_and_nothing_is_acknowledged(office: Office) -> None:
    office.fake.delivery.patience = 0.05
    said = await office.ana.says(office.design, "hello")
    assert (said.ok, said.answers[0].status, said.answers[0].tries) == (False, 0, 4)


async def test_sockets_are_for_app_tokens(office: Office) -> None:
    with pytest.raises(SlackApiError, match="not_allowed_token_type"):
        await office.client.apps_connections_open(app_token=office.team.token)
    client = AsyncWebClient(office.fake.app_token, base_url=office.fake.api_url)
    with pytest.raises(SlackApiError, match="not_allowed_token_type"):
        await client.chat_postMessage(channel=office.design.id, text="one")

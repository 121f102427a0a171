"""The smallest place in which the fake itself is tried: one channel, one person, a tiny app."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.contract.slack.fake_slack import FakeSlack
from tests.contract.slack.slack_clicking import Person
from tests.contract.slack.slack_world import Channel, Team


class Office:
    """A workspace with one channel, one person, and a client with the token of the app."""

    def __init__(self, fake: FakeSlack) -> None:
        self.fake = fake
        self.team: Team = fake.team("acme")
        self.ana: Person = fake.person(self.team, "ana")
        self.design: Channel = fake.channel(self.team, "design", [self.ana])
        self.client = AsyncWebClient(self.team.token, base_url=fake.api_url, retry_handlers=[])

    async def refused(self, method: str, **arguments: Any) -> str:
        return str((await self.refusal(method, **arguments))["error"])

    async def refusal(self, method: str, **arguments: Any) -> dict[str, Any]:
        with pytest.raises(SlackApiError) as caught:
            await self.client.api_call(method, json=arguments)
        answer: dict[str, Any] = caught.value.response.data
        return answer


def section(text: str = "hello") -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def button(name: str = "press", text: str = "Press", **more: Any) -> dict[str, Any]:
    label = {"type": "plain_text", "text": text}
    return {"type": "button", "action_id": name, "text": label, **more}


def actions(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


def overflow(count: int, text: str = "One") -> dict[str, Any]:
    label = {"type": "plain_text", "text": text}
    options = [{"text": label, "value": f"{number}"} for number in range(count)]
    return {"type": "overflow", "action_id": "more", "options": options}


def tiny_app(office: Office) -> AsyncApp:
    """An app of bolt that acknowledges when its listeners are done."""
    return AsyncApp(
        client=office.client,
        signing_secret=office.fake.signing_secret,
        process_before_response=True,
    )


@asynccontextmanager
async def serving(office: Office, app: AsyncApp) -> AsyncIterator[None]:
    """The app behind HTTP, with the fake's events delivered to it."""

    async def events(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    served = web.Application()
    served.add_routes([web.post("/slack/events", events)])
    runner = web.AppRunner(served, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    office.fake.deliver_to(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
    try:
        yield
    finally:
        await office.fake.quiet()
        await runner.cleanup()

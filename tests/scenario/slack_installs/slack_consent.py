"""Installing Easel against a fake Slack: browsers, consent, and several processes of ours."""

from __future__ import annotations

import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from pydantic import SecretStr
from redis.asyncio import Redis
from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_sdk.oauth.installation_store import Installation
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from adapters.slack.distribution import Distribution, distribution
from adapters.slack.identity import bare_client
from adapters.slack.manifest import INSTALL_PATH, REDIRECT_PATH
from adapters.slack.oauth import authorization_url
from adapters.slack.rotation import Rotation
from bot.store import EmbeddedStore
from core.policy.keyvalue import RedisKeyValue
from core.session.connect import connect
from tests.contract.slack.fake_slack import FakeSlack
from tests.contract.slack.slack_installing import agree
from tests.contract.slack.slack_world import Team

PUBLIC = "https://easel.example.com"
SECRET = "a long random text of the operator"


@dataclass
class Process:
    """One process of Easel's: its own connection and its own memory."""

    values: RedisKeyValue
    parts: Distribution
    redis: Redis
    slack: FakeSlack
    secret: str

    async def kept(self) -> list[str]:
        """All that stands in the store, whoever put it there."""
        return sorted([str(key) async for key in self.redis.scan_iter()])

    def browser(self) -> Browser:
        return Browser(self.parts)

    async def install(self, slack: FakeSlack, team: Team, *, whole: bool = False) -> httpx.Response:
        """The whole way in one browser."""
        async with self.browser().open() as browser:
            return await browser.client.get(consent(slack, await browser.begin(), team, whole))

    def rotation(self, slack: FakeSlack) -> Rotation:
        """As the process has one."""
        return Rotation(
            self.values,
            self.parts.installations,
            bare_client(slack.api_url),
            client_id=slack.registration.client_id,
            client_secret=SecretStr(slack.registration.client_secret),
        )

    def forget_all(self) -> None:
        """As if half a minute had passed, and the process had begun anew."""
        self.parts = distributed(self.values, self.slack, self.secret)

    async def ends_in(self, home: str, seconds: int) -> None:
        """Let an installation's token end then, as if time had passed."""
        kept = await self.parts.installations.read(home)
        assert kept is not None
        due = Installation(**kept.installation.to_dict_for_copying())
        due.bot_token_expires_at = int(time.time()) + seconds
        assert await self.parts.installations.replace(kept, due)


@dataclass
class Browser:
    """A person's browser, with its cookies, at Easel's public address."""

    parts: Distribution
    state: str = ""
    client: httpx.AsyncClient = field(init=False)

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[Browser]:
        async def install(request: Request) -> Response:
            bolt = to_async_bolt_request(request, b"")
            return to_starlette_response(await self.parts.flow.handle_installation(bolt))

        async def back(request: Request) -> Response:
            bolt = to_async_bolt_request(request, b"")
            return to_starlette_response(await self.parts.flow.handle_callback(bolt))

        routes = [Route(INSTALL_PATH, install), Route(REDIRECT_PATH, back)]
        transport = httpx.ASGITransport(Starlette(routes=routes))
        async with httpx.AsyncClient(transport=transport, base_url=PUBLIC) as self.client:
            yield self

    async def begin(self, **query: Any) -> str:
        """Where Slack's consent page is."""
        response = await self.client.get(INSTALL_PATH, params=query)
        assert response.status_code == 302, response.text
        address = response.headers["location"]
        self.state = parse_qs(urlsplit(address).query)["state"][0]
        return str(address)

    async def back(self, **query: str) -> httpx.Response:
        """Come back from Slack, or from somebody who says so."""
        return await self.client.get(REDIRECT_PATH, params=query)


def consent(slack: FakeSlack, address: str, team: Team, whole: bool = False) -> str:
    """Somebody agrees on the page to which Easel sent the browser; where Slack sends them then."""
    there = urlsplit(address)
    assert f"{there.scheme}://{there.netloc}{there.path}" == authorization_url(slack.api_url)
    enterprise = team.enterprise if whole else ""
    back = agree(slack.world, slack.registration, address, team, enterprise, True)
    assert back.startswith(f"{PUBLIC}{REDIRECT_PATH}?")
    return back


@contextlib.asynccontextmanager
async def process(
    url: str, slack: FakeSlack, secret: str = SECRET, *, patient: bool = True
) -> AsyncIterator[Process]:
    async with connect(url, patient=patient) as redis:
        values = RedisKeyValue(redis)
        yield Process(values, distributed(values, slack, secret), redis, slack, secret)


def distributed(values: RedisKeyValue, slack: FakeSlack, secret: str) -> Distribution:
    """What a process makes of its settings."""
    return distribution(
        values,
        api_url=slack.api_url,
        client_id=slack.registration.client_id,
        client_secret=SecretStr(slack.registration.client_secret),
        secret_key=SecretStr(secret),
        public_url=PUBLIC,
    )


@contextlib.asynccontextmanager
async def store_in(folder: Path) -> AsyncIterator[str]:
    """A real store; its address."""
    store = EmbeddedStore(folder)
    url = await store.start()
    try:
        yield url
    finally:
        await store.stop()

"""A few answers of Slack's on a loopback port, given out in the order in which they were set."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from pydantic import SecretStr

from adapters.slack.api import Apis, SlackApi
from adapters.slack.identity import Identity, NotInstalled
from adapters.slack.tiers import Tiers

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
TOKEN = "xoxb-secret-token"


@dataclass
class Asked:
    """A request that came: its last path part, its form or bytes, its headers."""

    name: str
    form: dict[str, str]
    body: bytes
    headers: dict[str, str]


@dataclass
class Stand:
    """`answers` by the last part of the path; what has none left is answered with ok."""

    base: str = ""
    asked: list[Asked] = field(default_factory=list)
    answers: dict[str, deque[Answer]] = field(default_factory=lambda: defaultdict(deque))

    @property
    def names(self) -> list[str]:
        return [asked.name for asked in self.asked]

    def will(self, name: str, *answers: Answer) -> None:
        self.answers[name].extend(answers)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        name = request.path.rpartition("/")[2]
        body = await request.read()
        form = {key: str(value) for key, value in (await request.post()).items()}
        self.asked.append(Asked(name, form, body, dict(request.headers)))
        if self.answers[name]:
            return await self.answers[name].popleft()(request)
        return web.json_response({"ok": True})


def says(status: int = 200, /, headers: dict[str, str] | None = None, **answer: Any) -> Answer:
    """A JSON answer."""

    async def give(_: web.Request) -> web.StreamResponse:
        return web.json_response(answer, status=status, headers=headers)

    return give


def gives(
    body: bytes, mime: str, status: int = 200, headers: dict[str, str] | None = None
) -> Answer:
    """Bytes."""

    async def give(_: web.Request) -> web.StreamResponse:
        return web.Response(body=body, content_type=mime, status=status, headers=headers)

    return give


def pours(body: bytes, mime: str) -> Answer:
    """Bytes of which nobody says beforehand how many they are."""

    async def give(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": mime})
        await response.prepare(request)
        await response.write(body)
        return response

    return give


async def drops(request: web.Request) -> web.StreamResponse:
    """The call is taken, and its answer lost."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


@dataclass
class OneTeam:
    """Tokens of one workspace."""

    async def identity(self, team: str, enterprise: str = "") -> Identity:
        if team != "T1":
            raise NotInstalled("Easel is not installed there.")
        return Identity(
            token=SecretStr(TOKEN), team=team, enterprise=enterprise, bot_user="UB", bot_id="BB"
        )


@asynccontextmanager
async def slack_stand() -> AsyncIterator[Stand]:
    stand = Stand()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", stand.serve)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    stand.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield stand
    finally:
        await runner.cleanup()


@asynccontextmanager
async def calling(tiers: Tiers | None = None) -> AsyncIterator[tuple[Stand, SlackApi]]:
    """A stand, and the API as the installation of T1."""
    async with slack_stand() as stand:
        apis = Apis(OneTeam(), f"{stand.base}/api", tiers)
        try:
            yield stand, await apis.of("T1")
        finally:
            await apis.close()

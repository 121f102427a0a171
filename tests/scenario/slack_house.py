"""A whole Easel in a fake Slack: events over real HTTP or real sockets, a worker that fetches
pictures and shows results, an engine that is told what to draw.

    async with slack_house(tmp_path) as there:            # sockets=True: Socket Mode
        said = await there.ana.says(there.design, f"{there.team.mention} a red mug")
        turn = await there.turn_of(said)                  # as it stands
        await there.ended(turn)                           # a worker runs, unless working=False

`there.fake`, `.team`, `.ana`, `.ben`, `.design` are what tests/contract/slack makes; `.front` is
what handlers get, `.house` has `desk`, `engine`, `parts`.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from pydantic import SecretStr

from adapters.chat import aside
from adapters.slack.api import Apis
from adapters.slack.app import EaselApp, create_app
from adapters.slack.fetching import SlackFetcher
from adapters.slack.front import Front
from adapters.slack.http import slack_site
from adapters.slack.identity import OneWorkspace, Tokens, bare_client
from adapters.slack.places import Place
from adapters.slack.presenter import SlackPresenter
from adapters.slack.sockets import listen
from bot import wiring
from bot.base import Base, base
from bot.beside import Beside, Platform
from bot.crew import Crew
from bot.front import front_desk
from bot.platforms import OpenPlatforms
from bot.settings import Settings
from core.engines.fake import FakeEngine
from core.policy.keyvalue import RedisKeyValue
from core.policy.rules import RuleStore
from core.session import keys
from core.session.links import LinkStore
from core.session.models import Actor, Turn
from core.session.showing import ShowStore
from core.turns.desk import FrontDesk
from tests.contract.slack.fake_slack import FakeSlack
from tests.contract.slack.slack_clicking import Person
from tests.contract.slack.slack_person import Said
from tests.contract.slack.slack_world import Channel, Message, Team
from tests.scenario.house import House, png, wait_until

LINK = "https://easel.example/open/{}"


@dataclass
class SlackHouse:
    """The running parts. `acks` are the seconds of each acknowledgement."""

    fake: FakeSlack
    team: Team
    ana: Person
    ben: Person
    design: Channel
    house: House
    front: Front
    app: EaselApp
    acks: list[float] = field(default_factory=list)

    def place(self, said: Said | Message) -> Place:
        """Where a message stands, as its session's key wants it."""
        message = said.message if isinstance(said, Said) else said
        return Place(
            team=self.team.id,
            channel=message.channel,
            thread=message.root,
            message=message.ts,
            user=message.user,
        )

    async def session_of(self, said: Said | Message) -> str:
        """The id of the session of a message's thread."""
        thread = self.place(said).thread_key()
        return keys.session_id(await self.front.links.known(thread) or thread)

    async def turns(self, said: Said | Message) -> list[Turn]:
        """All turns of a message's thread; none where there is no session."""
        if await self.front.links.known(self.place(said).thread_key()) is None:
            return []
        return await self.house.desk.turns(await self.session_of(said))

    async def turn_of(self, said: Said) -> Turn:
        """The turn that a message has become. Fails where it became none."""
        key = self.place(said).message_key(said.ts)
        turn = await self.house.desk.claimed(await self.session_of(said), key)
        assert turn is not None, f"“{said.message.text}” became no turn"
        return turn

    async def ended(self, turn: Turn) -> Turn:
        """The turn as it ended."""

        async def has_ended() -> bool:
            return (await self.house.desk.turn(turn.session_id, turn.id)).state.ended

        await wait_until(has_ended, f"the turn “{turn.text}” ends")
        return await self.house.desk.turn(turn.session_id, turn.id)

    async def told(self) -> None:
        """Wait until all is said that is said beside."""
        await aside.settled()
        await self.fake.quiet()


@contextlib.asynccontextmanager
async def slack_house(
    folder: Path,
    engine: FakeEngine | None = None,
    *,
    sockets: bool = False,
    working: bool = True,
    tokens: Tokens | None = None,
    **settings: Any,
) -> AsyncIterator[SlackHouse]:
    """Everything, closed afterwards."""
    engine = engine or FakeEngine(png(), 64, 64)
    told = Settings(
        data_dir=folder, pixel_workers=1, redelivery_seconds=2, _env_file=None, **settings
    )
    acks: list[float] = []
    async with contextlib.AsyncExitStack() as stack:
        fake = await stack.enter_async_context(FakeSlack())
        team = fake.team("acme")
        who = tokens or OneWorkspace(SecretStr(team.token), bare_client(fake.api_url))
        parts = await stack.enter_async_context(base(told, own_store=True))
        crew = Crew(told, (engine,), platforms=slack_platforms(who, fake.api_url))
        await stack.enter_async_context(crew)
        desk = await stack.enter_async_context(front_desk(parts))
        front = slack_front(parts, desk, crew, who, fake.api_url, acks)
        stack.push_async_callback(front.apis.close)
        stack.push_async_callback(aside.settled)
        app = create_app(front, signing_secret=fake.signing_secret)
        if sockets:
            await stack.enter_async_context(listening(app, fake))
        else:
            fake.deliver_to(await stack.enter_async_context(served(app)) + "/slack/events")
        house = House(parts, crew, desk, engine)
        if working:
            await stack.enter_async_context(house.working())
        ana, ben = fake.person(team, "ana"), fake.person(team, "ben")
        design = fake.channel(team, "design", [ana, ben])
        yield SlackHouse(fake, team, ana, ben, design, house, front, app, acks)


def slack_front(
    parts: Base, desk: FrontDesk, crew: Crew, tokens: Tokens, api_url: str, acks: list[float]
) -> Front:
    """What handlers get."""
    return Front(
        desk=desk,
        links=LinkStore(parts.redis),
        kept=RedisKeyValue(parts.redis),
        rules=RuleStore(parts.redis),
        tokens=tokens,
        apis=Apis(tokens, api_url),
        catalog=crew.catalog,
        usage=_nothing_spent,
        limits=wiring.limits(parts.settings),
        link_to=link_to,
        heard=acks.append,
        ledger=ShowStore(parts.redis).ledger,
        doubled=parts.observer.duplicate_dropped,
    )


def slack_platforms(tokens: Tokens, api_url: str) -> OpenPlatforms:
    """Slack alone, for a worker."""

    @contextlib.asynccontextmanager
    async def opened(settings: Settings, beside: Beside) -> AsyncIterator[Mapping[str, Platform]]:
        apis = Apis(tokens, api_url)
        presenter = SlackPresenter(apis, beside.links, beside.desk, link_to)
        fetcher = SlackFetcher(apis, wiring.limits(settings), scan_pauses=(0.05,) * 8)
        try:
            yield {"slack": Platform(presenter, fetcher)}
        finally:
            await presenter.close()
            await apis.close()

    return opened


def link_to(sid: str, actor: Actor) -> str | None:
    """A link into the workspace, as presenters and handlers are given one."""
    return LINK.format(sid)


@contextlib.asynccontextmanager
async def served(app: EaselApp) -> AsyncIterator[str]:
    """The app over HTTP on loopback; gives its address."""
    door = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        slack_site(app), log_config=None, access_log=False, ws="none", lifespan="off"
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[door]))
    try:
        yield f"http://127.0.0.1:{door.getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving
        door.close()


@contextlib.asynccontextmanager
async def listening(app: EaselApp, fake: FakeSlack) -> AsyncIterator[None]:
    """The app over sockets."""
    token = SecretStr(fake.app_token)
    task = asyncio.create_task(listen(app, app_token=token, api_url=fake.api_url))
    try:
        await fake.sockets.connected()
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _nothing_spent() -> Mapping[str, Any]:
    return {"day_usd": 0.0, "month_usd": 0.0}

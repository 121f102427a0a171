"""A worker that shows its turns in a fake Slack, and can be stopped at any of its calls."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from adapters.slack.api import Apis
from adapters.slack.identity import OneWorkspace, bare_client
from adapters.slack.places import Place
from adapters.slack.presenter import SlackPresenter
from core.engines.fake import FakeEngine
from core.engines.port import PriceRule
from core.session.ledger import Ledger
from core.session.links import LinkStore
from core.session.models import Actor, Turn
from core.session.showing import ShowStore
from core.turns.attention import Attention
from core.turns.request import IncomingFile, TurnRequest
from core.turns.showing import Showing
from tests.contract.slack.fake_slack import FakeSlack
from tests.contract.slack.slack_clicking import Person
from tests.contract.slack.slack_faults import Call
from tests.contract.slack.slack_world import Channel, Message, Team
from tests.contract.trouble import Hold
from tests.pictures import glass
from tests.scenario.house import House, house, png, wait_until

PAGES = "https://easel.example/open/"
LEASE_SECONDS = 0.6
STATUS = ("agents.sessions.setStatus", "assistant.threads.setStatus")


class QuickPresenter(SlackPresenter):
    """Without the pause between looks, so that each state is shown."""

    pause = 0.05


def link_to(sid: str, actor: Actor) -> str | None:
    return f"{PAGES}{sid}?for={actor.id}"


@dataclass
class Out:
    """`thread` is the ts of Ana's message, under which everything stands."""

    fake: FakeSlack
    team: Team
    ana: Person
    design: Channel
    home: House
    apis: Apis
    thread: str = ""
    more_place: dict[str, str] = field(default_factory=dict)
    _events: Iterator[int] = field(default_factory=count)
    _opening: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def engine(self) -> FakeEngine:
        return self.home.engine

    @property
    def links(self) -> LinkStore:
        return LinkStore(self.home.parts.redis)

    @property
    def place(self) -> Place:
        return Place(
            team=self.team.id, channel=self.design.id, thread=self.thread, message=self.thread,
            user=self.ana.id, user_team=self.team.id, user_name="Ana", **self.more_place,
        )  # fmt: skip

    @property
    def key(self) -> str:
        return self.place.thread_key("" if self.thread else "trigger")

    async def says(self, text: str, *files: bytes, **more: Any) -> Turn:
        """Accept a turn of Ana's."""
        number = next(self._events)
        place = self.place.model_copy(update={"message": f"{number}.0"})
        return await self.home.desk.accept(
            TurnRequest(
                thread=self.key,
                event_keys=(f"{self.key}:{number}",),
                actor=self.place.actor,
                channel=self.place.payer_channel,
                place=place.texts(),
                text=text,
                files=tuple(IncomingFile(name=f"{i}.png", data=d) for i, d in enumerate(files)),
                **more,
            )
        )

    @contextlib.asynccontextmanager
    async def showing(self) -> AsyncIterator[asyncio.Task[None]]:
        """Show turns; on leaving it ends as a process does, wherever it is."""
        parts = self.home.parts
        presenter = QuickPresenter(self.apis, self.links, self.home.desk, link_to)
        loop = Showing(
            parts.store, ShowStore(parts.redis), parts.signals, {"slack": presenter}, Attention(),
            lease=LEASE_SECONDS,
        )  # fmt: skip
        task = asyncio.create_task(loop.run())
        try:
            yield task
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await presenter.close()

    async def shown(self, turn: Turn) -> Turn:
        """Wait until the end of a turn was shown."""
        shows = ShowStore(self.home.parts.redis)

        async def over() -> bool:
            return turn.id not in await shows.unshown(turn.session_id)

        await wait_until(over, f"the end of “{turn.text}” is shown")
        return await self.home.desk.turn(turn.session_id, turn.id)

    async def does(self, text: str, *files: bytes, **more: Any) -> Turn:
        """A turn, and its end in the thread."""
        return await self.shown(await self.says(text, *files, **more))

    async def draws_after_the_placeholder(self, text: str = "a red mug") -> Turn:
        """A turn whose picture comes only when its placeholder stands there."""
        gate = self.engine.gate = asyncio.Event()
        turn = await self.says(text)
        self._opening.add(task := asyncio.create_task(self._open(gate)))
        task.add_done_callback(self._opening.discard)
        return turn

    async def _open(self, gate: asyncio.Event) -> None:
        await self.fake.until(lambda: self.said, "a placeholder")
        gate.set()

    async def dies_at(self, hold: Hold[Call]) -> None:
        """The process that shows ends while a call of its stands there."""
        async with self.showing():
            await hold.reached()
        hold.drop()

    def ledger(self, turn: Turn) -> Ledger:
        return ShowStore(self.home.parts.redis).ledger(turn.session_id, turn.id)

    @property
    def said(self) -> list[Message]:
        """What Easel has in the thread."""
        return self.fake.said_by_bot(self.design, self.thread)

    @property
    def results(self) -> list[Message]:
        return [message for message in self.said if message.files]

    def names(self) -> list[str]:
        """Methods in the order in which they were called, without signs and look-ups."""
        aside = ("auth.test", "files.info", *STATUS)
        return [call.method for call in self.fake.calls if call.method not in aside]


def words(message: Message) -> str:
    """All texts of a message's blocks."""
    return " | ".join(_texts(message.blocks)) or message.text


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("text"), str):
            yield value["text"]
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)


def actions_of(message: Message) -> dict[str, dict[str, Any]]:
    """The elements that can be pressed, by their action."""
    return {
        element["action_id"]: element
        for block in message.blocks
        if block["type"] == "actions"
        for element in block["elements"]
    }


@dataclass
class Stage:
    """A fake Slack and a whole Easel beside it, for many threads one after the other."""

    fake: FakeSlack
    home: House

    @contextlib.asynccontextmanager
    async def out(self, **more: Any) -> AsyncIterator[Out]:
        """A workspace of its own, with a thread that Ana has begun; no trouble from before."""
        fake, engine = self.fake, self.home.engine
        engine.gate, engine.failures = None, []
        engine.calls.clear()
        fake.web.calls.clear()
        fake.web.trouble.faults.clear()
        fake.world.statuses.clear()
        fake.world.ephemerals.clear()
        fake.world.share_delay = 0.02
        team = fake.team(f"acme{len(fake.world.teams)}")
        ana = fake.person(team, "ana")
        design = fake.channel(team, "design", [ana])
        apis = Apis(OneWorkspace(SecretStr(team.token), bare_client(fake.api_url)), fake.api_url)
        said = ana.writes(design, f"{team.mention} hello")
        try:
            yield Out(fake, team, ana, design, self.home, apis, thread=said.ts, **more)
        finally:
            await apis.close()


@contextlib.asynccontextmanager
async def slack_stage(folder: Path) -> AsyncIterator[Stage]:
    """Two models, one of which draws what can be seen through; turns are run, nothing is shown."""
    engine = FakeEngine(png(), 64, 64)
    clear = FakeEngine(glass(), 64, 48, name="glass", alpha=True)
    paid = FakeEngine(png(), 64, 64, name="paid", price=PriceRule(each=0.04), can={"speed_s": 30.0})
    async with FakeSlack() as fake, house(folder, engine, clear, paid) as home, home.working():
        fake.tiers.on = False
        yield Stage(fake, home)

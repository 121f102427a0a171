"""One day in a channel, played to a whole Easel: what people saw at its moments.

The fake Slack holds what the adapter really sent; the pages are drawn from that alone.
"""

from __future__ import annotations

import asyncio
import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image, ImageDraw

from adapters.slack.places import Place
from core.engines.fake import FakeEngine
from core.instruction.plan import TurnOptions
from core.session.models import Turn
from core.turns.desk import FrontDesk
from core.turns.request import TurnRequest
from tests.browser.slack_afternoon import afternoon
from tests.contract.slack.fake_slack import FakeSlack
from tests.contract.slack.slack_clicking import Person
from tests.contract.slack.slack_person import Said
from tests.contract.slack.slack_world import Channel, View, World
from tests.contract.slack_page.pages import Theme
from tests.contract.slack_page.seen import channel_seen, view_seen
from tests.scenario.house import house
from tests.waiting import wait_until

ASKED = "a red mug to the left of a white candle on a walnut table, soft window light"
NAVY = "make the mug navy, keep everything else the same"
SLOW = "make the candle taller, in evening light"
HOSTILE = "<!channel> <b>SALE</b> &amp; &lt;3"
SIDE = 360
"""As large as Slack shows pictures."""
THEMES: tuple[Theme, ...] = ("light", "dark")
BUDGETS = {"budget_month": 50.0, "budget_actor_month": 10.0}


@dataclass
class Morning:
    """Pages by what they show and the theme; `world` is what the fake Slack held in the end."""

    world: World
    pages: dict[tuple[str, Theme], str] = field(default_factory=dict)

    def keep(self, name: str, channel: Channel, thread: Said) -> None:
        for theme in THEMES:
            page = channel_seen(self.world, channel.id, thread=thread.ts, theme=theme)
            self.pages[name, theme] = page

    def keep_view(self, name: str, view: View) -> None:
        for theme in THEMES:
            self.pages[name, theme] = view_seen(self.world, view, theme=theme)


def morning(folder: Path, *, studio: bool = False) -> Morning:
    """Play it on an event loop of its own; with the studio it takes a minute or two."""
    engine = None if studio else FakeEngine(_disc(), SIDE, SIDE)
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, _played(folder, engine)).result()


def _disc() -> bytes:
    """A subject on a plain ground, easy to cut out."""
    picture = Image.new("RGB", (SIDE, SIDE), (236, 236, 230))
    ImageDraw.Draw(picture).ellipse((100, 100, 260, 260), fill=(178, 34, 34))
    packed = io.BytesIO()
    picture.save(packed, "PNG")
    return packed.getvalue()


async def _played(folder: Path, engine: FakeEngine | None) -> Morning:
    async with FakeSlack() as fake:
        team = fake.team("acme")
        ana, ben = fake.person(team, "ana"), fake.person(team, "ben")
        design = fake.channel(team, "design", [ana, ben])
        slack = {"slack_bot_token": team.token, "slack_api_url": fake.api_url.rstrip("/")}
        easel = house(folder, engine, fake=engine is not None, **slack, **BUDGETS)
        async with easel as here, here.working():
            kept = Morning(fake.world)
            await _Thread(fake, here.desk, design, engine).play(ana, ben, kept)
            for name, view in (await afternoon(fake, here, ana, design)).items():
                kept.keep_view(name, view)
            return kept


@dataclass
class _Thread:
    fake: FakeSlack
    desk: FrontDesk
    channel: Channel
    engine: FakeEngine | None
    asked: int = 0

    async def play(self, ana: Person, ben: Person, kept: Morning) -> None:
        mention = self.fake.world.teams[self.channel.team].mention
        root = ana.writes(self.channel, f"{mention} {ASKED}")
        await self.shown(await self.asks(ana, root, root, ASKED))
        kept.keep("result", self.channel, root)
        await self.does(ben, root, NAVY)
        await self.does(ana, root, "transparent")
        kept.keep("transparent", self.channel, root)
        await self.waits(ben, root, kept, "working")
        await self.does(ben, root, "back to v9")
        await self.does(ben, root, f'label it "{HOSTILE}"')
        await self.does(ben, root, f'a mug --size "{HOSTILE}"')
        await self.waits(ben, root, kept, "end")
        await self.does(ben, root, "back to v2")

    async def waits(self, who: Person, root: Said, kept: Morning, name: str) -> None:
        """One turn runs and one waits behind it, until both are stopped."""
        if self.engine:
            self.engine.delay, self.engine.previews = 30.0, 60
        first = await self.asks(who, root, who.writes(self.channel, SLOW, thread=root), SLOW)
        await self.fake.until(lambda: self.says("▱"), "it runs")
        said = who.writes(self.channel, "upscale 2x", thread=root)
        asked = (first, await self.asks(who, root, said, "upscale 2x"))
        await self.fake.until(lambda: self.says("waiting for 1 turn"), "one waits")
        kept.keep(name, self.channel, root)
        for turn in reversed(asked):
            await self.desk.cancel(turn.session_id, turn.id)
        await self.shown(*asked)
        if self.engine:
            self.engine.delay, self.engine.previews = 0.0, 0

    def says(self, words: str) -> bool:
        """Whether a message of ours says that at the moment."""
        blocks = [str(each.blocks).lower() for each in self.fake.said_by_bot(self.channel)]
        return any(words in each for each in blocks)

    async def does(self, who: Person, root: Said, words: str) -> None:
        said = who.writes(self.channel, words, thread=root)
        await self.shown(await self.asks(who, root, said, words))

    async def asks(self, who: Person, root: Said, said: Said, words: str) -> Turn:
        place = Place(
            team=self.channel.team,
            channel=self.channel.id,
            thread=root.ts,
            message=said.ts,
            user=who.id,
            user_name=who.user.name.title(),
        )
        self.asked += 1
        return await self.desk.accept(
            TurnRequest(
                thread=place.thread_key(),
                event_keys=(place.message_key(said.ts),),
                actor=place.actor,
                channel=place.payer_channel,
                text=words,
                options=TurnOptions(size=f"{SIDE}x{SIDE}", seed=7),
                place=place.texts(),
            )
        )

    async def shown(self, *turns: Turn) -> None:
        """Wait until they have ended and each turn so far stands in one message of ours.

        Slack's own sign of work is put out a moment later.
        """

        async def ended() -> bool:
            now = [await self.desk.turn(turn.session_id, turn.id) for turn in turns]
            return all(turn.state.ended for turn in now)

        def all_told() -> bool:
            ours = self.fake.said_by_bot(self.channel)
            states = [each["status"] for each in self.fake.statuses[-1:]]
            at_rest = states in ([""], ["active"])
            return len(ours) == self.asked and not self.says("easel:cancel") and at_rest

        await wait_until(ended, "the turns have ended", seconds=240)
        await self.fake.until(all_told, "their ends are shown")

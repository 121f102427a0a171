"""The real program beside a fake Slack, for tests that kill it while it shows something there.

async with slack_stage(tmp_path, chance) as stage:     # one workspace, a provider that draws
    await stage.starts()
    thread = await stage.asks("a red mug", stage.channel())
    await stage.shown(thread)                          # its end stands in Slack
    stage.check(thread)                                # once, and nothing else
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from adapters.slack.places import Place
from core.session import keys
from tests.chaos.easel_process import EaselProcess, free_port
from tests.chaos.platform_stage import PlatformStage
from tests.chaos.slow_provider import SlowProvider, named, picture_of
from tests.contract.openai_double import serving
from tests.contract.slack.fake_slack import FakeSlack
from tests.contract.slack.slack_clicking import Person
from tests.contract.slack.slack_faults import Call, Chosen
from tests.contract.slack.slack_person import Said
from tests.contract.slack.slack_world import Channel, Message, Team
from tests.pictures import pixels

REDELIVERY_SECONDS = 2
_PAUSES = (0.1, *(0.5,) * 60)
"""Between Slack's tries: shorter here, and more of them, as a busy machine starts slowly."""


@dataclass
class SlackThread:
    """A channel of its own with one thread, and what was asked for there, in order."""

    channel: Channel
    root: str
    sid: str
    asked: list[str] = field(default_factory=list)


@dataclass
class SlackStage(PlatformStage):
    """One workspace with Ana."""

    fake: FakeSlack
    team: Team
    ana: Person

    async def starts(self) -> None:
        """Start the program; it hears Slack when this returns."""
        await self.server.start()
        await self.server.said("Easel is at")

    def channel(self) -> Channel:
        return self.fake.channel(self.team, f"room-{next(self._numbers)}", [self.ana])

    async def asks(self, words: str, channel: Channel, flags: str = "") -> SlackThread:
        """Ana mentions the app in a channel; accepted when this returns."""
        said = await self.ana.says(channel, f"{self.team.mention} {words}{flags}")
        assert said.ok, said.answers
        return SlackThread(channel, said.ts, self.sid(channel, said.ts), [words])

    async def replies(self, thread: SlackThread, words: str) -> Said:
        """Ana goes on in a thread; accepted when this returns."""
        said = await self.ana.says(thread.channel, words, thread=thread.root)
        assert said.ok, said.answers
        thread.asked.append(words)
        return said

    def sid(self, channel: Channel, root: str) -> str:
        """The session of a thread that began with that message (or that trigger)."""
        place = Place(
            team=self.team.id, channel=channel.id, thread="", message="", user=self.ana.id
        )
        return keys.session_id(place.thread_key(root))

    def about(self, channel: Channel, mark: str) -> Chosen:
        """Chooses calls in that channel, and those about files of which the mark is said."""

        def chosen(call: Call) -> bool:
            told = call.params
            if where := told.get("channel") or told.get("channel_id"):
                return bool(where == channel.id)
            alt = told["alt_txt"] if "alt_txt" in told else self.fake.world.files[told["file"]].alt
            return mark in alt.split()

        return chosen

    async def drawn(self, thread: SlackThread) -> None:
        """Wait until every turn of a thread has ended in the store, shown or not."""
        await self.all_drawn(thread.sid, thread.asked, seconds=60)

    async def shown(self, thread: SlackThread) -> None:
        """Wait until the ends of all turns of a thread were shown, as far as Easel knows."""
        await self.drawn(thread)
        await self.all_shown(thread.sid, thread.asked)
        await self.fake.quiet()

    def said(self, thread: SlackThread) -> list[Message]:
        """What Easel has in a thread."""
        return self.fake.said_by_bot(thread.channel, thread.root)

    def check(self, thread: SlackThread, *, pictures: int = 1) -> None:
        """One result for each turn, in order, of the right pictures; nothing else, nor before."""
        said = [message for message in self.said(thread) if message.ts != thread.root]
        assert [message.thread_ts for message in said] == [thread.root] * len(said)
        assert [len(message.files) for message in said] == [pictures] * len(thread.asked)
        for message, words in zip(said, thread.asked, strict=True):
            seen = [pixels(self.fake.file(message, at).data) for at in range(pictures)]
            assert seen == [pixels(picture_of(words))] * pictures
            assert [block for block in message.blocks if block["type"] == "actions"]
        where = {"channel": thread.channel.id, "thread_ts": thread.root}
        posted = self._carried_out("chat.postMessage", **where)
        assert len(posted) <= len(thread.asked), "a second placeholder"
        shared = self._carried_out("files.completeUploadExternal", channel_id=thread.channel.id)
        assert len(shared) == len(thread.asked)

    def _carried_out(self, method: str, **where: str) -> list[Call]:
        return [call for call in self.fake.called(method, **where) if call.ok]


@contextlib.asynccontextmanager
async def slack_stage(folder: Path, chance: Random, **more: str) -> AsyncIterator[SlackStage]:
    """All of it, over HTTP; every process is ended afterwards. `more`: settings of the program."""
    async with FakeSlack() as fake, serving(SlowProvider(chance, (0.05, 0.2))) as provider:
        assert isinstance(provider, SlowProvider)
        team, port = fake.team("acme"), free_port()
        settings = {
            "EASEL_DATA_DIR": str(folder / "data"),
            "EASEL_PORT": str(port),
            "EASEL_REDELIVERY_SECONDS": str(REDELIVERY_SECONDS),
            "EASEL_PIXEL_WORKERS": "1",
            "EASEL_LOG_FORMAT": "json",
            "SLACK_BOT_TOKEN": team.token,
            "SLACK_SIGNING_SECRET": fake.signing_secret,
            "SLACK_API_URL": fake.api_url.rstrip("/"),
            **named(provider),
            **more,
        }
        fake.deliver_to(f"http://127.0.0.1:{port}/slack/events")
        fake.delivery.pauses = _PAUSES
        server = EaselProcess("serve", folder, settings)
        made = [server]
        ana = fake.person(team, "ana")
        try:
            yield SlackStage(provider, folder, server, settings, made, fake, team, ana)
        finally:
            fake.web.trouble.release()
            for process in reversed(made):
                await process.leave_nothing()
        assert [fault for process in made for fault in process.faults()] == []

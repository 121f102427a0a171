"""The real program beside a fake Slack, for tests that kill it while it shows something there.

async with slack_stage(tmp_path, chance) as stage:     # one workspace, a provider that draws
    await stage.starts()
    thread = await stage.asks("a red mug", stage.channel())
    await stage.shown(thread)                          # its end stands in Slack
    stage.check(thread)                                # once, and nothing else
"""

from __future__ import annotations

import contextlib
import hashlib
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

from PIL import Image
from redis.asyncio import Redis
from redis.exceptions import RedisError

from adapters.slack.places import Place
from bot.store_place import StorePlace
from core.session import keys
from core.session.showing import ShowStore
from tests.chaos.easel_process import EaselProcess, free_port
from tests.chaos.slow_provider import Drawn, SlowProvider, named, picture_of
from tests.contract.openai_double import serving
from tests.contract.slack.fake_slack import FakeSlack
from tests.contract.slack.slack_clicking import Person
from tests.contract.slack.slack_faults import Call, Chosen
from tests.contract.slack.slack_person import Said
from tests.contract.slack.slack_world import Channel, Message, Team
from tests.waiting import wait_until

REDELIVERY_SECONDS = 2
_PAUSES = (0.1, *(0.5,) * 60)
"""Between Slack's tries: shorter here, and more of them, as a busy machine starts slowly."""
_FALLEN = ("showing_stopped", "turn_not_shown", "part_fell_down", "turn_given_up")


@dataclass
class SlackThread:
    """A channel of its own with one thread, and what was asked for there, in order."""

    channel: Channel
    root: str
    sid: str
    asked: list[str] = field(default_factory=list)


@dataclass
class SlackStage:
    """One workspace with Ana, what draws, and `server`, which is not started yet."""

    fake: FakeSlack
    team: Team
    ana: Person
    provider: SlowProvider
    folder: Path
    server: EaselProcess
    _settings: dict[str, str]
    _made: list[EaselProcess]
    _numbers: count[int] = field(default_factory=count)

    def worker(self, name: str) -> EaselProcess:
        """Another process that carries turns out, not started yet."""
        made = EaselProcess("worker", self.folder, {**self._settings, "NAME": name})
        self._made.append(made)
        return made

    @property
    def store(self) -> StorePlace:
        return StorePlace(self.folder / "data")

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

        async def have_ended() -> bool:
            states = await self._states(thread.sid)
            return len(states) == len(thread.asked) and set(states) <= {"done", "failed"}

        await wait_until(have_ended, f"“{thread.asked[-1]}” is drawn")

    async def shown(self, thread: SlackThread) -> None:
        """Wait until the ends of all turns of a thread were shown, as far as Easel knows."""
        await self.drawn(thread)

        async def are_shown() -> bool:
            async with self._redis() as redis:
                return not await ShowStore(redis).unshown(thread.sid)

        await wait_until(are_shown, f"the end of “{thread.asked[-1]}” is shown")
        await self.fake.quiet()

    async def _states(self, sid: str) -> list[str]:
        try:
            async with self._redis() as redis:
                told: Any = redis.lrange(keys.turns(sid), 0, -1)
                turns = await told
                return [await self._state(redis, sid, tid) for tid in turns]
        except (RedisError, OSError):
            return []

    async def _state(self, redis: Redis, sid: str, tid: str) -> str:
        told: Any = redis.hget(keys.turn(sid, tid), "state")
        return str(await told)

    def _redis(self) -> Redis:
        return Redis.from_url(self.store.url, decode_responses=True)

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

    def calls_for(self, words: str) -> list[Drawn]:
        """How often the provider was asked for that."""
        return [call for call in self.provider.drawn if call.words == words]

    def fallen(self) -> list[str]:
        """Lines of logs that tell of something that must not happen when a process is killed."""
        logs = [process.log for process in self._made if process.log.exists()]
        lines = [line for log in logs for line in log.read_text(errors="replace").splitlines()]
        return [line for line in lines if any(fallen in line for fallen in _FALLEN)]


def pixels(data: bytes) -> str:
    """A name for the pixels of a picture, whatever else its file says."""
    with Image.open(io.BytesIO(data)) as picture:
        return hashlib.sha256(picture.convert("RGBA").tobytes()).hexdigest()


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
            yield SlackStage(fake, team, ana, provider, folder, server, settings, made)
        finally:
            fake.web.trouble.release()
            for process in reversed(made):
                await process.leave_nothing()
        assert [fault for process in made for fault in process.faults()] == []

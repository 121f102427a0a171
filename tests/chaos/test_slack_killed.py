"""`kill -9` while turns are shown in Slack, at each point where it matters: one placeholder, one
result, the right pictures, and nothing that says for ever that it is being drawn.

One kill serves for many points: a thread stands still at each of them. The long run kills the
program and its store at moments that chance chooses, again and again.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from random import Random

import pytest
import pytest_asyncio

from tests.chaos.easel_process import kill_store
from tests.chaos.slack_stage import REDELIVERY_SECONDS, SlackStage, SlackThread, slack_stage
from tests.contract.slack.slack_delivery import Answer
from tests.contract.slack.slack_faults import Call, Chosen
from tests.contract.slack.slack_world import Channel
from tests.contract.trouble import Hold
from tests.waiting import SOAK, moment

pytestmark = pytest.mark.asyncio(loop_scope="module")

_MANY = {"EASEL_MAX_RUNNING": "64", "EASEL_PROVIDER_LIMITS": "openai=64"}
_ROUNDS, _THREADS = (100, 6) if SOAK else (2, 3)
_STORE_KILLS = 20 if SOAK else 2
_LEASE_OVER = REDELIVERY_SECONDS + 1.0
"""Seconds in which somebody who believes that they still show a session would do so."""


@dataclass(frozen=True)
class Point:
    """A call at which the program dies: before it is carried out, or `after` it and unanswered.

    `number`: the first such call, or a later one. `drawing`: before the picture is there, so that
    the provider, which nobody can ask about it, draws again. `late`: seconds until shared files are
    in the thread.
    """

    method: str
    after: bool = False
    number: int = 1
    drawing: bool = False
    late: float = 0.02
    pictures: int = 1


PLACEHOLDER = {
    "accepted, no placeholder, no picture": Point("chat.postMessage", drawing=True),
    "accepted, drawn, no placeholder": Point("chat.postMessage"),
    "placeholder sent, not known": Point("chat.postMessage", after=True),
    "placeholder there, no progress": Point("chat.update", drawing=True),
    "result there, placeholder too": Point("chat.delete"),
    "placeholder gone, not known": Point("chat.delete", after=True),
}
PICTURE = {
    "asked where to, not known": Point("files.getUploadURLExternal", after=True),
    "asked where to, no bytes": Point("upload"),
    "bytes there, not known": Point("upload", after=True),
    "one of two uploaded": Point("upload", number=2, pictures=2),
    "uploaded, not shared": Point("files.completeUploadExternal"),
    "shared, not known": Point("files.completeUploadExternal", after=True),
    "shared, not known, and slowly": Point("files.completeUploadExternal", after=True, late=6.0),
    "shared, not written down": Point("files.info"),
}

_numbers = count(1)


def new_words() -> tuple[str, str]:
    """Words that nobody has said before, and the mark by which they are known."""
    mark = f"m{next(_numbers)}"
    return f"a red mug with the mark {mark}", mark


class Standing:
    """A thread whose turn stands still at a point."""

    def __init__(self, stage: SlackStage, point: Point) -> None:
        self.words, self.mark = new_words()
        self._stage = stage
        self._point = point
        self._thread: SlackThread | None = None
        self._hold: Hold[Call] | None = None

    async def reaches(self) -> None:
        """Ask for it, and wait until it stands there."""
        stage, point = self._stage, self._point
        stage.provider.held = asyncio.Event() if point.drawing else None
        stage.fake.world.share_delay = point.late
        channel = stage.channel()
        when = numbered(stage.about(channel, self.mark), point.number)
        self._hold = stage.fake.hold(point.method, after=point.after, when=when)
        flags = f" --n {point.pictures}" if point.pictures > 1 else ""
        self._thread = await stage.asks(self.words, channel, flags)
        await self._hold.reached()
        if point.drawing:
            await stage.provider.until_drawing(lambda: bool(stage.calls_for(self.words)))
        else:
            await stage.drawn(self._thread)

    def broken_off(self) -> None:
        """Whoever made the call has gone."""
        assert self._hold is not None
        self._hold.drop()

    def goes_on(self) -> None:
        """The call is carried out and answered after all."""
        assert self._hold is not None
        self._hold.release()

    async def shown(self) -> None:
        assert self._thread is not None
        await self._stage.shown(self._thread)

    async def check(self) -> None:
        """It comes to one result, and only what nobody can know was drawn twice."""
        assert self._thread is not None
        await self.shown()
        self._stage.check(self._thread, pictures=self._point.pictures)
        times = 2 if self._point.drawing else self._point.pictures
        assert len(self._stage.calls_for(self.words)) == times


def numbered(chosen: Chosen, number: int) -> Chosen:
    """Chooses the so-many-th of those calls, and those after it."""
    seen = count(1)

    def when(call: Call) -> bool:
        return chosen(call) and next(seen) >= number

    return when


async def stood(stage: SlackStage, points: Mapping[str, Point]) -> dict[str, Standing]:
    """Threads that stand at those points, one at each."""
    standing = {}
    for name, point in points.items():
        standing[name] = Standing(stage, point)
        await standing[name].reaches()
    return standing


def broken_off(stage: SlackStage, standing: Mapping[str, Standing]) -> None:
    for each in standing.values():
        each.broken_off()
    stage.provider.held = None
    stage.fake.world.share_delay = 0.02


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SlackStage]:
    async with slack_stage(tmp_path_factory.mktemp("easel"), random.Random(), **_MANY) as running:
        await running.starts()
        yield running


@pytest.mark.parametrize("points", [PLACEHOLDER, PICTURE], ids=["placeholder", "picture"])
async def test_a_program_killed_while_it_shows_leaves_one_result(
    stage: SlackStage, points: Mapping[str, Point], subtests: pytest.Subtests
) -> None:
    standing = await stood(stage, points)
    await stage.server.kill()
    broken_off(stage, standing)
    await stage.starts()
    for name, each in standing.items():
        with subtests.test(name):
            await each.check()
    assert stage.fallen() == []


async def test_another_worker_goes_on_where_one_was_killed(
    tmp_path: Path, subtests: pytest.Subtests
) -> None:
    many = {**_MANY, "EASEL_WORKER_INSIDE": "false"}
    async with slack_stage(tmp_path, Random(), **many) as stage:
        first, second = stage.another("worker", "first"), stage.another("worker", "second")
        await stage.starts()
        await first.start()
        standing = await stood(stage, PICTURE)
        await second.start()
        await second.said("worker_ready")
        await first.kill()
        broken_off(stage, standing)
        for name, each in standing.items():
            with subtests.test(name):
                await each.check()
        assert stage.fallen() == []


async def test_a_worker_that_stood_still_while_another_went_on_adds_nothing(
    tmp_path: Path, subtests: pytest.Subtests
) -> None:
    many = {**_MANY, "EASEL_WORKER_INSIDE": "false"}
    async with slack_stage(tmp_path, Random(), **many) as stage:
        first, second = stage.another("worker", "first"), stage.another("worker", "second")
        await stage.starts()
        await first.start()
        standing = await stood(stage, PICTURE)
        await second.start()
        await second.said("worker_ready")
        first.freeze()
        for each in standing.values():
            await each.shown()
        for each in standing.values():
            each.goes_on()
        first.thaw()
        await first.said("lease lost")
        await moment(_LEASE_OVER)
        for name, each in standing.items():
            with subtests.test(name):
                await each.check()


async def test_a_command_whose_first_message_was_not_known_opens_one_thread(
    stage: SlackStage,
) -> None:
    words, _ = new_words()
    channel = stage.channel()
    hold = stage.fake.hold("chat.postMessage", after=True)
    assert (await stage.ana.commands("/easel", words, channel)).ok
    trigger = stage.fake.delivery.log[-1][1]["trigger_id"]
    await hold.reached()
    await stage.server.kill()
    hold.drop()
    await stage.starts()
    [root] = stage.fake.said_by_bot(channel)
    thread = SlackThread(channel, root.ts, stage.sid(channel, trigger), [words])
    await stage.shown(thread)
    await stage.replies(thread, "paint a white rim on the mug")
    await stage.shown(thread)
    stage.check(thread)
    assert len(stage.fake.said_by_bot(channel)) == 3


async def test_what_the_store_did_not_take_is_not_acknowledged_and_comes_again(
    stage: SlackStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stage.fake.delivery, "patience", 10.0)  # the answer is Easel's own
    words, _ = new_words()
    channel = stage.channel()
    store = stage.store.leftover()
    assert store is not None
    store.suspend()
    asking = asyncio.create_task(stage.asks(words, channel))
    try:
        await stage.fake.until(lambda: answers_about(stage, channel), "an answer")
        assert [answer.status for answer in answers_about(stage, channel)] == [500]
    finally:
        await kill_store(stage.server, stage.store)
    thread = await asking
    await stage.shown(thread)
    stage.check(thread)
    assert len(stage.calls_for(words)) == 1


async def test_a_store_killed_while_events_come_in_loses_and_doubles_nothing(
    stage: SlackStage, chance: Random
) -> None:
    threads: list[SlackThread] = []
    for _ in range(_STORE_KILLS):
        asking = [stage.asks(new_words()[0], stage.channel()) for _ in range(4)]
        coming = asyncio.gather(*asking)
        await moment(chance.uniform(0.0, 0.3))
        await kill_store(stage.server, stage.store)
        threads += await coming
    await all_right(stage, threads)
    calls = [len(stage.calls_for(thread.asked[0])) for thread in threads]
    assert calls == [1] * len(threads)


@pytest.mark.timeout(7_200 if SOAK else 300)
async def test_kills_at_any_moment_leave_one_result_for_each_turn(
    stage: SlackStage, chance: Random
) -> None:
    first = [stage.asks(new_words()[0], stage.channel()) for _ in range(_THREADS)]
    threads = await asyncio.gather(*first)
    for number in range(1, _ROUNDS + 1):
        saying = asyncio.gather(*(stage.replies(each, new_words()[0]) for each in threads))
        await moment(chance.uniform(0.0, 3.0))
        if number % 5 == 0:
            await kill_store(stage.server, stage.store)
        else:
            await stage.server.kill()
            await stage.starts()
        await saying
        if number % 10 == 0:
            await all_right(stage, threads)
    await all_right(stage, threads)


async def all_right(stage: SlackStage, threads: Sequence[SlackThread]) -> None:
    for thread in threads:
        await stage.shown(thread)
        stage.check(thread)


def answers_about(stage: SlackStage, channel: Channel) -> list[Answer]:
    """How the app answered to events of a channel."""
    log = stage.fake.delivery.log
    events = [(told["event"], answer) for kind, told, answer in log if kind == "events_api"]
    return [answer for event, answer in events if event.get("channel") == channel.id]

"""The real program, over HTTP: a session of Slack's that is worked on from its page as well."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from PIL import Image
from prometheus_client.parser import text_string_to_metric_families

from tests.chaos.easel_process import EaselProcess, free_port
from tests.contract.slack.fake_slack import FakeSlack
from tests.contract.slack.slack_clicking import Person
from tests.contract.slack.slack_world import Channel, Message, Team
from tests.scenario.house import png, wait_until
from tests.scenario.slack_out_stand import words

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(200)]
MUG = [("mug.png", png("teal", (80, 40)))]


@dataclass
class Program:
    """Easel and the workspace that it is in; `pages` asks its HTTP API."""

    fake: FakeSlack
    team: Team
    ana: Person
    pages: httpx.AsyncClient

    def channel(self) -> Channel:
        name = f"room-{len(self.fake.world.channels)}"
        return self.fake.channel(self.team, name, [self.ana])

    async def results(self, channel: Channel, count: int) -> list[Message]:
        """The messages with pictures, once there are so many."""

        def found() -> list[Message]:
            return [one for one in self.fake.said_by_bot(channel) if one.files]

        await self.fake.until(lambda: len(found()) >= count, f"{count} results", seconds=60)
        return found()

    def size(self, message: Message) -> tuple[int, int]:
        with Image.open(io.BytesIO(self.fake.file(message).data)) as picture:
            return picture.size

    async def get(self, path: str) -> Any:
        answer = await self.pages.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def on_its_page(self, sid: str, text: str) -> None:
        """Somebody makes a turn on the page of a session."""
        parts = {"text": (None, text)}
        answer = await self.pages.post(f"/api/sessions/{sid}/turns", files=parts)
        assert answer.status_code == 202, answer.text

    async def counted(self, name: str, **labels: str) -> float:
        answer = await self.pages.get("/metrics")
        return sum(
            sample.value
            for family in text_string_to_metric_families(answer.text)
            for sample in family.samples
            if sample.name == name and labels.items() <= sample.labels.items()
        )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def program(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Program]:
    folder: Path = tmp_path_factory.mktemp("easel")
    port = free_port()
    async with FakeSlack() as fake:
        team = fake.team("acme")
        settings = {
            "EASEL_DATA_DIR": str(folder / "data"),
            "EASEL_PORT": str(port),
            "SLACK_BOT_TOKEN": team.token,
            "SLACK_SIGNING_SECRET": fake.signing_secret,
            "SLACK_API_URL": fake.api_url.rstrip("/"),
        }
        easel = EaselProcess("serve", folder, settings)
        url = f"http://127.0.0.1:{port}"
        try:
            await easel.start()
            await easel.said("Easel is at")
            fake.deliver_to(f"{url}/slack/events")
            async with httpx.AsyncClient(base_url=url) as pages:
                yield Program(fake, team, fake.person(team, "ana"), pages)
        finally:
            await easel.leave_nothing()
        assert easel.faults() == []


async def session_titled(program: Program, title: str) -> str:
    found: list[str] = []

    async def known() -> bool:
        sessions = (await program.get("/api/sessions"))["sessions"]
        found[:] = [session["id"] for session in sessions if session["title"] == title]
        return bool(found)

    await wait_until(known, "the session is on the pages")
    return found[0]


async def test_a_turn_made_on_its_page_lands_in_the_thread(program: Program) -> None:
    channel = program.channel()
    said = await program.ana.says(channel, f"{program.team.mention} crop to 1:1", files=MUG)
    await program.results(channel, 1)
    await program.on_its_page(await session_titled(program, "crop to 1:1"), "rotate 90")
    await program.results(channel, 2)
    await program.ana.says(channel, "resize to 20x20", thread=said)
    results = await program.results(channel, 3)
    assert {message.thread_ts for message in results} == {said.ts}
    assert [program.fake.file(one).name for one in results] == ["v2.png", "v3.png", "v4.png"]
    assert program.size(results[-1]) == (20, 20)
    heard = ["On the page of this thread" in words(message) for message in results]
    assert heard == [False, True, False], "the thread has not heard those words"
    assert "“rotate 90”" in words(results[1])


async def test_so_does_one_of_a_thread_that_a_command_began(program: Program) -> None:
    channel = program.channel()
    said = await program.ana.says(channel, "look at this", files=MUG)
    link = f"{program.team.url}archives/{channel.id}/p{said.ts.replace('.', '')}"
    assert (await program.ana.commands("/upscale", f"2x {link}", channel)).ok
    [first] = await program.results(channel, 1)
    assert program.size(first) == (160, 80) and first.thread_ts != said.ts
    await program.on_its_page(await session_titled(program, "2x"), "crop to 1:1")
    _, second = await program.results(channel, 2)
    assert (program.size(second), second.thread_ts) == ((80, 80), first.thread_ts)
    assert ["On the page" in words(message) for message in (first, second)] == [False, True]


async def test_what_was_done_is_counted(program: Program) -> None:
    acknowledged = await program.counted("easel_ack_seconds_count", platform="slack")
    done = await program.counted("easel_turns_total", platform="slack", outcome="done")
    channel = program.channel()
    await program.ana.says(channel, f"{program.team.mention} crop to 1:1", files=MUG)
    await program.results(channel, 1)
    after = await program.counted("easel_ack_seconds_count", platform="slack")
    assert after - acknowledged >= 2, "a message and a mention"

    async def counted() -> bool:
        turns = await program.counted("easel_turns_total", platform="slack", outcome="done")
        return turns == done + 1

    await wait_until(counted, "the turn is counted once")

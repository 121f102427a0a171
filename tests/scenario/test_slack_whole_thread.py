"""A whole thread in Slack, from the first mention to undo, with the real program behind it: it is
stopped and killed in the middle. The thread as people see it is recorded in docs/A_SLACK_THREAD.md.
"""

from __future__ import annotations

import io
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from adapters.slack import buttons
from tests.chaos.easel_process import EaselProcess, free_port
from tests.contract.slack.fake_slack import FakeSlack
from tests.contract.slack.slack_clicking import Person
from tests.contract.slack.slack_person import Said
from tests.contract.slack.slack_world import Channel, Message, Team

PAGE = Path(__file__).parents[2] / "docs" / "A_SLACK_THREAD.md"
COFFEE = Path(__file__).parents[1] / "photos" / "coffee.jpg"
HEAD = """# A thread in Slack

What is to be seen in a channel after one thread, as it was recorded from a stand-in that refuses
what Slack refuses (`tests/scenario/test_slack_whole_thread.py`). Easel was the real program with
its offline studio; it was stopped once and killed once while the thread went on.

"""


@dataclass
class Scene:
    """A channel, two people, and the program."""

    fake: FakeSlack
    team: Team
    ana: Person
    ben: Person
    design: Channel
    easel: EaselProcess

    async def starts(self) -> None:
        """Start the program; it hears Slack when this returns."""
        await self.easel.start()
        await self.easel.said("Easel is at")
        await self.fake.sockets.connected()

    def results(self, said: Said) -> list[Message]:
        return [one for one in self.fake.said_by_bot(self.design, said.ts) if one.files]

    async def result(self, said: Said, count: int) -> Message:
        """The newest result, once there are so many."""
        await self.fake.until(
            lambda: len(self.results(said)) >= count, f"{count} results", seconds=120
        )
        return self.results(said)[-1]

    def picture(self, message: Message, number: int = 0) -> np.ndarray:
        return np.asarray(Image.open(io.BytesIO(self.fake.file(message, number).data)))


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with FakeSlack() as fake:
        team = fake.team("acme")
        team.agent = True
        ana, ben = fake.person(team, "ana"), fake.person(team, "ben")
        design = fake.channel(team, "design", [ana, ben])
        settings = {
            "EASEL_DATA_DIR": str(tmp_path / "data"),
            "EASEL_PORT": str(free_port()),
            "EASEL_REDELIVERY_SECONDS": "2",
            "EASEL_LOG_FORMAT": "json",
            "SLACK_BOT_TOKEN": team.token,
            "SLACK_APP_TOKEN": fake.app_token,
            "SLACK_API_URL": fake.api_url.rstrip("/"),
        }
        easel = EaselProcess("serve", tmp_path, settings)
        try:
            yield Scene(fake, team, ana, ben, design, easel)
        finally:
            await easel.leave_nothing()
        assert easel.faults() == []


@pytest.mark.timeout(400)
async def test_a_whole_thread_over_a_stop_and_a_kill(scene: Scene) -> None:
    await scene.starts()
    words = f"{scene.team.mention} a red mug to the left of a white candle on a walnut table, soft"
    said = await scene.ana.says(scene.design, f"{words} window light --size 320x256")
    await scene.ben.says(scene.design, "make the mug navy", thread=said)
    await scene.ana.says(scene.design, "remove the candle", thread=said)
    first = await scene.result(said, 1)
    assert scene.picture(first).shape == (256, 320, 3)
    assert await scene.easel.end() == 0

    await scene.starts()
    third = await scene.result(said, 3)
    coffee = [("coffee.jpg", COFFEE.read_bytes())]
    await scene.ben.says(scene.design, "crop to 4:5, then warmer", thread=said, files=coffee)
    await scene.result(said, 4)
    await scene.ana.clicks(third, buttons.TRANSPARENT)
    await scene.fake.until(
        lambda: len(scene.fake.said_by_bot(scene.design, said.ts)) > 4, "a placeholder"
    )
    await scene.easel.kill()

    await scene.starts()
    clear = await scene.result(said, 5)
    await scene.ana.chooses(clear, buttons.UPSCALE, "4x")
    large = await scene.result(said, 6)
    await scene.ana.clicks(large, buttons.UNDO)
    await scene.fake.until(
        lambda: "Back at" in str(scene.fake.said_by_bot(scene.design, said.ts)[-1].blocks),
        "the answer to undo",
        seconds=60,
    )

    seen = scene.picture(clear)
    assert seen.shape == (256, 320, 4)
    assert (seen[:8, :8, 3] == 0).all()
    assert seen[..., 3].max() == 255
    assert scene.picture(large).shape == (1024, 1280, 4)
    assert len(scene.results(said)) == 6
    page = await scene.fake.transcript(scene.design)
    if os.environ.get("EASEL_SCREENSHOTS"):
        PAGE.write_text(HEAD + page.replace("# #design", "## #design"))

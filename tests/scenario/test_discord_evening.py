"""An evening in a community: three people in one thread at once, a right click in another channel,
and the real program behind it, stopped once and killed once in the middle. The evening as people
see it is recorded in docs/A_DISCORD_EVENING.md.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image

from tests.contract.discord.discord_world import Message
from tests.scenario.discord_evening_stand import Evening, evening

PAGE = Path(__file__).parents[2] / "docs" / "A_DISCORD_EVENING.md"
COFFEE = Path(__file__).parents[1] / "photos" / "coffee.jpg"
HEAD = """# An evening in Discord

What is to be seen in two channels after one evening, as it was recorded from a stand-in that
refuses what Discord refuses (`tests/scenario/test_discord_evening.py`). Easel was the real program
with its offline studio. It was stopped once and killed once while people went on writing.

"""


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Evening]:
    async with evening(tmp_path) as running:
        yield running


@pytest.mark.timeout(400)
async def test_an_evening_over_a_stop_and_a_kill(scene: Evening) -> None:
    ana, ben, cleo = scene.ana, scene.ben, scene.cleo
    await scene.starts()
    words = "a red mug to the left of a white candle on a walnut table, soft window light"
    first = await scene.answer_to(
        await ana.slash(scene.design, "imagine", prompt=words, size="160x128")
    )
    thread = scene.thread()

    said = [
        await ben.says(thread, "make the mug navy"),
        await cleo.says(thread, "remove the candle"),
        await ana.says(thread, "make the table white"),
    ]
    regretted = await cleo.says(thread, "make the mug pink")
    await cleo.clicks(await scene.placeholder_of(regretted), "Cancel")
    second = await scene.answer_to(said[0])
    assert await scene.easel.end() == 0
    late = await ben.says(thread, "make the mug green")
    photo = await cleo.says(scene.photos, "Look what I found!", files=[("coffee.jpg", coffee())])

    await scene.starts()
    large = await ben.context(scene.photos, "Quick upscale", photo)
    green = await scene.answer_to(late)
    clear = await ana.clicks(green, "Transparent")
    assert clear.type == 5
    await scene.easel.kill()
    reply = await cleo.says(thread, "make the mug yellow", reply_to=second)

    await scene.starts()
    yellow = await scene.answer_to(reply)
    double = await scene.answer_to(await ben.selects(first, "Upscale", "2x"))
    back = await scene.answer_to(await cleo.clicks(double, "Undo"))
    doubled = scene.picture(double)
    await deleted(scene, double)

    answers = [second, *[await scene.answer_to(each) for each in said[1:]]]
    cancelled = await scene.answer_to(regretted)
    assert [each.reference for each in answers] == [each.id for each in said]
    assert cancelled.attachments == [] and "Cancelled" in scene.fake.words(cancelled)
    assert scene.version(first) == "v1" and scene.version(back) in ("v6", "v7")
    assert [scene.version(each) for each in (*answers, green)] == ["v2", "v3", "v4", "v5"]
    assert {scene.version(await scene.answer_to(clear)), scene.version(yellow)} == {"v6", "v7"}
    assert scene.far(yellow, second) < scene.far(yellow, green), (
        "it is about the version replied to"
    )
    assert doubled.shape == (256, 320, 3)
    assert scene.picture(await scene.answer_to(large)).shape == (200, 300, 3)
    assert (scene.picture(await scene.answer_to(clear))[:8, :8, 3] == 0).all()
    assert len(scene.results(thread)) == 6, "one for each turn, and none twice"
    recorded(scene)


async def deleted(scene: Evening, message: Message) -> None:
    """The moderator takes a message away: asked once more before it goes."""
    asked = await scene.mod.selects(message, "More", "Delete")
    await asked.note()
    assert asked.original is not None
    await scene.mod.clicks(asked.original, "Delete it")
    await scene.fake.until(lambda: message.id not in scene.fake.world.messages, "it is deleted")


def recorded(scene: Evening) -> None:
    """What is to be seen is what the page shows, but for what no two evenings have alike."""
    channels = [scene.fake.transcript(each, edits=False) for each in (scene.design, scene.photos)]
    page = HEAD + "\n".join(f"#{each}" for each in channels)
    page = re.sub(r"\((\d+) bytes(, \d+×\d+)?, sha256 \w+\)", r"(\2)", page).replace("(, ", "(")
    page = re.sub(r" · [\d.]+ m?s · no cost", "", page).replace(" ()", "")
    if os.environ.get("EASEL_SCREENSHOTS"):
        PAGE.write_text(page)
    assert in_any_order(page) == in_any_order(PAGE.read_text())


def in_any_order(page: str) -> list[str]:
    """Its lines: which of two that came at once was first, or is v6, is not said."""
    return sorted(re.sub(r"\bv[67]\b", "v6", line) for line in page.splitlines())


def coffee() -> bytes:
    """A photograph that is enlarged soon."""
    packed = io.BytesIO()
    Image.open(COFFEE).resize((150, 100)).save(packed, "JPEG", quality=90)
    return packed.getvalue()

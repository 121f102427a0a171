"""Results that are larger than their place takes: the best file that fits stands in Discord, and
whoever presses “Original file” gets a link of their own to the whole one.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from functools import cache
from pathlib import Path

import aiohttp
import numpy as np
import pytest
import pytest_asyncio

from adapters.discord import presenter
from adapters.discord.delivery import MOST_REQUEST
from core.engines.fake import FakeEngine
from core.picture.codec import Pixels, decode, encode_png
from core.picture.resample import resized
from tests.chaos.easel_process import free_port
from tests.contract.discord.discord_components import each_component
from tests.contract.discord.discord_world import Message
from tests.scenario.discord_evening_stand import Evening, evening, labels
from tests.scenario.discord_house import discord_house
from tests.waiting import SOAK

pytestmark = pytest.mark.asyncio(loop_scope="module")

PHOTO = Path(__file__).parents[1] / "photos" / "astronaut.png"
MIB = 1024 * 1024
PORT = free_port()
PUBLIC = "easel.example"


@cache
def heavy(width: int, height: int) -> Pixels:
    """A photograph with grain, the same in every run, about two bytes a pixel."""
    pixels = resized(decode(PHOTO.read_bytes()), width, height)
    grain = np.random.default_rng(6).standard_normal(pixels.shape, np.float32)
    noisy: Pixels = np.clip(pixels + 4 * grain, 0, 255).astype(np.uint8)
    return noisy


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def scene(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Evening]:
    public = {
        "EASEL_PORT": str(PORT),
        "EASEL_PUBLIC_URL": f"https://{PUBLIC}",
        "EASEL_SECRET_KEY": "a secret for tests, and for nothing else at all",
        "EASEL_HOST": "127.0.0.1",
    }
    async with evening(tmp_path_factory.mktemp("easel"), **public) as running:
        await running.starts()
        yield running


async def turned(scene: Evening, guild: str, *, tier: int) -> Message:
    """A picture of 12 MB that Ana has turned upside down, in a server of that tier."""
    place = scene.fake.guild(guild, premium_tier=tier)
    place.join(scene.ana.id)
    place.join(scene.ben.id)
    photo = ("photo.png", encode_png(heavy(2700, 2350)))
    channel = place.channel("design")
    answer = await scene.ana.slash(channel, "edit", image=photo, instruction="rotate 180")
    return await scene.answer_to(answer)


async def test_twelve_megabytes_in_ten(scene: Evening) -> None:
    message = await turned(scene, "small", tier=0)
    [file] = message.attachments
    assert file.name == "v2.webp" and len(file.data) <= 10 * MIB
    upside_down = heavy(2700, 2350)[::-1, ::-1]
    assert np.array_equal(decode(file.data), upside_down)
    assert "lossless WebP" in scene.fake.words(message)

    answer = await scene.ben.clicks(message, "Original file")
    [link] = re.findall(rf"https://{PUBLIC}(/open/[^\s)>]+)", await answer.note())
    assert answer.ephemeral
    whole = await the_whole(message, link)
    assert len(whole) > 12e6 and np.array_equal(decode(whole), upside_down)
    other = await scene.ana.clicks(message, "Original file")
    assert link not in await other.note(), "each gets their own"


async def the_whole(message: Message, link: str) -> bytes:
    """What the link leads to, over the address that is known outside."""
    [vid] = {
        str(one["custom_id"]).rpartition(":")[2]
        for one in each_component(message.components)
        if str(one.get("custom_id")).startswith("e1:full:")
    }
    outside = {"Host": PUBLIC, "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}
    async with aiohttp.ClientSession(f"http://127.0.0.1:{PORT}", headers=outside) as web:
        session = f"/api/sessions/{vid.partition('.')[0]}"
        async with web.get(session) as stranger:
            assert stranger.status in (401, 403)
        async with web.get(link, allow_redirects=False) as opened:
            assert opened.status == 303
            held = "; ".join(f"{each.key}={each.value}" for each in opened.cookies.values())
        async with web.get(session, headers={"Cookie": held}) as shown:
            assert shown.status == 200
            [sha256] = [
                each["asset"]["sha256"]
                for each in (await shown.json())["versions"]
                if each["id"] == vid
            ]
        wish = {"version": vid, "download": "v2.png"}
        address = f"/api/assets/{sha256}"
        async with web.get(address, params=wish, headers={"Cookie": held}) as file:
            assert file.status == 200 and file.content_type == "image/png"
            return await file.read()


async def test_twelve_megabytes_in_fifty(scene: Evening) -> None:
    message = await turned(scene, "boosted", tier=2)
    [file] = message.attachments
    assert file.name == "v2.png" and len(file.data) > 12e6
    assert np.array_equal(decode(file.data), heavy(2700, 2350)[::-1, ::-1])
    assert "Original file" not in labels(message)


async def test_four_pictures_share_one_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of them would fit, together they do not. What a request holds is less here, unless this
    is the long run: large pictures take long."""
    width, height = (2200, 1900) if SOAK else (480, 480)
    data = encode_png(heavy(width, height))
    most = MOST_REQUEST if SOAK else 4 * len(data) * 9 // 10
    monkeypatch.setattr(presenter, "MOST_REQUEST", most)
    assert len(data) < most < 4 * len(data)
    async with discord_house(tmp_path, FakeEngine(data, width, height)) as there:
        there.guild.premium_tier = 2
        answer = await there.ana.slash(there.design, "imagine", prompt="a mug", count=4)
        await there.ended(await there.turn_of(answer))
        original = answer.original
        assert original is not None
        await there.fake.until(lambda: original.attachments, "the pictures", seconds=300)
        files = original.attachments
        assert len(files) == 4 and sum(len(file.data) for file in files) <= most
        for file in files:
            assert np.array_equal(decode(file.data), heavy(width, height))
        sent = there.fake.called("PATCH", "/webhooks/*/*/messages/@original")
        assert [call.ok for call in sent if len(call.files) == 4] == [True]

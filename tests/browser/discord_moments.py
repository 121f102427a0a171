"""One evening in a server, played to a whole Easel in simcord: pictures of its moments.

simcord draws them in Chromium from what Easel really sent.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import discord
from PIL import Image, ImageDraw, ImageFont
from playwright.async_api import Browser, BrowserType
from simcord.actors import MemberActor
from simcord.backend.cdn import CDN_BASE
from simcord.builders import ChannelHandle
from simcord.env import Env
from simcord.results import InteractionResult

from core.engines.fake import FakeEngine
from core.session.models import Turn
from tests.browser.workspace import CHROMIUM, QUIET, ROOT
from tests.scenario.discord_simcord.simcord_house import SimcordHouse, simcord_house
from tests.scenario.house import wait_until

ASKED = "a red mug to the left of a white candle on a walnut table, soft window light"
NAVY = "make the mug navy, keep everything else the same"
SLOW = "make the candle taller, in evening light"
PHOTO = ROOT / "tests" / "photos" / "coffee.jpg"
SIDE = 384
WIDTH = 640

Target = discord.Message | InteractionResult


@dataclass
class Moment:
    """What one person saw. `words`: everything that simcord had to draw; `missing`: what it could
    not draw (a file that is no picture, a part it does not know)."""

    png: bytes
    words: str
    missing: list[str]


Evening = dict[str, Moment]
"""Moments by name."""


def evening(folder: Path, *, studio: bool = False) -> Evening:
    """Play it on an event loop of its own; with the studio it takes a minute or two."""
    engine = None if studio else FakeEngine(_disc(), SIDE, SIDE)
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, _played(folder, engine)).result()


def _disc() -> bytes:
    """A subject on a plain ground, easy to cut out."""
    picture = Image.new("RGB", (SIDE, SIDE), (236, 236, 230))
    ImageDraw.Draw(picture).ellipse((110, 110, 270, 270), fill=(178, 34, 34))
    packed = io.BytesIO()
    picture.save(packed, "PNG")
    return packed.getvalue()


async def _played(folder: Path, engine: FakeEngine | None) -> Evening:
    kept: Evening = {}
    with _chromium_of_this_machine():
        easel = simcord_house(folder, engine, fake=engine is not None, pixel_workers=2)
        async with easel as there:
            await _Played(there, engine, kept).play()
    return kept


@contextlib.contextmanager
def _chromium_of_this_machine() -> Iterator[None]:
    """simcord asks Playwright for a browser of its own, which is not there."""
    launch = BrowserType.launch

    async def launched(self: BrowserType, **more: Any) -> Browser:
        return await launch(self, executable_path=CHROMIUM, args=QUIET, **more)

    with patch.object(BrowserType, "launch", launched):
        yield


@dataclass
class _Played:
    there: SimcordHouse
    engine: FakeEngine | None
    kept: Evening

    async def play(self) -> None:
        there = self.there
        asked = await there.ana.slash(
            there.design, "imagine", prompt=ASKED, size=f"{SIDE}x{SIDE}", seed=7
        )
        result = await there.done(asked)
        await self.keep("thread", there.design, there.ana, result, height=850)
        thread = there.thread()
        await there.done(await there.ben.send(thread, NAVY))
        await self.keep_work(thread)
        clear = await there.done(await there.cleo.send(thread, "transparent"))
        await self.keep("transparent", thread, there.cleo, clear, height=820)
        await self.keep_dialogs(thread, clear)
        await self.keep_photo(there.guild.create_text_channel("photos"))

    async def keep_work(self, thread: ChannelHandle) -> None:
        """One turn runs and one waits behind it, until both are stopped."""
        there = self.there
        if self.engine:
            self.engine.delay, self.engine.previews = 240.0, 480
        slow = await there.turn_of(await there.ana.send(thread, SLOW))
        behind = await there.turn_of(await there.cleo.send(thread, "upscale 2x"))
        await wait_until(self._says(slow, "media_gallery"), "there is a preview")
        await wait_until(self._says(behind, "Waiting"), "one waits")
        await self.keep("working", thread, there.cleo, there.ours()[-1], height=960)
        for turn in (behind, slow):
            await there.desk.cancel(turn.session_id, turn.id)
        for turn in (slow, behind):
            await there.ended(turn)
        if self.engine:
            self.engine.delay, self.engine.previews = 0.0, 0

    def _says(self, turn: Turn, words: str) -> Callable[[], Awaitable[bool]]:
        """Whether the message of a turn that is not over has these words in it."""

        async def said() -> bool:
            return any(words in str(_parts(one)) for one in self.there.working(turn))

        return said

    async def keep_dialogs(self, thread: ChannelHandle, result: discord.Message) -> None:
        there = self.there
        dialog = await there.ana.click(result, label="Edit")
        await self.keep("edit", thread, there.ana, dialog, height=660)
        lobby = there.guild.create_text_channel("lobby")
        panel = await there.boss.slash(lobby, "settings")
        await self.keep("settings", lobby, there.boss, panel, height=590)

    async def keep_photo(self, photos: ChannelHandle) -> None:
        """A picture of somebody's own, enlarged by a right click."""
        there = self.there
        sent = await there.ben.send(
            photos, "From this morning.", attachments=[("coffee.jpg", _photo())]
        )
        asked = await there.ben.context_menu(photos, "Quick upscale", sent)
        await self.keep("upscale", photos, there.ben, await there.done(asked), height=1080)

    async def keep(
        self, name: str, channel: ChannelHandle, viewer: MemberActor, target: Target, *, height: int
    ) -> None:
        """Nothing may change meanwhile: simcord gives no picture of what is gone."""
        preview = self.there.env.preview(
            channel,
            viewers=[viewer],
            layout="channel",
            width=WIDTH,
            height=height,
            presentation_time=datetime.now(UTC),
            assets=avatars(self.there.env),
        )
        with self.there.line.still():
            async with preview as shown:
                await shown.show(target)
                shot = await shown.screenshot(target=target, mode="viewport", allow_incomplete=True)
                words = json.dumps(await shown.snapshot(), ensure_ascii=False)
        assert shot.png is not None
        missing = [] if shot.complete else [str(each["code"]) for each in shot.diagnostics]
        self.kept[name] = Moment(shot.png, words, missing)


def _photo() -> bytes:
    """As small as pictures that one wants to have enlarged."""
    packed = io.BytesIO()
    with Image.open(PHOTO) as image:
        image.resize((360, 240)).save(packed, "JPEG", quality=90)
    return packed.getvalue()


def _parts(message: discord.Message) -> list[object]:
    """What a message is made of, with the names of the kinds."""
    found: list[object] = []
    for part in message.components:
        inner = getattr(part, "children", ())
        found += [part.type.name, part.to_dict(), *(child.type.name for child in inner)]
    return found


def avatars(env: Env) -> dict[str, tuple[str, bytes]]:
    """Pictures of people, by the addresses under which simcord looks for them."""
    users = [user for user in env.backend.users.values() if user.avatar]
    return {
        f"{CDN_BASE}/avatars/{user.id}/{user.avatar}.png": (f"{user.name}.png", _avatar(user.name))
        for user in users
    }


_COLOURS = ("#a8543a", "#3a6ea8", "#6f4fa0", "#3f7d54")


def _avatar(name: str) -> bytes:
    """An easel for Easel, the first letter for people."""
    ours = name == "Easel"
    picture = Image.new("RGB", (128, 128), "#f2ede4" if ours else _COLOURS[ord(name[0]) % 4])
    draw = ImageDraw.Draw(picture)
    if ours:
        for legs in ((64, 18, 30, 112), (64, 18, 98, 112), (64, 18, 64, 104)):
            draw.line(legs, fill="#6b4a2f", width=7)
        draw.rectangle((32, 34, 96, 80), fill="#ffffff", outline="#6b4a2f", width=4)
        draw.ellipse((42, 44, 66, 68), fill="#d1495b")
        draw.polygon([(54, 76), (74, 52), (92, 76)], fill="#30638e")
        draw.line((26, 84, 102, 84), fill="#6b4a2f", width=7)
    else:
        font = ImageFont.load_default(72)
        draw.text((64, 64), name[0].upper(), fill="white", anchor="mm", font=font)
    packed = io.BytesIO()
    picture.save(packed, "PNG")
    return packed.getvalue()

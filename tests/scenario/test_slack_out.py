"""What a thread in Slack shows of a turn, from its first sign to its picture."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.scenario.house import png
from tests.scenario.slack_out_stand import (
    Out,
    actions_of,
    pixels,
    slack_out,
    words,
)


@pytest.fixture
async def out(tmp_path: Path) -> AsyncIterator[Out]:
    async with slack_out(tmp_path) as stand, stand.home.working(), stand.showing():
        yield stand


async def test_a_placeholder_first_then_the_picture_in_its_place(out: Out) -> None:
    out.engine.gate = asyncio.Event()
    turn = await out.says("a red mug")
    await out.fake.until(lambda: out.said and "Fake" in words(out.said[0]), "it says who draws")
    placeholder = out.said[0]
    assert placeholder.thread_ts == out.thread
    assert set(actions_of(placeholder)) == {"easel:cancel"}
    out.engine.gate.set()
    turn = await out.shown(turn)
    [result] = out.said
    assert result.files and result.thread_ts == out.thread and result.ts != placeholder.ts
    assert pixels(out.fake.file(result).data) == pixels(png())
    assert out.names()[-4:] == [
        "files.getUploadURLExternal",
        "upload",
        "files.completeUploadExternal",
        "chat.delete",
    ]
    assert out.fake.file(result).name == "v1.png"
    assert out.fake.file(result).alt == "v1: a red mug"
    linked = await out.links.linked(out.place.message_key(result.ts))
    assert linked and (linked.turn, linked.versions) == (turn.id, turn.versions)

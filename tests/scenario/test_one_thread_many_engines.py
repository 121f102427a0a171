"""One thread over all engines, against servers that are as strict as the real ones.

The thread is recorded as people see it, in docs/A_THREAD.md.
"""

from __future__ import annotations

import io
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw
from pydantic import SecretStr

from core.session.models import Turn, TurnState, Version
from tests.contract.openai_double import Behaviour, OpenAIDouble
from tests.contract.openai_double import serving as serving_openai
from tests.contract.replicate_double import ReplicateDouble
from tests.contract.replicate_double import serving as serving_replicate
from tests.contract.replicate_wishes import TOKEN
from tests.scenario.house import House, house

PAGE = Path(__file__).parents[2] / "docs" / "A_THREAD.md"
KEY = "sk-test-0123456789"
SIDE = 1024
HEAD = """# One thread over several models

What a person says and what comes back, as it was recorded against stand-ins that refuse what the
real services refuse (`tests/scenario/test_one_thread_many_engines.py`; the pictures are stand-ins
too, the sizes, alpha and costs are what came out).
"""
TURNS = (
    "a red mug on a plain grey table, soft window light from the left, 85 mm lens",
    "make the mug navy",
    "add a silver spoon beside it",
    "soften its shadow, subject on transparent background, RGBA PNG format",
    "upscale 2x with Clarity Pro",
    "resize to 480x480, then upscale 2x with Real-ESRGAN",
)


def scene(mug: str, *, spoon: bool = False) -> bytes:
    """A mug, seen from above, on a plain ground."""
    picture = Image.new("RGB", (SIDE, SIDE), (196, 196, 200))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((300, 300, 724, 724), fill=mug)
    draw.ellipse((360, 360, 664, 664), fill="saddlebrown")
    if spoon:
        draw.rounded_rectangle((780, 330, 810, 700), 14, fill="dimgrey")
    packed = io.BytesIO()
    picture.save(packed, "PNG")
    return packed.getvalue()


@pytest.mark.timeout(600)
async def test_a_thread_goes_over_several_models_and_through_a_refusal(tmp_path: Path) -> None:
    openai = OpenAIDouble(key=KEY, transparent_2=False)
    async with serving_openai(openai), serving_replicate(ReplicateDouble(TOKEN)) as replicate:
        settings = {
            "openai_api_key": SecretStr(KEY),
            "openai_base_url": openai.base_url,
            "replicate_api_token": SecretStr(TOKEN),
            "replicate_base_url": replicate.base_url,
        }
        for picture in (scene("firebrick"), scene("navy"), scene("navy", spoon=True)):
            openai.plan.append(Behaviour(picture=picture))
        openai.plan.append(Behaviour())  # is refused
        openai.plan.append(Behaviour(picture=scene("navy", spoon=True)))
        async with house(tmp_path, None, fake=False, **settings) as built, built.working():
            told, versions = await _carried_out(built)
    _judge_what_was_sent(openai, replicate)
    _judge_what_came_out(versions, told)
    page = _page(told, versions)
    if os.environ.get("EASEL_SCREENSHOTS"):
        PAGE.write_text(page, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page, "run this test with EASEL_SCREENSHOTS=1"


async def _carried_out(built: House) -> tuple[list[Turn], list[tuple[Version, bytes]]]:
    thread = built.thread()
    told, versions = [], []
    for words in TURNS:
        turn = await thread.do(words)
        assert turn.state is TurnState.DONE, turn.error
        version = await built.desk.version(turn.versions[-1])
        told.append(turn)
        versions.append((version, await built.desk.asset_bytes(version.asset.sha256)))
    return told, versions


def _judge_what_was_sent(openai: OpenAIDouble, replicate: ReplicateDouble) -> None:
    assert [asked.endpoint for asked in openai.asked] == ["generate", *["edit"] * 4]
    backgrounds = [asked.params.get("background") for asked in openai.asked]
    assert backgrounds == [None, None, None, "transparent", "opaque"]
    assert all(asked.params["model"] == "gpt-image-2" for asked in openai.asked)
    (made,) = replicate.predictions
    assert made.table["model"] == "philz1337x/clarity-pro-upscaler"
    assert [image.mode for image in made.images["image"]] == ["RGB"]


def _judge_what_came_out(versions: list[tuple[Version, bytes]], told: list[Turn]) -> None:
    sizes = [(version.asset.width, version.asset.height) for version, _ in versions]
    assert sizes == [(SIDE, SIDE)] * 4 + [(2 * SIDE, 2 * SIDE), (960, 960)]
    models = [version.model for version, _ in versions]
    assert models == ["gpt-image-2"] * 4 + ["philz1337x/clarity-pro-upscaler", "real-esrgan"]
    assert any("it does no transparency here" in note for note in told[3].notes)
    assert any("cut away" in note for note in told[3].notes)
    for _, data in versions[3:]:
        pixels = np.asarray(Image.open(io.BytesIO(data)))
        side = pixels.shape[0]
        assert pixels.shape == (side, side, 4)
        assert (pixels[: side // 8, : side // 8, 3] == 0).all()
        assert pixels[side // 2, side // 2, 3] == 255


def _page(told: list[Turn], versions: list[tuple[Version, bytes]]) -> str:
    parts = [HEAD]
    for turn, (version, _) in zip(told, versions, strict=True):
        asset = version.asset
        alpha = ", transparent" if asset.alpha else ""
        parts.append(f"**{turn.actor.name}:** {turn.text}\n")
        parts.append(
            f"> **{version.name}** by {version.model}, {asset.width}×{asset.height}{alpha}, "
            f"${turn.cost_usd:.3f}"
        )
        parts += [f">\n> {note}" for note in turn.notes]
        parts.append("")
    return "\n".join(parts)

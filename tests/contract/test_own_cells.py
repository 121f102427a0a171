"""What the offline studio and this machine say they can do, done for real, at small sizes.

A cell is one "yes" of the table of models: `test_cell[real-esrgan-upscale]` enlarges a picture with
the weights that are installed. Nothing stands in for anything here: the studio is asked through its
own door and draws, and the pictures are looked at.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
import pytest_asyncio
from PIL import Image, ImageDraw

from core.engines.local.engine import LocalEngine
from core.engines.openai.cards import STUDIO_CARD
from core.engines.port import Engine, ImageRequest, ImageResult, ModelCard, Operation
from core.engines.studio.engine import WARM, Studio
from core.errors import EngineError, EngineFault, TooLarge
from core.picture.adjustments import Crop, Resize
from core.picture.pool import PixelPool

SMALL = (96, 64)
MOST = 512
"""The longest side of a result in these tests."""
WORDS = "a red mug on a walnut table"

pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass
class Watcher:
    """Keeps the previews that an engine shows."""

    previews: list[bytes] = field(default_factory=list)

    async def stage(self, words: str, fraction: float | None = None) -> None:
        assert words

    async def preview(self, data: bytes, mime: str) -> None:
        self.previews.append(data)


@dataclass(frozen=True)
class Here:
    """A model of this machine and the engine that it belongs to."""

    card: ModelCard
    engine: Engine

    async def ask(
        self, operation: Operation, watcher: Watcher | None = None, **changes: Any
    ) -> ImageResult:
        told: dict[str, Any] = {"model": self.card.id, "operation": operation, "key": "turn-1:0"}
        if self.card.engine == "studio":
            told |= {"prompt": WORDS, "size": SMALL, "quality": "low"}
        elif operation != "generate":
            told |= {"images": (disc(),)}
        return await self.engine.run(ImageRequest(**(told | changes)), watcher or Watcher())

    async def drawn(self, **changes: Any) -> bytes:
        return (await self.ask("generate", **changes)).pictures[0].data


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def engines() -> AsyncIterator[dict[str, Engine]]:
    pool = PixelPool(1, warm=WARM)
    studio = Studio(pool)
    await studio.start()
    yield {"studio": studio.engine, "local": LocalEngine(pool, max_side=MOST)}
    await studio.close()
    await pool.close()


def disc(size: tuple[int, int] = SMALL, *, alpha: int = 255) -> bytes:
    """A red disc in front of a plain backdrop."""
    picture = Image.new("RGBA", size, (240, 240, 240, alpha))
    middle, radius = (size[0] // 2, size[1] // 2), size[1] // 3
    box = [middle[0] - radius, middle[1] - radius, middle[0] + radius, middle[1] + radius]
    ImageDraw.Draw(picture).ellipse(box, fill=(200, 40, 30, alpha))
    packed = io.BytesIO()
    (picture if alpha < 255 else picture.convert("RGB")).save(packed, "PNG")
    return packed.getvalue()


def opened(data: bytes) -> Image.Image:
    found = Image.open(io.BytesIO(data))
    found.load()
    return found


def only(result: ImageResult) -> Image.Image:
    """The one picture, which is what is told of it."""
    (picture,) = result.pictures
    found = opened(picture.data)
    assert (found.size, Image.MIME[found.format or ""]) == (
        (picture.width, picture.height), picture.mime
    )  # fmt: skip
    assert picture.alpha is (found.mode == "RGBA")
    return found


def colour(picture: Image.Image) -> tuple[int, int, int]:
    """The mean colour of the middle."""
    wide, high = picture.size
    middle = picture.convert("RGB").crop((wide // 3, high // 3, wide * 2 // 3, high * 2 // 3))
    mean: Any = middle.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
    return mean  # type: ignore[no-any-return]


async def generate(here: Here) -> None:
    red, green, blue = colour(only(await here.ask("generate")))
    assert red > green + 20
    assert red > blue + 20


async def edit(here: Here) -> None:
    before = await here.drawn(seed=3)
    words = "make the mug navy, keep everything else the same"
    after = only(await here.ask("edit", prompt=words, images=(before,), size=None))
    red, _, blue = colour(after)
    assert after.size == SMALL
    assert blue > red
    corners = [picture.convert("RGB").crop((0, 0, 8, 8)) for picture in (opened(before), after)]
    assert colour(corners[0]) == pytest.approx(colour(corners[1]), abs=3)


async def vary(here: Here) -> None:
    before = await here.drawn()
    result = await here.ask("vary", prompt="", images=(before,))
    assert only(result).size == SMALL
    assert result.pictures[0].data != before


async def cutout(here: Here) -> None:
    picture = only(await here.ask("cutout"))
    assert picture.size == SMALL
    assert picture.getchannel("A").getpixel((48, 32)) == 255
    assert picture.getchannel("A").getpixel((2, 2)) == 0


async def upscale(here: Here) -> None:
    for scale in (2.0, 4.0):
        picture = only(await here.ask("upscale", scale=scale))
        assert picture.size == (SMALL[0] * scale, SMALL[1] * scale)
        red, green, _ = colour(picture)
        assert red > green + 100


async def adjust(here: Here) -> None:
    assert only(await here.ask("adjust", adjustment=Crop(aspect=(1, 1)))).size == (64, 64)


async def alpha(here: Here) -> None:
    if here.card.engine == "studio":
        picture = only(await here.ask("generate", transparent=True))
        assert picture.getchannel("A").getextrema() == (0, 255)
        return
    half = (disc(alpha=128),)
    wishes: dict[str, dict[str, Any]] = {
        "upscale": {"scale": 2.0},
        "adjust": {"adjustment": Crop(aspect=(1, 1))},
    }
    for operation in sorted(here.card.capabilities.operations & wishes.keys()):
        picture = only(await here.ask(operation, images=half, **wishes[operation]))
        assert picture.getchannel("A").getextrema() == (128, 128)


async def seed(here: Here) -> None:
    first = await here.ask("generate", seed=7)
    again = await here.ask("generate", seed=7, key="turn-2:0")
    other = await here.ask("generate", seed=8)
    assert [each.pictures[0].seed for each in (first, again, other)] == [7, 7, 8]
    assert first.pictures[0].data == again.pictures[0].data != other.pictures[0].data


async def n(here: Here) -> None:
    keys = [f"turn-1:0.{place}" for place in range(here.card.capabilities.max_n)]
    drawn = await asyncio.gather(*(here.drawn(key=key) for key in keys))
    assert len(set(drawn)) == len(keys)


async def previews(here: Here) -> None:
    watcher = Watcher()
    size = (320, 160)
    assert only(await here.ask("generate", watcher, size=size, previews=2)).size == size
    assert len(watcher.previews) == 2
    assert all(opened(data).width for data in watcher.previews)


async def sizes(here: Here) -> None:
    rule = here.card.capabilities.sizes
    assert rule is not None
    if here.card.engine == "studio":
        for size in ((rule.min_side, rule.min_side), (97, 64), (64, 300)):
            assert only(await here.ask("generate", size=size)).size == size
        with pytest.raises(EngineError) as caught:
            await here.ask("generate", size=(rule.max_side + 1, 64))
        assert caught.value.kind is EngineFault.BAD_REQUEST
        return
    assert rule.max_side == MOST
    enlarges = "upscale" in here.card.capabilities.operations
    operation: Operation = "upscale" if enlarges else "adjust"

    async def to(width: int) -> ImageResult:
        more: dict[str, Any] = {"adjustment": Resize(width=width)}
        return await here.ask(operation, **({"long_side": width} if enlarges else more))

    assert only(await to(MOST)).width == MOST
    with pytest.raises(TooLarge):
        await to(MOST + 1)


async def price(here: Here) -> None:
    wishes: dict[str, dict[str, Any]] = {
        "generate": {}, "cutout": {}, "upscale": {"scale": 2.0, "variant": "exact"},
    }  # fmt: skip
    for operation in sorted(here.card.capabilities.operations & wishes.keys()):
        usage = (await here.ask(operation, **wishes[operation])).usage
        assert (usage.cost_usd, usage.exact) == (0.0, True)


_CELLS: dict[str, Callable[[Here], Awaitable[None]]] = {
    cell.__name__: cell
    for cell in (generate, edit, vary, cutout, upscale, adjust, alpha, seed, n, previews, sizes,
                 price)
}  # fmt: skip
DRAWN = ("generate", "edit", "vary", "alpha", "seed", "n", "previews", "sizes", "price")
CASES = [
    *((STUDIO_CARD.id, cell) for cell in DRAWN),
    *(("local", cell) for cell in ("cutout", "adjust", "alpha", "sizes", "price")),
    *(("real-esrgan", cell) for cell in ("upscale", "alpha", "sizes", "price")),
]


@pytest.mark.parametrize(("name", "cell"), CASES, ids=[f"{name}-{cell}" for name, cell in CASES])
async def test_cell(engines: dict[str, Engine], name: str, cell: str) -> None:
    found = {card.id: (card, engine) for engine in engines.values() for card in engine.models()}
    await _CELLS[cell](Here(*found[name]))

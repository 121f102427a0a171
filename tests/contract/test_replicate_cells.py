"""Every curated model of Replicate and everything that its card says it can do.

A cell is one "yes" of the table of models: `test_cell[qwen/qwen-image-edit-plus-edit]` proves that
pictures arrive there in the form that its schema takes, and what comes of it. The server validates
by the published schemas and decodes what it is given; the assertions look at what arrived there.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest
from PIL import Image

from core.engines.cost import estimate
from core.engines.port import ImageRequest, ImageResult, ModelCard, Operation
from core.engines.replicate.cards import CURATED
from core.engines.replicate.engine import ReplicateEngine
from tests.contract.openai_wishes import Watcher
from tests.contract.replicate_double import Behaviour, Made, ReplicateDouble
from tests.contract.replicate_judge import packed
from tests.contract.replicate_wishes import Notebook, open_in_the_middle, wish
from tests.contract.table_cells import every_cell

COUNTS = ("num_outputs", "number_of_images", "max_images")
SUBJECT = (320, 200)


@dataclass(frozen=True)
class Reached:
    """A model, the engine that reaches it, and the server that stands for Replicate."""

    card: ModelCard
    platform: ReplicateDouble
    engine: ReplicateEngine

    def wish(self, operation: Operation | None = None, **changes: Any) -> ImageRequest:
        """A wish that this model can grant: with a picture and a mask where it needs them."""
        able = self.card.capabilities.operations
        chosen = operation or next(
            name for name in ("generate", "edit", "vary", "inpaint", "upscale", "cutout")
            if name in able
        )  # fmt: skip
        told: dict[str, Any] = {"model": self.card.id, "size": None}
        if chosen != "generate":
            told["images"] = (coloured(0),)
        if chosen == "inpaint":
            told["mask"] = open_in_the_middle(SUBJECT)
        if chosen == "upscale":
            told |= {"scale": 2.0, "prompt": ""}
        return wish(chosen, **(told | changes))  # type: ignore[arg-type]  # one of the names above

    async def run(self, request: ImageRequest) -> tuple[Made, ImageResult]:
        result = await self.engine.run(request, Watcher(), Notebook())
        return self.platform.predictions[-1], result


@pytest.fixture
def model(
    request: pytest.FixtureRequest, platform: ReplicateDouble, replicate: ReplicateEngine
) -> Reached:
    return Reached(request.param, platform, replicate)


def coloured(place: int, size: tuple[int, int] = SUBJECT) -> bytes:
    form = ("PNG", "JPEG", "WEBP")[place % 3]
    return packed(Image.new("RGB", size, (20, 120, 90)), form)


def opened(result: ImageResult) -> Image.Image:
    (picture,) = result.pictures
    found = Image.open(io.BytesIO(picture.data))
    found.load()
    assert found.size == (picture.width, picture.height)
    assert Image.MIME[found.format or ""] == picture.mime
    return found


async def generate(model: Reached) -> None:
    words = 'a mug that says "Café – 5 €"\nin two lines'
    made, result = await model.run(model.wish("generate", prompt=words))
    assert made.table["input"]["prompt"] == words
    assert not any(made.images.values())
    assert opened(result).convert("RGB").getpixel((0, 0)) == pytest.approx((200, 90, 60), abs=4)


async def edit(model: Reached) -> None:
    most = model.card.capabilities.max_inputs
    sizes = [(64 + place, 48) for place in range(most)]
    images = tuple(coloured(place, size) for place, size in enumerate(sizes))
    made, result = await model.run(model.wish("edit", images=(*images, coloured(0, (32, 32)))))
    (arrived,) = made.images.values()
    assert [image.size for image in arrived] == sizes
    assert [image.format for image in arrived] == [
        ("PNG", "JPEG", "WEBP")[place % 3] for place in range(most)
    ]
    assert [note for note in result.notes if "others were not used" in note]
    if model.card.capabilities.reads_words:
        assert made.table["input"]["prompt"] == "a red mug"
    else:
        assert [note for note in result.notes if "words were not read" in note]


async def vary(model: Reached) -> None:
    made, result = await model.run(model.wish("vary", prompt=""))
    ((arrived,),) = (found for found in made.images.values() if found)
    assert arrived.size == SUBJECT
    assert opened(result).width
    if model.card.capabilities.reads_words:
        assert "another take" in made.table["input"]["prompt"].lower()


async def mask(model: Reached) -> None:
    made, _ = await model.run(model.wish("inpaint"))
    (white,) = made.images["mask"]
    grey = white.convert("L")
    assert grey.size == made.images["image"][0].size == SUBJECT
    assert (grey.getpixel((160, 100)), grey.getpixel((10, 10))) == (255, 0)


async def upscale(model: Reached) -> None:
    for scale in model.card.capabilities.scales or (2, 4):
        made, result = await model.run(model.wish("upscale", scale=float(scale)))
        assert made.images["image"][0].size == SUBJECT
        assert opened(result).size == (SUBJECT[0] * scale, SUBJECT[1] * scale)


async def cutout(model: Reached) -> None:
    made, result = await model.run(model.wish("cutout", prompt=""))
    assert made.images["image"][0].size == SUBJECT
    assert opened(result).size == SUBJECT


async def alpha(model: Reached) -> None:
    draws = "generate" in model.card.capabilities.operations
    _, result = await model.run(model.wish(transparent=draws))
    assert result.pictures[0].alpha
    assert opened(result).getchannel("A").getextrema() == (0, 255)


async def seed(model: Reached) -> None:
    made, result = await model.run(model.wish(seed=7))
    assert made.table["input"]["seed"] == 7
    assert result.pictures[0].seed == 7
    made, result = await model.run(model.wish())
    again, _ = await model.run(model.wish())
    assert made.table["input"]["seed"] == again.table["input"]["seed"] == result.pictures[0].seed


async def many(model: Reached) -> None:
    most = model.card.capabilities.max_n
    await model.run(model.wish())
    gate = asyncio.Event()
    model.platform.plan.extend(Behaviour(gate=gate) for _ in range(most))
    wishes = [model.wish(key=f"t:0.{place}") for place in range(most)]
    running = asyncio.gather(*(model.engine.run(each, Watcher(), Notebook()) for each in wishes))
    await model.platform.until(lambda: len(model.platform.predictions) == 1 + most)
    gate.set()
    results = await running
    assert [len(result.pictures) for result in results] == [1] * most
    given = [made.table["input"] for made in model.platform.predictions]
    assert {table.get(name, 1) for table in given for name in COUNTS} == {1}


async def sizes(model: Reached) -> None:
    rule = model.card.capabilities.sizes
    assert rule is not None
    tried = rule.sizes or ((1024, 1024), (1536, 864), (864, 1536))
    for width, height in tried:
        changes: dict[str, Any] = {"size": (width, height)}
        if "generate" not in model.card.capabilities.operations:
            # A picture of quite another shape: one of nearly this shape would keep its own.
            changes["images"] = (coloured(0, (200, 200) if width != height else SUBJECT),)
        made, result = await model.run(model.wish(**changes))
        drawn = opened(result)
        assert drawn.width / drawn.height == pytest.approx(width / height, rel=0.06)
        assert not [note for note in result.notes if "size" in note], made.table["input"]


async def price(model: Reached) -> None:
    request = model.wish()
    _, result = await model.run(request)
    rule, usage = model.card.price, result.usage
    pixels = sum(picture.width * picture.height for picture in result.pictures)
    if rule.per_picture or rule.image_out:  # by tokens, which Replicate keeps to itself
        expected = estimate(model.card, request).cost_usd
    else:
        run = rule.each + rule.per_megapixel * pixels / 1e6 + rule.per_second * 2.5
        expected = max(run, rule.minimum)
    assert usage.cost_usd == pytest.approx(expected)
    assert usage.cost_usd > 0
    assert usage.exact is not bool(rule.per_picture or rule.image_out)


_CELLS: dict[str, Callable[[Reached], Awaitable[None]]] = {
    "generate": generate,
    "edit": edit,
    "vary": vary,
    "mask": mask,
    "upscale": upscale,
    "cutout": cutout,
    "alpha": alpha,
    "seed": seed,
    "n": many,
    "sizes": sizes,
    "price": price,
}


@every_cell(CURATED, _CELLS)
async def test_cell(model: Reached, cell: str) -> None:
    await _CELLS[cell](model)

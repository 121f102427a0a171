"""Every model and everything that its card says it can do, judged by a strict server.

A cell is one "yes" of the table of models: `test_cell[gpt-image-2-mask]` proves that GPT Image 2
is sent a painted area in the form that the API takes, and what comes of it. The server refuses
what the real one refuses, and the assertions look at the bytes that arrived there.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from core.engines.fit import fit
from core.engines.openai.cards import OPENAI_CARDS, STUDIO_CARD
from core.engines.openai.engine import OpenAIImages, openai_engine, studio_engine
from core.engines.port import ImageRequest, ImageResult, ModelCard, Operation
from core.errors import EngineError, EngineFault
from core.instruction.plan import TurnOptions
from tests.contract.openai_double import USAGE, Asked, Behaviour, OpenAIDouble, draw, serving
from tests.contract.openai_talk import TALK_USAGE
from tests.contract.openai_wishes import KEY, Watcher, drawn_together, failure, wish
from tests.contract.table_cells import every_cell

CARDS = (*OPENAI_CARDS, STUDIO_CARD)
FORMATS = (("PNG", "image/png"), ("JPEG", "image/jpeg"), ("WEBP", "image/webp"))
FREE = ((1024, 1024), (1536, 864), (816, 816), (3840, 2160), (2160, 3840), (3072, 1024))
STUDIO_SIZES = ((64, 64), (300, 200), (2048, 2048))
TOO_ODD = ((1000, 1000), (512, 512), (3856, 2160), (3840, 2176), (3088, 1024), (0, 0))
OURS = ((1080, 1350), (1920, 1080), (3840, 2160), (64, 64), (8000, 400), (999, 1001))


@dataclass(frozen=True)
class Reached:
    """A model behind its engine, and the server that it is reached at."""

    card: ModelCard
    api: OpenAIDouble
    engine: OpenAIImages

    def wish(self, operation: Operation = "generate", **changes: object) -> ImageRequest:
        return wish(operation, model=self.card.id, **changes)

    async def run(self, request: ImageRequest) -> tuple[Asked, ImageResult]:
        result = await self.engine.run(request, Watcher())
        return self.api.asked[-1], result


@asynccontextmanager
async def reached(card: ModelCard, folder: Path) -> AsyncIterator[Reached]:
    offline = card.engine == "studio"
    uds = folder / "studio.sock" if offline else None
    async with serving(OpenAIDouble(key="offline" if offline else KEY), uds) as api:
        engine = studio_engine(str(uds)) if offline else openai_engine(KEY, api.base_url)
        try:
            yield Reached(card, api, engine)
        finally:
            await engine.close()


@pytest.fixture
async def model(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Reached]:
    async with reached(request.param, tmp_path) as there:
        yield there


def packed(size: tuple[int, int], form: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (20, 120, 90)).save(out, form)
    return out.getvalue()


def opened(result: ImageResult) -> Image.Image:
    (picture,) = result.pictures
    found = Image.open(io.BytesIO(picture.data))
    found.load()
    assert found.size == (picture.width, picture.height)
    assert Image.MIME[found.format or ""] == picture.mime
    return found


async def generate(model: Reached) -> None:
    words = 'a mug that says "Café – 5 €"\nin two lines'
    asked, result = await model.run(model.wish(prompt=words, actor_hash="a" * 32))
    assert asked.words == words
    assert asked.pictures == []
    assert asked.params["safety_identifier"] == "a" * 32
    assert asked.endpoint == ("respond" if model.card.capabilities.converses else "generate")
    assert opened(result).getpixel((0, 0)) == (200, 90, 60)
    assert result.notes == ()


async def edit(model: Reached) -> None:
    most = model.card.capabilities.max_inputs
    sizes = [(64 + place, 48) for place in range(most)]
    forms = [FORMATS[place % 3] for place in range(most)]
    images = tuple(packed(size, form) for size, (form, _) in zip(sizes, forms, strict=True))
    asked, result = await model.run(model.wish("edit", images=(*images, packed((32, 32)))))
    assert [upload.opened().size for upload in asked.pictures] == sizes
    assert [upload.mime for upload in asked.pictures] == [mime for _, mime in forms]
    assert tuple(upload.data for upload in asked.pictures) == images
    assert [note for note in result.notes if "others were not used" in note]
    assert opened(result).size == (1024, 1024)


async def vary(model: Reached) -> None:
    subject = packed((320, 200))
    asked, _ = await model.run(model.wish("vary", prompt="", images=(subject,)))
    assert [upload.data for upload in asked.pictures] == [subject]
    assert "another take" in asked.words.lower()


async def mask(model: Reached) -> None:
    painted = Image.new("RGBA", (320, 200), (0, 0, 0, 255))
    painted.paste((0, 0, 0, 0), (100, 50, 140, 90))
    out = io.BytesIO()
    painted.save(out, "PNG")
    request = model.wish("inpaint", images=(packed((320, 200)),), mask=out.getvalue())
    asked, _ = await model.run(request)
    assert asked.mask is not None
    alpha = asked.mask.opened().getchannel("A")
    assert alpha.size == asked.pictures[0].opened().size == (320, 200)
    assert (alpha.getpixel((120, 70)), alpha.getpixel((10, 10))) == (0, 255)
    assert alpha.getbbox() == (0, 0, 320, 200)


async def alpha(model: Reached) -> None:
    asked, result = await model.run(model.wish(transparent=True))
    assert (asked.look["background"], asked.look["output_format"]) == ("transparent", "png")
    assert result.pictures[0].alpha
    assert opened(result).getchannel("A").getextrema() == (0, 255)


async def seed(model: Reached) -> None:
    asked, result = await model.run(model.wish(seed=7))
    assert asked.params["seed"] == 7
    assert result.pictures[0].seed == 7


async def many(model: Reached) -> None:
    most = model.card.capabilities.max_n
    gate = asyncio.Event()
    model.api.plan.extend(Behaviour(gate=gate) for _ in range(most))
    wishes = [model.wish(key=f"t:0.{place}") for place in range(most)]
    running = asyncio.create_task(drawn_together(model.engine, *wishes))
    await model.api.until(lambda: len(model.api.asked) == most)
    gate.set()
    results = await running
    assert model.api.open_most == most
    assert [len(result.pictures) for result in results] == [1] * most
    assert {asked.params.get("n", 1) for asked in model.api.asked} == {1}


async def sizes(model: Reached) -> None:
    rule = model.card.capabilities.sizes
    assert rule is not None
    free = STUDIO_SIZES if model.card.id == "studio" else FREE
    tried = rule.sizes if rule.kind == "fixed" else free
    for size in tried:
        asked, result = await model.run(model.wish(size=size))
        assert asked.look["size"] == f"{size[0]}x{size[1]}"
        assert opened(result).size == size
    for size in TOO_ODD if model.card.id != "studio" else ((32, 32), (4096, 64)):
        error = await failure(model.engine, model.wish(size=size))
        assert isinstance(error, EngineError)
        assert (error.kind, "size" in error.message) == (EngineFault.BAD_REQUEST, True)
    for width, height in OURS:
        ask = fit(TurnOptions(size=f"{width}x{height}"), None, rule).ask
        asked, _ = await model.run(model.wish(size=ask))
        assert ask is not None
        assert asked.look["size"] == f"{ask[0]}x{ask[1]}"


async def previews(model: Reached) -> None:
    gate, watcher = asyncio.Event(), Watcher()
    model.api.plan.append(Behaviour(gate=gate))
    running = asyncio.create_task(model.engine.run(model.wish(previews=3), watcher))
    await watcher.until(3)
    assert not running.done()
    assert watcher.previews == [(draw((64 + at, 64), False), "image/png") for at in range(3)]
    assert [fraction for _, fraction in watcher.stages] == [None, 0.25, 0.5, 0.75]
    gate.set()
    assert (await running).pictures[0].width == 1024
    assert int(model.api.asked[-1].look["partial_images"]) == 3


async def price(model: Reached) -> None:
    usage = (await model.run(model.wish()))[1].usage
    rule, talks = model.card.price, model.card.capabilities.converses
    spent = 100 * rule.text_in + 1_000 * rule.image_in + 1_756 * rule.image_out
    if talks:
        spent += (
            TALK_USAGE["input_tokens"] * rule.text_in + TALK_USAGE["output_tokens"] * rule.image_out
        )
    assert (usage.image_in, usage.image_out) == (1_000, USAGE["output_tokens"])
    assert usage.text_in == 100 + (TALK_USAGE["input_tokens"] if talks else 0)
    assert usage.cost_usd == pytest.approx(spent / 1_000_000)
    assert usage.exact is not talks


_CELLS: dict[str, Callable[[Reached], Awaitable[None]]] = {
    "generate": generate,
    "edit": edit,
    "vary": vary,
    "mask": mask,
    "alpha": alpha,
    "seed": seed,
    "n": many,
    "sizes": sizes,
    "previews": previews,
    "price": price,
}


@every_cell(CARDS, _CELLS)
async def test_cell(model: Reached, cell: str) -> None:
    await _CELLS[cell](model)


every_model = pytest.mark.parametrize("model", CARDS, ids=lambda card: card.id, indirect=True)


@every_model
async def test_each_quality_of_a_model_is_taken_and_another_is_not_sent(model: Reached) -> None:
    able = model.card.capabilities
    for quality in able.qualities:
        asked, result = await model.run(model.wish(quality=quality))
        assert asked.look.get("quality", "auto") == quality
        assert result.notes == ()
    more = {"low", "medium", "high", "xhigh", "max", "auto", "best"} - set(able.qualities)
    for quality in sorted(more):
        asked, result = await model.run(model.wish(quality=quality))
        assert "quality" not in asked.look
        assert [note for note in result.notes if quality in note]


@every_model
async def test_a_seed_goes_only_where_there_are_seeds(model: Reached) -> None:
    asked, result = await model.run(model.wish(seed=7))
    has = model.card.capabilities.seed
    assert ("seed" in asked.params or "seed" in asked.look) is has
    assert bool([note for note in result.notes if "no seeds" in note]) is not has


@every_model
@pytest.mark.parametrize(
    ("trouble", "billed"),
    [
        (Behaviour(fail=(500, {"message": "oops", "type": "server_error"}, {})), False),
        (Behaviour(fail=(503, {"message": "overloaded"}, {"retry-after": "0"})), False),
        (Behaviour(fail=(429, {"message": "slow", "code": "rate_limit_exceeded"}, {})), False),
        (Behaviour(hang_up="before"), True),
        (Behaviour(hang_up="mid"), True),
    ],
    ids=["500", "503", "429", "dropped", "dropped-midway"],
)
async def test_what_bills_is_never_sent_twice(
    model: Reached, trouble: Behaviour, billed: bool
) -> None:
    model.api.plan.append(trouble)
    error = await failure(model.engine, model.wish())
    assert isinstance(error, EngineError)
    assert error.may_have_billed is billed
    assert len(model.api.asked) == 1

"""Every dialect, every thing it can do: judged by a strict server of that kind, by the bytes."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Awaitable, Callable

import pytest

from core.engines.compatible.engine import CompatibleEngine
from core.engines.fit import allowed
from tests.contract.compatible_double import GROUND, PAINTED, CompatibleDouble, shown
from tests.contract.compatible_wishes import (
    KINDS,
    LEFT,
    RIGHT,
    at,
    draw,
    open_on_the_right,
    server_and_engine,
    subject,
    unpacked,
)

Cell = Callable[[CompatibleDouble, CompatibleEngine], Awaitable[None]]


async def generate(double: CompatibleDouble, engine: CompatibleEngine) -> None:
    result = await draw(engine)
    (asked,) = double.asked
    assert asked.path == "/v1/images/generations"
    assert asked.fields["n"] == 1
    (picture,) = result.pictures
    assert (picture.width, picture.height, picture.mime) == (512, 448, "image/png")
    assert at(unpacked(picture.data), 0.5) == GROUND
    assert double.drawings[0].prompt.strip() == "a red mug"
    assert (result.usage.cost_usd, result.usage.exact) == (0.0, True)


async def edit(double: CompatibleDouble, engine: CompatibleEngine) -> None:
    """The subject alone, then with as many references as it takes; the subject comes first."""
    most = engine.models()[0].capabilities.max_inputs
    references = [subject((64 + place, 64), "JPEG") for place in range(1, most)]
    for images in ((subject(),), (subject(), *references)):
        result = await draw(engine, "edit", images=images, prompt="make it navy")
        picture = unpacked(result.pictures[0].data)
        assert picture.size == (512, 448)
        assert (at(picture, 0.25), at(picture, 0.75)) == (LEFT, RIGHT)
    sizes = [[image.size for image in drawing.pictures] for drawing in double.drawings]
    assert sizes == [[(320, 200)], [(320, 200), *((64 + place, 64) for place in range(1, most))]]
    more = await draw(engine, "edit", images=(subject(), *references, subject()))
    assert [note for note in more.notes if "others were not used" in note]
    assert len(double.drawings[-1].pictures) == most


async def vary(double: CompatibleDouble, engine: CompatibleEngine) -> None:
    """Another take without any words of a person's."""
    result = await draw(engine, "vary", images=(subject(),), prompt="")
    (drawing,) = double.drawings
    assert [image.size for image in drawing.pictures] == [(320, 200)]
    assert "another take" in drawing.prompt.lower()
    assert unpacked(result.pictures[0].data).size == (512, 448)


async def mask(double: CompatibleDouble, engine: CompatibleEngine) -> None:
    """Painted where Easel's mask is open, and nowhere else."""
    await draw(engine, "inpaint", images=(subject(),), mask=open_on_the_right())
    result = await draw(engine, "inpaint", images=(subject(),), mask=open_on_the_right())
    picture = unpacked(result.pictures[0].data)
    assert (at(picture, 0.25), at(picture, 0.75)) == (LEFT, PAINTED)


async def seed(double: CompatibleDouble, engine: CompatibleEngine) -> None:
    """Sent, understood, told; without one it follows from the step's key."""
    results = [
        await draw(engine, seed=7),
        await draw(engine, "edit", images=(subject(),), seed=2**31 + 9),
        await draw(engine, key="turn-2:0"),
        await draw(engine, key="turn-2:0"),
        await draw(engine, key="turn-3:0"),
    ]
    told = [result.pictures[0].seed for result in results]
    assert told == [drawing.seed for drawing in double.drawings]
    assert told[:2] == [7, 9]
    assert told[2] == zlib.crc32(b"turn-2:0") % 2**31
    assert told[2] == told[3] != told[4]
    corner = unpacked(results[0].pictures[0].data).getpixel((0, 0))
    assert corner == shown(7)


async def n(double: CompatibleDouble, engine: CompatibleEngine) -> None:
    """Several pictures are calls side by side, each for one picture."""
    gathered = await asyncio.gather(*(draw(engine, key=f"turn-1:{i}") for i in range(3)))
    assert [len(result.pictures) for result in gathered] == [1, 1, 1]
    assert [int(asked.fields["n"]) for asked in double.asked] == [1, 1, 1]
    assert engine.models()[0].capabilities.max_n >= 3


async def sizes(double: CompatibleDouble, engine: CompatibleEngine) -> None:
    """Whatever the card allows, the server draws."""
    rule = engine.models()[0].capabilities.sizes
    assert rule is not None
    step, least, most = rule.multiple, rule.min_side, rule.max_side
    asked = [(least, least), (most, most), (least, 4 * least), (least + step, least + 3 * step)]
    for size in asked:
        assert allowed(size, rule)
        picture = (await draw(engine, size=size)).pictures[0]
        assert (picture.width, picture.height) == size
    assert not allowed((least + step // 2, least), rule)


CELLS: dict[str, Cell] = {
    cell.__name__: cell for cell in (generate, edit, vary, mask, seed, n, sizes)
}
CANNOT = {
    ("openai", "seed"): "the protocol has none",
    ("sglang", "mask"): "the server takes one and does nothing with it",
}
CASES = [(kind, cell) for kind in KINDS for cell in CELLS if (kind, cell) not in CANNOT]


@pytest.mark.parametrize(("kind", "cell"), CASES, ids=[f"{kind}-{cell}" for kind, cell in CASES])
async def test_cell(kind: str, cell: str) -> None:
    async with server_and_engine(kind) as (double, engine):
        await CELLS[cell](double, engine)


@pytest.mark.parametrize("kind", KINDS)
async def test_what_a_dialect_cannot_do_its_card_does_not_promise(kind: str) -> None:
    async with server_and_engine(kind) as (_, engine):
        (card,) = engine.models()
        able = card.capabilities
        assert able.seed is ((kind, "seed") not in CANNOT)
        assert ("inpaint" in able.operations) is ((kind, "mask") not in CANNOT)
        assert (able.mask == "none") is ((kind, "mask") in CANNOT)
        assert able.alpha == "none"
        assert not able.previews
        assert card.price.free

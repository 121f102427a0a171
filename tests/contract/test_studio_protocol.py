"""The studio as people reach it: the real client over the real socket, small pictures drawn."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import stat
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from core.engines.port import ImageRequest, ImageResult, Operation
from core.engines.studio.drawing import Pool
from core.engines.studio.engine import WARM, Studio
from core.engines.studio.server import StudioServer
from core.errors import BadInput, EngineError, EngineFault
from core.picture.pool import PixelPool

SHOWN = "a red mug to the left of a white candle on a walnut table, soft window light"
SMALL = (96, 64)
PATIENCE = 60


@dataclass
class Watcher:
    """Keeps what an engine tells on its way."""

    previews: list[bytes] = field(default_factory=list)
    shown: asyncio.Event = field(default_factory=asyncio.Event)

    async def stage(self, words: str, fraction: float | None = None) -> None:
        assert words

    async def preview(self, data: bytes, mime: str) -> None:
        assert mime == "image/png"
        self.previews.append(data)
        self.shown.set()


class Counted:
    """The pool, with the number of jobs that run in it."""

    def __init__(self, pool: PixelPool) -> None:
        self._pool = pool
        self.running = 0
        self.idle = asyncio.Event()

    async def run(
        self,
        fn: Callable[..., Any],
        *args: Any,
        on_message: Callable[[Any], Awaitable[None]] | None = None,
    ) -> Any:
        self.running += 1
        self.idle.clear()
        try:
            return await self._pool.run(fn, *args, on_message=on_message)
        finally:
            self.running -= 1
            if not self.running:
                self.idle.set()


@pytest.fixture
async def pool() -> AsyncIterator[Counted]:
    pool = PixelPool(1, warm=WARM)  # its child starts with the first picture
    yield Counted(pool)
    await pool.close()


@pytest.fixture
async def studio(pool: Counted) -> AsyncIterator[Studio]:
    studio = Studio(pool)
    await studio.start()
    yield studio
    await studio.close()


@pytest.fixture
async def door(pool: Counted) -> AsyncIterator[httpx.AsyncClient]:
    server = StudioServer(pool)
    await server.start()
    transport = httpx.AsyncHTTPTransport(uds=server.uds)
    base = server.base_url
    async with httpx.AsyncClient(transport=transport, base_url=base, timeout=PATIENCE) as client:
        yield client
    await server.close()


def wish(operation: Operation = "generate", **changes: Any) -> ImageRequest:
    told: dict[str, Any] = {
        "model": "studio",
        "operation": operation,
        "key": "turn-1:0",
        "prompt": SHOWN,
        "size": SMALL,
        "quality": "low",
    }
    return ImageRequest(**(told | changes))


def opened(result: ImageResult) -> Image.Image:
    return Image.open(io.BytesIO(result.pictures[0].data))


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def photograph() -> bytes:
    packed = io.BytesIO()
    Image.new("RGB", SMALL, (90, 120, 40)).save(packed, "PNG")
    return packed.getvalue()


async def test_a_session_of_three_turns(studio: Studio) -> None:
    drawn = await studio.engine.run(wish(seed=7), Watcher())
    (first,) = drawn.pictures
    assert (first.width, first.height, first.seed) == (*SMALL, 7)
    assert not first.alpha
    assert drawn.notes == (
        "Understood: a red mug and a white candle, walnut table, soft window light.",
    )
    assert drawn.usage.exact
    assert drawn.usage.cost_usd == 0
    assert drawn.usage.image_out == 6

    navy = wish("edit", prompt="make the mug navy, keep everything else the same", size=None,
                images=(first.data,))  # fmt: skip
    edited = await studio.engine.run(navy, Watcher())
    assert opened(edited).size == SMALL
    assert edited.notes == ("Changed: the mug is navy now.",)
    assert edited.pictures[0].seed == 7

    bare = wish("edit", prompt="transparent background", images=(edited.pictures[0].data,))
    cut = opened(await studio.engine.run(bare, Watcher()))
    assert cut.mode == "RGBA"
    assert cut.getchannel("A").getextrema() == (0, 255)


async def test_previews_arrive_before_the_picture(studio: Studio) -> None:
    watcher = Watcher()
    run = asyncio.create_task(studio.engine.run(wish(size=(320, 160), previews=2), watcher))
    async with asyncio.timeout(PATIENCE):
        await watcher.shown.wait()
        assert not run.done()
        await run
    sizes = [Image.open(io.BytesIO(data)).size for data in watcher.previews]
    assert sizes == [(256, 128), (160, 80)]


async def test_a_wish_for_transparency_is_kept(studio: Studio) -> None:
    result = await studio.engine.run(wish(transparent=True), Watcher())
    assert result.pictures[0].alpha
    assert opened(result).getpixel((0, 0)) == (0, 0, 0, 0)


async def test_the_same_key_draws_the_same_picture_and_another_another(studio: Studio) -> None:
    keys = ("turn-1:0", "turn-1:0", "turn-1:0.1", "turn-2:0")
    drawn = [await studio.engine.run(wish(key=key), Watcher()) for key in keys]
    first, again, second, other = (result.pictures[0].data for result in drawn)
    assert first == again
    assert len({first, second, other}) == 3


async def test_another_take_is_drawn_without_words(studio: Studio) -> None:
    first = (await studio.engine.run(wish(), Watcher())).pictures[0].data
    take = await studio.engine.run(wish("vary", prompt="", images=(first,)), Watcher())
    assert take.notes == ("Another take on the same scene.",)
    assert take.pictures[0].data != first


async def test_cancelling_stops_the_drawing(studio: Studio, pool: Counted) -> None:
    watcher = Watcher()
    big = wish(size=(1024, 1024), quality="high", previews=1)
    run = asyncio.create_task(studio.engine.run(big, watcher))
    async with asyncio.timeout(PATIENCE):
        await watcher.shown.wait()
    assert pool.running == 1
    run.cancel()
    async with asyncio.timeout(2):
        with pytest.raises(asyncio.CancelledError):
            await run
        await pool.idle.wait()
    await studio.engine.run(wish(), Watcher())


async def test_a_photograph_is_declined_kindly(studio: Studio) -> None:
    with pytest.raises(BadInput) as caught:
        await studio.engine.run(wish("edit", images=(photograph(),)), Watcher())
    assert caught.value.code == "studio_photograph"
    assert "photograph" in caught.value.message
    assert "crop" in caught.value.hint
    assert "OPENAI_API_KEY" in caught.value.hint


async def test_words_that_mean_nothing_are_declined_with_an_example(studio: Studio) -> None:
    first = (await studio.engine.run(wish(), Watcher())).pictures[0].data
    with pytest.raises(BadInput) as caught:
        await studio.engine.run(wish("edit", prompt="asdf", images=(first,)), Watcher())
    assert caught.value.code == "studio_not_understood"
    assert "make the mug navy" in caught.value.hint


async def test_a_size_out_of_bounds_is_declined(studio: Studio) -> None:
    with pytest.raises(EngineError) as caught:
        await studio.engine.run(wish(size=(4096, 4096)), Watcher())
    assert caught.value.kind is EngineFault.BAD_REQUEST


async def test_without_its_renderer_the_studio_is_listed_as_not_usable(
    pool: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.engines.studio.engine.RENDERER", "no_such_renderer")
    studio = Studio(pool)
    await studio.start()
    (card,) = studio.engine.models()
    assert (card.usable, card.missing) == (False, "its renderer is not installed")
    await studio.close()


async def test_the_door_is_private_and_leaves_nothing_behind(pool: Pool) -> None:
    server = StudioServer(pool)
    await server.start()
    path = Path(server.uds)
    assert (mode_of(path), mode_of(path.parent)) == (0o600, 0o700)
    await server.close()
    await server.close()
    with pytest.raises(FileNotFoundError):
        mode_of(path.parent)


async def test_the_stream_speaks_the_protocol(door: httpx.AsyncClient) -> None:
    body = {"prompt": SHOWN, "size": "300x200", "quality": "low", "stream": True,
            "partial_images": 1, "seed": 5}  # fmt: skip
    events: list[tuple[str, dict[str, Any]]] = []
    async with door.stream("POST", "/images/generations", json=body) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        name = ""
        async for line in answer.aiter_lines():
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: "):
                events.append((name, json.loads(line.removeprefix("data: "))))
    assert [name for name, _ in events] == [
        "image_generation.partial_image",
        "image_generation.completed",
    ]
    assert all(name == data["type"] for name, data in events)
    partial, done = events[0][1], events[1][1]
    assert partial["partial_image_index"] == 0
    assert (done["size"], done["quality"], done["background"]) == ("300x200", "low", "opaque")
    assert done["seed"] == 5
    assert done["usage"]["output_tokens"] == 70
    assert Image.open(io.BytesIO(base64.b64decode(done["b64_json"]))).size == (300, 200)


async def test_a_whole_answer_and_an_edit_by_form(door: httpx.AsyncClient) -> None:
    body = {"prompt": "a ball", "size": "64x64", "quality": "low", "n": 2, "seed": 5}
    made = (await door.post("/images/generations", json=body)).json()
    assert [item["seed"] for item in made["data"]] == [5, 6]
    first = base64.b64decode(made["data"][0]["b64_json"])
    fields = {"prompt": "make the ball blue", "quality": "low", "background": "transparent"}
    pictures = [("image[]", ("a.png", first, "image/png")),
                ("image[]", ("b.png", first, "image/png"))]  # fmt: skip
    edited = (await door.post("/images/edits", data=fields, files=pictures)).json()
    assert edited["data"][0]["easel_notes"] == [
        "Changed: the ball is blue now.",
        "The studio worked from the first picture; the others were not used.",
    ]
    assert edited["background"] == "transparent"
    assert edited["usage"]["input_tokens_details"]["image_tokens"] == 4


@pytest.mark.parametrize(
    ("body", "status", "code", "param"),
    [
        ({"prompt": ""}, 400, "missing_required_parameter", "prompt"),
        ({"prompt": "x" * 8_001}, 400, "string_above_max_length", "prompt"),
        ({"prompt": "a mug", "size": "9x9"}, 400, "invalid_value", "size"),
        ({"prompt": "a mug", "size": "big"}, 400, "invalid_value", "size"),
        ({"prompt": "a mug", "n": 0}, 400, "invalid_value", "n"),
        ({"prompt": "a mug", "quality": "best"}, 400, "invalid_value", "quality"),
        ({"prompt": "a mug", "seed": -1}, 400, "invalid_value", "seed"),
        ({"prompt": "a mug", "mood": "blue"}, 400, "unknown_parameter", "mood"),
        ({"prompt": "a mug", "model": "gpt-image-2"}, 404, "model_not_found", "model"),
        (["a mug"], 400, "invalid_json", None),
    ],
)
async def test_faults_are_named(
    door: httpx.AsyncClient, body: object, status: int, code: str, param: str | None
) -> None:
    answer = await door.post("/images/generations", json=body)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["param"]) == (status, code, param)
    assert error["message"]
    assert error["type"] == "invalid_request_error"


async def test_broken_requests_are_answered(door: httpx.AsyncClient) -> None:
    broken = await door.post("/images/generations", content=b"{")
    assert (broken.status_code, broken.json()["error"]["code"]) == (400, "invalid_json")
    huge = await door.post("/images/generations", content=b" " * 300_000)
    assert huge.status_code == 413
    bare = await door.post("/images/edits", data={"prompt": "make it blue"})
    assert bare.json()["error"]["param"] == "image"
    lost = await door.get("/images/nowhere")
    assert (lost.status_code, "Invalid URL" in lost.json()["error"]["message"]) == (404, True)
    models = (await door.get("/models")).json()
    assert [model["id"] for model in models["data"]] == ["studio"]

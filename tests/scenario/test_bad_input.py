"""What people send by mistake or by malice: each gets a clear answer, and the session stays as it
was. One table, over HTTP, against everything that runs."""

from __future__ import annotations

import asyncio
import contextlib
import io
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any

import httpx
import obstore
import pytest
import pytest_asyncio
from obstore.exceptions import GenericError
from PIL import Image

from adapters.web.app import create_app
from bot import wiring
from bot.doors import gate
from bot.health import Health
from tests.scenario.house import House, house, png, wait_until
from tests.unit.picture.making import bomb, png_of, saved

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOBODY = "s" + "0" * 20
NOTHING = "t" + "0" * 20
_FULL = "Generic LocalFileSystem error: Unable to copy data to file: No space left on device (os \
error 28)"


@dataclass
class Visit:
    """A session with one picture (v1) and a turn that was cancelled."""

    home: House
    http: httpx.AsyncClient
    sid: str = ""
    cancelled: str = ""

    async def says(
        self, text: str = "", *files: tuple[str, bytes], sid: str = "", **fields: str
    ) -> httpx.Response:
        parts = [("files", (name, data, "image/png")) for name, data in files]
        texts = {name: (None, value) for name, value in {"text": text, **fields}.items()}
        path = f"/api/sessions/{sid or self.sid}/turns"
        return await self.http.post(path, files=[*texts.items(), *parts])

    async def whole(self) -> dict[str, Any]:
        found: dict[str, Any] = (await self.http.get(f"/api/sessions/{self.sid}")).json()
        return found

    async def ended(self, turn: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}

        async def has_ended() -> bool:
            found.update((await self.http.get(f"{self._turns}/{turn['id']}")).json())
            return found["state"] in ("done", "failed", "cancelled")

        await wait_until(has_ended, f"the turn “{turn['text'][:40]}” ends")
        return found

    async def deletes(self, turn: str, sid: str = "") -> httpx.Response:
        return await self.http.delete(f"/api/sessions/{sid or self.sid}/turns/{turn}")

    @property
    def _turns(self) -> str:
        return f"/api/sessions/{self.sid}/turns"


Sends = Callable[[Visit], Awaitable[httpx.Response]]
During = Callable[[House], AbstractAsyncContextManager[None]]


@contextlib.asynccontextmanager
async def nothing_else(home: House) -> AsyncIterator[None]:
    yield


@contextlib.asynccontextmanager
async def no_room_for_pictures(home: House) -> AsyncIterator[None]:
    """The folder of the pictures answers as a full file system does."""

    async def refuse(*args: Any, **more: Any) -> None:
        raise GenericError(_FULL)

    put, obstore.put_async = obstore.put_async, refuse  # type: ignore[assignment]
    try:
        yield
    finally:
        obstore.put_async = put


@contextlib.asynccontextmanager
async def no_memory_in_the_store(home: House) -> AsyncIterator[None]:
    await home.parts.redis.config_set("maxmemory", "1")
    try:
        yield
    finally:
        await home.parts.redis.config_set("maxmemory", "0")


@contextlib.asynccontextmanager
async def no_disk_under_the_store(home: House) -> AsyncIterator[None]:
    """A snapshot cannot be written, so the store refuses every write (MISCONF)."""
    redis = home.parts.redis
    obstacle = home.parts.settings.data_dir / "store" / "dump.rdb"
    (obstacle / "in the way").mkdir(parents=True)
    await redis.config_set("save", "3600 1000000")

    async def snapshot(status: str) -> None:
        async def told() -> bool:
            info = await redis.info("persistence")
            return not info["rdb_bgsave_in_progress"] and info["rdb_last_bgsave_status"] == status

        await redis.bgsave()
        await wait_until(told, f"the snapshot went {status}")

    await snapshot("err")
    try:
        yield
    finally:
        (obstacle / "in the way").rmdir()
        obstacle.rmdir()
        await snapshot("ok")
        await redis.config_set("save", "")


def sends(text: str = "", *files: tuple[str, Callable[[], bytes]], **more: str) -> Sends:
    """A turn with files that are made when they are sent."""

    async def send(visit: Visit) -> httpx.Response:
        return await visit.says(text, *((name, make()) for name, make in files), **more)

    return send


def picture(mode: str, form: str, size: tuple[int, int] = (40, 30)) -> Callable[[], bytes]:
    return lambda: saved(Image.new(mode, size), form)


def moving() -> bytes:
    frames = [Image.new("L", (40, 30), shade) for shade in (0, 120, 250)]
    return saved(frames[0], "GIF", save_all=True, append_images=frames[1:])


def deep() -> bytes:
    return png_of(40, 30, 16, 2, (b"\0" + bytes(40 * 6)) * 30)


def of_brand(name: bytes) -> bytes:
    return b"\0\0\0\x18ftyp" + name + bytes(4) + name + b"mif1" + bytes(40)


@dataclass(frozen=True)
class Row:
    """`status` answers the request; `code` is the error's, of the answer or of the accepted turn.

    Without a code the turn is done. `words` stand in the error's message and hint, or in the notes.
    `given` is said before, and comes to a picture.
    """

    name: str
    send: Sends
    status: int
    code: str
    words: tuple[str, ...]
    during: During = nothing_else
    given: Sends | None = None


TABLE = [
    Row("an empty file", sends("rotate it", ("a.png", bytes)), 415, "bad_picture",
        ("a.png", "empty", "Attach it again")),
    Row("text named .png", sends("rotate it", ("a.png", lambda: b"hello")), 415, "bad_picture",
        ("holds text and not a picture", "Send a picture as PNG")),
    Row("a truncated PNG", sends("rotate it", ("a.png", lambda: png()[:90])), 415, "bad_picture",
        ("damaged or cut off", "Send it again")),
    Row("30,000 x 30,000 pixels", sends("rotate it", ("a.png", bomb)), 413, "too_large",
        ("30,000 x 30,000", "50 megapixels", "Scale it down")),
    Row("an animated GIF", sends("rotate 90", ("a.gif", moving)), 202, "",
        ("animated GIF", "first frame")),
    Row("a CMYK JPEG", sends("rotate 90", ("a.jpg", picture("CMYK", "JPEG"))), 202, "", ()),
    Row("a 16-bit PNG", sends("rotate 90", ("a.png", deep)), 202, "", ()),
    Row("an SVG", sends("rotate it", ("a.svg", lambda: b"<svg xmlns='x'/>")), 415, "bad_picture",
        ("SVG", "Export it as PNG")),
    Row("a HEIC", sends("rotate it", ("a.heic", lambda: of_brand(b"heic"))), 415, "bad_picture",
        ("HEIC", "Send it as JPEG")),
    Row("26 MB", sends("rotate it", ("a.png", lambda: png() + bytes(26_000_000))), 413,
        "too_large", ("a.png", "larger than 25 MB", "Send a smaller one")),
    Row("17 files", sends("a collage", *[("a.png", png)] * 17), 413, "too_large",
        ("more than 16 files", "in several turns")),
    Row("8,001 characters", sends("a mug " * 1_333 + "abc"), 413, "prompt_too_long",
        ("8,001 characters", "8,000")),
    Row("an empty turn", sends(" \n"), 400, "empty_turn", ("nothing to do", "Describe a picture")),
    Row("an unknown session", sends("a mug", sid=NOBODY), 404, "not_found",
        ("no such session",)),
    Row("an unknown version", sends("make it navy", version="v9"), 404, "not_found",
        ("no such version",)),
    Row("an unknown turn", lambda visit: visit.deletes(NOTHING), 404, "not_found",
        ("no such turn",)),
    Row("a turn of another session", lambda visit: visit.deletes(visit.cancelled, sid=NOBODY),
        404, "not_found", ("no such session",)),
    Row("a turn that was cancelled", lambda visit: visit.deletes(visit.cancelled), 409,
        "turn_ended", ("already ended (cancelled)", "undo")),
    Row("an edit of what was cancelled",
        lambda visit: visit.says("make it navy", version=visit.cancelled), 404, "not_found",
        ("no version", "v1, v2")),
    Row("nothing to undo", sends("undo"), 202, "nothing_to_undo",
        ("nothing to undo", "show versions")),
    Row("4x past the limit", sends("4x"), 202, "too_large", ("8,400 x 64", "8,192", "3x"),
        given=sends("mirror it", ("wide.png", picture("RGB", "PNG", (2_100, 16))))),
    Row("no disk for an attachment", sends("rotate it", ("a.png", png)), 507, "disk_full",
        ("no room left", "free disk space"), during=no_room_for_pictures),
    Row("no disk for a drawing", sends("make it navy"), 202, "disk_full",
        ("no room left", "free disk space"), during=no_room_for_pictures),
    Row("no memory in the store", sends("make it navy"), 507, "disk_full",
        ("no room left", "free space"), during=no_memory_in_the_store),
    Row("no disk under the store", sends("make it navy"), 507, "disk_full",
        ("no room left", "free space"), during=no_disk_under_the_store),
]  # fmt: skip


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def home(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    async with house(tmp_path_factory.mktemp("bad input")) as here, here.working():
        yield here


@pytest_asyncio.fixture(loop_scope="module")
async def visit(home: House) -> AsyncIterator[Visit]:
    parts = home.parts
    app = create_app(
        home.desk, home.crew.catalog, gate(parts.settings), wiring.limits(parts.settings),
        Health(parts),
    )  # fmt: skip
    wire = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=wire, base_url="http://127.0.0.1:8080") as http:
        here = Visit(home, http)
        here.sid = (await http.post("/api/sessions", json={})).json()["id"]
        assert (await here.ended((await here.says("a red mug")).json()))["state"] == "done"
        home.engine.gate = asyncio.Event()
        here.cancelled = (await here.says("make it green")).json()["id"]
        assert (await here.deletes(here.cancelled)).json()["state"] == "cancelled"
        home.engine.gate = None
        yield here


@pytest.mark.parametrize("row", TABLE, ids=[row.name for row in TABLE])
async def test_bad_input_gets_a_clear_answer_and_changes_nothing(row: Row, visit: Visit) -> None:
    if row.given is not None:
        assert (await visit.ended((await row.given(visit)).json()))["state"] == "done"
    before = await visit.whole()
    turn = None
    async with row.during(visit.home):
        answer = await row.send(visit)
        assert answer.status_code == row.status, answer.text
        if answer.is_success:
            turn = await visit.ended(answer.json())
    after = await visit.whole()
    if turn is None:
        _check_words(row, answer.json()["error"])
        assert after == before
    elif row.code:
        assert turn["state"] == "failed"
        _check_words(row, turn["error"])
        assert _untouched(after, before)
        assert turn["versions"] == []
    else:
        assert (turn["state"], turn["error"]) == ("done", None)
        assert all(word in " ".join(turn["notes"]) for word in row.words), turn["notes"]
        assert _untouched({**after, "head": before["head"]}, before)
        await _check_normal(visit, turn, after)
    assert (await visit.ended((await visit.says("make it navy")).json()))["state"] == "done"


def _check_words(row: Row, error: dict[str, str]) -> None:
    assert error["code"] == row.code
    said = f"{error['message']} {error['hint']}"
    assert all(word in said for word in row.words), said
    assert error["hint"]
    assert "Traceback" not in said


def _untouched(after: dict[str, Any], before: dict[str, Any]) -> bool:
    """Whether all that was there is there still, as it was, and the head where it was."""
    count, turns = len(before["versions"]), len(before["turns"])
    kept = {
        **before,
        "versions": after["versions"][:count],
        "turns": after["turns"][:turns],
        "head": after["head"],
    }
    return kept == before and len(after["turns"]) == turns + 1


async def _check_normal(visit: Visit, turn: dict[str, Any], whole: dict[str, Any]) -> None:
    """What was made of an odd file is an ordinary picture, as is what was kept of it."""
    made = [version for version in whole["versions"] if version["id"] in turn["versions"]]
    assert [version["operation"] for version in made] == ["upload", "adjust"]
    assert whole["head"] == made[-1]["id"]
    for version, size in zip(made, [(40, 30), (30, 40)], strict=True):
        data = (await visit.http.get(f"/api/assets/{version['asset']['sha256']}")).content
        with Image.open(io.BytesIO(data)) as image:
            assert (image.size, image.mode, getattr(image, "n_frames", 1)) == (size, "RGB", 1)

"""The contact sheet: every picture whole and in order, its words beneath, in any script."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from core.picture.checker import DARK, LIGHT
from core.picture.codec import Pixels, decode, encode_png
from core.picture.sheet import MOST, Tile, _cut, _plain, laid_out, small
from core.picture.typeface import Typeface
from tests.unit.picture.making import ASTRONAUT, disc, far

BLUE, GREEN, PAPER = (29, 95, 214), (17, 122, 72), (250, 250, 250)


def _quiet(told: Any) -> None:
    return None


def _flat(colour: str, width: int = 360, height: int = 360) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "PNG")
    return out.getvalue()


def _tile(picture: bytes | None = None, **more: Any) -> Tile:
    told = {"name": "v1", "words": "make it navy", "made": "edit of v1", **more}
    return Tile(picture=_flat("teal") if picture is None else picture, **told)


def _sheet(*tiles: Tile, title: str = "a red mug", line: str = "1 version") -> Pixels:
    data, width, height = laid_out(_quiet, title, line, tiles)
    pixels = decode(data)
    assert pixels.shape == (height, width, 3)
    return pixels


def _where(sheet: Pixels, colour: tuple[int, int, int]) -> tuple[int, int, int]:
    """How many pixels have a colour, and the left and top of them."""
    rows, columns = np.nonzero((np.abs(sheet.astype(int) - colour).max(axis=2)) <= 2)
    return len(rows), int(min(columns, default=-1)), int(min(rows, default=-1))


def test_pictures_stand_in_reading_order() -> None:
    names = ["red", "lime", "blue", "yellow", "cyan", "magenta", "black"]
    colours = [Image.new("RGB", (1, 1), name).getpixel((0, 0)) for name in names]
    sheet = _sheet(*(_tile(_flat(name), name="", words="", made="") for name in names))
    places = []
    for colour in colours:
        assert isinstance(colour, tuple)
        count, left, top = _where(sheet, (int(colour[0]), int(colour[1]), int(colour[2])))
        assert count >= 360 * 360
        places.append((top, left))
    assert places == sorted(places)
    assert len({top for top, _ in places}) > 1


@pytest.mark.parametrize("count", [1, 2, 3, 5, 17, MOST])
def test_the_largest_sheet_is_no_larger_than_chats_show(count: int) -> None:
    tiles = [_tile(words="all the words of a long instruction " * 9) for _ in range(count)]
    sheet = _sheet(*tiles)
    assert max(sheet.shape[:2]) <= 4000


def test_small_pictures_are_made_from_large_ones() -> None:
    made = decode(small(_quiet, ASTRONAUT))
    assert max(made.shape[:2]) == 360
    clear = decode(small(_quiet, encode_png(disc(900, 500, 200))))
    assert clear.shape[2] == 4
    assert clear[0, 0, 3] == 0


def test_a_transparent_picture_stands_on_a_checkerboard() -> None:
    sheet = _sheet(_tile(small(_quiet, encode_png(disc(360, 360, 100)))))
    for grey in (LIGHT, DARK):
        count, _, _ = _where(sheet, (grey, grey, grey))
        assert count > 30_000


def test_the_current_version_has_a_frame_and_a_word() -> None:
    plain, marked = _sheet(_tile()), _sheet(_tile(head=True))
    assert _where(plain, BLUE)[0] == 0
    count, left, top = _where(marked, BLUE)
    assert count > 4 * 360 * 4
    assert far(marked[top + 100, left], np.array(BLUE)) <= 2
    assert far(marked[top + 100, left + 5], np.array([0, 128, 128])) <= 2


def test_an_approved_version_has_a_tick() -> None:
    assert _where(_sheet(_tile()), GREEN)[0] == 0
    assert _where(_sheet(_tile(approved=True)), GREEN)[0] > 100


@pytest.mark.parametrize(
    "words",
    [
        "make it navy",
        "сделай фон синим",
        "把背景换成海边",
        "הפוך את הרקע לכחול",
        "背景を青にして",
        "네이비로 바꿔",
    ],
)
def test_words_stand_under_the_picture_in_the_scripts_of_the_world(words: str) -> None:
    assert Typeface(420).missing(words) == []
    bare, told = _sheet(_tile(words="", name="", made="")), _sheet(_tile(words=words, made=""))
    ink = (np.abs(told.astype(int) - PAPER).max(axis=2) > 40)[bare.shape[0] - 60 :]
    assert ink.sum() > 150


def test_letters_that_can_not_be_set_leave_no_question_marks() -> None:
    assert _plain("🔥 make it\n\npop 🚀 ") == "make it pop"
    assert _plain("أضف قطة") == "(words in a script that can't be set here)"
    assert _plain("really?") == "really?"
    assert _plain("") == ""


def test_words_that_do_not_fit_end_in_an_ellipsis() -> None:
    face = Typeface(420)
    for words in ("a long story " * 40, "x" * 400):
        lines = _cut(words, 360, 22, 3)
        assert len(lines) == 3
        assert lines[-1].endswith("…")
        assert all(face.width(line, 22) <= 360 for line in lines)
    assert _cut("short", 360, 22, 3) == ["short"]
    assert _cut("", 360, 22, 3) == []


def test_the_same_thread_is_the_same_file() -> None:
    tiles = [_tile(), _tile(_flat("gold"), head=True)]
    assert laid_out(_quiet, "a", "b", tiles) == laid_out(_quiet, "a", "b", tiles)

"""A contact sheet: the pictures of a thread in order, with the words that made each.

It is laid out from small pictures, one of which is made at a time (`small`), so that a thread of
large ones needs no more memory than one of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, sqrt

import cv2
import numpy as np

from core.picture.checker import fitted, on_checkerboard
from core.picture.codec import Pixels, decode, encode_png
from core.picture.direction import drawable, joins
from core.picture.stage import Report
from core.picture.typeface import Colour, Typeface

MOST = 60
"""Pictures on one sheet; it stays under 4,000 pixels a side."""
_PICTURE = 360
_GAP, _ROW_GAP, _MARGIN = 28, 40, 48
_NAME, _WORDS, _SMALL, _TITLE = 26, 22, 18, 38
_NAME_LINE, _WORDS_LINE, _SMALL_LINE = 42, 29, 26
_HEAD = 108
"""Height of the heading, pixels."""
_MOST_LINES = 3
_MOST_LETTERS = 240
_FRAME = 5
_CELL = 12

_PAPER: Colour = (250, 250, 250)
_INK: Colour = (24, 26, 31)
_SOFT: Colour = (98, 103, 115)
_BLUE: Colour = (29, 95, 214)
_GREEN: Colour = (17, 122, 72)
_LINE: Colour = (222, 224, 229)

_BOLD, _REGULAR = Typeface(700), Typeface(420)


@dataclass(frozen=True, slots=True)
class Tile:
    """One picture (a file, see `small`) and what is written under it.

    `made` says how in a few words ("edit of v2 · GPT Image 2"). `head`: the next turn edits it.
    """

    picture: bytes
    name: str
    words: str
    made: str
    head: bool = False
    approved: bool = False


def small(report: Report, data: bytes) -> bytes:
    """A picture as it goes onto a sheet: a small PNG, alpha kept. Raises BadPicture."""
    return encode_png(fitted(decode(data), _PICTURE, _PICTURE))


@dataclass(frozen=True, slots=True)
class _Cell:
    """A tile ready to be set."""

    tile: Tile
    picture: Pixels
    lines: list[str]

    @property
    def text_height(self) -> int:
        return _NAME_LINE + _WORDS_LINE * len(self.lines) + _SMALL_LINE


@dataclass(frozen=True, slots=True)
class _Row:
    cells: list[_Cell]

    @property
    def picture_height(self) -> int:
        return max(int(cell.picture.shape[0]) for cell in self.cells)

    @property
    def height(self) -> int:
        return self.picture_height + max(cell.text_height for cell in self.cells)


def laid_out(
    report: Report, title: str, line: str, tiles: Sequence[Tile]
) -> tuple[bytes, int, int]:
    """The sheet as PNG, its width and its height. `line` stands under the title.

    At least one tile and at most MOST.
    """
    columns = _columns(len(tiles))
    cells = [_cell(tile) for tile in tiles]
    rows = [_Row(cells[at : at + columns]) for at in range(0, len(cells), columns)]
    width = 2 * _MARGIN + max(columns, 2) * (_PICTURE + _GAP) - _GAP
    height = _MARGIN + _HEAD + sum(row.height + _ROW_GAP for row in rows) - _ROW_GAP + _MARGIN
    canvas = np.full((height, width, 3), _PAPER, np.uint8)
    _heading(canvas, title, line)
    top = _MARGIN + _HEAD
    for row in rows:
        for place, cell in enumerate(row.cells):
            _set(canvas, cell, _MARGIN + place * (_PICTURE + _GAP), top, row.picture_height)
        top += row.height + _ROW_GAP
    return encode_png(canvas), width, height


def _columns(count: int) -> int:
    """So many that the sheet is a little wider than high, and its last row is not left short."""
    wished = min(count, max(1, ceil(sqrt(count * 1.6))))
    return ceil(count / ceil(count / wished))


def _cell(tile: Tile) -> _Cell:
    picture = on_checkerboard(decode(tile.picture), _CELL)
    return _Cell(tile, picture, _cut(_plain(tile.words), _PICTURE, _WORDS, _MOST_LINES))


def _heading(canvas: Pixels, title: str, line: str) -> None:
    room = canvas.shape[1] - 2 * _MARGIN
    for words, face, size, top, ink in (
        (title, _BOLD, _TITLE, _MARGIN + 32, _INK),
        (line, _REGULAR, _WORDS, _MARGIN + 72, _SOFT),
    ):
        shown = _cut(_plain(words), room, size, 1, face)
        face.draw(canvas, shown[0] if shown else "", (_MARGIN, top), size, ink)


def _set(canvas: Pixels, cell: _Cell, left: int, top: int, box: int) -> None:
    height, width = cell.picture.shape[:2]
    x, y = left + (_PICTURE - width) // 2, top + box - height
    if cell.tile.head:
        _box(canvas, (x - _FRAME, y - _FRAME), (x + width + _FRAME, y + height + _FRAME), _BLUE)
    else:
        _box(canvas, (x - 1, y - 1), (x + width + 1, y + height + 1), _LINE)
    canvas[y : y + height, x : x + width] = cell.picture
    _name(canvas, cell.tile, left, top + box + 32)
    at = top + box + _NAME_LINE + 22
    for line in cell.lines:
        _REGULAR.draw(canvas, line, (left, at), _WORDS, _INK)
        at += _WORDS_LINE
    for made in _cut(_plain(cell.tile.made), _PICTURE, _SMALL, 1):
        _REGULAR.draw(canvas, made, (left, at - 2), _SMALL, _SOFT)


def _name(canvas: Pixels, tile: Tile, left: int, baseline: int) -> None:
    """The name, and marks beside it that do not rest on colour alone."""
    _BOLD.draw(canvas, tile.name, (left, baseline), _NAME, _INK)
    at = left + _BOLD.width(tile.name, _NAME) + 14
    if tile.head:
        at = _mark(canvas, "current", at, baseline, _BLUE)
    if tile.approved:
        tick = np.array([[at, baseline - 8], [at + 6, baseline - 2], [at + 16, baseline - 15]])
        cv2.polylines(canvas, [tick.astype(np.int32)], False, _GREEN, 3, cv2.LINE_AA)
        _mark(canvas, "approved", at + 23, baseline, _GREEN)


def _mark(canvas: Pixels, words: str, left: int, baseline: int, ink: Colour) -> int:
    """Gives where the next one may stand."""
    _BOLD.draw(canvas, words, (left, baseline), _SMALL, ink)
    return left + _BOLD.width(words, _SMALL) + 14


def _box(canvas: Pixels, first: tuple[int, int], last: tuple[int, int], ink: Colour) -> None:
    canvas[first[1] : last[1], first[0] : last[0]] = ink


def _plain(words: str) -> str:
    """Words on one line, without letters that the typeface lacks, such as emoji."""
    line = " ".join(drawable(words[:_MOST_LETTERS]).split())
    if joins(line):
        return "(words in a script that can't be set here)"
    lacking = set(_REGULAR.missing(line))
    return " ".join("".join(letter for letter in line if letter not in lacking).split())


def _cut(words: str, room: int, size: int, most: int, face: Typeface = _REGULAR) -> list[str]:
    """At most so many lines; an ellipsis says that there is more."""
    if not words:
        return []
    lines = face.wrapped(words, room, size, breaks=True) or []
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and face.width(f"{last}…", size) > room:
        last = last[:-1]
    return [*lines[: most - 1], f"{last.rstrip(' ,;:.')}…"]

"""The typeface in which words are set: its measures, its lines, the letters it lacks.

OpenCV brings its own with the scripts of most of the world, so that words look the same on every
machine.
"""

from __future__ import annotations

import re
from unicodedata import combining

import cv2
import numpy as np

from core.picture.direction import visual
from core.picture.pixels import Pixels

Colour = tuple[int, int, int]
BASELINE = 0.85
"""Of the size, below the top of a line: capitals stand in its middle."""


class Typeface:
    """One weight of it (400 is regular, 700 bold). Sizes and widths are in pixels."""

    def __init__(self, weight: int) -> None:
        self._weight = weight
        self._font = cv2.FontFace("sans")

    def width(self, line: str, size: int) -> int:
        if not line:
            return 0
        x, _, wide, _ = cv2.getTextSize(
            (0, 0), visual(line), (0, 0), self._font, size, self._weight
        )
        return int(x + wide)

    def draw(self, canvas: Pixels, line: str, at: tuple[int, int], size: int, ink: Colour) -> None:
        """Set a line onto a canvas of one or three channels; `at`: where its baseline begins."""
        if line:
            cv2.putText(canvas, visual(line), at, ink, self._font, size, self._weight)

    def wrapped(self, text: str, room: int, size: int, *, breaks: bool) -> list[str] | None:
        """The text in lines no wider than `room`; None where a word is wider and may not break."""
        lines: list[str] = []
        for paragraph in text.split("\n"):
            line = ""
            for piece in re.findall(r"\S+|\s+", paragraph.expandtabs(4)):
                if self.width(line + piece, size) <= room:
                    line += piece
                    continue
                if line.strip():
                    lines.append(line.rstrip())
                line = "" if piece.isspace() else piece
                while self.width(line, size) > room:
                    if not breaks or len(line) == 1:
                        return None
                    fits = self._longest(line, room, size)
                    lines.append(line[:fits])
                    line = line[fits:]
            lines.append(line.rstrip())
        return lines

    def _longest(self, line: str, room: int, size: int) -> int:
        """How many letters of a line that is too long fit, one at least."""
        return next(
            n for n in range(len(line) - 1, 0, -1) if n == 1 or self.width(line[:n], size) <= room
        )

    def missing(self, text: str) -> list[str]:
        """Letters that it lacks, for which it draws a question mark."""
        unknown = self._shape("?")
        return [
            letter
            for letter in dict.fromkeys(text)
            if not (letter == "?" or letter.isspace() or combining(letter))
            and self._shape(letter) == unknown
        ]

    def _shape(self, letter: str) -> bytes:
        canvas = np.zeros((48, 64), np.uint8)
        cv2.putText(canvas, letter, (8, 36), (255, 255, 255), self._font, 28, self._weight)
        return canvas.tobytes()

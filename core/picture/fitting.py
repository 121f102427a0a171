"""The best file of a picture for a place that takes only so many bytes.

The file to take away where it fits; else the same pixels packed harder; else a smaller view of the
picture, as large as fits. Never is anything that was lossless made lossy. The same picture and
limit give the same bytes, so that what is delivered again is what was delivered before.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.errors import TooLarge
from core.picture.export import Origin, exported, xmp
from core.picture.info import probe
from core.picture.lossless import WEBP_SIDE, packed_png, webp, without_idle_alpha
from core.picture.pixels import MIMES, Pixels, decode, encode
from core.picture.resample import resized

_PHOTO_QUALITY = 95
_SAMPLE_PIXELS, _SAMPLE_BANDS = 4_000_000, 32
_SURELY_NOT = 1.15
"""Times the limit that a sample may foretell for the whole picture to be written all the same."""
_NEARLY = 1.07
"""Times the limit that a file may have for more effort to be worth a try."""
_LARGEST_VIEW = 0.98
"""Of the sides: a view is smaller than the picture, so that nobody takes it for the picture."""
_LEAST_SIDE = 64
_GROWTH = 1.8
"""By which power of the sides a file grows; a smaller picture has more detail in each pixel."""
_AIM, _FULL = 0.97, 0.9
"""Of the limit: what a view is meant to have, and what is enough."""
_TRIES, _MOST_TRIES = 3, 8

_TITLES = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WebP"}

Encode = Callable[[Pixels], bytes]


@dataclass(frozen=True, slots=True)
class Fitted:
    """A file within the limit.

    `exact`: it is the file to take away itself. `whole`: every pixel is in it as in that. `words`:
    what a person should know about it, "" when there is nothing to say.
    """

    data: bytes
    mime: str
    width: int
    height: int
    exact: bool
    whole: bool
    words: str


def fitted(data: bytes, *, origin: Origin | None, most_bytes: int) -> Fitted:
    """The best file of at most `most_bytes`, labelled as `exported` does.

    Raises:
        BadPicture: the picture can't be read.
        TooLarge: not even a small view fits.
    """
    taken, mime = exported(data, format=None, origin=origin)
    info = probe(taken)
    if len(taken) <= most_bytes:
        return Fitted(taken, mime, info.width, info.height, exact=True, whole=True, words="")
    pixels = without_idle_alpha(decode(taken))
    job = _Fitting(pixels, origin, most_bytes, mime, len(taken))
    return job.photograph() if mime == MIMES["jpeg"] else job.drawing()


class _Fitting:
    """One picture whose file of `size` bytes is too large."""

    def __init__(
        self, pixels: Pixels, origin: Origin | None, most: int, mime: str, size: int
    ) -> None:
        self._pixels = pixels
        self._width, self._height = int(pixels.shape[1]), int(pixels.shape[0])
        self._origin = origin
        self._most = most
        self._mime = mime
        self._size = size
        self._packet = xmp(origin) if origin else None

    def photograph(self) -> Fitted:
        """Of a JPEG, whose pixels are lossy already, a smaller JPEG: a lossless file of the same
        size in bytes would show far less."""
        return self._view(self._jpeg, MIMES["jpeg"], self._foretold(self._jpeg))

    def drawing(self) -> Fitted:
        """Of everything else a file that loses nothing; a view where none fits."""
        if png := self._as_png():
            return png
        writable = max(self._width, self._height) <= WEBP_SIDE
        expected = self._foretold(self._webp) if writable else self._size
        if writable and expected <= _SURELY_NOT * self._most and (found := self._as_webp()):
            return found
        return self._view(self._webp, MIMES["webp"], expected)

    def _as_png(self) -> Fitted | None:
        """All pixels as PNG, which everything opens."""
        if self._is_large and self._foretold(packed_png) > self._most:
            return None
        packed, mime = exported(packed_png(self._pixels), format="png", origin=self._origin)
        if len(packed) > self._most:
            return None
        return self._found(packed, mime, self._width, self._height, whole=True, words="")

    def _as_webp(self) -> Fitted | None:
        coded = self._webp(self._pixels)
        if self._most < len(coded) <= self._most * _NEARLY:
            coded = webp(self._pixels, xmp=self._packet, hard=True)
        if len(coded) > self._most:
            return None
        words = (
            f"The file here is a lossless WebP: as {_TITLES[self._mime]} it has "
            f"{_megabytes(self._size, up=True)}, and files here may have {self._limit}."
        )
        size = self._width, self._height
        return self._found(coded, MIMES["webp"], *size, whole=True, words=words)

    def _view(self, encode: Encode, mime: str, expected: float) -> Fitted:
        """The largest view that fits, more or less; the picture itself has `expected` bytes."""
        best, best_size = b"", (0, 0)
        scale, bytes_there = 1.0, expected
        for attempt in range(1, _MOST_TRIES + 1):
            scale = self._next(scale, bytes_there)
            width, height = (max(1, round(side * scale)) for side in (self._width, self._height))
            if max(width, height) < _LEAST_SIDE:
                break
            coded = encode(resized(self._pixels, width, height))
            bytes_there = len(coded)
            if len(best) < bytes_there <= self._most:
                best, best_size = coded, (width, height)
            enough = attempt >= _TRIES or len(best) >= _FULL * self._most or scale >= self._largest
            if best and enough:
                break
        if not best:
            raise _nothing_fits(self._limit)
        return self._found(best, mime, *best_size, whole=False, words=self._view_words(*best_size))

    def _next(self, scale: float, size: float) -> float:
        """The scale that should just fit, told from the bytes at another."""
        labels = len(self._packet.encode()) if self._packet else 0
        room = _AIM * self._most - labels
        if room <= 0:
            raise _nothing_fits(self._limit)
        guess = scale * float((room / max(1.0, size - labels)) ** (1 / _GROWTH))
        return min(guess, self._largest)

    @property
    def _largest(self) -> float:
        return min(_LARGEST_VIEW, WEBP_SIDE / max(self._width, self._height))

    @property
    def _is_large(self) -> bool:
        """Whether looking at a part first saves time."""
        return (
            self._width * self._height > 2 * _SAMPLE_PIXELS and self._width < _SAMPLE_PIXELS // 64
        )

    def _foretold(self, encode: Encode) -> float:
        """About how many bytes the picture would have: of a large one, told from some rows."""
        if not self._is_large:
            return len(encode(self._pixels))
        rows = _SAMPLE_PIXELS // self._width // _SAMPLE_BANDS
        tops = (self._height * place // _SAMPLE_BANDS for place in range(_SAMPLE_BANDS))
        sample = np.concatenate([self._pixels[top : top + rows] for top in tops])
        return len(encode(sample)) * self._height / len(sample)

    def _webp(self, pixels: Pixels) -> bytes:
        return webp(pixels, xmp=self._packet)

    def _jpeg(self, pixels: Pixels) -> bytes:
        return encode(pixels, "jpeg", quality=_PHOTO_QUALITY, xmp=self._packet)

    def _found(
        self, data: bytes, mime: str, width: int, height: int, *, whole: bool, words: str
    ) -> Fitted:
        return Fitted(data, mime, width, height, exact=False, whole=whole, words=words)

    def _view_words(self, width: int, height: int) -> str:
        return (
            f"This is a view of {width:,} × {height:,}: the picture has {self._width:,} × "
            f"{self._height:,} and {_megabytes(self._size, up=True)}, "
            f"and files here may have {self._limit}."
        )

    @property
    def _limit(self) -> str:
        return _megabytes(self._most, up=False)


def _megabytes(count: int, *, up: bool) -> str:
    """As chat platforms count them; rounded so that what is too large never seems to fit."""
    tenths = -(-count * 10 // 2**20) if up else count * 10 // 2**20
    return f"{tenths / 10:,g} MB" if tenths else "less than 0.1 MB"


def _nothing_fits(limit: str) -> TooLarge:
    return TooLarge(
        f"Files here may have {limit}, and no view of this picture is that small.",
        hint="Open the picture in the workspace.",
    )

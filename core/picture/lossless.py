"""The same pixels in fewer bytes: files that take longer to write and lose nothing."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.picture.alpha import is_transparent
from core.picture.pixels import Pixels
from core.picture.resample import bands

WEBP_SIDE = 16_383
"""The most pixels of a side that WebP can write down (WebP Lossless Bitstream, 3)."""

_LEVEL = 6
"""zlib: the highest gains 3 % at best, and takes seven times as long where much repeats itself."""
_QUICK, _HARD = {"method": 1, "quality": 20}, {"method": 4, "quality": 75}
"""Of libwebp's efforts: the second takes twice the time for 1 to 6 % less."""
_COLOURS = 256

_Words = NDArray[np.uint32]


def webp(pixels: Pixels, *, xmp: str | None, hard: bool = False) -> bytes:
    """A lossless WebP; colours under clear pixels stay. `hard`: a little smaller, twice the time.

    At most WEBP_SIDE pixels a side.
    """
    out = io.BytesIO()
    packet = {"xmp": xmp.encode()} if xmp else {}
    effort = _HARD if hard else _QUICK
    Image.fromarray(pixels).save(out, "WEBP", lossless=True, exact=True, **effort, **packet)
    return out.getvalue()


def packed_png(pixels: Pixels) -> bytes:
    """A PNG that spends no more on a pixel than the picture needs: grey, palette, RGB or RGBA."""
    image, options = _lean(pixels)
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=_LEVEL, **options)
    return out.getvalue()


def without_idle_alpha(pixels: Pixels) -> Pixels:
    """The same picture, RGB where everything is opaque."""
    if pixels.shape[2] == 3 or is_transparent(pixels):
        return pixels
    return np.ascontiguousarray(pixels[..., :3])


def _lean(pixels: Pixels) -> tuple[Image.Image, dict[str, Any]]:
    pixels = without_idle_alpha(pixels)
    if pixels.shape[2] == 3 and _is_grey(pixels):
        return Image.fromarray(np.ascontiguousarray(pixels[..., 0])), {}
    colours = _few_colours(pixels)
    if colours is None:
        return Image.fromarray(pixels), {}
    return _in_palette(pixels, colours)


def _in_palette(pixels: Pixels, colours: _Words) -> tuple[Image.Image, dict[str, Any]]:
    """The picture as numbers of its colours, which are sorted."""
    numbers = np.empty(pixels.shape[:2], np.uint8)
    for band in bands(len(pixels)):
        numbers[band] = np.searchsorted(colours, _as_words(pixels[band]))
    table = colours.astype(">u4").view(np.uint8).reshape(-1, 4)
    image = Image.fromarray(numbers)
    image.putpalette(table[:, :3].tobytes(), "RGB")
    return image, {"transparency": table[:, 3].tobytes()} if pixels.shape[2] == 4 else {}


def _is_grey(pixels: Pixels) -> bool:
    first = pixels[..., :1]
    return all(bool((pixels[band] == first[band]).all()) for band in bands(len(pixels)))


def _few_colours(pixels: Pixels) -> _Words | None:
    """The colours of the picture, sorted, if a palette holds them all."""
    found = np.empty(0, np.uint32)
    for band in bands(len(pixels)):
        found = np.union1d(found, _as_words(pixels[band]))
        if len(found) > _COLOURS:
            return None
    return found


def _as_words(pixels: Pixels) -> _Words:
    """Red, green, blue, alpha of each pixel as one number."""
    words = np.zeros(pixels.shape[:2], np.uint32)
    for place in range(3):
        words |= pixels[..., place].astype(np.uint32) << (24 - 8 * place)
    words |= pixels[..., 3].astype(np.uint32) if pixels.shape[2] == 4 else np.uint32(255)
    return words

"""Pictures and broken files made for tests, so that each test says what it is about."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from core.picture import png
from core.picture.codec import Pixels, Taken, take_in

PHOTOS = Path(__file__).parents[2] / "photos"
ASTRONAUT = (PHOTOS / "astronaut.png").read_bytes()
COFFEE = (PHOTOS / "coffee.jpg").read_bytes()

MAX_BYTES, MAX_PIXELS = 25_000_000, 50_000_000


def taken(data: bytes, name: str = "") -> Taken:
    return take_in(data, max_bytes=MAX_BYTES, max_pixels=MAX_PIXELS, name=name)


def saved(image: Image.Image, form: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def reopened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def slope(width: int = 60, height: int = 40) -> Pixels:
    """Every pixel another colour, so that a turn or a flip can't hide."""
    y, x = np.mgrid[:height, :width]
    return np.dstack([x * 255 // (width - 1), y * 255 // (height - 1), (x + y) * 3 % 256]).astype(
        np.uint8
    )


def disc(width: int = 200, height: int = 160, radius: float = 40) -> Pixels:
    """A red disc in the middle of nothing, with a smooth edge."""
    y, x = np.mgrid[:height, :width]
    distance = np.hypot(x - (width - 1) / 2, y - (height - 1) / 2)
    out = np.zeros((height, width, 4), np.uint8)
    out[..., 0] = 200
    out[..., 3] = np.rint(np.clip(radius + 0.5 - distance, 0, 1) * 255)
    return out


def far(one: NDArray[Any], other: NDArray[Any]) -> int:
    """The largest difference of any sample."""
    return int(np.abs(one.astype(np.int32) - other.astype(np.int32)).max())


def png_of(width: int, height: int, depth: int, colour: int, rows: bytes, *more: bytes) -> bytes:
    """A PNG by its parts, for what no encoder would write."""
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    body = b"".join(more) + png.chunk(b"IDAT", zlib.compress(rows, 9)) + png.chunk(b"IEND", b"")
    return png.SIGNATURE + png.chunk(b"IHDR", head) + body


def bomb() -> bytes:
    """30,000 x 30,000 black pixels in a file that is a thousand times smaller."""
    squeeze = zlib.compressobj(9)
    row = bytes(1 + 30_000 // 8)
    packed = b"".join(squeeze.compress(row * 100) for _ in range(300)) + squeeze.flush()
    head = struct.pack(">IIBBBBB", 30_000, 30_000, 1, 0, 0, 0, 0)
    return (
        png.SIGNATURE
        + png.chunk(b"IHDR", head)
        + png.chunk(b"IDAT", packed)
        + png.chunk(b"IEND", b"")
    )


def exif(turn: int, place: bool = True) -> bytes:
    """EXIF as a phone writes it: a turn, the maker, and where the picture was taken."""
    tags = Image.Exif()
    tags[0x0112] = turn
    tags[0x010F] = "PhoneMaker"
    if place:
        tags.get_ifd(0x8825)[1] = "N"
    return tags.tobytes()


def swapped_profile() -> bytes:
    """An RGB profile in which red and green have changed places, so that a miss is plain."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, green = data.index(b"rXYZ"), data.index(b"gXYZ")
    data[red : red + 4], data[green : green + 4] = b"gXYZ", b"rXYZ"
    return bytes(data)


def srgb_profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


Made = Callable[[], bytes]

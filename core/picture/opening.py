"""Files opened for their pixels: the one door through which foreign bytes reach a decoder."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PIL import Image, ImageFile
from PIL.JpegImagePlugin import JpegImageFile

from core.errors import BadPicture, EaselError
from core.picture import jpeg
from core.picture.sniff import JPEG, Format

# Sizes are bounded before anything is decoded, by limits that an operator sets; Pillow's own
# bound would warn first and know nothing of them.
Image.MAX_IMAGE_PIXELS = None

_ORIENTATION = 0x0112


def _as_is(width: int, height: int) -> tuple[int, int]:
    return width, height


def _turned(width: int, height: int) -> tuple[int, int]:
    return height, width


UPRIGHT_SIZE: dict[int, Callable[[int, int], tuple[int, int]]] = {
    turn: _turned if turn >= 5 else _as_is for turn in range(1, 9)
}
"""By orientation (EXIF, 1 to 8): the size as shown from the size as stored."""


def broken(form: Format, error: Exception) -> BadPicture:
    """What a person is told whose file is damaged."""
    return BadPicture(
        f"That {form.title} file is damaged or cut off.",
        hint="Send it again, or open it, save a copy and send that.",
        admin=f"{type(error).__name__}: {error}",
    )


@contextmanager
def opened(data: bytes, form: Format, *, whole: bool = False) -> Iterator[Image.Image]:
    """A file's header, or the `whole` picture with its pixels: of several pictures the first.

    Raises:
        BadPicture: damaged or cut off.
    """
    try:
        with _open(data, form, whole) as image:
            if whole:
                image.load()
            yield image
    except EaselError:
        raise
    except Exception as error:  # decoders raise whatever their reading stumbles over
        raise broken(form, error) from error


def _open(data: bytes, form: Format, whole: bool) -> ImageFile.ImageFile | Image.Image:
    if form is JPEG:
        # A JPEG by class, so that a phone's file with several pictures (MPO) is its first one.
        return JpegImageFile(io.BytesIO(jpeg.rewritten(data) if whole else data))
    return Image.open(io.BytesIO(data), formats=[form.name])


def orientation(exif: bytes) -> int:
    """How a picture is turned, 1 to 8 (TIFF 6.0, Orientation); 1 when nothing sound is said."""
    tiff = exif.removeprefix(b"Exif\0\0")
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None or len(tiff) < 10:
        return 1
    (at,) = struct.unpack_from(f"{order}I", tiff, 4)
    if at + 2 > len(tiff):
        return 1
    (count,) = struct.unpack_from(f"{order}H", tiff, at)
    for entry in range(at + 2, min(at + 2 + 12 * count, len(tiff) - 11), 12):
        tag, kind, _, value = struct.unpack_from(f"{order}HHIH", tiff, entry)
        if tag == _ORIENTATION and kind == 3:
            return value if 1 <= value <= 8 else 1
    return 1

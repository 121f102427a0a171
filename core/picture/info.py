"""What a picture is, told from its first bytes, and whether its pixels are really there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image

from core.errors import BadPicture
from core.picture import jpeg, png, sniff
from core.picture.opening import UPRIGHT_SIZE, broken, opened, orientation

_MOST_PIXELS = 150_000_000
"""Past this no picture is opened, whoever sent it: four bytes a pixel must fit the memory."""

_TILE_WIDTH, _TILE_HEIGHT = 322, 323
_LARGEST_TILE = 4096 * 4096


@dataclass(frozen=True, slots=True)
class PictureInfo:
    """Size as it is shown (a turn written in EXIF is taken)."""

    mime: str
    width: int
    height: int
    alpha: bool


def look(data: bytes) -> PictureInfo:
    """As `probe`, with no bound on the pixels: only the header is read.

    Raises:
        BadPicture: no picture that is read, or a broken header.
    """
    form = sniff.sniff(data)
    try:
        if form is sniff.PNG:
            return _look_at_png(data)
        if form is sniff.JPEG:
            return _look_at_jpeg(data)
    except (png.BrokenPng, jpeg.BrokenJpeg) as error:
        raise broken(form, error) from error
    with opened(data, form) as image:
        if form is sniff.TIFF:
            _bound_tiles(image)
        turn = orientation(image.info.get("exif", b""))
        width, height = UPRIGHT_SIZE[turn](*image.size)
        return PictureInfo(form.mime, width, height, image.has_transparency_data)


def probe(data: bytes) -> PictureInfo:
    """What the header says, in microseconds; `alpha` is whether it could be transparent anywhere.

    Raises:
        BadPicture: no picture that is read, a broken header, or too many pixels to open.
    """
    info = look(data)
    if info.width * info.height > _MOST_PIXELS:
        raise BadPicture(
            f"That picture is {info.width} x {info.height} pixels, which is too large to open.",
            hint="Scale it down and send it again.",
        )
    return info


def check(data: bytes) -> PictureInfo:
    """Prove that the pixels decode; `alpha` is whether any of them really is transparent.

    Raises:
        BadPicture: as `probe`, or the pixels are cut off or damaged.
    """
    info = probe(data)
    alpha = _alpha_of_png(data) if info.mime == sniff.PNG.mime else _alpha(data)
    return PictureInfo(info.mime, info.width, info.height, alpha)


def _look_at_png(data: bytes) -> PictureInfo:
    head, kinds = png.header(data), png.kinds(data)
    size = head.width, head.height
    if b"eXIf" in kinds:
        with opened(data, sniff.PNG) as image:
            size = UPRIGHT_SIZE[orientation(image.info.get("exif", b""))](*size)
    alpha = head.colour_type in (4, 6) or b"tRNS" in kinds
    return PictureInfo(sniff.PNG.mime, *size, alpha)


def _bound_tiles(image: Image.Image) -> None:
    """Refuse a TIFF whose tiles are far larger than itself: one alone could fill the memory."""
    tags = getattr(image, "tag_v2", {})
    tile = int(tags.get(_TILE_WIDTH, 0)) * int(tags.get(_TILE_HEIGHT, 0))
    if tile > _LARGEST_TILE + image.width * image.height:
        raise broken(sniff.TIFF, ValueError(f"tiles of {tile} pixels"))


def _look_at_jpeg(data: bytes) -> PictureInfo:
    head = jpeg.header(data)
    size = UPRIGHT_SIZE[orientation(head.exif)](head.width, head.height)
    return PictureInfo(sniff.JPEG.mime, *size, alpha=False)


def _alpha_of_png(data: bytes) -> bool:
    head = png.header(data)
    if head.interlaced or b"tRNS" in png.kinds(data):
        return _alpha(data)
    try:
        rows = png.verify_pixels(data, head)
    except png.BrokenPng as error:
        raise broken(sniff.PNG, error) from error
    return head.colour_type in (4, 6) and not _is_opaque(rows, head)


# What a filter makes of alpha that is 255 all over, the first sample of a row and the others:
# none, sub, up, average, Paeth.
_OPAQUE_TOP = np.array([[255, 255], [255, 0], [255, 255], [255, 128], [255, 0]], np.uint8)
_OPAQUE_BELOW = np.array([[255, 255], [255, 0], [0, 0], [128, 0], [0, 0]], np.uint8)


def _is_opaque(rows: bytearray, head: png.Header) -> bool:
    """Whether alpha is full everywhere, told from rows that are still filtered.

    Filters work on each channel alone, so alpha that is full so far has one possible code at each
    place; the first that differs is transparent. Saves undoing the filters of all channels.
    """
    table = np.frombuffer(rows, np.uint8).reshape(head.height, head.row_bytes + 1)
    deep = head.bit_depth // 8
    samples = table[:, 1:].reshape(head.height, head.width, -1, deep)[:, :, -1]
    expected = _OPAQUE_BELOW[table[:, 0]]
    expected[0] = _OPAQUE_TOP[table[0, 0]]
    first, others = samples[:, :1], samples[:, 1:]
    return bool((first == expected[:, None, :1]).all() and (others == expected[:, None, 1:]).all())


def _alpha(data: bytes) -> bool:
    """Decode for good, and look."""
    form = sniff.sniff(data)
    with opened(data, form, whole=True) as image:
        if not image.has_transparency_data:
            return False
        return bool(np.asarray(image.convert("RGBA").getchannel("A")).min() < 255)

"""Files whose coded pixels may stay as they came, rewritten without metadata."""

from __future__ import annotations

from collections.abc import Mapping

from core.picture import jpeg, png, sniff
from core.picture.opening import broken, opened, orientation
from core.picture.pixels import is_srgb


def untouched(
    data: bytes, *, xmp: str | None = None, text: Mapping[str, str] | None = None
) -> bytes | None:
    """A PNG or JPEG with new metadata (`text` goes into PNG alone) and its own coded pixels.

    None when the pixels have to change first: another format, a turn, a colour profile that
    shows, CMYK or 16 bits.

    Raises:
        BadPicture: no picture that is read, or a damaged one.
    """
    form = sniff.sniff(data)
    try:
        if form is sniff.PNG:
            return _png(data, ({png.XMP_KEYWORD: xmp} if xmp else {}) | dict(text or {}))
        if form is sniff.JPEG:
            head = jpeg.header(data)
            sound = head.components in (1, 3) and orientation(head.exif) == 1
            return jpeg.rewritten(data, xmp) if sound and is_srgb(head.icc) else None
    except (png.BrokenPng, jpeg.BrokenJpeg) as error:
        raise broken(form, error) from error
    return None


def _png(data: bytes, text: Mapping[str, str]) -> bytes | None:
    head, kinds = png.header(data), png.kinds(data)
    if head.bit_depth == 16:
        return None
    if kinds & {b"iCCP", b"eXIf"}:
        with opened(data, sniff.PNG) as image:
            icc, exif = image.info.get("icc_profile") or b"", image.info.get("exif") or b""
        if not is_srgb(icc) or orientation(exif) != 1:
            return None
    return png.rewritten(data, text)

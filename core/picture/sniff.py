"""What a file is, by its bytes alone, and what to tell a person whose file is no picture for us.

Names and declared types are never asked: they are the sender's word.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import BadPicture

_HEAD = 4096


@dataclass(frozen=True, slots=True)
class Format:
    """A format that is read. `name` is Pillow's, `title` is said to people."""

    name: str
    mime: str
    title: str


PNG = Format("PNG", "image/png", "PNG")
JPEG = Format("JPEG", "image/jpeg", "JPEG")
WEBP = Format("WEBP", "image/webp", "WebP")
GIF = Format("GIF", "image/gif", "GIF")
BMP = Format("BMP", "image/bmp", "BMP")
TIFF = Format("TIFF", "image/tiff", "TIFF")
AVIF = Format("AVIF", "image/avif", "AVIF")

READABLE = "PNG, JPEG, WebP, GIF, AVIF, BMP or TIFF"

_STARTS: tuple[tuple[bytes, Format], ...] = (
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
)
_AVIF_BRANDS = {b"avif", b"avis"}
_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}

_EXPORT = "Export it as PNG or JPEG and send that."
_REFUSED: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", "That is a PDF document.", "Export the page as PNG or JPEG and send that."),
    (b"8BPS", "Photoshop files can't be read here.", _EXPORT),
    (b"\xff\x0a", "JPEG XL can't be read here.", _EXPORT),
    (b"\0\0\0\x0cJXL ", "JPEG XL can't be read here.", _EXPORT),
    (b"\0\0\0\x0cjP  ", "JPEG 2000 can't be read here.", _EXPORT),
    (b"\0\0\x01\0", "Icon files can't be read here.", _EXPORT),
    (b"\x1aE\xdf\xa3", "That is a video.", "Send one picture of it, such as a screenshot."),
    (b"PK\x03\x04", "That is a ZIP archive or an office document.",
     "Take the picture out of it and send that."),
    (b"\x1f\x8b", "That is a compressed archive.", "Take the picture out of it and send that."),
)  # fmt: skip


def sniff(data: bytes) -> Format:
    """The format of a file.

    Raises:
        BadPicture: it is none that is read; the message says what it is instead.
    """
    if not data:
        raise BadPicture(
            "That file is empty.", hint="Attach it again: the upload may have been cut off."
        )
    for start, found in _STARTS:
        if data.startswith(start):
            if found is TIFF:
                _refuse_raw(data)
            return found
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return WEBP
    if _is_bmp(data):
        return BMP
    if data[4:8] == b"ftyp":
        return _of_brands(data)
    raise _refusal(data)


def _is_bmp(data: bytes) -> bool:
    """BM, two reserved zeros, and a known size of the header that follows (so no text is one)."""
    return data[:2] == b"BM" and data[6:10] == bytes(4) and data[14:18] in _BMP_HEADERS


_BMP_HEADERS = {size.to_bytes(4, "little") for size in (12, 40, 52, 56, 64, 108, 124)}


def _of_brands(data: bytes) -> Format:
    """ISO base media: the `ftyp` box lists the brands that a file keeps to."""
    size = min(int.from_bytes(data[:4], "big"), 256)
    brands = {data[8:12]} | {data[at : at + 4] for at in range(16, size, 4)}
    if brands & _AVIF_BRANDS:
        return AVIF
    if brands & _HEIF_BRANDS:
        raise BadPicture(
            "HEIC pictures can't be read here.",
            hint="Send it as JPEG. On an iPhone: Settings > Camera > Formats > Most Compatible, "
            "or send a screenshot of it.",
        )
    if data[8:12] == b"crx ":
        raise _raw()
    raise BadPicture("That is a video.", hint="Send one picture of it, such as a screenshot.")


def _refuse_raw(data: bytes) -> None:
    if data[8:10] == b"CR":
        raise _raw()


def _raw() -> BadPicture:
    return BadPicture("That is a camera's raw file, which can't be read here.", hint=_EXPORT)


def _refusal(data: bytes) -> BadPicture:
    for start, message, hint in _REFUSED:
        if data.startswith(start):
            return BadPicture(message, hint=hint)
    head = data[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<svg" in head:
        return BadPicture(
            "That is an SVG drawing, which is made of shapes and not of pixels.",
            hint="Export it as PNG and send that.",
        )
    if head.startswith((b"<!doctype html", b"<html")):
        return BadPicture(
            "That is a web page and not a picture.",
            hint="Open it, save the picture itself and send that.",
        )
    if _is_text(data[:_HEAD]):
        return BadPicture(
            "That file holds text and not a picture, whatever its name says.",
            hint=f"Send a picture as {READABLE}.",
        )
    return BadPicture("That file is no picture that I can read.", hint=f"Send it as {READABLE}.")


def _is_text(head: bytes) -> bool:
    controls = bytes(range(32)).translate(None, b"\t\n\f\r\x1b") + b"\x7f"
    if head.translate(None, controls) != head:
        return False
    try:
        head.decode()
    except UnicodeDecodeError as error:
        return len(head) == _HEAD and error.start >= _HEAD - 3  # cut in the middle of a letter
    return True

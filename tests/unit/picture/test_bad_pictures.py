"""Files that are no pictures for us: each refused in words that help, none of them decoded."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from time import perf_counter

import numpy as np
import pytest
from PIL import Image

from core.errors import BadInput, BadPicture, TooLarge
from core.picture import png
from core.picture.codec import check, decode, encode_png, probe, take_in, take_mask
from tests.unit.picture.making import (
    ASTRONAUT,
    COFFEE,
    MAX_BYTES,
    MAX_PIXELS,
    Made,
    bomb,
    png_of,
    saved,
    slope,
    taken,
)


def brand(name: bytes) -> bytes:
    return b"\0\0\0\x18ftyp" + name + b"\0\0\0\0" + name + b"mif1" + bytes(40)


def drawn(form: str) -> bytes:
    return saved(Image.fromarray(slope()), form)


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("word/document.xml", "<w:document/>")
    return out.getvalue()


def wrong_checksum() -> bytes:
    data = bytearray(ASTRONAUT)
    data[len(data) // 2] ^= 0xFF
    return bytes(data)


def measured() -> bytes:
    return saved(Image.fromarray(np.linspace(-1, 1, 64, dtype=np.float32).reshape(8, 8)), "TIFF")


BAD: list[tuple[str, Made, type[BadInput], str, str]] = [
    ("empty", lambda: b"", BadPicture, "empty", "again"),
    ("text.png", lambda: b"hello, I am a picture", BadPicture, "text", "PNG, JPEG"),
    ("cut.png", lambda: ASTRONAUT[:200_000], BadPicture, "damaged or cut off", "again"),
    ("head.png", lambda: ASTRONAUT[:20], BadPicture, "damaged or cut off", "again"),
    ("sum.png", wrong_checksum, BadPicture, "damaged or cut off", "again"),
    ("short.png", lambda: png_of(9, 9, 8, 2, bytes(28 * 8)), BadPicture, "damaged", "again"),
    ("filter.png", lambda: png_of(1, 1, 8, 0, b"\x07\0"), BadPicture, "damaged", "again"),
    ("cut.jpg", lambda: COFFEE[:60_000], BadPicture, "damaged or cut off", "again"),
    ("head.jpg", lambda: COFFEE[:3], BadPicture, "damaged or cut off", "again"),
    ("cut.webp", lambda: drawn("WEBP")[:150], BadPicture, "WebP", "again"),
    ("cut.gif", lambda: drawn("GIF")[:200], BadPicture, "GIF", "again"),
    ("bomb.png", bomb, TooLarge, "30,000 x 30,000", "Scale it down"),
    ("heavy.png", lambda: ASTRONAUT + bytes(26_000_000), TooLarge, "26.4 MB", "smaller"),
    ("drawing.svg", lambda: b"<?xml version='1.0'?><svg/>", BadPicture, "SVG", "PNG"),
    ("phone.heic", lambda: brand(b"heic"), BadPicture, "HEIC", "Most Compatible"),
    ("film.mp4", lambda: b"\0\0\0\x18ftypisom" + bytes(12), BadPicture, "video", "screenshot"),
    ("paper.pdf", lambda: b"%PDF-1.7 ...", BadPicture, "PDF", "page"),
    ("art.psd", lambda: b"8BPS\0\1", BadPicture, "Photoshop", "PNG or JPEG"),
    ("raw.cr2", lambda: b"II*\0\x10\0\0\0CR\2\0", BadPicture, "raw file", "PNG or JPEG"),
    ("page.html", lambda: b"<!DOCTYPE html><html>", BadPicture, "web page", "save the picture"),
    ("letter.docx", archive, BadPicture, "ZIP archive or an office", "out of it"),
    ("noise.bin", lambda: bytes(range(256)) * 9, BadPicture, "no picture", "PNG, JPEG"),
    ("measured.tif", measured, BadPicture, "32 bits", "8 bits"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "make", "kind", "said", "hint"), BAD, ids=[b[0] for b in BAD])
def test_a_bad_file_is_refused_in_words_that_help(
    name: str, make: Made, kind: type[BadInput], said: str, hint: str
) -> None:
    with pytest.raises(BadInput) as refused:
        taken(make(), name)
    assert type(refused.value) is kind
    assert refused.value.message.startswith(f"{name}: ")
    assert said in refused.value.message
    assert hint in refused.value.hint


def test_without_a_name_the_message_begins_with_what_is_wrong() -> None:
    with pytest.raises(BadPicture, match=r"^That file is empty"):
        taken(b"")


def test_a_name_is_shown_short_and_without_what_can_not_be_printed() -> None:
    with pytest.raises(BadPicture) as refused:
        taken(b"", "a\u202e\n" + "b" * 500 + ".png")
    told = refused.value.message.removesuffix(": That file is empty.")
    assert len(told) < 70
    assert told.isprintable()
    assert told.endswith(".png")


def test_a_bomb_is_refused_before_anything_is_inflated() -> None:
    data = bomb()
    assert len(data) < 200_000
    tracemalloc.start()
    begun = perf_counter()
    with pytest.raises(TooLarge):
        taken(data)
    seconds = perf_counter() - begun
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert seconds < 0.1
    assert peak < 1_000_000


@pytest.mark.parametrize("ask", [probe, check, decode])
def test_no_door_opens_a_bomb(ask: Callable[[bytes], object]) -> None:
    with pytest.raises(BadPicture, match="too large to open"):
        ask(bomb())


def tiled(side: int) -> bytes:
    """A TIFF of 64 x 64 grey pixels in one tile of `side` pixels a side, LZW-coded and cut off."""
    tags = {256: 64, 257: 64, 258: 8, 259: 5, 262: 1, 277: 1, 322: side, 323: side, 324: 140,
            325: 40}  # fmt: skip
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())
    head = b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + bytes(4)
    return head.ljust(140, b"\0") + bytes(40)


@pytest.mark.parametrize("ask", [probe, check, decode, taken])
def test_tiles_that_would_fill_the_memory_are_refused(ask: Callable[[bytes], object]) -> None:
    with pytest.raises(BadPicture) as refused:
        ask(tiled(40_000))
    assert "tiles of 1600000000 pixels" in refused.value.admin
    assert probe(tiled(256)).width == 64


def test_a_jpeg_that_keeps_a_decoder_busy_is_refused() -> None:
    data = saved(Image.fromarray(slope()), "JPEG", progressive=True)
    assert taken(data).info.width == 60
    at = data.rindex(b"\xff\xda")
    busy = data[:at] + data[at:-2] * 200 + data[-2:]
    with pytest.raises(BadPicture) as refused:
        taken(busy)
    assert "scans" in refused.value.admin


@pytest.mark.parametrize("cut", [0, 30, 49])
def test_more_rows_than_the_header_says_are_not_inflated(cut: int) -> None:
    packed = zlib.compress(bytes(50_000_000), 9)
    whole = png_of(4, 4, 8, 0, b"")
    pieces = [packed[:cut], packed[cut:]]
    data = whole[:33] + b"".join(png.chunk(b"IDAT", piece) for piece in pieces) + whole[-12:]
    tracemalloc.start()
    with pytest.raises(BadPicture):
        check(data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5_000_000


def test_limits_are_the_callers() -> None:
    with pytest.raises(TooLarge, match=r"0\.1 megapixels"):
        take_in(ASTRONAUT, max_bytes=MAX_BYTES, max_pixels=100_000)
    with pytest.raises(TooLarge, match=r"0\.1 MB"):
        take_in(ASTRONAUT, max_bytes=100_000, max_pixels=MAX_PIXELS)


def mask(width: int, height: int) -> bytes:
    pixels = np.full((height, width, 4), 255, np.uint8)
    pixels[: height // 2, :, 3] = 0
    return encode_png(pixels)


def test_a_mask_that_fits_is_taken_without_its_metadata() -> None:
    plain = mask(60, 40)
    signed = png.rewritten(plain, {"Author": "somebody"})
    assert take_mask(signed, size=(60, 40)) == plain


BAD_MASKS: list[tuple[str, bytes, type[BadInput], str]] = [
    ("another size", mask(40, 60), BadInput, "40 x 60"),
    ("no alpha", encode_png(slope()), BadPicture, "no transparency"),
    ("no PNG", COFFEE, BadPicture, "has to be a PNG"),
    ("cut off", mask(60, 40)[:-20], BadPicture, "damaged"),
    ("too heavy", mask(60, 40) + bytes(4_000_000), TooLarge, "too heavy"),
    ("empty", b"", BadPicture, "empty"),
]


@pytest.mark.parametrize(
    ("data", "kind", "said"), [bad[1:] for bad in BAD_MASKS], ids=[bad[0] for bad in BAD_MASKS]
)
def test_a_mask_that_does_not_fit_is_refused(data: bytes, kind: type[BadInput], said: str) -> None:
    with pytest.raises(BadInput) as refused:
        take_mask(data, size=(60, 40))
    assert type(refused.value) is kind
    assert said in refused.value.message

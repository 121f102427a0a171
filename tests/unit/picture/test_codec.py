"""Files looked at, proven, read and written."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from core.errors import BadPicture
from core.picture import png
from core.picture.codec import FileFormat, Pixels, check, decode, encode, encode_png, probe
from tests.unit.picture.making import ASTRONAUT, COFFEE, far, png_of, reopened, saved, slope


def clear(pixels: Pixels, alpha: int = 255) -> Pixels:
    return np.dstack([pixels, np.full(pixels.shape[:2], alpha, np.uint8)])


@pytest.mark.parametrize(
    ("data", "mime", "size"),
    [(ASTRONAUT, "image/png", (512, 512)), (COFFEE, "image/jpeg", (600, 400))],
)
def test_a_look_tells_type_and_size(data: bytes, mime: str, size: tuple[int, int]) -> None:
    for info in (probe(data), check(data)):
        assert (info.mime, (info.width, info.height), info.alpha) == (mime, size, False)


@pytest.mark.parametrize("form", ["WEBP", "GIF", "BMP", "TIFF", "AVIF"])
def test_other_formats_are_looked_at_too(form: str) -> None:
    data = saved(Image.fromarray(slope()), form)
    info = probe(data)
    assert info.mime == f"image/{form.lower()}"
    assert (info.width, info.height) == (60, 40)
    assert check(data) == info


def test_a_look_reads_the_header_alone() -> None:
    assert probe(ASTRONAUT[:60]) == probe(ASTRONAUT)
    with pytest.raises(BadPicture):
        check(ASTRONAUT[:-20])


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_alpha_counts_only_where_something_is_transparent(form: str) -> None:
    opaque = clear(slope())
    options = {"lossless": True, "exact": True} if form == "WEBP" else {}
    nearly = opaque.copy()
    nearly[39, 59, 3] = 254
    for pixels, truly in ((opaque, False), (nearly, True)):
        data = saved(Image.fromarray(pixels), form, **options)
        assert check(data).alpha is truly
        if form == "PNG":
            assert probe(data).alpha


def filtered(row: Pixels, before: Pixels, kind: int) -> bytes:
    """One row by one PNG filter, straight from the specification."""
    out, deep = bytearray([kind]), row.shape[1]
    flat, above = row.reshape(-1).astype(int), before.reshape(-1).astype(int)
    for at, value in enumerate(flat):
        left = flat[at - deep] if at >= deep else 0
        corner = above[at - deep] if at >= deep else 0
        guess = left + above[at] - corner
        paeth = min((left, above[at], corner), key=lambda near: abs(guess - near))
        predicted = (0, left, above[at], (left + above[at]) // 2, paeth)[kind]
        out.append((value - predicted) % 256)
    return bytes(out)


@pytest.mark.parametrize("kind", range(5))
@pytest.mark.parametrize("colour", [4, 6])
@pytest.mark.parametrize("hole", [None, (0, 0), (0, 3), (2, 0), (3, 4), (3, 5)])
def test_opaque_is_told_exactly_under_every_filter(
    kind: int, colour: int, hole: tuple[int, int] | None
) -> None:
    pixels = np.ascontiguousarray(clear(slope(6, 4))[..., (0 if colour == 6 else 2) :])
    if hole:
        pixels[(*hole, -1)] = 253
    above = np.vstack([np.zeros_like(pixels[:1]), pixels[:-1]])
    rows = b"".join(filtered(row, before, kind) for row, before in zip(pixels, above, strict=True))
    data = png_of(6, 4, 8, colour, rows)
    assert reopened(data).getchannel("A").getextrema()[0] == (253 if hole else 255)
    assert check(data).alpha is (hole is not None)


def test_opaque_is_told_at_sixteen_bits_too() -> None:
    full = b"\0" + bytes([1, 2, 3, 4, 5, 6, 255, 255]) * 2
    less = b"\0" + bytes([1, 2, 3, 4, 5, 6, 255, 255, 1, 2, 3, 4, 5, 6, 254, 255])
    assert not check(png_of(2, 1, 16, 6, full)).alpha
    assert check(png_of(2, 1, 16, 6, less)).alpha


@pytest.mark.parametrize("form", ["png", "webp"])
@pytest.mark.parametrize("alpha", [None, 255, 128])
def test_what_was_written_is_read(form: FileFormat, alpha: int | None) -> None:
    pixels = slope() if alpha is None else clear(slope(), alpha)
    back = decode(encode(pixels, form))
    exact = form == "png" or alpha == 128
    if alpha == 255 and form == "webp":
        back = back[..., :3]
        pixels, exact = pixels[..., :3], True
    assert back.shape == pixels.shape
    if exact:
        assert far(back, pixels) == 0
    else:
        assert np.abs(back.astype(int) - pixels).mean() < 12


def test_hidden_colours_survive_a_lossless_file() -> None:
    pixels = clear(slope(), 0)
    pixels[0, 0, 3] = 255
    assert far(decode(encode(pixels, "webp")), pixels) == 0


def test_jpeg_shows_transparency_as_white() -> None:
    pixels = clear(np.zeros((32, 32, 3), np.uint8), 0)
    pixels[:, 16:, 3] = 255
    back = decode(encode(pixels, "jpeg"))
    assert back.shape == (32, 32, 3)
    assert back[:, 2].min() > 250
    assert back[:, 29].max() < 5


def test_the_same_pixels_are_the_same_bytes() -> None:
    assert encode_png(slope()) == encode_png(slope().copy())
    assert encode_png(slope()[:, ::-1]) == encode_png(np.ascontiguousarray(slope()[:, ::-1]))


def test_kinds_of_chunks_are_known_without_reading_the_pixels() -> None:
    told = png.rewritten(encode_png(slope()), {"Author": "x"})
    assert png.kinds(told) == {b"IHDR", b"iTXt"}
    assert png.kinds(told[:50]) == {b"IHDR", b"iTXt"}
    assert png.kinds(b"") == set()

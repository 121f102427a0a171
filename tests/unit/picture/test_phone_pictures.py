"""Pictures as phones, cameras, printers and messengers make them, brought to upright sRGB."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image

from core.picture import jpeg, png
from core.picture.codec import Pixels, check, decode, encode_png, probe
from tests.unit.picture.making import (
    ASTRONAUT,
    COFFEE,
    exif,
    far,
    png_of,
    reopened,
    saved,
    slope,
    srgb_profile,
    swapped_profile,
    taken,
)

_TURNS: dict[int, Callable[[Pixels], Pixels]] = {
    1: lambda p: p,
    2: lambda p: p[:, ::-1],
    3: lambda p: p[::-1, ::-1],
    4: lambda p: p[::-1],
    5: lambda p: np.transpose(p, (1, 0, 2)),
    6: lambda p: np.rot90(p, -1),
    7: lambda p: np.transpose(p[::-1, ::-1], (1, 0, 2)),
    8: lambda p: np.rot90(p, 1),
}


@pytest.mark.parametrize("turn", _TURNS)
@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "TIFF"])
def test_a_turn_is_carried_out_and_forgotten(turn: int, form: str) -> None:
    options: dict[str, dict[str, Any]] = {
        "WEBP": {"lossless": True},
        "JPEG": {"quality": 98, "subsampling": 0},
    }
    data = saved(
        Image.fromarray(slope()), form, exif=exif(turn, place=False), **options.get(form, {})
    )
    shown = _TURNS[turn](slope())
    result = taken(data)
    assert (result.info.height, result.info.width) == shown.shape[:2]
    assert (probe(data).height, probe(data).width) == shown.shape[:2]
    assert far(decode(result.data), shown) <= (24 if form == "JPEG" else 0)
    assert far(decode(data), shown) <= (24 if form == "JPEG" else 0)
    assert not reopened(result.data).getexif()


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_where_and_by_whom_it_was_taken_goes(form: str) -> None:
    data = saved(Image.fromarray(slope()), form, exif=exif(6), comment=b"private words")
    assert b"PhoneMaker" in data
    kept = taken(data).data
    assert b"PhoneMaker" not in kept
    assert b"private words" not in kept


def test_coded_pixels_stay_when_nothing_has_to_change() -> None:
    assert taken(ASTRONAUT).data == png.rewritten(ASTRONAUT)
    assert taken(COFFEE).data == jpeg.rewritten(COFFEE)
    plain = jpeg.rewritten(COFFEE)
    signed = saved(Image.fromarray(slope()), "JPEG", exif=exif(1), icc_profile=srgb_profile())
    assert jpeg.rewritten(plain) == plain
    assert taken(signed).data == jpeg.rewritten(signed)
    assert taken(signed).notes == ()


def test_a_phone_file_with_two_pictures_is_its_first() -> None:
    first, second = Image.fromarray(slope()), Image.new("RGB", (30, 30), "red")
    data = saved(first, "MPO", save_all=True, append_images=[second])
    assert reopened(data).format == "MPO"
    result = taken(data)
    assert result.info.mime == "image/jpeg"
    assert (result.info.width, result.info.height) == (60, 40)
    assert len(result.data) < len(data)
    assert np.abs(decode(result.data).astype(int) - slope()).mean() < 12
    assert b"\xff\xd9" not in result.data[:-2]


@pytest.mark.parametrize("form", ["JPEG", "TIFF"])
def test_ink_becomes_light(form: str) -> None:
    ink = np.zeros((20, 20, 4), np.uint8)
    ink[:, 10:] = (0, 255, 255, 0)
    result = taken(saved(Image.fromarray(ink, "CMYK"), form))
    assert reopened(result.data).mode == "RGB"
    pixels = decode(result.data)
    assert pixels.shape == (20, 20, 3)
    assert far(pixels[:, 2], np.array([255, 255, 255])) < 12
    assert far(pixels[:, 17], np.array([255, 0, 0])) < 12


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "TIFF"])
def test_colours_go_through_their_profile(form: str) -> None:
    green = Image.new("RGB", (16, 16), (0, 200, 0))
    result = taken(saved(green, form, icc_profile=swapped_profile()))
    red, rest = decode(result.data)[8, 8, 0], decode(result.data)[8, 8, 1:]
    assert red > 190
    assert rest.max() < 12
    assert "icc_profile" not in reopened(result.data).info


def test_alpha_is_no_colour_and_passes_a_profile_unchanged() -> None:
    pixels = np.dstack([slope(), slope()[..., 0]])
    data = saved(Image.fromarray(pixels), "PNG", icc_profile=swapped_profile())
    assert (decode(taken(data).data)[..., 3] == pixels[..., 3]).all()


def test_a_broken_profile_is_as_none() -> None:
    data = saved(Image.fromarray(slope()), "PNG", icc_profile=b"no profile at all")
    assert far(decode(taken(data).data), slope()) == 0


def test_sixteen_bits_become_eight() -> None:
    ramp = (np.arange(64, dtype=np.uint16) * 1040).reshape(8, 8)
    grey = saved(Image.fromarray(ramp), "PNG")
    assert png.header(grey).bit_depth == 16
    result = taken(grey)
    assert png.header(result.data).bit_depth == 8
    assert far(decode(result.data)[..., 0], np.rint(ramp / 257)) == 0

    rows = b"".join(b"\0" + bytes([40, 0, 80, 0, 120, 0, 200, 255]) * 3 for _ in range(3))
    deep = taken(png_of(3, 3, 16, 6, rows))
    assert decode(deep.data)[1, 1].tolist() == [40, 80, 120, 200]


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_of_a_moving_picture_the_first_frame_is_used_and_that_is_said(form: str) -> None:
    frames = [Image.new("RGB", (20, 10), colour) for colour in ("red", "lime", "blue")]
    data = saved(frames[0], form, save_all=True, append_images=frames[1:], lossless=True)
    result = taken(data)
    assert ["animated" in note and "first frame" in note for note in result.notes] == [True]
    assert decode(result.data)[5, 5].tolist() == [255, 0, 0]
    assert not getattr(reopened(result.data), "is_animated", False)


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG", "BMP", "TIFF", "AVIF", "JPEG"])
def test_a_picture_that_stands_still_gets_no_note(form: str) -> None:
    result = taken(saved(Image.fromarray(slope()), form))
    assert result.notes == ()
    assert result.info.mime == ("image/jpeg" if form == "JPEG" else "image/png")


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "PA", "RGB", "RGBA"])
def test_grey_and_palette_are_fine(mode: str) -> None:
    source = Image.fromarray(slope()).convert(mode)
    form = "TIFF" if mode == "PA" else "PNG"
    result = taken(saved(source, form))
    wanted = np.asarray(source.convert("RGBA" if mode in ("LA", "RGBA", "PA") else "RGB"))
    assert far(decode(result.data), wanted) == 0


def test_a_transparent_entry_of_a_palette_is_alpha() -> None:
    source = Image.fromarray(slope()).convert("P")
    data = saved(source, "PNG", transparency=source.getpixel((0, 0)))
    result = taken(data)
    assert result.info.alpha
    assert decode(result.data)[0, 0, 3] == 0


def test_laced_pixels_are_read() -> None:
    data = saved(Image.fromarray(slope()), "PNG")
    head = png.header(data)
    assert not head.interlaced
    passes = bytearray()
    for top, left, down, across in (
        (0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2),
        (1, 0, 2, 1),
    ):  # fmt: skip
        for row in slope()[top::down, left::across]:
            passes += b"\0" + row.tobytes()
    laced = bytearray(png_of(60, 40, 8, 2, bytes(passes)))
    laced[28] = 1
    laced[29:33] = png.chunk(b"IHDR", bytes(laced[16:29]))[-4:]
    assert check(bytes(laced)).width == 60
    assert far(decode(taken(bytes(laced)).data), slope()) == 0


def test_taking_in_twice_changes_nothing() -> None:
    once = taken(saved(Image.fromarray(slope()), "WEBP", lossless=True)).data
    assert taken(once).data == once
    assert once == encode_png(slope())

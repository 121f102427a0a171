"""Whatever bytes come, the answer is a picture or a kind refusal and never anything else."""

from __future__ import annotations

import os
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from core.errors import BadInput, BadPicture, TooLarge
from core.picture.codec import check, decode, encode_png, probe, take_in, take_mask
from core.picture.sniff import READABLE
from tests.unit.picture.making import exif, png_of, saved, slope, srgb_profile

_MANY = int(os.environ.get("EASEL_FUZZ_EXAMPLES", "150"))

_SMALL = Image.fromarray(slope(24, 16))
_CLEAR = Image.fromarray(np.dstack([slope(24, 16), slope(24, 16)[..., 0]]))
SEEDS = [
    encode_png(slope(24, 16)),
    saved(_CLEAR, "PNG", exif=exif(6)),
    saved(_SMALL.convert("P"), "PNG", transparency=3, icc_profile=srgb_profile()),
    png_of(3, 2, 16, 6, bytes(2 * 25)),
    saved(_SMALL, "JPEG", exif=exif(3), icc_profile=srgb_profile()),
    saved(_SMALL, "JPEG", progressive=True),
    saved(_SMALL.convert("CMYK"), "JPEG"),
    saved(_SMALL, "MPO", save_all=True, append_images=[_SMALL]),
    saved(_CLEAR, "WEBP", lossless=True, exif=exif(8)),
    saved(_SMALL, "GIF", save_all=True, append_images=[_SMALL.rotate(90)]),
    saved(_SMALL, "BMP"),
    saved(_SMALL, "TIFF", compression="tiff_lzw"),
    saved(_CLEAR, "TIFF", exif=exif(5)),
    saved(_SMALL, "AVIF"),
]

_DOORS: list[tuple[Callable[[bytes], object], tuple[type[BadInput], ...]]] = [
    (probe, (BadPicture,)),
    (check, (BadPicture,)),
    (decode, (BadPicture,)),
    (
        lambda data: take_in(data, max_bytes=100_000, max_pixels=1_000_000, name="f"),
        (BadPicture, TooLarge),
    ),
    (lambda data: take_mask(data, size=(24, 16)), (BadInput,)),
]

# Decoders warn of what they then refuse, or read all the same.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")


def survives(data: bytes) -> None:
    for door, kinds in _DOORS:
        try:
            door(data)
        except kinds as refused:
            assert refused.message
            assert refused.hint


@settings(max_examples=_MANY, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    survives(data)


@settings(max_examples=_MANY, deadline=None)
@given(
    st.sampled_from(SEEDS),
    st.lists(st.tuples(st.floats(0, 0.9999), st.integers(0, 255)), max_size=8),
    st.floats(0.1, 1),
)
def test_a_damaged_file(seed: bytes, changes: list[tuple[float, int]], share: float) -> None:
    data = bytearray(seed)
    for place, value in changes:
        data[int(place * len(data))] = value
    survives(bytes(data[: max(1, int(len(data) * share))] if share < 0.95 else data))


@settings(max_examples=_MANY, deadline=None)
@given(st.sampled_from(SEEDS), st.integers(0, 80), st.binary(min_size=1, max_size=12))
def test_a_damaged_header(seed: bytes, place: int, value: bytes) -> None:
    survives(seed[:place] + value + seed[place + len(value) :])


@pytest.mark.parametrize("seed", SEEDS)
def test_the_seeds_themselves_are_pictures(seed: bytes) -> None:
    info = check(seed)
    pixels = decode(seed)
    assert pixels.shape[:2] == (info.height, info.width)
    assert pixels.dtype == np.uint8


def test_every_format_that_is_promised_is_among_the_seeds() -> None:
    mimes = {probe(seed).mime.removeprefix("image/").upper() for seed in SEEDS}
    assert mimes == set(READABLE.upper().replace(" OR ", ", ").split(", "))

"""The best file that fits: whole where it can be, a view where it can't, and never a lossy one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadPicture, TooLarge
from core.picture import fitting, png, sniff
from core.picture.codec import Pixels, decode, encode, encode_png
from core.picture.export import Origin, exported, xmp
from core.picture.fitting import Fitted, fitted
from core.picture.lossless import WEBP_SIDE, packed_png, webp
from core.picture.resample import resized
from tests.unit.picture.making import ASTRONAUT, disc, far, reopened, slope

MADE = Origin("generated", words="a red mug", model="GPT Image 2", version="v3")
TEN = 10 * 2**20


def grain(pixels: Pixels, sigma: float) -> Pixels:
    """The picture with noise, the same in every run."""
    noise = np.random.default_rng(6).standard_normal(pixels.shape, np.float32)
    return np.clip(pixels + sigma * noise, 0, 255).astype(np.uint8)


def large(width: int, height: int, sigma: float = 4.0) -> Pixels:
    return grain(resized(decode(ASTRONAUT), width, height), sigma)


def fit(pixels: Pixels, most: int) -> Fitted:
    return fitted(encode_png(pixels), origin=MADE, most_bytes=most)


def labelled(found: Fitted) -> bool:
    return b"trainedAlgorithmicMedia" in found.data and b"a red mug" in found.data


def share_of(data: bytes, share: float) -> int:
    """A limit below the file to take away."""
    return int(len(exported(data, format=None, origin=MADE)[0]) * share)


@pytest.fixture(scope="module")
def middling() -> bytes:
    return encode_png(large(1200, 900))


def test_what_fits_is_the_file_to_take_away() -> None:
    found = fitted(ASTRONAUT, origin=MADE, most_bytes=TEN)
    assert (found.data, found.mime) == exported(ASTRONAUT, format=None, origin=MADE)
    assert (found.width, found.height) == (512, 512)
    assert found.exact and found.whole and not found.words


def test_a_limit_is_met_to_the_byte() -> None:
    size = share_of(ASTRONAUT, 1)
    assert fitted(ASTRONAUT, origin=MADE, most_bytes=size).exact
    assert not fitted(ASTRONAUT, origin=MADE, most_bytes=size - 1).exact


def test_a_png_that_was_packed_in_haste_stays_a_png() -> None:
    pixels = large(400, 300)
    data = encode_png(pixels)
    found = fitted(data, origin=MADE, most_bytes=share_of(data, 0.95))
    assert found.mime == "image/png" and found.whole and not found.exact and not found.words
    assert far(decode(found.data), pixels) == 0
    assert labelled(found)


def test_twelve_megabytes_fit_ten_as_webp_with_every_pixel() -> None:
    heavy = encode_png(large(2700, 2350))
    assert 12e6 < len(heavy) < 13e6
    found = fitted(heavy, origin=MADE, most_bytes=TEN)
    assert sniff.sniff(found.data).mime == found.mime == "image/webp"
    assert len(found.data) <= TEN and found.whole and not found.exact
    assert found.words.startswith("The file here is a lossless WebP: as PNG it has 11."), (
        found.words
    )
    assert found.words.endswith(" MB, and files here may have 10 MB.")
    assert np.array_equal(decode(found.data), decode(heavy))
    assert labelled(found)


def test_what_fits_in_no_format_is_shown_smaller(middling: bytes) -> None:
    most = 2**20
    found = fitted(middling, origin=MADE, most_bytes=most)
    assert 0.85 * most < len(found.data) <= most
    assert not found.whole and not found.exact
    assert decode(found.data).shape == (found.height, found.width, 3)
    assert found.width / found.height == pytest.approx(4 / 3, abs=0.001)
    assert found.words.startswith(
        f"This is a view of {found.width:,} × {found.height:,}: the picture has 1,200 × 900 and "
    )
    assert found.words.endswith(" and files here may have 1 MB.")
    again = resized(decode(middling), found.width, found.height)
    assert np.array_equal(decode(found.data), again), "a view loses nothing but size"
    assert labelled(found)


def test_the_same_picture_gives_the_same_bytes(middling: bytes) -> None:
    for share, whole in ((0.95, True), (0.85, True), (0.3, False)):
        most = share_of(middling, share)
        one, other = (fitted(middling, origin=MADE, most_bytes=most) for _ in range(2))
        assert one == other and one.whole == whole


def clear(width: int, height: int) -> Pixels:
    """Grain of all four channels, colours under wholly clear pixels among it."""
    alpha = np.tile(np.linspace(-40, 290, width), (height, 1))[..., None]
    return grain(np.dstack([large(width, height), np.clip(alpha, 0, 255)]), 3.0)


def test_more_effort_is_made_where_a_little_is_missing() -> None:
    pixels = large(500, 400)
    quick, hard = (len(webp(pixels, xmp=xmp(MADE), hard=each)) for each in (False, True))
    assert hard < quick
    found = fit(pixels, hard)
    assert found.whole and len(found.data) == hard


def test_alpha_and_hidden_colours_stay() -> None:
    pixels = clear(600, 400)
    data = encode_png(pixels)
    found = fitted(data, origin=MADE, most_bytes=share_of(data, 0.88))
    assert found.mime == "image/webp" and found.whole
    assert ((pixels[..., 3] == 0) & (pixels[..., :3].any(2))).any()
    assert np.array_equal(decode(found.data), pixels)


def test_a_view_of_a_cut_out_is_as_transparent() -> None:
    pixels = disc(450, 360, 150)
    pixels[..., :3] = grain(pixels[..., :3], 40)
    found = fit(pixels, 20_000)
    assert not found.whole
    seen = decode(found.data)
    corners = seen[[0, 0, -1, -1], [0, -1, 0, -1], 3]
    assert not corners.any() and (seen[found.height // 2, found.width // 2, 3] == 255)


def test_a_photograph_that_is_a_jpeg_stays_one() -> None:
    data = encode(large(1200, 900), "jpeg", quality=95)
    most = share_of(data, 0.5)
    found = fitted(data, origin=MADE, most_bytes=most)
    assert sniff.sniff(found.data).mime == found.mime == "image/jpeg"
    assert not found.whole and "This is a view of" in found.words
    assert 0.8 * most < len(found.data) <= most
    assert labelled(found)


def test_a_jpeg_that_fits_keeps_its_coded_pixels() -> None:
    data = encode(large(600, 450), "jpeg", quality=95)
    found = fitted(data, origin=None, most_bytes=TEN)
    assert found.exact and np.array_equal(decode(found.data), decode(data))


@pytest.mark.parametrize("most", [0, 1, 400, 2_000])
def test_where_nothing_fits_a_person_is_told(most: int) -> None:
    with pytest.raises(TooLarge) as refused:
        fit(large(400, 300), most)
    assert refused.value.message == (
        "Files here may have less than 0.1 MB, and no view of this picture is that small."
    )
    assert refused.value.hint


def test_a_small_picture_whose_words_alone_are_too_many() -> None:
    with pytest.raises(TooLarge):
        fitted(encode_png(slope()), origin=Origin("generated", words="é" * 8_000), most_bytes=9_000)


def test_a_picture_wider_than_webp_can_be() -> None:
    pixels = large(WEBP_SIDE + 100, 12, 20)
    found = fit(pixels, share_of(encode_png(pixels), 0.85))
    assert found.mime == "image/webp" and not found.whole
    assert found.width <= WEBP_SIDE


def test_a_sample_of_the_rows_decides_as_all_would(monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture that is light in most rows and heavy in some is whole where it can be."""
    monkeypatch.setattr(fitting, "_SAMPLE_PIXELS", 100_000)
    pixels = resized(decode(ASTRONAUT), 700, 500)
    pixels[120:300] = large(700, 180, 12)
    data = encode_png(pixels)
    sizes: list[int] = []

    def noted(seen: Pixels, *, xmp: str | None, hard: bool = False) -> bytes:
        sizes.append(seen.size)
        return webp(seen, xmp=xmp, hard=hard)

    monkeypatch.setattr(fitting, "webp", noted)
    light = len(webp(pixels, xmp=xmp(MADE)))
    assert fitted(data, origin=MADE, most_bytes=int(light * 1.02)).whole
    assert pixels.size in sizes
    sizes.clear()
    assert not fitted(data, origin=MADE, most_bytes=light // 4).whole
    assert pixels.size not in sizes, "what can't fit is not written whole"


def test_what_is_no_picture_is_said_to_be_none() -> None:
    with pytest.raises(BadPicture):
        fitted(b"no picture", origin=None, most_bytes=TEN)


# --- packing ---------------------------------------------------------------------------------


def grey(sigma: float) -> Pixels:
    return np.repeat(large(300, 200, sigma)[..., :1], 3, axis=2)


def of_colours(count: int, depth: int) -> Pixels:
    random = np.random.default_rng(count)
    table = random.permutation(256**2)[:count].astype(np.uint32)
    colours = np.stack([table >> 8, table & 255, table % 251, table % 7 * 42], axis=1)
    numbers = random.integers(0, count, (90, 120))
    numbers.flat[:count] = np.arange(count)
    return np.ascontiguousarray(colours[numbers].astype(np.uint8)[..., :depth])


@pytest.mark.parametrize(
    ("pixels", "colour_type"),
    [
        (grey(4), 0),
        (of_colours(2, 3), 3),
        (of_colours(256, 3), 3),
        (of_colours(257, 3), 2),
        (of_colours(256, 4), 3),
        (of_colours(257, 4), 6),
        (clear(120, 90), 6),
        (np.dstack([large(120, 90), np.full((90, 120), 255, np.uint8)]), 2),
    ],
    ids=["grey", "two", "256", "257", "256 clear", "257 clear", "clear", "idle alpha"],
)
def test_a_packed_png_spends_no_more_than_needed(pixels: Pixels, colour_type: int) -> None:
    packed = packed_png(pixels)
    assert png.header(packed).colour_type == colour_type
    assert np.array_equal(np.asarray(reopened(packed).convert("RGBA")), rgba(pixels))
    told = exported(packed, format="png", origin=MADE)[0]
    assert np.array_equal(rgba(decode(told)), rgba(pixels)), "labels change no pixel"


def rgba(pixels: Pixels) -> Pixels:
    if pixels.shape[2] == 4:
        return pixels
    return np.dstack([pixels, np.full(pixels.shape[:2], 255, np.uint8)])


@settings(max_examples=40, deadline=None)
@given(
    width=st.integers(1, 40), height=st.integers(1, 40), depth=st.sampled_from([3, 4]),
    levels=st.integers(1, 256), seed=st.integers(0, 2**32 - 1),
)  # fmt: skip
def test_packing_loses_nothing(width: int, height: int, depth: int, levels: int, seed: int) -> None:
    drawn = np.random.default_rng(seed).integers(0, levels, (height, width, depth))
    pixels = (drawn * (255 // levels)).astype(np.uint8)
    assert np.array_equal(np.asarray(reopened(packed_png(pixels)).convert("RGBA")), rgba(pixels))
    for hard in (False, True):
        coded = reopened(webp(pixels, xmp=None, hard=hard))
        assert np.array_equal(np.asarray(coded.convert("RGBA")), rgba(pixels))

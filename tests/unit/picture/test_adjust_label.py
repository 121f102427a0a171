"""Labels: there, where asked, readable, inside the picture, and honest about what has no glyph."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadInput
from core.picture.adjust import adjust
from core.picture.adjustments import Anchor, Label
from core.picture.codec import Pixels, decode
from core.picture.direction import drawable, visual
from core.picture.resample import linear
from core.picture.typeface import Typeface
from tests.unit.picture.making import ASTRONAUT, COFFEE, disc


def ground(value: int, width: int = 600, height: int = 400) -> Pixels:
    return np.full((height, width, 3), value, np.uint8)


def labelled(pixels: Pixels, text: str, **options: object) -> Pixels:
    before = pixels.copy()
    asked = Label.model_validate({"text": text} | options)
    changed, notes = adjust(pixels, asked, max_side=8192)
    assert (pixels == before).all()
    assert notes == ()
    return changed


def box(pixels: Pixels, plain: Pixels) -> tuple[int, int, int, int]:
    rows, columns = np.nonzero(np.abs(pixels.astype(int) - plain).max(2) > 100)
    return int(columns.min()), int(rows.min()), int(columns.max()), int(rows.max())


WHERE: list[tuple[Anchor, float, float]] = [
    ("top left", 0, 0), ("top", 0.5, 0), ("top right", 1, 0),
    ("left", 0, 0.5), ("center", 0.5, 0.5), ("right", 1, 0.5),
    ("bottom left", 0, 1), ("bottom", 0.5, 1), ("bottom right", 1, 1),
]  # fmt: skip


@pytest.mark.parametrize(("anchor", "x", "y"), WHERE)
def test_a_label_stands_at_its_anchor(anchor: Anchor, x: float, y: float) -> None:
    left, top, right, bottom = box(labelled(ground(0), "SALE", anchor=anchor), ground(0))
    gaps = left, 599 - right, top, 399 - bottom
    assert min(gaps) >= 10
    for near, far, share in ((gaps[0], gaps[1], x), (gaps[2], gaps[3], y)):
        if share == 0.5:
            assert abs(near - far) <= 8
        else:
            assert (near if share == 0 else far) <= 34
            assert (near < far) is (share == 0)


def contrast(one: float, other: float) -> float:
    """Contrast of two luminances as WCAG 2.2 defines it."""
    low, high = sorted((one, other))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("value", [0, 60, 118, 140, 180, 220, 255])
def test_letters_stand_out_from_any_grey(value: int) -> None:
    weights = np.array([0.2126, 0.7152, 0.0722])
    light = linear(labelled(ground(value), "Readable")) @ weights
    behind = float(linear(np.array([value], np.uint8))[0])
    ink = light.max() if light.max() - behind > behind - light.min() else light.min()
    halo = light.min() if ink == light.max() else light.max()
    assert max(contrast(ink, behind), contrast(ink, halo)) >= 4.5


@pytest.mark.parametrize("data", [ASTRONAUT, COFFEE])
@pytest.mark.parametrize("anchor", ["top", "center", "bottom left"])
def test_letters_stand_out_from_a_photograph(data: bytes, anchor: Anchor) -> None:
    photo = decode(data)
    changed = labelled(photo, "Readable on it", anchor=anchor)
    plain = labelled(ground(0, photo.shape[1], photo.shape[0]), "Readable on it", anchor=anchor)
    letters = plain[..., 0] > 250
    beside = cv2.dilate(letters.astype(np.uint8), np.ones((5, 5))).astype(bool)
    beside &= plain[..., 0] < 30
    luminance = linear(changed) @ np.array([0.2126, 0.7152, 0.0722])
    assert contrast(float(luminance[letters].mean()), float(luminance[beside].mean())) >= 4.5


def test_the_colour_that_was_asked_for_is_used() -> None:
    changed = labelled(ground(30), "Mm", colour="#ffcc00")
    assert (changed == np.array([0xFF, 0xCC, 0x00])).all(2).sum() > 100


def test_a_label_on_nothing_is_opaque_and_the_rest_stays_clear() -> None:
    changed = labelled(disc(600, 400, 20), "Hi", anchor="top left")
    assert changed.shape == (400, 600, 4)
    assert changed[:120, :200, 3].max() == 255
    assert changed[300:, 400:, 3].max() == 0
    assert (changed[200, 300] == disc(600, 400, 20)[200, 300]).all()


def lines(pixels: Pixels, plain: Pixels) -> int:
    rows = (np.abs(pixels.astype(int) - plain).max(2) > 100).any(1)
    return int((np.diff(np.concatenate([[0], rows.astype(int)])) == 1).sum())


def test_line_breaks_are_kept() -> None:
    assert lines(labelled(ground(0), "nono\nnono"), ground(0)) == 2
    assert lines(labelled(ground(0), "nono nono"), ground(0)) == 1


def test_a_long_label_is_wrapped_evenly_and_set_smaller() -> None:
    text = "nose name near amen even none nose arm axe sea name room moon arc nose nun"
    changed = labelled(ground(0), text)
    left, top, right, bottom = box(changed, ground(0))
    assert lines(changed, ground(0)) == 2
    assert left >= 10
    assert right <= 589
    assert bottom - top < 90
    middle = (top + bottom) // 2
    upper, lower = changed[:middle], changed[middle:]
    widths = [np.ptp(np.nonzero((half > 100).any((0, 2)))[0]) for half in (upper, lower)]
    assert min(widths) > 0.75 * max(widths)


def test_no_last_word_stands_alone() -> None:
    two_lines = 0
    for count in range(3, 14):
        changed = labelled(ground(0), "nose " * count)
        if lines(changed, ground(0)) == 2:
            _, top, _, bottom = box(changed, ground(0))
            lower = changed[(top + bottom) // 2 + 2 :]
            assert np.ptp(np.nonzero((lower > 100).any((0, 2)))[0]) > 0.4 * np.ptp(
                np.nonzero((changed > 100).any((0, 2)))[0]
            )
            two_lines += 1
    assert two_lines >= 3


@pytest.mark.parametrize("text", ["x" * 200, "word " * 40, "W" * 60, "a\nb\nc\nd\ne\nf\ng"])
def test_whatever_fits_stays_inside(text: str) -> None:
    left, top, right, bottom = box(labelled(ground(0), text, anchor="top left"), ground(0))
    assert min(left, top, 599 - right, 399 - bottom) >= 5


def test_what_can_not_fit_is_refused() -> None:
    with pytest.raises(BadInput, match="does not fit on 40 x 30 pixels") as refused:
        labelled(ground(0, 40, 30), "word " * 30)
    assert refused.value.hint


@pytest.mark.parametrize("text", ["   ", "\u200b", "\n"])
def test_blank_text_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="no text"):
        labelled(ground(0), text)


def test_text_is_set_as_written() -> None:
    texts = ["Don't", "Don’t", "DON'T", "Don't ", "4x --n 3", "4x --n  3", "50%", "50 %"]
    shown = {text: labelled(ground(0), text).tobytes() for text in texts}
    assert shown.pop("Don't ") == shown["Don't"]
    assert len(set(shown.values())) == len(shown)


@pytest.mark.parametrize(
    "text", ["Été", "Übergröße", "50 €", "Łódź", "Žluťoučký", "Жук", "αβγ", "中文", "日本", "한국"]
)
def test_most_peoples_scripts_are_there(text: str) -> None:
    unknown = labelled(ground(0), "?" * len(text))
    assert (labelled(ground(0), text) != unknown).any()


def test_what_the_typeface_lacks_is_said() -> None:
    _, notes = adjust(ground(0), Label(text="Hi 😀 there 😀?"), max_side=999)
    assert notes == ("The typeface has no 😀: a question mark stands there instead",)


def test_a_letter_and_its_accent_are_one() -> None:
    assert (labelled(ground(0), "e\u0301") == labelled(ground(0), "é")).all()


def test_hebrew_runs_from_right_to_left() -> None:
    assert visual("שלום") == "םולש"
    assert visual("abc שלום def") == "abc םולש def"
    assert visual("שלום abc") == "abc םולש"
    assert visual("שלום (50)!") == "!(50) םולש"
    assert visual("plain (a) 50") == "plain (a) 50"
    large_then_small = labelled(ground(0), "ששייי")
    left, _, right, _ = box(large_then_small, ground(0))
    middle = (left + right) // 2
    assert large_then_small[:, middle:].sum() > 1.2 * large_then_small[:, :middle].sum()


def test_writing_whose_letters_join_is_refused_rather_than_torn() -> None:
    with pytest.raises(BadInput, match="letters join"):
        labelled(ground(0), "مرحبا")


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.sampled_from("ab ()5אבג\u05b0!-€"), max_size=30))
def test_order_changes_and_letters_do_not(line: str) -> None:
    mirrored = str.maketrans("()", "((")
    assert sorted(visual(line).translate(mirrored)) == sorted(line.translate(mirrored))


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60), st.integers(40, 400), st.booleans())
def test_wrapping_loses_nothing_but_space(text: str, room: int, breaks: bool) -> None:
    ready = drawable(text)
    wrapped = Typeface(600).wrapped(ready, room, 20, breaks=breaks)
    if wrapped is not None:
        assert "".join("".join(wrapped).split()) == "".join(ready.split())


@settings(max_examples=60, deadline=None)
@given(st.text(min_size=1, max_size=200))
def test_any_text_is_set_or_refused_kindly(text: str) -> None:
    try:
        changed, _ = adjust(ground(128, 320, 240), Label(text=text), max_side=999)
    except BadInput as refused:
        assert refused.hint
    else:
        assert changed.shape == (240, 320, 3)

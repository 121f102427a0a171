"""From the size that is wanted to the size that is asked for, and back."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.engines.fit import UNASKED_PIXELS, Fit, Size, allowed, crop_of, fit, of_shape
from core.engines.openai.cards import FREE_SIZES, STANDARD_SIZES, STUDIO_CARD
from core.engines.port import SizeRule
from core.errors import BadInput, TooLarge
from core.instruction.plan import TurnOptions

STUDIO_SIZES = STUDIO_CARD.capabilities.sizes or SizeRule(kind="free")
RULES = {"free": FREE_SIZES, "fixed": STANDARD_SIZES, "studio": STUDIO_SIZES}

NONE = TurnOptions()


def size(text: str) -> TurnOptions:
    return TurnOptions(size=text)


def ratio(text: str) -> TurnOptions:
    return TurnOptions(ar=text)


@pytest.mark.parametrize(
    ("options", "subject", "rule", "ask", "final"),
    [
        # nothing wished
        (NONE, None, "free", (1024, 1024), (1024, 1024)),
        (NONE, None, "fixed", (1024, 1024), (1024, 1024)),
        (size("auto"), None, "studio", (1024, 1024), (1024, 1024)),
        # an edit keeps the size of its subject, up to what is worth drawing
        (NONE, (1000, 751), "free", (1008, 752), (1000, 751)),
        (NONE, (1000, 751), "studio", (1000, 751), (1000, 751)),
        (NONE, (1000, 751), "fixed", (1536, 1024), (1000, 751)),
        (NONE, (1024, 1024), "fixed", (1024, 1024), (1024, 1024)),
        (NONE, (200, 200), "free", (816, 816), (200, 200)),
        (NONE, (6000, 4000), "free", (2336, 1568), (6000, 4000)),
        (NONE, (10_000, 5_000), "studio", (2048, 1024), (8192, 4096)),
        # an exact size
        (size("1080x1350"), None, "free", (1088, 1360), (1080, 1350)),
        (size("1080x1350"), (64, 64), "fixed", (1024, 1536), (1080, 1350)),
        (size("1280x1024"), None, "fixed", (1536, 1024), (1280, 1024)),
        (size("4096x4096"), None, "free", (2880, 2880), (4096, 4096)),
        (size("3840x2160"), None, "free", (3840, 2160), (3840, 2160)),
        (size("32x32"), None, "studio", (64, 64), (32, 32)),
        (size("64x2048"), None, "studio", (64, 2048), (64, 2048)),
        (size("500x100"), None, "free", (1408, 480), (500, 100)),
        # a shape
        (size("square"), None, "free", (1024, 1024), (1024, 1024)),
        (size("portrait"), None, "fixed", (1024, 1536), (1024, 1536)),
        (size("landscape"), None, "free", (1248, 832), (1248, 832)),
        (ratio("16:9"), None, "free", (1280, 720), (1280, 720)),
        (ratio("16:9"), None, "fixed", (1536, 1024), (1536, 864)),
        (ratio("9:16"), (500, 500), "fixed", (1024, 1536), (864, 1536)),
        (ratio("1.91:1"), None, "free", (1344, 704), (1337, 700)),
        (ratio("20:1"), None, "studio", (2048, 103), (2048, 102)),
        # the exact size wins over a ratio, a ratio over a name
        (TurnOptions(size="512x512", ar="2:1"), None, "studio", (512, 512), (512, 512)),
        (TurnOptions(size="square", ar="16:9"), None, "free", (1280, 720), (1280, 720)),
    ],
)
def test_table(
    options: TurnOptions, subject: Size | None, rule: str, ask: Size, final: Size
) -> None:
    fitted = fit(options, subject, RULES[rule])
    assert (fitted.ask, fitted.final) == (ask, final)


def test_a_model_without_sizes_is_asked_for_none() -> None:
    assert fit(size("640x480"), None, None) == Fit(None, (640, 480))


def test_enlarging_is_said() -> None:
    assert fit(size("4096x4096"), None, FREE_SIZES).note == (
        "drawn at 2880x2880 and enlarged to 4096x4096"
    )
    assert fit(size("1080x1080"), None, FREE_SIZES).note == ""


@pytest.mark.parametrize("options", [size("0x100"), ratio("0:1"), ratio("1:0"), ratio("0:0")])
def test_a_side_of_zero_is_refused(options: TurnOptions) -> None:
    with pytest.raises(BadInput, match="zero"):
        fit(options, None, FREE_SIZES)


@pytest.mark.parametrize("options", [ratio("21:1"), ratio("1:9999")])
def test_a_ribbon_is_refused(options: TurnOptions) -> None:
    with pytest.raises(BadInput, match="narrow"):
        fit(options, None, FREE_SIZES)


def test_a_size_past_the_limit_is_refused_with_the_limit() -> None:
    with pytest.raises(TooLarge) as caught:
        fit(size("99999x99999"), None, FREE_SIZES, max_side=4096)
    assert "4096" in caught.value.hint


def test_a_fixed_rule_needs_sizes() -> None:
    with pytest.raises(ValueError, match="without sizes"):
        fit(NONE, None, SizeRule(kind="fixed"))


SIDES = st.integers(min_value=1, max_value=12_000)
SUBJECTS = st.none() | st.tuples(SIDES, SIDES)
EXACT = st.builds("{}x{}".format, st.integers(1, 8192), st.integers(1, 8192))
WISHES = st.builds(
    TurnOptions,
    size=st.none() | st.sampled_from(["square", "portrait", "landscape", "auto"]) | EXACT,
    ar=st.none() | st.builds("{}:{}".format, st.integers(1, 20), st.integers(1, 20)),
)


@given(WISHES, SUBJECTS, st.sampled_from(sorted(RULES)))
def test_what_is_asked_for_can_be_drawn(
    options: TurnOptions, subject: Size | None, name: str
) -> None:
    fitted = fit(options, subject, RULES[name])
    assert fitted.ask is not None
    assert allowed(fitted.ask, RULES[name])
    assert 1 <= min(fitted.final) <= max(fitted.final) <= 8192


@given(st.integers(420, 3000), st.integers(420, 2700))
def test_it_covers_what_is_wanted_with_less_than_a_step_to_spare(width: int, height: int) -> None:
    fitted = fit(size(f"{width}x{height}"), None, FREE_SIZES)
    assert fitted.ask is not None
    fits = width * height >= FREE_SIZES.min_pixels and max(width, height) <= 3 * min(width, height)
    if fits and allowed((-(-width // 16) * 16, -(-height // 16) * 16), FREE_SIZES):
        assert 0 <= fitted.ask[0] - width < 16
        assert 0 <= fitted.ask[1] - height < 16
        assert fitted.note == ""


@given(SIDES, SIDES)
def test_without_an_exact_wish_no_more_is_drawn_than_worth_its_price(w: int, h: int) -> None:
    fitted = fit(NONE, (w, h), FREE_SIZES)
    assert fitted.ask is not None
    assert fitted.ask[0] * fitted.ask[1] <= UNASKED_PIXELS


@given(st.builds(Fraction, st.integers(5, 100), st.integers(5, 100)))
def test_a_shape_is_met_within_a_pixel(shape: Fraction) -> None:
    for multiple in (1, 16):
        width, height = of_shape(shape, multiple)
        assert abs(width - height * shape) <= max(Fraction(1), shape)
        cropped = crop_of((2000, 1500), shape)
        assert cropped[0] <= 2000
        assert cropped[1] <= 1500

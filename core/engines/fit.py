"""From the size that a person wants to the size that a model can draw, and back.

A model draws fixed sizes or multiples of 16; a person wants 1080x1350, or the size of the picture
that is being edited. So two sizes are decided here: what to ask the model for, and what the
picture is brought to afterwards (scaled to cover, cropped around the centre).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from core.engines.port import SizeRule
from core.errors import BadInput, TooLarge
from core.instruction.plan import TurnOptions

Size = tuple[int, int]

USUAL_PIXELS = 1024 * 1024
"""How large a picture is drawn when only its shape was asked for."""

UNASKED_PIXELS = 2560 * 1440
"""The most that is drawn when no one asked for an exact size: past it OpenAI calls results
experimental, and each picture costs more than an edit of a phone photo is worth."""

_Bound = Literal["exact", "shape", "subject"]
_NAMED = {"square": Fraction(1), "portrait": Fraction(2, 3), "landscape": Fraction(3, 2)}
_NARROWEST = 20
_SAME_SHAPE = 2
"""A picture that lacks so few pixels of a shape has it: models draw in steps."""
_NEAR_STEP = 0.25


@dataclass(frozen=True)
class Fit:
    """`ask` goes into the request; `final` is the exact (width, height) to bring the picture to.

    `ask` None: the model has no say in size. `exact` false: only the shape of `final` was asked
    for. `note` tells the person when the picture is drawn smaller than it ends up.
    """

    ask: Size | None
    final: Size
    note: str = ""
    exact: bool = True

    def target(self, drawn: Size) -> Size:
        """What a picture that was really drawn so large is to be brought to."""
        if self.exact:
            return self.final
        wanted = crop_of(drawn, Fraction(*self.final))
        near = all(abs(a - b) <= _SAME_SHAPE for a, b in zip(wanted, drawn, strict=True))
        return drawn if near else wanted


def fit(
    options: TurnOptions, subject: Size | None, rule: SizeRule | None, *, max_side: int = 8192
) -> Fit:
    """Decide both sizes for a turn.

    An exact "WxH" wins, then a ratio, then a named shape, then the subject's own size (an edit
    keeps it, at most `max_side` a side), then 1024x1024 or the nearest that the model draws.

    Raises:
        BadInput: a side of zero, or a ratio past 20 : 1.
        TooLarge: an exact size past `max_side`.
    """
    final, bound = _wanted(options, subject, rule, max_side)
    exact = bound != "shape"
    if rule is None:
        return Fit(None, final, exact=exact)
    if rule.kind == "fixed":
        ask = nearest_fixed(final, rule)
    else:
        ask = nearest_free(final, rule if bound == "exact" else _thrifty(rule))
    if bound == "shape" and (rule.kind == "fixed" or not _covers(ask, final)):
        final = crop_of(ask, Fraction(*final))
    return Fit(ask, final, _note(ask, final), exact)


def nearest_fixed(final: Size, rule: SizeRule) -> Size:
    """The fixed size that loses least by cropping and enlarging to `final`; ties: the smaller."""
    if not rule.sizes:
        raise ValueError("a fixed size rule without sizes")

    def loss(size: Size) -> tuple[float, int]:
        scale = max(final[0] / size[0], final[1] / size[1])
        kept = (final[0] * final[1]) / (size[0] * size[1] * scale * scale)
        return (1 - kept) + max(0.0, scale - 1), size[0] * size[1]

    return min(rule.sizes, key=loss)


def nearest_free(final: Size, rule: SizeRule) -> Size:
    """The smallest size within `rule` that covers `final`; where none covers it, the largest of
    its shape."""
    max_aspect = min(rule.max_aspect, rule.max_side / rule.min_side)
    width, height = _not_too_narrow(*final, max_aspect)
    width, height = _large_enough(width, height, rule)
    scale = min(
        1.0,
        rule.max_side / max(width, height),
        math.sqrt(rule.max_pixels / (width * height)),
    )
    ask = (_up(width * scale, rule.multiple), _up(height * scale, rule.multiple))
    return _pull_in(ask, rule)


def allowed(size: Size, rule: SizeRule) -> bool:
    """Whether the model draws exactly this size."""
    if rule.kind == "fixed":
        return size in rule.sizes
    short, long = sorted(size)
    return (
        size[0] % rule.multiple == 0
        and size[1] % rule.multiple == 0
        and rule.min_side <= short
        and long <= rule.max_side
        and rule.min_pixels <= short * long <= rule.max_pixels
        and long <= rule.max_aspect * short
    )


def crop_of(size: Size, shape: Fraction) -> Size:
    """The largest frame of that shape (width : height) within `size`."""
    width, height = size
    if Fraction(width, height) > shape:
        return max(1, round(height * shape)), height
    return width, max(1, round(width / shape))


def _wanted(
    options: TurnOptions, subject: Size | None, rule: SizeRule | None, max_side: int
) -> tuple[Size, _Bound]:
    if options.size is not None and "x" in options.size:
        width, height = (int(side) for side in options.size.split("x"))
        return _checked(width, height, max_side), "exact"
    shape = _shape(options)
    if shape is not None:
        return of_shape(shape, rule.multiple if rule else 1), "shape"
    if subject is not None:
        shrink = min(1.0, max_side / max(subject))
        return (
            max(1, round(subject[0] * shrink)),
            max(1, round(subject[1] * shrink)),
        ), "subject"
    return (1024, 1024), "shape"


def _thrifty(rule: SizeRule) -> SizeRule:
    pixels = max(rule.min_pixels, min(rule.max_pixels, UNASKED_PIXELS))
    return rule.model_copy(update={"max_pixels": pixels})


def _shape(options: TurnOptions) -> Fraction | None:
    if options.ar is not None:
        across, down = (Fraction(part) for part in options.ar.split(":"))
        if not across or not down:
            raise BadInput("A side of the picture would be zero.", hint="A ratio looks like 16:9.")
        return _bounded(across / down)
    return _NAMED.get(options.size or "auto")


def of_shape(shape: Fraction, multiple: int) -> Size:
    """About a megapixel of that shape, in steps of `multiple` where the shape allows it.

    The shape is met exactly whenever its terms are small enough (16:9 gives 1280x720).
    """
    across, down = shape.numerator, shape.denominator
    unit = math.sqrt(USUAL_PIXELS / (across * down))
    step = math.lcm(multiple // math.gcd(across, multiple), multiple // math.gcd(down, multiple))
    if step <= unit * (1 + _NEAR_STEP):
        unit = max(1, round(unit / step)) * step
    elif unit >= 1:
        unit = math.floor(unit)
    return max(1, round(across * unit)), max(1, round(down * unit))


def _checked(width: int, height: int, max_side: int) -> Size:
    if not width or not height:
        raise BadInput("A side of the picture would be zero.", hint="A size looks like 1024x1024.")
    if max(width, height) > max_side:
        raise TooLarge(
            f"{width}x{height} is past what fits here.",
            hint=f"A side can have up to {max_side} pixels.",
        )
    return width, height


def _bounded(shape: Fraction) -> Fraction:
    if not Fraction(1, _NARROWEST) <= shape <= _NARROWEST:
        raise BadInput(
            "That shape is too narrow to draw in.",
            hint=f"One side can be up to {_NARROWEST} times the other.",
        )
    return shape


def _not_too_narrow(width: int, height: int, max_aspect: float) -> tuple[float, float]:
    return max(width, height / max_aspect), max(height, width / max_aspect)


def _large_enough(width: float, height: float, rule: SizeRule) -> tuple[float, float]:
    grow = max(
        1.0, rule.min_side / min(width, height), math.sqrt(rule.min_pixels / (width * height))
    )
    return width * grow, height * grow


def _up(length: float, multiple: int) -> int:
    return max(1, math.ceil(length / multiple - 1e-9)) * multiple


def _pull_in(size: Size, rule: SizeRule) -> Size:
    """Undo what rounding up took past a bound, a step at a time, longer side first."""
    width, height = size
    step = rule.multiple
    while max(width, height) > rule.max_side or width * height > rule.max_pixels:
        if width >= height:
            width -= step
        else:
            height -= step
    while max(width, height) > rule.max_aspect * min(width, height):
        if width >= height:
            width -= step
        else:
            height -= step
    return width, height


def _covers(ask: Size, final: Size) -> bool:
    return final[0] <= ask[0] and final[1] <= ask[1]


def _note(ask: Size, final: Size) -> str:
    if _covers(ask, final):
        return ""
    return f"drawn at {ask[0]}x{ask[1]} and enlarged to {final[0]}x{final[1]}"

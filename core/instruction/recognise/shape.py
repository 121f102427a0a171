"""Exact changes of shape: crop, resize, rotate, flip, trim, pad."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

from core.errors import BadInput
from core.instruction.colours import COLOUR, hex_of
from core.instruction.plan import Adjust, Step
from core.instruction.recognise.rules import IT, NUMBER, PIXELS, Ask, Found, always, rule
from core.picture.adjustments import Anchor, Crop, Flip, Pad, Resize, Rotate, Trim

LONGEST_SIDE = 100_000
USUAL_PADDING = 40
MOST_IN_RATIO = 32

SHAPES: dict[str, tuple[float, float]] = {
    "square": (1, 1), "widescreen": (16, 9), "landscape": (4, 3), "portrait": (3, 4),
    "story": (9, 16), "vertical video": (9, 16), "instagram story": (9, 16), "reel": (9, 16),
    "youtube thumbnail": (16, 9), "a square": (1, 1), "cinemascope": (2.39, 1),
}  # fmt: skip
"""Names of aspect ratios (width, height)."""

_SHAPE = "|".join(sorted(SHAPES, key=len, reverse=True))
_TERM = r"[0-9]{1,4}(?:\.[0-9]{1,3})?"
_RATIO = rf"(?P<w>{_TERM}) ?(?::|/|by| to ) ?(?P<h>{_TERM})"
_COLON_RATIO = rf"(?P<w>{_TERM}):(?P<h>{_TERM})"
_ASPECT = (
    rf"(?:(?:an? |the )?(?:aspect ratio |aspect |ratio )?(?:of )?(?:{_RATIO}|(?P<shape>{_SHAPE})))"
)
_ASPECT_WORDS = r"(?: (?:aspect ratio|aspect|ratio|format|shape|crop))?"
_PIXEL_SIZE = rf"(?P<w>[0-9]{{1,6}}) ?(?:x|by) ?(?P<h>[0-9]{{1,6}})(?:{PIXELS})?"
_SIDE = r"(?:(?:top|bottom|upper|lower)(?:[ -](?:left|right))?|left|right|cent(?:er|re)|middle)"
_AT = (
    rf"(?: (?:from|at|on|to|in|towards|around|keeping) (?:the )?(?P<at>{_SIDE})"
    rf"(?: corner| side| part)?)?"
)
_TURN = r"(?:rotate|turn|spin|tilt)"
_CLOCKWISE = r"(?:clockwise|cw|(?:to )?(?:the )?right)"
_COUNTER = r"(?:counter[- ]?clockwise|anti[- ]?clockwise|ccw|(?:to )?(?:the )?left)"
_EDGES = (
    r"(?:(?:the |its |all )?(?:empty |blank |white |black |transparent |extra )?"
    r"(?:edges?|borders?|margins?|space|whitespace|white space|area|pixels))"
)


def anchor_of(words: str | None) -> Anchor:
    """The anchor that words like "upper left" or "middle" name; the centre for none."""
    if words is None or words in ("center", "centre", "middle"):
        return "center"
    plain = words.replace("upper", "top").replace("lower", "bottom").replace("-", " ")
    return cast(Anchor, plain)


def aspect_of(found: Found) -> tuple[float, float]:
    """The aspect ratio in the groups `shape`, or `w` and `h`.

    Raises:
        BadInput: a side of nothing, or a strip over a hundred times as long as wide.
    """
    shape = found.get("shape") or found.get("bare")
    if shape is not None:
        return SHAPES[shape]
    width, height = float(found.text("w")), float(found.text("h"))
    if min(width, height) <= 0 or not 0.01 <= width / height <= 100:
        raise BadInput(
            f"{width:g}:{height:g} is no shape for a picture.",
            hint="Say a ratio such as 4:5, 1:1 or 16:9.",
        )
    return width, height


def _side(value: float | None) -> int | None:
    if value is not None and not 1 <= value <= LONGEST_SIDE:
        raise BadInput(
            f"A picture can't have a side of {value:g} pixels.",
            hint="Say a size such as “resize to 1200 wide” or “crop to 800x600”.",
        )
    return None if value is None else int(value)


def _crop_aspect(found: Found) -> Sequence[Step]:
    return [Adjust(adjustment=Crop(aspect=aspect_of(found), anchor=anchor_of(found.get("at"))))]


def _crop_size(found: Found) -> Sequence[Step]:
    width, height = _side(found.number("w")), _side(found.number("h"))
    if width and height and max(width, height) <= MOST_IN_RATIO:
        return _crop_aspect(found)  # "4x5" is a shape; nobody wants twenty pixels
    crop = Crop(width=width, height=height, anchor=anchor_of(found.get("at")))
    return [Adjust(adjustment=crop)]


def _resize_size(found: Found) -> Sequence[Step]:
    width, height = _side(found.number("w")), _side(found.number("h"))
    how = (found.get("verb") or "") + (found.get("how") or "")
    if "stretch" in how or "squash" in how:
        return [Adjust(adjustment=Resize(width=width, height=height, fit="stretch"))]
    if "fit" in how or "contain" in how or "without" in how:
        return [Adjust(adjustment=Resize(width=width, height=height, fit="contain"))]
    return [Adjust(adjustment=Resize(width=width, height=height))]


def _bare_size(found: Found) -> Sequence[Step] | None:
    """ "1024x1024" is a size and "16x9" a shape; "4x4" is a truck."""
    width, height = found.text("w"), found.text("h")
    if max(int(width), int(height)) > MOST_IN_RATIO:
        return _resize_size(found)
    return None if width == height else _crop_aspect(found)


def _resize_side(found: Found) -> Sequence[Step]:
    side = _side(found.number("side"))
    if found.text("axis") in ("tall", "high", "height", "in height"):
        return [Adjust(adjustment=Resize(height=side))]
    return [Adjust(adjustment=Resize(width=side))]


def _resize_width(found: Found) -> Sequence[Step]:
    return [Adjust(adjustment=Resize(width=_side(found.number("side"))))]


def _resize_factor(found: Found) -> Sequence[Step]:
    percent = found.number("percent") or 0.0
    if not 1 <= percent <= 1600:
        raise BadInput(
            f"I can't resize to {percent:g} %.", hint="Say 1 % to 1600 %, such as “50%”."
        )
    return [Adjust(adjustment=Resize(factor=percent / 100))]


def _rotate(sign: int) -> Callable[[Found], Sequence[Step]]:
    def build(found: Found) -> Sequence[Step]:
        degrees = (found.number("degrees") if found.get("degrees") else 90.0) or 0.0
        if not 0 < degrees < 360:
            raise BadInput(
                f"Turning by {degrees:g}° changes nothing.",
                hint="Say an angle between 1° and 359°, such as “rotate 90 degrees clockwise”.",
            )
        return [Adjust(adjustment=Rotate(degrees=sign * degrees))]

    return build


def _trim(found: Found) -> Sequence[Step]:
    return [Adjust(adjustment=Trim(margin=int(found.number("margin") or 0)))]


def _pad(found: Found) -> Sequence[Step] | None:
    if found.get("colour") and found.get("colour2"):
        return None
    colour = found.get("colour") or found.get("colour2")
    pixels = found.number("pixels")
    return [
        Adjust(
            adjustment=Pad(
                pixels=USUAL_PADDING if pixels is None else _side(pixels),
                colour=hex_of(colour) if colour else None,
            )
        )
    ]


def _pad_aspect(found: Found) -> Sequence[Step]:
    colour = found.get("colour")
    aspect = aspect_of(found)
    return [Adjust(adjustment=Pad(aspect=aspect, colour=hex_of(colour) if colour else None))]


def _ask(question: str) -> Callable[[Found], Sequence[Step]]:
    def build(found: Found) -> Sequence[Step]:
        raise Ask(question)

    return build


_PAD_COLOUR = rf"(?: (?:in|with|of|using) (?:a )?(?P<colour2>{COLOUR}))?"
_DEGREES = rf"(?:by )?(?P<degrees>{NUMBER}) ?(?:degrees?|deg|°)?"

RULES = (
    rule(rf"(?:re)?crop{IT}(?: down)?(?: to| in| into| "
         rf"as)? {_ASPECT}{_ASPECT_WORDS}{_AT}", _crop_aspect),
    rule(rf"(?:make|turn|get|have|set|frame) it (?:in |to |as |into "
         rf")?{_ASPECT}{_ASPECT_WORDS}", _crop_aspect),
    rule(rf"(?:in |to |as )?(?:an? )?(?:aspect ratio |aspect |ratio )?(?:of "
         rf")?{_COLON_RATIO}{_ASPECT_WORDS}",
         _crop_aspect),
    rule(rf"(?P<w>{_TERM}) by (?P<h>{_TERM})(?: (?:aspect ratio|aspect|ratio|format|shape|crop))?",
         _crop_aspect),
    rule(r"(?:(?:for|as|to|in) )?(?:an? )?(?P<shape>instagram story|youtube thumbnail)",
         _crop_aspect),
    rule(rf"(?:in |to |as )?(?:an? )?(?P<shape>{_SHAPE}) (?:aspect ratio|aspect|ratio|format|"
         rf"shape|crop)|"
         rf"(?:in )?(?P<bare>square|widescreen)", _crop_aspect),
    rule(rf"(?:change|set|cut) (?:the |its )?(?:it |aspect ratio |ratio |format |shape )?(?:to )"
         rf"{_ASPECT}{_ASPECT_WORDS}", _crop_aspect),
    rule(rf"(?:re)?crop{IT}(?: down)?(?: to)? {_PIXEL_SIZE}{_AT}", _crop_size),
    rule(r"crop it|crop", _ask("Crop to which shape or size? For example “crop to 4:5”, “make it "
         "square” or “crop to 800x600”.")),
    rule(rf"(?P<verb>make it |to |in )?{_PIXEL_SIZE}", _bare_size),
    rule(rf"(?P<verb>resize|scale|shrink|stretch|squash|fit|reduce){IT}(?: down| up)?"
         rf"(?: to| into| within| in)?(?: fit)? {_PIXEL_SIZE}(?P<how> (?:without cropping|to fit|"
         rf"stretched|"
         rf"by stretching|contained))?", _resize_size),
    rule(rf"(?:(?:resize|scale|shrink|reduce|make){IT}(?: down| up)?(?: to)? "
         rf")?(?P<side>[0-9]{{1,6}})"
         rf"(?:{PIXELS})? ?(?:in )?(?P<axis>wide|tall|high|width|height)", _resize_side),
    rule(rf"(?:resize|scale|shrink|reduce){IT}(?: down| up)?(?: to)? (?:a )?(?P<axis>width|"
         rf"height) of "
         rf"(?P<side>[0-9]{{1,6}})(?:{PIXELS})?", _resize_side),
    rule(rf"(?:resize|scale|shrink|reduce){IT}(?: down)?(?: to)? (?P<side>[0-9]{{2,6}})"
         rf"(?:{PIXELS})?",
         _resize_width),
    rule(rf"(?:(?:resize|scale|shrink|reduce|make){IT}(?: down)?(?: to)? )?(?P<percent>{NUMBER}) ?"
         rf"(?:%|percent)(?: (?:of )?(?:the |its )?(?:original )?(?:size|smaller)"
         rf")?", _resize_factor),
    rule(rf"(?:resize|make|scale|shrink|reduce){IT}(?: down)?(?: to| by)? half(?: (?:the |its "
         rf")?size)?|"
         rf"half(?: (?:the |its )?size)?|halve(?: it| (?:the |its )?size)",
         always(Adjust(adjustment=Resize(factor=0.5)))),
    rule(rf"(?:(?:resize|make|scale|shrink|reduce){IT}(?: down)?(?: to)? )?(?:a )?quarter"
         rf"(?: of)?(?: (?:the |its )?size)", always(Adjust(adjustment=Resize(factor=0.25)))),
    rule(rf"resize{IT}", _ask("Resize to what? For example “resize to 1200 wide”, “half size” or "
         "“4x” to enlarge.")),
    rule(rf"(?:{_TURN}{IT}|make it|flip it)? ?(?:180(?: ?degrees| ?°)? )?(?:upside[- ]down|on "
         rf"its head)|"
         rf"{_TURN}{IT} (?:half a turn|halfway(?: round| around)?)",
         always(Adjust(adjustment=Rotate(degrees=180)))),
    rule(rf"(?:{_TURN}{IT}|quarter turn)(?: by)? {_CLOCKWISE}", _rotate(1)),
    rule(rf"(?:{_TURN}{IT}|quarter turn)(?: by)? {_COUNTER}", _rotate(-1)),
    rule(rf"{_TURN}{IT} {_DEGREES}(?: {_CLOCKWISE})?", _rotate(1)),
    rule(rf"{_TURN}{IT} {_CLOCKWISE} {_DEGREES}", _rotate(1)),
    rule(rf"{_TURN}{IT} -(?P<degrees>{NUMBER}) ?(?:degrees?|deg|°)?", _rotate(-1)),
    rule(rf"{_TURN}{IT} {_DEGREES} {_COUNTER}", _rotate(-1)),
    rule(rf"{_TURN}{IT} {_COUNTER} {_DEGREES}", _rotate(-1)),
    rule(rf"rotate{IT}", _ask("Rotate which way? For example “rotate left”, “rotate right” or "
         "“rotate 45 degrees”.")),
    rule(rf"(?:flip|mirror|reflect){IT} (?:vertical(?:ly)?|upside[- ]down|top to bottom|over "
         rf"vertically)|"
         rf"vertical flip|flip{IT} on the vertical axis",
         always(Adjust(adjustment=Flip(axis="vertical")))),
    rule(rf"(?:flip|mirror|reflect){IT}(?: horizontal(?:ly)?| left to right| left[- ]right| "
         rf"sideways|"
         rf" over)?|(?:horizontal|mirror) (?:flip|it|image)|mirrored",
         always(Adjust(adjustment=Flip()))),
    rule(rf"(?:auto[- ]?)?(?:trim|crop){IT} to (?:the )?(?:content|subject|edges)(?: tightly)?|"
         rf"auto[- ]?crop{IT}|"
         rf"(?:trim|crop|cut|remove|crop off|cut off|trim off|crop away) {_EDGES}|trim{IT}(?: "
         rf"off)?",
         _trim),
    rule(rf"trim(?:{IT}| {_EDGES})(?:,| with| to| leaving| and leave| but keep) (?:an? "
         rf")?(?P<margin>[0-9]{{1,4}})"
         rf"{PIXELS}(?: (?:margin|border|padding))?(?: around)?", _trim),
    rule(rf"(?:add |give it |with )?(?:an? )?(?P<pixels>[0-9]{{1,5}}){PIXELS} (?:of "
         rf")?(?:(?P<colour>{COLOUR}) )?"
         rf"(?:padding|border|margin|frame)(?: (?:all )?(?:a)?round(?: it)?| on all sides| on "
         rf"every side)?"
         rf"{_PAD_COLOUR}", _pad),
    rule(rf"(?:add |give it )(?:some |an? )?(?:(?P<colour>{COLOUR}) )?(?:padding|border|margin)"
         rf"(?: of (?P<pixels>[0-9]{{1,5}})(?:{PIXELS})?)?(?: (?:all )?(?:a)?round(?: "
         rf"it)?)?{_PAD_COLOUR}", _pad),
    rule(rf"pad{IT}(?: by| with)? (?P<pixels>[0-9]{{1,5}})(?:{PIXELS})?"
         rf"(?: on (?:all|every) sides?)?{_PAD_COLOUR}", _pad),
    rule(rf"(?:pad|extend with padding|letterbox){IT}(?: out)?(?: to| "
         rf"into)? {_ASPECT}{_ASPECT_WORDS}"
         rf"(?: (?:in|with|on) (?:a )?(?P<colour>{COLOUR})(?: background| padding| "
         rf"bars)?)?", _pad_aspect),
)  # fmt: skip

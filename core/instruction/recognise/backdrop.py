"""What lies behind and around the subject: backdrop, blur, shadow, outline.

A backdrop, a shadow and an outline need a subject with transparency, so each asks for a cut-out
first; the assembler leaves that out where the step before has made one.
"""

from __future__ import annotations

from collections.abc import Sequence

from core.errors import BadInput
from core.instruction.colours import COLOUR, hex_of
from core.instruction.plan import Adjust, Cutout, Step
from core.instruction.recognise.rules import IT, MAKE, Found, rule
from core.picture.adjustments import Backdrop, BlurBackground, Outline, Shadow

BLUR = {"little": 25.0, "some": 50.0, "much": 80.0}
SHADOW = {"little": 30.0, "some": 50.0, "much": 75.0}

_BACKGROUND = r"(?:back ?ground|bg|back ?drop)"
_SUBJECT = r"(?:it|(?:the |my )(?:subject|product|object|item|cut-?out))"
_PLAIN = r"(?:plain |solid |pure |clean |flat |simple |uniform )*"
_THE = r"(?:the |its |an? )?"
_ON = rf"(?:put|place|set|show){IT} (?:on|onto|over|against|in front of)"
_LITTLE = r"(?:an? (?:little )?(?:bit|little|touch|tad)|slightly|softly|gently)"
_MUCH = r"(?:a lot|strongly|heavily|more|much|very|completely|really)"
_AMOUNT = rf"(?: (?P<little>{_LITTLE})| (?P<much>{_MUCH})| by (?P<amount>[0-9]{{1,4}})(?: ?%)?)?"


def _strength(found: Found, table: dict[str, float], what: str) -> float:
    said = found.number("amount")
    if said is not None and said > 100:
        raise BadInput(f"{what} goes from 0 to 100.", hint="Say for example “by 50”, or “a bit”.")
    if said is not None:
        return said
    return table["little" if found.get("little") else "much" if found.get("much") else "some"]


def _backdrop(found: Found) -> Sequence[Step]:
    second = found.get("colour2")
    backdrop = Backdrop(
        colour=hex_of(found.text("colour")), colour2=hex_of(second) if second else None
    )
    return [Cutout(), Adjust(adjustment=backdrop)]


def _blur(found: Found) -> Sequence[Step]:
    amount = _strength(found, BLUR, "Blur")
    return [Adjust(adjustment=BlurBackground(amount=amount))]


def _shadow(found: Found) -> Sequence[Step]:
    amount = _strength(found, SHADOW, "A shadow")
    return [Cutout(), Adjust(adjustment=Shadow(strength=amount))]


def _outline(found: Found) -> Sequence[Step]:
    pixels, colour = found.number("pixels"), found.get("colour")
    if pixels is not None and pixels < 1:
        raise BadInput("An outline needs at least 1 pixel.", hint="Say “a 12 px white outline”.")
    outline = Outline(
        pixels=None if pixels is None else int(pixels),
        colour=hex_of(colour) if colour else "#ffffff",
    )
    return [Cutout(), Adjust(adjustment=outline)]


_C = rf"(?P<colour>{COLOUR})"
_C2 = rf"(?P<colour2>{COLOUR})"

RULES = (
    rule(rf"(?:{MAKE}|add |use |on |with |{_ON} )?(?:an? |the )?{_PLAIN}{_C} {_PLAIN}"
         rf"(?:studio )?{_BACKGROUND}", _backdrop),
    rule(rf"{_ON} (?:an? )?{_PLAIN}{_C}(?: {_BACKGROUND})?", _backdrop),
    rule(rf"(?:put|place|set|show) {_SUBJECT} (?:on|onto|over|against) (?:an? )?{_PLAIN}{_C}"
         rf"(?: {_BACKGROUND})?", _backdrop),
    rule(rf"(?:make|turn|paint|colou?r|set|change|switch|replace|swap|fill) {_THE}{_BACKGROUND}"
         rf"(?: (?:to|with|into|for|in))? (?:an? )?{_PLAIN}{_C}", _backdrop),
    rule(rf"{_PLAIN}{_BACKGROUND}(?: colou?r)? ?(?:in|:|=|to|is)? ?{_C}", _backdrop),
    rule(rf"(?:remove|replace) {_THE}{_BACKGROUND} (?:and|,) (?:make it|replace it with|put it on) "
         rf"(?:an? )?{_PLAIN}{_C}", _backdrop),
    rule(rf"(?:add |use |on |with |{_ON} )?(?:an? )?gradient {_BACKGROUND}(?:,? from)? {_C} "
         rf"to {_C2}",
         _backdrop),
    rule(rf"(?:add |use |on |with |{_ON} )?(?:an? )?{_C} to {_C2}(?: gradient)?(?: {_BACKGROUND})",
         _backdrop),
    rule(rf"(?:make|turn|change|set|fill) {_THE}{_BACKGROUND} (?:to |into |with )?(?:an? )?"
         rf"gradient(?: from)? {_C} to {_C2}", _backdrop),
    rule(rf"blur {_THE}{_BACKGROUND}{_AMOUNT}", _blur),
    rule(rf"(?:make|turn|have) {_THE}{_BACKGROUND}(?: (?P<little>{_LITTLE})| (?P<much>{_MUCH}))? "
         rf"(?:blurry|blurred|out of focus)", _blur),
    rule(rf"{MAKE}(?:blurry|blurred|out[- ]of[- ]focus) {_BACKGROUND}|(?:{MAKE}|add )?(?:an? )?"
         rf"{_BACKGROUND} blur", _blur),
    rule(rf"(?:add |give it |with |put )?(?:an? )?(?:(?P<little>soft|light|subtle|faint|gentle) |"
         rf"(?P<much>strong|"
         rf"heavy|dark|hard) )?drop[- ]?shadow(?: (?:under|below|behind|to|beneath)"
         rf" {_SUBJECT})?", _shadow),
    rule(r"(?:add|give it) (?:an? )?(?:(?P<little>soft|light|subtle|faint|gentle) |"
         r"(?P<much>strong|heavy|dark) )?"
         r"shadow(?: (?:under|below|behind|beneath) (?:it|the (?:subject|product|object|item))"
         r")?", _shadow),
    rule(rf"(?:add |give it |with |put )?(?:an? )?(?:(?P<pixels>[0-9]{{1,4}}) ?(?:px|pixels?) "
         rf")?(?:thick |thin )?"
         rf"(?:{_C} )?(?:sticker|die[- ]?cut) (?:outline|border|edge|stroke)(?: "
         rf"(?:a)?round {_SUBJECT})?",
         _outline),
    rule(rf"(?:add |give it |with |put )?(?:an? )?(?:(?P<pixels>[0-9]{{1,4}}) ?(?:px|pixels?) "
         rf")?(?:{_C} )?"
         rf"(?:outline|stroke)(?: (?:a)?round {_SUBJECT})?", _outline),
)  # fmt: skip

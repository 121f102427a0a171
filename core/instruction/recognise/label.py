"""Lettering set exactly as quoted, and the file format of the result."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from core.errors import BadInput
from core.instruction.colours import COLOUR, hex_of
from core.instruction.plan import Adjust, Step
from core.instruction.recognise.rules import IT, Ask, Found, rule
from core.instruction.recognise.shape import anchor_of
from core.picture.adjustments import Convert, Label

LONGEST_LABEL = 200
USUAL_ANCHOR = "bottom"

_QUOTE = r"«(?P<quote>[0-9]{1,3})»"
_CORNER = (
    r"(?:(?:top|bottom|upper|lower)(?:[ -](?:left|right|cent(?:er|re)|middle))?|left|right|"
    r"cent(?:er|re)|middle)"
)
_PLACE = (
    rf"(?:,? (?:(?:at|in|on|to|along) )?(?:the )?(?P<at>{_CORNER})(?: (?:corner|side|edge))?"
    rf"(?: of it)?)"
)
_INK = rf"(?:,? in (?P<ink>{COLOUR})(?: (?:letters|lettering|text|type))?)"
_TEXT = r"(?:text|words?|label|caption|title|lettering|heading|headline|line)"


def _label(found: Found) -> Sequence[Step] | None:
    text = found.quoted("quote")
    if not text.strip():
        return None
    if len(text) > LONGEST_LABEL:
        raise BadInput(
            f"A label can have {LONGEST_LABEL} characters, and that one has {len(text)}.",
            hint="Set a shorter text, or several labels one after another.",
        )
    ink = found.get("ink")
    place = (found.get("at") or USUAL_ANCHOR).replace("-", " ")
    if " " in place and not place.endswith(("left", "right")):
        place = place.split(" ", 1)[0]
    return [
        Adjust(
            adjustment=Label(
                text=text, anchor=anchor_of(place), colour=hex_of(ink) if ink else None
            )
        )
    ]


def _convert(found: Found) -> Sequence[Step]:
    name = found.text("format")
    kind: Literal["png", "webp", "jpeg"]
    kind = "webp" if name == "webp" else "png" if name == "png" else "jpeg"
    return [Adjust(adjustment=Convert(format=kind))]


def _ask(found: Found) -> Sequence[Step]:
    raise Ask("What should it say? Put the words in quotation marks: label it “SALE”.")


def _other_format(found: Found) -> Sequence[Step]:
    raise BadInput(
        f"I can't save a picture as {(found.get('other') or found.text('alone')).upper()}.",
        hint="PNG, WebP and JPEG work: “save as webp”.",
        code="unknown_format",
    )


_SAVE = (
    rf"(?:save|export|download|send|convert|give it to me|give me|make|get|deliver|output|"
    rf"return){IT}(?: to me)?(?: as| to| in| into)? (?:an? )?"
)
_OTHER = r"\.?(?P<other>gif|tiff?|svg|bmp|heic|heif|avif|pdf|psd)(?: file| format)?"
_FORMAT = r"\.?(?P<format>png|webp|jpe?g)"

_WORDINGS = (
    rf"(?:label|caption|title){IT}(?: with| as|:)? ?{_QUOTE}",
    rf"(?:add|put|set|write|place|overlay|print) (?:the |an? )?{_TEXT}(?: (?:saying|reading|it "
    rf"says|"
    rf"it reads|which says|of)|:)? ?{_QUOTE}(?: (?:on|onto|over|to) it)?",
    rf"(?:write|add|put|set) {_QUOTE} as (?:an? )?{_TEXT}",
    rf"{_TEXT}: ?{_QUOTE}",
)
_PLACED_ONLY = rf"(?:write|add|put|set) {_QUOTE}"
"""Without a place, 'write "SALE"' may mean the mug: that is for the model."""

RULES = (
    *(rule(rf"{wording}{_PLACE}?{_INK}?", _label) for wording in _WORDINGS),
    *(rule(rf"{wording}{_INK}{_PLACE}", _label) for wording in _WORDINGS),
    rule(rf"{_PLACED_ONLY}{_PLACE}{_INK}?", _label),
    rule(rf"{_PLACED_ONLY}{_INK}{_PLACE}", _label),
    rule(r"(?:label|caption|title) it (?:with |as )?[a-z0-9 !%&'+-]{1,40}|"
         r"add (?:the |some |a )?(?:text|words?|caption|label) [a-z0-9!%&'+-]{1,20}", _ask),
    rule(r"(?:label it|add (?:an? |some )?(?:label|text|caption)(?: to it)?|label|caption "
         r"it)", _ask),
    rule(rf"{_SAVE}{_FORMAT}(?: file| format)?", _convert),
    rule(rf"(?:(?:as|in|to) )?(?:an? )?{_FORMAT}(?: file| format)?", _convert),
    rule(rf"{_SAVE}{_OTHER}|(?:as|in|to) (?:an? )?{_OTHER.replace('other', 'alone')}",
         _other_format),
)  # fmt: skip

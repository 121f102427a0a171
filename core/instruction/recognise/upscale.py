"""Enlargements: by a factor, to a screen's size, to paper at a resolution."""

from __future__ import annotations

import math
from collections.abc import Sequence

from core.errors import BadInput
from core.instruction.plan import Step, Upscale
from core.instruction.recognise.rules import IT, MAKE, NUMBER, PIXELS, Found, always, rule

USUAL_SCALE = 2.0
GREATEST_SCALE = 16.0
LONGEST_SIDE = 100_000

SCREENS = {
    "full hd": 1920, "fullhd": 1920, "1080p": 1920, "2k": 2048, "1440p": 2560, "qhd": 2560,
    "4k": 3840, "uhd": 3840, "5k": 5120, "6k": 6144, "8k": 7680,
}  # fmt: skip
"""Long side in pixels (ITU-R BT.709 and BT.2020 for HD, 4K and 8K; 2K as DCI has it)."""

PAPERS_MM = {
    "a0": 1189, "a1": 841, "a2": 594, "a3": 420, "a4": 297, "a5": 210, "a6": 148,
    "letter": 279.4, "tabloid": 431.8, "postcard": 148,
}  # fmt: skip
"""Long side in millimetres (ISO 216; ANSI/ASME Y14.1 for letter and tabloid)."""

PRINT_DPI = 300
MM_PER_INCH = 25.4

_DO = (
    rf"(?:(?:make|get|have|scale|blow|upscale|up-scale|upsize|upres|enlarge|increase|export|"
    rf"resize|render|turn){IT}(?: up| bigger| larger)?(?: in)?(?: to| by| at| into| for)? )?"
)
_DIRECT = r"(?:upscale|up-scale|upsize|upres|enlarge|super[- ]?resolution|supersample)"
_MODEL = r"(?: (?:with|using) (?:the |an? )?(?P<model>photo|drawing|fast|exact)(?: model| mode)?)?"
_SCREEN = "|".join(SCREENS)
_PAPER = "|".join(PAPERS_MM)


def paper_side(paper: str, dpi: float) -> int:
    """Pixels of the long side of a paper at a resolution, rounded up so that none is missing."""
    return math.ceil(PAPERS_MM[paper] / MM_PER_INCH * dpi)


def by_factor(found: Found) -> Sequence[Step]:
    """An enlargement by the group `scale`.

    Raises:
        BadInput: a factor that does not enlarge, or too great a one.
    """
    scale = found.number("scale") or 0.0
    if not 1 < scale <= GREATEST_SCALE:
        raise BadInput(
            f"I can't enlarge a picture {scale:g} times.",
            hint="Say a factor above 1, up to 16, such as “2x” or “4x”; “resize to 50%” shrinks.",
        )
    return [Upscale(scale=scale, model=found.get("model"))]


def _by_percent(found: Found) -> Sequence[Step] | None:
    percent = found.number("percent") or 0.0
    if not 100 < percent <= 100 * GREATEST_SCALE:
        return None
    return [Upscale(scale=percent / 100, model=found.get("model"))]


def _by_part(found: Found) -> Sequence[Step] | None:
    percent = found.number("percent") or 0.0
    return [Upscale(scale=1 + percent / 100)] if 1 <= percent <= 100 else None


def _to_screen(found: Found) -> Sequence[Step]:
    return [Upscale(long_side=SCREENS[found.text("screen")], model=found.get("model"))]


def _to_side(found: Found) -> Sequence[Step]:
    side = int(found.number("side") or 0)
    if not 1 <= side <= LONGEST_SIDE:
        raise BadInput(
            f"A picture can't be {side} pixels long.",
            hint="Say a long side such as “upscale to 4096 px”.",
        )
    return [Upscale(long_side=side, model=found.get("model"))]


def _to_paper(found: Found) -> Sequence[Step]:
    side = paper_side(found.text("paper"), found.number("dpi") or PRINT_DPI)
    if side < 1:
        raise BadInput("0 dpi is no resolution.", hint="Say “A3 at 300 dpi”.")
    return [Upscale(long_side=side, model=found.get("model"))]


def _usual(found: Found) -> Sequence[Step]:
    return [Upscale(scale=USUAL_SCALE, model=found.get("model"))]


RULES = (
    rule(rf"{_DO}(?P<scale>{NUMBER}) ?x(?: (?:bigger|larger|upscaled?|upscaling|the size|size|"
         rf"(?:the )?resolution))?{IT}{_MODEL}",
         by_factor),
    rule(rf"{_DO}x ?(?P<scale>{NUMBER})(?: upscale| bigger| larger)?{_MODEL}", by_factor),
    rule(rf"{_DO}(?P<scale>{NUMBER}) times(?: (?:bigger|larger|the size|as (?:big|large))"
         rf")?{_MODEL}",
         by_factor),
    rule(rf"{_DIRECT}{IT}{_MODEL}(?: (?:to|by))? (?P<scale>{NUMBER}) ?x", by_factor),
    rule(rf"{_DIRECT}{IT}(?: by)? (?P<scale>{NUMBER}){_MODEL}", by_factor),
    rule(rf"(?:{_DIRECT}|increase){IT}(?: in size)? by (?P<percent>{NUMBER}) ?%", _by_part),
    rule(rf"(?:{_DIRECT}|scale){IT}(?: up)?(?: to| by)? (?P<percent>{NUMBER}) ?%{_MODEL}",
         _by_percent),
    rule(rf"{_DIRECT}{IT}{_MODEL}", _usual),
    rule(rf"scale{IT} up{_MODEL}", _usual),
    rule(rf"(?:increase|raise|boost|improve|up|double) (?:the |its )?(?:resolution|res)|"
         rf"{MAKE}(?:(?:a )?(?:higher|high|better|more)[- ](?:res|resolution)|hi-?res|hd)",
         _usual),
    rule(rf"scale{IT}(?: up)? by (?P<scale>{NUMBER}){_MODEL}", by_factor),
    rule(rf"(?:double|twice)(?: it| (?:the |its )?(?:size|resolution)| as (?:big|large)){_MODEL}",
         _usual),
    rule(rf"(?:make|scale){IT} (?:double|twice) (?:the size|as (?:big|large)|the "
         rf"resolution){_MODEL}",
         _usual),
    rule(r"(?:triple|treble)(?: it| (?:the |its )?(?:size|resolution)"
         r")", always(Upscale(scale=3.0))),
    rule(r"quadruple(?: it| (?:the |its )?(?:size|resolution))", always(Upscale(scale=4.0))),
    rule(rf"{_DO}(?:(?:in|to|at) )?(?P<screen>{_SCREEN})(?: resolution| quality)?{_MODEL}",
         _to_screen),
    rule(rf"(?:{_DIRECT}|make|scale){IT}(?: up)?(?: to)? (?P<side>[0-9]{{2,6}}){PIXELS}"
         rf"(?: (?:on the )?(?:long|longest|longer) (?:side|edge))?{_MODEL}", _to_side),
    rule(rf"{_DIRECT}{IT} to (?P<side>[0-9]{{3,6}}){_MODEL}", _to_side),
    rule(rf"(?:make{IT} |to |in )?(?P<side>[0-9]{{3,6}}){PIXELS}"
         rf"(?: (?:on )?(?:the |its )?(?:long|longest|longer) (?:side|edge))?", _to_side),
    rule(rf"{_DO}(?:(?:in|to|at|for) )?(?P<paper>{_PAPER})(?: size)?(?: print)? ?(?:at|@|,|with|"
         rf"in)? ?"
         rf"(?P<dpi>[0-9]{{1,4}}) ?(?:dpi|ppi){_MODEL}", _to_paper),
    rule(rf"print{IT} (?:to|in|for|at|on) (?P<paper>{_PAPER}) ?(?:at|@|,|with|in)? ?"
         rf"(?P<dpi>[0-9]{{1,4}}) ?(?:dpi|ppi)", _to_paper),
    rule(rf"(?:{_DIRECT}|print|get it ready to print){IT} (?:(?:to|in|for|at|"
         rf"on) )?(?P<paper>{_PAPER})"
         rf"{_MODEL}", lambda found: _to_print(found.text("paper"), found.get("model"))),
    rule(rf"{_DO}(?:(?:in|to|at|for) )?print(?:able|ing)? (?:quality|resolution|size){_MODEL}",
         lambda found: _to_print("a4", found.get("model"))),
    rule(r"(?:make|get) it (?:ready for print(?:ing)?|print[- ]ready)|print[- ]ready|for "
         r"print(?:ing)?",
         lambda found: _to_print("a4", None)),
)  # fmt: skip


def _to_print(paper: str, model: str | None) -> Sequence[Step]:
    return [Upscale(long_side=paper_side(paper, PRINT_DPI), model=model)]

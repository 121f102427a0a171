"""Cut-outs: the wish for a truly transparent background, as a command or inside a prompt."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.instruction.plan import Cutout, Step
from core.instruction.recognise.rules import IT, MAKE, NUMBER, Found, always, rule
from core.instruction.recognise.upscale import by_factor

_BACKGROUND = r"(?:back ?ground|backrou?nd|backgroud|bg|back ?drop)"
_SEE_THROUGH = r"(?:tran?sp[ae]r+[ae]nt|see[- ]through|alpha)"
_ALPHA_FILE = (
    r"(?:rgba(?: png)?(?: file| format)?|transparent (?:png|webp)(?: file| format)?|"
    rf"png (?:with (?:an? )?(?:{_SEE_THROUGH} {_BACKGROUND}|transparency|alpha(?: channel)?|no "
    rf"{_BACKGROUND})|without (?:an? |the )?{_BACKGROUND}))"
)
_WANTED = rf"{_SEE_THROUGH} {_BACKGROUND}|{_ALPHA_FILE}|no {_BACKGROUND}|transparency"
_PNG = r"(?:png|rgba)"
_THE = (
    r"(?:the |its |it's |all the |whole )?(?:(?:white|grey|gray|black|green|blue|plain|busy|"
    r"current|old|whole|entire) )?"
)
_SUBJECT = (
    r"(?:it|(?:the |my |main )*(?:subject|product|object|foreground|person|item|figure)|just it)"
)


def _and_enlarged(found: Found) -> Sequence[Step]:
    return [Cutout(), *by_factor(found)]


RULES = (
    rule(
        rf"(?:make |turn )?(?:it )?{MAKE}(?:fully |completely )?(?:transparent|see[- ]through)",
        always(Cutout()),
    ),
    rule(rf"{MAKE}(?:{_WANTED}|alpha channel)(?: (?:and )?{_ALPHA_FILE})?", always(Cutout())),
    rule(
        rf"(?:remove|delete|erase|drop|cut out|cut away|take out|take away|get rid of|strip|"
        rf"strip out|lose|kill) {_THE}{_BACKGROUND}"
        rf"(?: (?:from|of|in|behind|around) (?:it|(?:the|my) [a-z]+))?",
        always(Cutout()),
    ),
    rule(rf"(?:cut|take|strip) {_THE}{_BACKGROUND} (?:out|away|off)", always(Cutout())),
    rule(rf"make {_THE}{_BACKGROUND} (?:disappear|vanish|go away|invisible)", always(Cutout())),
    rule(
        rf"(?:it |(?:the |its )?{_BACKGROUND} |i (?:said|want|wanted|meant|need|asked for) )"
        rf"(?:(?:must|should|needs to|has to) be |is )?(?:(?:still )?not )?(?:fully )?transparent",
        always(Cutout()),
    ),
    rule(r"(?:it's |it is )?(?:still )?not transparent(?: yet)?", always(Cutout())),
    rule(
        rf"make sure (?:it|(?:that )?the {_BACKGROUND}) (?:is|becomes) transparent",
        always(Cutout()),
    ),
    rule(
        rf"{_PNG} (?:transparent|alpha)(?: {_BACKGROUND})?|transparent {_BACKGROUND} {_PNG}|"
        rf"alpha {_PNG}|give (?:me|it) (?:an? )?alpha(?: channel)?|{_BACKGROUND} remover",
        always(Cutout()),
    ),
    rule(r"make everything else transparent", always(Cutout())),
    rule(rf"(?:i )?(?:do not|don't|dont) want (?:the |an? |any )?{_BACKGROUND}", always(Cutout())),
    rule(rf"(?:without|with no) (?:the |a |any )?{_BACKGROUND}", always(Cutout())),
    rule(
        r"(?:remove|delete|erase|cut out|cut away|get rid of) everything (?:behind|around) "
        rf"{_SUBJECT}",
        always(Cutout()),
    ),
    rule(rf"(?:the )?{_BACKGROUND} (?:removed?|removal|gone|transparent|off)", always(Cutout())),
    rule(rf"remove (?:its|the picture's) {_BACKGROUND}", always(Cutout())),
    rule(
        rf"(?:make|turn|have|set) (?:the |its )?{_BACKGROUND} (?:to )?{_SEE_THROUGH}",
        always(Cutout()),
    ),
    rule(
        rf"(?:change|replace|swap) (?:the |its )?{_BACKGROUND} (?:to|with|for) "
        rf"(?:transparent|transparency|nothing)",
        always(Cutout()),
    ),
    rule(
        rf"(?:add|use|give it|with|on|put {_SUBJECT} on|place {_SUBJECT} on|isolate {_SUBJECT} on) "
        rf"(?:an? )?{_SEE_THROUGH} {_BACKGROUND}",
        always(Cutout()),
    ),
    rule(rf"(?:cut ?-?out|isolate|extract) {_SUBJECT}", always(Cutout())),
    rule(rf"(?:cut|take) {_SUBJECT} out", always(Cutout())),
    rule(rf"(?:cut ?-?out|knock ?-?out|isolated?|make it a cut ?-?out){IT}", always(Cutout())),
    rule(
        rf"(?:(?:save|export|download|send|deliver|give|make|get|convert)(?: it)?(?: to me)? )?"
        rf"(?:(?:as|in|to|into) )?(?:an? )?{_ALPHA_FILE}",
        always(Cutout()),
    ),
    rule(
        rf"{MAKE}transparent(?: {_BACKGROUND}| png)? (?:(?:at|and|in) )?(?P<scale>{NUMBER}) ?x",
        _and_enlarged,
    ),
    rule(rf"(?P<scale>{NUMBER}) ?x transparent(?: {_BACKGROUND}| png)?", _and_enlarged),
)

_ISOLATED = (
    rf"(?:(?:the )?subject |object |product )?(?:isolated )?(?:on |with |against |over )?(?:an? )?"
    rf"(?:{_WANTED}|transparent)|without (?:an? |the |any )?{_BACKGROUND}|isolated"
)
TAIL = re.compile(rf"(?:(?:as |in )?(?:an? )?(?:{_ISOLATED}|{_ALPHA_FILE}))(?: please)?")
"""A stretch of a prompt that says no more than "transparent"."""

FILE_TAIL = re.compile(r"(?:as |in )?(?:an? )?png(?: file| format)?|high resolution png|isolated")
"""Says nothing of its own, and belongs to a `TAIL` beside it."""

SUFFIX = re.compile(
    rf",? (?:isolated )?(?:on|with|against|over) (?:an? )?(?:fully |completely )?"
    rf"(?:{_SEE_THROUGH} {_BACKGROUND}|transparency)$|,? (?:with no|without an?|without) "
    rf"{_BACKGROUND}$"
)
"""The same at the end of a stretch that says more: "a red mug on a transparent background"."""

"""What an edit reaches for: a part of the picture, or the whole; a change, or a new picture.

The rules, in order:
1. "Keep everything else the same", "only", "just", a painted area: a part.
2. Words for the whole picture, its style, season, weather, light, time, mood or frame: the whole.
3. Anything else: a part, so that what was not named stays as it is.
"""

from __future__ import annotations

import re

from core.instruction.context import Context
from core.instruction.words import shadow

_KEEP = re.compile(
    r"\b(?:keep|leave|preserve)(?:ing)? (?:everything|all|the rest|the others?|anything|whatever|"
    r"every other|all other)\b|\b(?:don't|do not|dont|without) chang(?:e|ing) (?:anything|"
    r"everything|"
    r"the rest|any other|nothing)\b|\b(?:nothing|anything) else (?:changes?|should change|"
    r"changed)\b|"
    r"\bchange nothing else\b|\beverything else (?:stays?|the same|unchanged|as (?:it )?is|"
    r"identical|should stay)\b|\b(?:only|just) (?:change|edit|replace|recolou?r|touch)\b|"
    r"\b(?:rest|others?) (?:of (?:it|the (?:picture|image|photo)) )?(?:unchanged|as (?:it )?is|the "
    r"same|untouched)\b"
)

_PICTURE = r"(?:picture|image|photo|scene)"
_MEDIUM = (
    r"(?:watercolou?r|painting|sketch|drawing|cartoon|anime|comic|illustration|engraving|poster|"
    r"mosaic|pixel art|oil paint|line art|photograph|polaroid|collage|claymation|low[- ]poly|"
    r"render|woodcut|linocut|etching|fresco|tapestry|vector art|3d model)"
)
_TURNED = r"(?:make it|in|into|to|as|like|during|it's|it is)"
_LIGHTS = (
    r"(?:morning|evening|afternoon|sunset|night|day|moon|candle|sun|window|studio|softbox|rim|back|"
    r"neon|natural|warm|cool|soft|hard|moody|dramatic|volumetric|overhead|bright|dim)"
)
_GLOBAL = (
    rf"everything|every object|(?:whole|entire|full|overall) (?:{_PICTURE}|thing|look|frame)",
    rf"the {_PICTURE} (?:look|feel)|composition",
    # style
    rf"(?:as|into|like|in) (?:an? |the )?(?:[a-z-]{{1,20}} ){{0,3}}{_MEDIUM}s?",
    r"(?:style|aesthetic|look and feel) of|[a-z]{2,20} style|restyle|stylis\w*|styliz\w*",
    r"in (?:the |an? )[a-z-]{1,20} (?:style|aesthetic)|photo-?realistic|cinematic|pixel art",
    r"(?:vintage|film) look|colou?r grad(?:e|ing)|palette",
    # season, weather
    rf"{_TURNED} (?:an? )?(?:early |late |deep )?(?:winter|summer|spring|autumn|fall)"
    r"(?:time)?(?: season| scene| day| evening| morning)?",
    r"snow(?:y|ing)|rain(?:y|ing)|fogg?y|misty|stormy|overcast|cloudy|sunny",
    r"change the (?:season|weather|style|mood|light|lighting|time|camera|perspective|angle)",
    # light, time of day
    rf"(?:golden|blue|magic) hour|{_LIGHTS}[ -]?(?:light|lighting|lit)|re-?light|time of day",
    r"(?:at|by|into|during|to|make it|as) (?:the )?(?:night|nighttime|dusk|dawn|sunset|sunrise|"
    r"noon|midday|midnight|daytime|twilight)|day ?to ?night",
    # mood, frame, camera
    r"(?:more|less) (?:dramatic|moody|cosy|cozy|cheerful|minimalist|minimal|realistic|playful|"
    r"elegant|professional|modern|abstract|atmospheric)|mood|moodier|atmosphere",
    r"crop (?:it|the|to|in|tight|close)|zoom (?:in|out)|wider (?:shot|view|angle)|close-?up",
    r"(?:from|camera|viewing) (?:above|below|angle)|bird's[- ]eye|depth of field|recompose",
    r"(?:different|another|new|lower|higher) (?:angle|perspective|viewpoint)",
    rf"out-?paint|uncrop|(?:expand|extend) the (?:{_PICTURE}|canvas|frame)",
)
_WHOLE = re.compile(rf"\b(?:{'|'.join(_GLOBAL)})\b")

_PLACE = re.compile(
    r"\b(?:put|place|set|move|drop|show|stand|insert) (?:it|him|her|them|(?:the|my) [a-z]+) "
    r"(?:on|in|into|onto|against|over|at|under)\b|\b(?:background|backdrop|scene|behind it)\b|"
    r"\b(?:replace it|fill it)\b"
)


def names_a_place(prompt: str) -> bool:
    """Whether an edit sets the subject into surroundings, so that it can't stay cut out."""
    return _PLACE.search(" ".join(shadow(prompt).split())) is not None


def keeps_rest(prompt: str, context: Context) -> bool:
    """Whether an edit changes a part and the rest must stay as it is."""
    view = " ".join(shadow(prompt).split())
    if context.has_mask or _KEEP.search(view) is not None:
        return True
    return _WHOLE.search(view) is None

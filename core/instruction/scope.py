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

_WHOLE = re.compile(
    r"\b(?:everything|every object|(?:whole|entire|full|overall) (?:picture|image|photo|scene|"
    r"thing|"
    r"look|frame|composition)|the (?:picture|image|photo|scene) (?:look|feel)|"
    # style
    r"(?:as|into|like|in) (?:an? |the )?(?:[a-z-]{1,20} ){0,3}(?:watercolou?r|painting|sketch|"
    r"drawing|cartoon|anime|comic|illustration|engraving|poster|mosaic|pixel art|oil paint|"
    r"line art|photograph|polaroid|collage|claymation|low[- ]poly|render|woodcut|linocut|etching|"
    r"fresco|tapestry|vector art|3d model)|"
    r"(?:style|aesthetic|look and feel) of|[a-z]{2,20} style|in (?:the |an? )[a-z-]{1,20} "
    r"(?:style|aesthetic)|restyle|stylis|styliz|photo-?realistic|cinematic|vintage look|film look|"
    r"colou?r grad|palette|pixel art|"
    # season, weather
    r"(?:make it|in|into|as|like|it's|it is|to|during|a|an|the) (?:early |late |deep )?(?:winter|"
    r"summer|spring|autumn|fall)(?:time| season| scene| day| evening| morning)?$|"
    r"(?:in|into|to|make it|as) (?:early |late )?(?:winter|summer|springtime|autumn)\b|"
    r"(?:snow(?:y|ing)|rain(?:y|ing)|fogg?y|misty|stormy|overcast|cloudy|sunny)\b|change the "
    r"(?:season|weather|style|mood|light|lighting|time|camera|perspective|angle|composition)|"
    # light and time of day
    r"(?:golden|blue|magic) hour|(?:at|by|into|during|to|make it|as) (?:the )?(?:night|nighttime|"
    r"dusk|"
    r"dawn|sunset|sunrise|noon|midday|midnight|daytime|twilight)\b|(?:morning|evening|afternoon|"
    r"sunset|night|day|moon|candle|sun|window|studio|softbox|rim|back|neon|natural|warm|cool|soft|"
    r"hard|moody|dramatic|volumetric|overhead) ?(?:light|lighting|lit)\b|relight|re-light|"
    r"time of day|day (?:in)?to night|"
    # mood, frame, camera
    r"(?:more|less) (?:dramatic|moody|cosy|cozy|cheerful|minimalist|minimal|realistic|cinematic|"
    r"playful|elegant|professional|modern|abstract|atmospheric)|mood(?:ier)?|atmosphere|"
    r"crop|zoom (?:in|out)|wider (?:shot|view|angle)|close-?up|bird's[- ]eye|(?:from|camera|"
    r"viewing) "
    r"(?:above|below|angle)|(?:different|another|new|lower|higher) (?:angle|perspective|viewpoint)|"
    r"out-?paint|uncrop|extend the|expand the (?:picture|image|canvas|frame)|depth of field|"
    r"recompose)"
)


def keeps_rest(prompt: str, context: Context) -> bool:
    """Whether an edit changes a part and the rest must stay as it is."""
    view = " ".join(shadow(prompt).split())
    if context.has_mask or _KEEP.search(view) is not None:
        return True
    return _WHOLE.search(view) is None

"""When words beside a picture ask for a wholly new one.

With no picture anywhere, prose is always a new picture. With one, prose is an edit unless it
1. says so: "new picture: …", "/imagine …", "start over: …" (these openings are taken off), or
2. orders a picture as one orders a drawing: "generate a …", "draw me a …", "a picture of …" after a
   verb, and neither points at the present picture nor answers a chosen version or a painted area.
"draw a …", "add a …" and "make a …" stay edits: people say them about the picture before them.
"""

from __future__ import annotations

import re

from core.instruction.context import Context
from core.instruction.words import shadow

_POLITE = (
    r"(?:(?:please|ok(?:ay)?|now|hey|hi|thanks|can you|could you|would you|will you|let's)"
    r"[ ,]{1,3}){0,4}"
)
_LONGEST_OPENING = 200
_PICTURES = "picture|image|photo|photograph|drawing|painting|illustration|render|artwork|pic"
_PICTURE = rf"(?:{_PICTURES})"

_OPENING = re.compile(
    rf"{_POLITE}(?:/imagine(?: prompt)?(?::| )|imagine:|/(?:new|generate|draw)(?::| )|"
    rf"(?:(?:start|make|draw|create|begin|generate) )?(?:an? )?(?:brand |completely |entirely |"
    rf"whole )?"
    rf"(?:new|fresh|different) {_PICTURE} ?(?::|,|- )|new: |"
    rf"(?:start (?:over|again|afresh|fresh|from scratch)|from scratch|new prompt|prompt) ?"
    rf"(?::|,|- |with:))[ \n]{{0,8}}"
)
_VERB = r"(?:generate|create|draw|paint|sketch|make|render|design|illustrate|show|give)"
_ORDER = re.compile(
    rf"{_POLITE}(?:i (?:want|need|would like) (?:you to )?|i'd like (?:you to )?)?(?:"
    rf"(?:generate|imagine|visuali[sz]e)(?: me| us)? (?:an? |some |[0-9] |two |three |four )|"
    rf"(?:draw|paint|sketch|illustrate|design|render)(?: me| us) (?:an? |some |the )|"
    rf"{_VERB}(?: me| us)? (?:an? )?(?:new|different|separate|second|unrelated|fresh|another) "
    rf"(?:[a-z]{{1,20}} )?{_PICTURE}\b|"
    rf"{_VERB}(?: me| us)? (?:an? )(?:[a-z-]{{1,20}} )?{_PICTURE} (?:of|with|showing|where|in "
    rf"which)\b|"
    rf"(?:an? )?(?:new|different) {_PICTURE} (?:of|with|showing)\b|"
    rf"(?<=want |need |like )(?:an? ){_PICTURE} (?:of|showing)\b)"
)
_POINTS_BACK = re.compile(
    rf"\b(?:it|its|this|that|these|those|here|same|him|his|her|them|their|existing|current|"
    rf"(?:the|my) (?:[a-z]{{1,20}} )?(?:{_PICTURES}|scene|background|foreground|version|original)"
    rf")\b"
)

_CHANGES = re.compile(
    rf"{_POLITE}(?:(?:make|turn) (?:it|this|that)\b(?! (?:an?|rain|snow)\b)|"
    rf"(?:remove|delete|erase|get rid of) (?:the|it|this|that|his|her|all)\b|"
    rf"(?:change|replace|swap|recolou?r) (?:the|it|this|that|his|her)\b|"
    rf"(?:lose|cut) the (?:background|bg)\b|(?:cut out|isolate) (?:the|my|it|this)\b|"
    rf"transparent,? but\b|undo (?:and|it|this|that|the last)\b|"
    rf"(?:edit|start|continue|branch) from v[0-9])"
)
_KEEPS = re.compile(r"\bkeep(?:ing)? (?:everything else|the rest)\b")
MOST_WORDS_OF_A_CHANGE = 15


def changes_a_picture(text: str) -> bool:
    """Whether words can only be said about a picture that is there: "make it navy"."""
    view = " ".join(shadow(text).split())
    if len(view.split(" ")) > MOST_WORDS_OF_A_CHANGE:
        return False
    return _CHANGES.match(view) is not None or _KEEPS.search(view) is not None


def opening(text: str) -> int:
    """The length of an opening such as "new picture: " (0 for none); the words come after it."""
    found = _OPENING.match(shadow(text[:_LONGEST_OPENING]))
    return found.end() if found is not None and text[found.end() :].strip() else 0


def orders_new(text: str, context: Context) -> bool:
    """Whether prose without such an opening asks for a new picture although there is one."""
    if context.chosen or context.has_mask:
        return False
    view = " ".join(shadow(text).split())
    ordered = _ORDER.match(view)
    return ordered is not None and _POINTS_BACK.search(view, ordered.end()) is None

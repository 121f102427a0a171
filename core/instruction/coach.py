"""At most one short hint that makes the next picture better.

A hint never stands in the way: it is said beside a result and can be dismissed. The rules, first
match wins:
1. A new picture is started although there is one, and the words only change a detail: the thread
   would have kept everything else.
2. An edit that names a mood and no change ("more dramatic").
3. More than three words to be lettered by a model: exact lettering is a label.
4. A first prompt under fifteen words: subject, setting, light and lens help.
5. A first prompt that names no light.
"""

from __future__ import annotations

import re

from core.instruction.context import Context
from core.instruction.plan import Edit, Generate, Plan
from core.instruction.words import canonical, quotations, shadow

FEW_WORDS = 15
MOST_LETTERED = 3

START_OVER = (
    "This starts from nothing. To keep the picture and change a detail, just say the change: "
    "“make the mug navy”."
)
VAGUE = "Name the change you would see: “darker sky, low sun from the left” rather than a mood."
LETTERS = (
    "Models misspell long lettering. For exact words say: add the text “…” at the top, after the "
    "picture is done."
)
SHORT = (
    "60 to 100 words do best: the subject, where it stands, the light, and the lens or the style."
)
NO_LIGHT = "Name the light, such as “soft window light from the left” or “golden hour”."

_VAGUE = re.compile(
    r"(?:make it )?(?:(?:a (?:bit|little)|much|way|even|slightly) )?(?:(?:more|less) (?:dramatic|"
    r"interesting|beautiful|professional|creative|exciting|fun|modern|elegant|realistic|unique|"
    r"attractive|appealing|aesthetic|dynamic|epic|artistic|premium|special|cool)|better|nicer|"
    r"cooler looking|prettier|pop(?: more)?|improve it|improve|enhance it|enhance|fix it|fancier)"
)
_LIGHT = re.compile(
    r"\b(?:light|lights|lighting|lit|sun|sunlight|sunny|sunset|sunrise|dawn|dusk|night|golden hour|"
    r"blue hour|daylight|moonlight|candlelight|candlelit|neon|overcast|softbox|backlit|shadow|"
    r"shadows|shade|glow|glowing|noon|morning|evening|lamp|studio)\b"
)
_WORD = re.compile(r"\w+")


def hint(plan: Plan, context: Context, *, previous: str = "") -> str | None:
    """The one hint for a plan, or None.

    `context` is the one in which the plan was understood, `previous` are the words of the turn
    before, if there was one.
    """
    first = plan.steps[0] if plan.steps else None
    if isinstance(first, Generate):
        return _for_new(first.prompt, context, previous)
    if isinstance(first, Edit):
        clause = canonical(first.prompt)
        if clause is not None and _VAGUE.fullmatch(clause.words):
            return VAGUE
        return LETTERS if _letters_much(first.prompt) else None
    return None


def _for_new(prompt: str, context: Context, previous: str) -> str | None:
    if context.has_head and _mostly_same(prompt, previous):
        return START_OVER
    if _letters_much(prompt):
        return LETTERS
    if context.has_picture:
        return None
    view = shadow(prompt)
    if len(_WORD.findall(prompt)) < FEW_WORDS:
        return SHORT
    return NO_LIGHT if _LIGHT.search(view) is None else None


def _letters_much(prompt: str) -> bool:
    return any(len(_WORD.findall(quote)) > MOST_LETTERED for quote in quotations(prompt))


def _mostly_same(prompt: str, previous: str) -> bool:
    """Whether most words of a prompt were said the turn before."""
    now, before = set(_WORD.findall(shadow(prompt))), set(_WORD.findall(shadow(previous)))
    return len(now) >= 4 and len(now & before) >= 0.6 * len(now)

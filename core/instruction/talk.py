"""Messages to the bot itself: for help, to let something be, a question about a picture.

They are answered with a question and cost nothing; a model would draw something all the same.
"""

from __future__ import annotations

import re

from core.instruction.context import Context
from core.instruction.words import canonical

HELP = (
    "Describe a picture, then say what to change: “make the mug navy”, “transparent”, “2x”, “crop "
    "to 4:5”, “warmer”, “undo”, “variations”. Steps join: “make it navy, then transparent”. What "
    "shall I do?"
)
LET_BE = (
    "Nothing was changed. The Cancel button stops a turn that is under way, and “undo” goes one "
    "version back. What shall I do?"
)


ABOUT = (
    "I draw and change pictures; questions about them I can't answer. Say what to change, for "
    "example “make the background transparent”. What shall I do?"
)

_HELP = re.compile(
    r"help(?: me)?|/help|what (?:can|do) you do|how (?:does it work|do i use (?:it|you))|"
    r"what can i (?:say|ask|do)|(?:show )?(?:the )?commands"
)
_LET_BE = re.compile(r"cancel(?: it)?|stop(?: it)?|abort|never ?mind|forget it|no|wait")


_ABOUT = re.compile(
    r"(?:is|are|was|does|did|why|who|when|which|how (?:big|large|many|much|wide|tall|old))"
    r"(?! (?:it possible|there a way|you able|it ok|it okay|about))\b .{1,100}"
)


def reply(text: str, context: Context) -> str | None:
    """The question that goes back when a whole message is such words."""
    clause = canonical(text)
    if clause is None:
        return None
    if _HELP.fullmatch(clause.words):
        return HELP
    if _LET_BE.fullmatch(clause.words):
        return LET_BE
    asked = context.has_picture and text.rstrip().endswith("?")
    return ABOUT if asked and _ABOUT.fullmatch(clause.words) else None

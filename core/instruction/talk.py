"""Words to the bot itself: for help, or to let something be. They cost nothing and draw nothing."""

from __future__ import annotations

import re

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


_HELP = re.compile(
    r"help(?: me)?|/help|what (?:can|do) you do|how (?:does it work|do i use (?:it|you))|"
    r"what can i (?:say|ask|do)|(?:show )?(?:the )?commands"
)
_LET_BE = re.compile(r"cancel(?: it)?|stop(?: it)?|abort|never ?mind|forget it|no|wait")


def reply(text: str) -> str | None:
    """The question that goes back when a whole message is such words."""
    clause = canonical(text)
    if clause is None:
        return None
    if _HELP.fullmatch(clause.words):
        return HELP
    return LET_BE if _LET_BE.fullmatch(clause.words) else None

"""People's words on their way into Discord's markdown: nothing in them is markup, a mention, a link
or a ping.

Discord takes any sign after a backslash for itself. (Pings are also switched off in every message;
see `rest`.)
"""

from __future__ import annotations

from adapters.chat.wording import Markup
from adapters.chat.words import seen

_SIGNS = frozenset("\\*_~`|<>#:@[]")
_AT_LINE_START = frozenset("-+")


def escaped(words: str, most: int) -> str:
    """Words as markdown that shows just them, at most so many characters of markdown long."""
    parts: list[str] = []
    room, before = most, "\n"
    for sign in seen(words):
        special = sign in _SIGNS or (before == "\n" and sign in _AT_LINE_START)
        part = f"\\{sign}" if special else sign
        room -= len(part)
        if room < 0:
            return _with_ellipsis(parts, most)
        parts.append(part)
        before = sign
    return "".join(parts)


def _with_ellipsis(parts: list[str], most: int) -> str:
    while parts and sum(map(len, parts)) > most - 1:
        parts.pop()
    return "".join(parts).rstrip() + "…"


MARKUP = Markup(escaped, lambda words: f"**{words}**")

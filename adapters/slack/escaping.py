"""People's words on their way into Slack's markup: nothing in them is a mention, a link or a ping.

Slack reads three signs as the beginning of something (& < >); escaped they are themselves. Texts
that we send are marked as verbatim, so that Slack does not look for names and addresses in them
either.
"""

from __future__ import annotations

from typing import Any

from adapters.chat.wording import Markup
from adapters.chat.words import one_line, seen

_SIGNS = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def escaped(words: str, most: int) -> str:
    """Words as markup that shows just them, at most so many characters of markup long."""
    parts: list[str] = []
    room = most
    for sign in seen(words):
        part = _SIGNS.get(sign, sign)
        room -= len(part)
        if room < 0:
            return _with_ellipsis(parts, most)
        parts.append(part)
    return "".join(parts)


def mrkdwn(markup: str) -> dict[str, Any]:
    """A text object of markup. The markup must be no longer than its place allows."""
    return {"type": "mrkdwn", "text": markup, "verbatim": True}


def plain(words: str, most: int) -> dict[str, Any]:
    """A text object of a label."""
    return {"type": "plain_text", "text": one_line(words, most) or "…", "emoji": True}


def _with_ellipsis(parts: list[str], most: int) -> str:
    while parts and sum(map(len, parts)) > most - 1:
        parts.pop()
    return "".join(parts).rstrip() + "…"


MARKUP = Markup(escaped, lambda words: f"*{words}*")

"""People's words on their way into Slack's markup: nothing in them is a mention, a link or a ping.

Slack reads three signs as the beginning of something (& < >); escaped they are themselves. Texts
that we send are marked as verbatim, so that Slack does not look for names and addresses in them
either.
"""

from __future__ import annotations

import unicodedata
from typing import Any

_SIGNS = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_CONTROL = frozenset(("Cc", "Cf", "Cs"))
_KEPT = "\n\t\u200d"
"""Of signs that are not seen: new lines, tabs, and what joins emoji."""


def clipped(words: str, most: int) -> str:
    """At most so many characters, with a sign that something is left out."""
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"


def one_line(words: str, most: int) -> str:
    """Words as a label: on one line, at most so many characters."""
    return clipped(" ".join(_seen(words).split()), most)


def escaped(words: str, most: int) -> str:
    """Words as markup that shows just them, at most so many characters of markup long."""
    parts: list[str] = []
    room = most
    for sign in _seen(words):
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


def _seen(words: str) -> str:
    """Without what is not seen and could turn the line around or break it off."""
    return "".join(
        sign for sign in words if sign in _KEPT or unicodedata.category(sign) not in _CONTROL
    )


def _with_ellipsis(parts: list[str], most: int) -> str:
    while parts and sum(map(len, parts)) > most - 1:
        parts.pop()
    return "".join(parts).rstrip() + "…"

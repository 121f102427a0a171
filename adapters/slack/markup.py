"""Slack's markup turned back to the words that a person wrote.

Everything is read in one pass, so that what stands for something else is never read again. Words,
quotation marks and line breaks stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from rich.emoji import Emoji

_MARKUP = re.compile(
    r"<(?P<inside>[^<>\n]{1,3000})>"
    r"|(?P<emoji>(?<!\w):[a-z0-9_+'-]{1,60}:(?!\w))"
    r"|&(?P<sign>amp|lt|gt);"
)
_SIGNS = {"amp": "&", "lt": "<", "gt": ">"}
_ADDRESSED = re.compile(r"\s*<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>")
_TONE = re.compile(r":skin-tone-([2-6]):")
_LIGHTEST = 0x1F3FB
_OTHER_NAMES = {
    "+1": "thumbsup",
    "-1": "thumbsdown",
    "simple_smile": "slightly_smiling_face",
    "hankey": "poop",
    "large_green_circle": "green_circle",
    "large_yellow_circle": "yellow_circle",
}
"""Names of Slack's that elsewhere are others."""

NameOf = Callable[[str], str]
"""The name of a person by id; empty where it is not known."""


def words(text: str, *, bot: str, name_of: NameOf) -> str:
    """The words of a message, without its mentions of Easel (`bot` is its user's id)."""
    left = _without(text, bot)

    def plain(match: re.Match[str]) -> str:
        if inside := match["inside"]:
            return _entity(inside, name_of) or match[0]
        return _emoji(match["emoji"]) if match["emoji"] else _SIGNS[match["sign"]]

    return _MARKUP.sub(plain, left).strip()


def mentions(text: str, user: str) -> bool:
    """Whether a text mentions somebody."""
    return re.search(rf"<@{re.escape(user)}(?:\|[^<>]*)?>", text) is not None


def addressed_to(text: str) -> str:
    """The id of the person whom a text begins by addressing; empty for none."""
    match = _ADDRESSED.match(text)
    return match[1] if match else ""


def _without(text: str, bot: str) -> str:
    mention = rf"<@{re.escape(bot)}(?:\|[^<>]*)?>"
    text = re.sub(rf"\A(?:\s*{mention}[,:]?)+\s*", "", text)
    return re.sub(rf"[ \t]?{mention}", "", text)


def _entity(inside: str, name_of: NameOf) -> str:
    """What stands between angle brackets, as words; empty when it is none of Slack's markup."""
    target, _, label = inside.partition("|")
    label = _unescaped(label)
    kind, rest = target[:1], target[1:]
    if kind == "@":
        return "@" + (label.lstrip("@") or name_of(rest) or "someone")
    if kind == "#":
        return "#" + (label or "channel")
    if kind == "!":
        return _special(rest, label)
    if target.startswith(("mailto:", "tel:")):
        return label or _unescaped(target.partition(":")[2])
    return label or (_unescaped(target) if "://" in target else "")


def _special(name: str, label: str) -> str:
    """ "here", "channel", "everyone", groups of people, dates."""
    kind, _, _ = name.partition("^")
    if kind == "date":
        return label or "a date"
    if kind == "subteam":
        return label or "@group"
    return label or f"@{kind}"


def _emoji(code: str) -> str:
    if tone := _TONE.fullmatch(code):
        return chr(_LIGHTEST + int(tone[1]) - 2)
    name = code[1:-1]
    found = Emoji.replace(f":{_OTHER_NAMES.get(name, name)}:")
    return code if found.startswith(":") else found


def _unescaped(text: str) -> str:
    return re.sub("&(amp|lt|gt);", lambda match: _SIGNS[match[1]], text)

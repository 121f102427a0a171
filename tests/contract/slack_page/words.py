"""Slack's two kinds of text, mrkdwn and plain, as HTML.

What people wrote is text here whatever it looks like: only the marks that Slack itself reads become
tags, everything else is escaped.
"""

from __future__ import annotations

import re
from html import escape

from tests.contract.slack_page.emoji import emoji
from tests.contract.slack_page.known import Json, Known, link

_MARKS = re.compile(
    r"```\n?(?P<block>.+?)\n?```"
    r"|`(?P<code>[^`\n]+)`"
    r"|<(?P<control>[^<>\n]+)>"
    r"|(?<![\w*])\*(?P<b>\S(?:[^*\n]*\S)?)\*(?![\w*])"
    r"|(?<![\w_])_(?P<i>\S(?:[^_\n]*\S)?)_(?![\w_])"
    r"|(?<![\w~])~(?P<s>\S(?:[^~\n]*\S)?)~(?![\w~])"
    r"|:(?P<emoji>[a-z0-9_+'-]+):",
    re.DOTALL,
)
_EMOJI = re.compile(r":([a-z0-9_+'-]+):")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
_QUOTE = re.compile(r"^(?:>|&gt;) ?")


def text_of(text: Json, known: Known) -> str:
    """A text object of either kind."""
    said = str(text.get("text", ""))
    return mrkdwn(said, known) if text.get("type") == "mrkdwn" else plain(said)


def plain(said: str) -> str:
    """Nothing but emoji and line breaks means anything."""
    parts = _EMOJI.split(said)
    return "".join(emoji(part) if at % 2 else _lines(part) for at, part in enumerate(parts))


def mrkdwn(said: str, known: Known) -> str:
    """Bold, italic, code, links, mentions, quotes."""
    found, quoted = [], False
    for line in _keeping_code_whole(said):
        is_quote = bool(_QUOTE.match(line))
        if is_quote != quoted:
            found.append("<blockquote>" if is_quote else "</blockquote>")
        elif found:
            found.append("<br>")
        quoted = is_quote
        found.append(_marked(_QUOTE.sub("", line) if is_quote else line, known))
    return "".join(found) + ("</blockquote>" if quoted else "")


def _keeping_code_whole(said: str) -> list[str]:
    """Lines, with those of a block of code together."""
    pieces = re.split(r"(```.+?```)", said, flags=re.DOTALL)
    lines = [""]
    for at, piece in enumerate(pieces):
        first, *rest = [piece] if at % 2 else piece.split("\n")
        lines[-1] += first
        lines += rest
    return lines


def _marked(said: str, known: Known) -> str:
    found, last = [], 0
    for match in _MARKS.finditer(said):
        found += [_lines(_decoded(said[last : match.start()])), _one(match, known)]
        last = match.end()
    return "".join(found) + _lines(_decoded(said[last:]))


def _one(match: re.Match[str], known: Known) -> str:
    """One mark and what it holds."""
    kind = match.lastgroup or ""
    inside = match[kind]
    if kind == "block":
        return f"<pre>{escape(_decoded(inside))}</pre>"
    if kind == "code":
        return f"<code>{escape(_decoded(inside))}</code>"
    if kind == "control":
        return _control(inside, known)
    if kind == "emoji":
        return emoji(inside)
    return f"<{kind}>{_marked(inside, known)}</{kind}>"


def _control(inside: str, known: Known) -> str:
    """What stands between < and >: a mention, a link, or nothing that Slack knows."""
    target, _, label = inside.partition("|")
    words = _decoded(label)
    if re.fullmatch(r"@[UW]\w+", target):
        return mention("@" + (words or known.name(target[1:])))
    if re.fullmatch(r"#[CG]\w+", target):
        return mention("#" + (words or known.name(target[1:])))
    if target in ("!here", "!channel", "!everyone"):
        return mention("@" + target[1:], "ping")
    if target.startswith("!"):
        return escape(words)
    if re.match(r"(https?://|mailto:)", target):
        return link(_decoded(target), escape(words or _decoded(target)))
    return escape(f"<{inside}>")


def mention(words: str, kind: str = "mention") -> str:
    return f'<span class="{kind}">{escape(words)}</span>'


def _decoded(said: str) -> str:
    for entity, letter in _ENTITIES:
        said = said.replace(entity, letter)
    return said


def _lines(said: str) -> str:
    return escape(said).replace("\n", "<br>")

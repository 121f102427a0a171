"""Messages with their author, words, blocks, files and reactions."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from html import escape
from itertools import pairwise

from tests.contract.slack_page.blocks import blocks_of
from tests.contract.slack_page.emoji import emoji
from tests.contract.slack_page.known import Json, Known, attribute
from tests.contract.slack_page.words import mrkdwn, plain

_TOGETHER_SECONDS = 300
_COLOURS = ("#4a6fa5", "#a5546c", "#5a8f5a", "#8a6bb0", "#b07a3c")


def messages_of(messages: Sequence[Json], known: Known, *, replies: Json | None = None) -> str:
    """Messages below each other; `replies` counts those that stand in threads, by the root's ts."""
    counted = replies or {}
    return "".join(
        _message(message, known, with_head=head, replies=counted.get(message["ts"], 0))
        for message, head in _with_heads(messages)
    )


def _with_heads(messages: Sequence[Json]) -> Iterator[tuple[Json, bool]]:
    """Whether each shows who wrote it: not when it follows at once on one of the same author."""
    if messages:
        yield messages[0], True
    for before, message in pairwise(messages):
        late = float(message["ts"]) - float(before["ts"]) > _TOGETHER_SECONDS
        private = _private(message) or _private(before)
        yield message, late or private or _author(message) != _author(before)


def _author(message: Json) -> str:
    return str(message.get("user") or message.get("bot_id") or "")


def _private(message: Json) -> bool:
    return bool(message.get("is_ephemeral"))


def is_app(message: Json) -> bool:
    return bool(message.get("bot_id") or message.get("app_id"))


def _message(message: Json, known: Known, *, with_head: bool, replies: int) -> str:
    name = _name(message, known)
    parts = [
        '<div class="private">Only visible to you</div>' if _private(message) else "",
        _head(message, name) if with_head else "",
        _body(message, known),
        _files(message, known),
        _reactions(message),
        f'<div class="replies">{replies} {"reply" if replies == 1 else "replies"}</div>'
        if replies
        else "",
    ]
    kind = "message" + (" ephemeral" if _private(message) else "")
    gutter = _avatar(message, name) if with_head else "<div></div>"
    inside = f'{gutter}<div class="content">{"".join(parts)}</div>'
    return f'<article class="{kind}"{attribute("data-ts", message["ts"])}>{inside}</article>'


def _name(message: Json, known: Known) -> str:
    profile = message.get("bot_profile") or message.get("user_profile") or {}
    told = message.get("username") or profile.get("real_name") or profile.get("name")
    return str(told or known.name(_author(message)))


def _head(message: Json, name: str) -> str:
    badge = '<span class="badge">APP</span>' if is_app(message) else ""
    moment = datetime.fromtimestamp(float(message["ts"]), UTC).strftime("%I:%M %p").lstrip("0")
    return f'<div class="head"><b>{escape(name)}</b>{badge}<time>{moment}</time></div>'


def _avatar(message: Json, name: str) -> str:
    if is_app(message):
        return '<div class="avatar app"></div>'
    colour = _COLOURS[hashlib.sha256(name.encode()).digest()[0] % len(_COLOURS)]
    return f'<div class="avatar" style="background:{colour}">{escape(name[:1].upper())}</div>'


def _body(message: Json, known: Known) -> str:
    """The blocks; the text stands in for them only where there are none.

    Slack does not say "(edited)" of an app's message whose blocks were exchanged (chat.update).
    """
    shown = message.get("edited") and not (is_app(message) and message.get("blocks"))
    edited = ' <span class="edited">(edited)</span>' if shown else ""
    if message.get("blocks"):
        return f'<div class="body">{blocks_of(message["blocks"], known)}{edited}</div>'
    if not message.get("text"):
        return ""
    return f'<div class="body">{mrkdwn(message["text"], known)}{edited}</div>'


def _files(message: Json, known: Known) -> str:
    files = message.get("files", ())
    if not files:
        return ""
    kind = "files one" if len(files) == 1 else "files"
    return f'<div class="{kind}">{"".join(_file(file, known) for file in files)}</div>'


def _file(file: Json, known: Known) -> str:
    name = escape(file.get("title") or file.get("name") or file["id"])
    id_ = attribute("data-file", file["id"])
    if not str(file.get("mimetype", "")).startswith("image/"):
        kind = escape(str(file.get("pretty_type") or file.get("filetype") or "File"))
        return f'<div class="file other"{id_}><b>{name}</b><small>{kind}</small></div>'
    alt = file.get("alt_txt") or file.get("title") or file.get("name") or ""
    shown = known.picture(file["id"], alt)
    return f'<figure class="file"{id_}><figcaption>{name}</figcaption>{shown}</figure>'


def _reactions(message: Json) -> str:
    found = "".join(
        f'<span class="reaction">{emoji(each["name"])} {plain(str(each["count"]))}</span>'
        for each in message.get("reactions", ())
    )
    return f'<div class="reactions">{found}</div>' if found else ""

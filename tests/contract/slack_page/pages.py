"""Slack's client as a page: what people see of messages, modals and App Home, from their JSON.

It is drawn after Slack's desktop client, for looking at what Easel sends and for the pictures in
the docs. It refuses (NotDrawn) what it does not know instead of leaving it out.
"""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Literal

from tests.contract.slack_page.blocks import blocks_of
from tests.contract.slack_page.known import Json, Known
from tests.contract.slack_page.messages import messages_of
from tests.contract.slack_page.words import text_of

Theme = Literal["light", "dark"]

_STYLE = Path(__file__).with_name("slack.css")
_ICON = Path(__file__).parents[3] / "adapters/web/static/icon.svg"
_NOTHING: Mapping[str, bytes] = {}
_NO_NAMES: Mapping[str, str] = {}


def page_of(
    messages: Sequence[Json],
    *,
    theme: Theme = "light",
    title: str = "#design",
    files: Mapping[str, bytes] = _NOTHING,
    names: Mapping[str, str] = _NO_NAMES,
    thread: str = "",
    status: str = "",
) -> str:
    """A channel; with `thread` (the ts of a root) that thread beside it, as when it was opened.

    `messages` are in Slack's own shape, oldest first. A narrow window shows the thread alone.
    `status` is what the app says of itself below the thread ("is drawing").

    Raises NotDrawn for a block or an element that this page does not know.
    """
    known = Known(names, files)
    counts = Counter(message["thread_ts"] for message in messages if not _in_channel(message))
    shown = messages_of([each for each in messages if _in_channel(each)], known, replies=counts)
    channel = _pane("channel", escape(title), shown, f"Message {escape(title)}")
    inside = channel + (_thread_pane(messages, known, thread, title, status) if thread else "")
    return _page(f'<main class="panes">{inside}</main>', theme, title)


def _in_channel(message: Json) -> bool:
    root = message.get("thread_ts") in (None, "", message["ts"])
    return root or message.get("subtype") == "thread_broadcast"


def _thread_pane(
    messages: Sequence[Json], known: Known, thread: str, title: str, status: str
) -> str:
    root = messages_of([each for each in messages if each["ts"] == thread], known)
    replies = [
        each for each in messages if each.get("thread_ts") == thread and each["ts"] != thread
    ]
    word = "reply" if len(replies) == 1 else "replies"
    line = f'<div class="count">{len(replies)} {word}</div>' if replies else ""
    said = f'<div class="status">{escape(status)}</div>' if status else ""
    heading = f'Thread <span class="where">{escape(title)}</span>'
    shown = root + line + messages_of(replies, known) + said
    return _pane("thread", heading, shown, "Reply…")


def _pane(kind: str, heading: str, inside: str, hint: str) -> str:
    return (
        f'<section class="pane {kind}"><h2>{heading}</h2>'
        f'<div class="messages">{inside}</div><div class="composer">{hint}</div></section>'
    )


def modal_page_of(
    view: Json,
    *,
    theme: Theme = "light",
    files: Mapping[str, bytes] = _NOTHING,
    names: Mapping[str, str] = _NO_NAMES,
    errors: Mapping[str, str] = _NO_NAMES,
) -> str:
    """A modal; `errors` are what it says in place after it was sent, by block id.

    Raises NotDrawn.
    """
    known = Known(names, files)
    title = text_of(view["title"], known)
    close = text_of(view.get("close") or {"type": "plain_text", "text": "Cancel"}, known)
    buttons = f'<span class="button">{close}</span>'
    if view.get("submit"):
        buttons += f'<span class="button primary">{text_of(view["submit"], known)}</span>'
    inside = (
        f'<div class="modal" role="dialog"><h2><i class="avatar app"></i>{title}</h2>'
        f'<div class="body">{blocks_of(view["blocks"], known, errors)}</div>'
        f"<footer>{buttons}</footer></div>"
    )
    return _page(f'<main class="shade">{inside}</main>', theme, "Easel")


def home_page_of(
    view: Json,
    *,
    theme: Theme = "light",
    files: Mapping[str, bytes] = _NOTHING,
    names: Mapping[str, str] = _NO_NAMES,
) -> str:
    """The app's home tab. Raises NotDrawn."""
    tabs = "<b>Home</b><span>Messages</span><span>About</span>"
    inside = (
        '<section class="pane home"><h2><i class="avatar app"></i>Easel</h2>'
        f'<nav>{tabs}</nav><div class="body">{blocks_of(view["blocks"], Known(names, files))}'
        "</div></section>"
    )
    return _page(f'<main class="panes">{inside}</main>', theme, "Easel")


def _page(inside: str, theme: Theme, title: str) -> str:
    """A page that needs nothing from anywhere and runs nothing."""
    icon = base64.b64encode(_ICON.read_bytes()).decode()
    style = _STYLE.read_text(encoding="utf-8").replace("ICON", f"data:image/svg+xml;base64,{icon}")
    policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    return (
        f'<!doctype html><html lang="en" data-theme="{theme}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{style}</style></head><body>{inside}</body></html>"
    )

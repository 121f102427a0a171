"""`rich_text` blocks: what Slack's own composer makes of what a person types."""

from __future__ import annotations

from html import escape

from tests.contract.slack_page.emoji import emoji
from tests.contract.slack_page.known import Json, Known, link
from tests.contract.slack_page.words import mention

_STYLES = {"bold": "b", "italic": "i", "strike": "s", "code": "code"}


def rich_text(block: Json, known: Known) -> str:
    return "".join(_part(part, known) for part in block.get("elements", ()))


def _part(part: Json, known: Known) -> str:
    if part["type"] == "rich_text_list":
        items = "".join(f"<li>{_inline(item, known)}</li>" for item in part["elements"])
        tag = "ol" if part.get("style") == "ordered" else "ul"
        return f"<{tag}>{items}</{tag}>"
    tags = {"rich_text_preformatted": "pre", "rich_text_quote": "blockquote"}
    tag = tags.get(part["type"], "div")
    return f"<{tag}>{_inline(part, known)}</{tag}>"


def _inline(part: Json, known: Known) -> str:
    return "".join(_element(element, known) for element in part.get("elements", ()))


def _element(element: Json, known: Known) -> str:
    kind = element["type"]
    if kind == "user":
        found = mention("@" + known.name(element["user_id"]))
    elif kind == "channel":
        found = mention("#" + known.name(element["channel_id"]))
    elif kind == "broadcast":
        found = mention("@" + element["range"], "ping")
    elif kind == "emoji":
        found = emoji(element["name"])
    elif kind == "link":
        found = link(element["url"], escape(element.get("text") or element["url"]))
    else:
        found = escape(element.get("text", "")).replace("\n", "<br>")
    return _styled(found, element.get("style", {}))


def _styled(inside: str, style: Json) -> str:
    for name, tag in _STYLES.items():
        if style.get(name):
            inside = f"<{tag}>{inside}</{tag}>"
    return inside

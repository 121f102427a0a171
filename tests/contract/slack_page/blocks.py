"""Blocks as HTML, one function a type."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape

from tests.contract.slack_page.elements import NotDrawn, element_of, picture_of
from tests.contract.slack_page.known import Json, Known, attribute
from tests.contract.slack_page.rich import rich_text
from tests.contract.slack_page.words import text_of


def blocks_of(blocks: Sequence[Json], known: Known, errors: Mapping[str, str] | None = None) -> str:
    """All blocks; `errors` are what a modal says under its inputs, by block id.

    Raises NotDrawn.
    """
    return "".join(_block(block, known, (errors or {}).get(_id(block), "")) for block in blocks)


def _id(block: Json) -> str:
    return str(block.get("block_id", ""))


def _block(block: Json, known: Known, error: str) -> str:
    kind = block["type"]
    if kind == "input":
        return _input(block, known, error)
    drawn = _DRAWN.get(kind)
    if drawn is None:
        raise NotDrawn(f"block {kind}")
    return f'<div class="block {kind}">{drawn(block, known)}</div>'


def _section(block: Json, known: Known) -> str:
    words = f'<div class="words">{text_of(block["text"], known)}</div>' if "text" in block else ""
    fields = "".join(f"<div>{text_of(field, known)}</div>" for field in block.get("fields", ()))
    if fields:
        words += f'<div class="fields">{fields}</div>'
    accessory = block.get("accessory")
    beside = f'<div class="beside">{element_of(accessory, known)}</div>' if accessory else ""
    return f'<div class="main">{words}</div>{beside}'


def _context(block: Json, known: Known) -> str:
    return "".join(
        element_of(element, known)
        if element["type"] == "image"
        else f"<span>{text_of(element, known)}</span>"
        for element in block["elements"]
    )


def _actions(block: Json, known: Known) -> str:
    return "".join(element_of(element, known) for element in block["elements"])


def _header(block: Json, known: Known) -> str:
    return f"<h3>{text_of(block['text'], known)}</h3>"


def _divider(block: Json, known: Known) -> str:
    return "<hr>"


def _image(block: Json, known: Known) -> str:
    title = f'<div class="title">{text_of(block["title"], known)}</div>' if "title" in block else ""
    return title + known.picture(picture_of(block), block["alt_text"])


def _input(block: Json, known: Known, error: str) -> str:
    optional = ' <span class="optional">(optional)</span>' if block.get("optional") else ""
    label = f'<div class="label">{text_of(block["label"], known)}{optional}</div>'
    hint = f'<div class="hint">{text_of(block["hint"], known)}</div>' if "hint" in block else ""
    wrong = f'<div class="error" role="alert">{escape(error)}</div>' if error else ""
    inside = label + element_of(block["element"], known) + wrong + hint
    return f'<div class="block input"{attribute("data-block", _id(block))}>{inside}</div>'


_DRAWN: dict[str, Callable[[Json, Known], str]] = {
    "section": _section,
    "context": _context,
    "actions": _actions,
    "context_actions": _actions,
    "header": _header,
    "divider": _divider,
    "image": _image,
    "rich_text": rich_text,
}

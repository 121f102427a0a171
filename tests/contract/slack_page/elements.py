"""What can be pressed, chosen or filled in: the elements of actions, sections and inputs."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tests.contract.slack_page.known import Json, Known, attribute, link
from tests.contract.slack_page.words import text_of


class NotDrawn(ValueError):
    """A part of Slack that this page cannot draw, so that nothing is left out in silence."""


def element_of(element: Json, known: Known) -> str:
    """Raises NotDrawn."""
    drawn = _DRAWN.get(element["type"])
    if drawn is None:
        raise NotDrawn(f"element {element['type']}")
    return drawn(element, known)


def _button(element: Json, known: Known) -> str:
    words = text_of(element["text"], known)
    kind = f"button {element.get('style', '')}".strip()
    if element.get("url"):
        return link(element["url"], words, kind)
    return f'<button type="button" class="{kind}"{_action(element)}>{words}</button>'


def _menu(element: Json, known: Known) -> str:
    """A menu that opens; what is chosen at first, or else the placeholder, stands on it."""
    chosen = element.get("initial_option", {}).get("text") or element.get("placeholder", {})
    words = text_of(chosen, known)
    summary = f'<summary class="button select">{words}<span class="down"></span></summary>'
    return _opening(element, summary, known)


def _overflow(element: Json, known: Known) -> str:
    summary = '<summary class="button more" aria-label="More actions">⋯</summary>'
    return _opening(element, summary, known)


def _opening(element: Json, summary: str, known: Known) -> str:
    options = [option for group in _groups(element) for option in group]
    items = "".join(f"<li>{_option_words(option, known)}</li>" for option in options)
    return f'<details class="menu"{_action(element)}>{summary}<ul>{items}</ul></details>'


def _groups(element: Json) -> Iterable[Iterable[Json]]:
    yield element.get("options", ())
    for group in element.get("option_groups", ()):
        yield group["options"]


def _option_words(option: Json, known: Known) -> str:
    words = text_of(option["text"], known)
    if option.get("description"):
        words += f"<small>{text_of(option['description'], known)}</small>"
    return words


def _text_input(element: Json, known: Known) -> str:
    value = element.get("initial_value", "")
    shown = text_of({"type": "plain_text", "text": value}, known) if value else _hint(element)
    kind = "field tall" if element.get("multiline") else "field"
    return f'<div class="{kind}"{_action(element)}>{shown}</div>'


def _hint(element: Json) -> str:
    words = text_of(element.get("placeholder", {}), Known())
    return f'<span class="placeholder">{words}</span>'


def _choices(element: Json, known: Known) -> str:
    """Radio buttons and checkboxes."""
    chosen = element.get("initial_options") or [element.get("initial_option", {})]
    values = [option.get("value") for option in chosen]
    kind = "radio" if element["type"] == "radio_buttons" else "checkbox"
    items = "".join(
        f'<label><input type="{kind}"{" checked" if option["value"] in values else ""}>'
        f"<span>{_option_words(option, known)}</span></label>"
        for option in element["options"]
    )
    return f'<div class="choices"{_action(element)}>{items}</div>'


def _file_input(element: Json, known: Known) -> str:
    return f'<div class="drop"{_action(element)}><span class="button">Upload files</span></div>'


def _image(element: Json, known: Known) -> str:
    return known.picture(picture_of(element), element["alt_text"])


def picture_of(element: Json) -> str:
    """Which picture an image means: a file's id, or an address."""
    file = element.get("slack_file", {})
    return str(element.get("image_url") or file.get("id") or file.get("url") or "")


def _action(element: Json) -> str:
    return attribute("data-action", element.get("action_id"))


_DRAWN: dict[str, Callable[[Json, Known], str]] = {
    "button": _button,
    "workflow_button": _button,
    "static_select": _menu,
    "external_select": _menu,
    "users_select": _menu,
    "conversations_select": _menu,
    "channels_select": _menu,
    "multi_static_select": _menu,
    "multi_users_select": _menu,
    "overflow": _overflow,
    "plain_text_input": _text_input,
    "number_input": _text_input,
    "url_text_input": _text_input,
    "radio_buttons": _choices,
    "checkboxes": _choices,
    "file_input": _file_input,
    "image": _image,
}

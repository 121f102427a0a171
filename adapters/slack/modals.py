"""Dialogs: what they show and what was filled in.

Inputs have the same name as block and as action, so that an error can be said beside the input.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from adapters.chat.enlarging import upscalers
from adapters.chat.filled_in import CHANNEL, FILES, MODEL, SCALE, WORDS
from adapters.slack.escaping import escaped, mrkdwn, plain
from adapters.slack.interactions import Body
from adapters.slack.options import model_options, scale_options
from core.engines.port import ModelCard

EDIT = "easel:edit"
ENLARGE = "easel:enlarge"
CUT_OUT = "easel:cut_out"
ELSEWHERE = "easel:elsewhere"
DELETE = "easel:delete"

MOST_FILES = 10
_TYPES = ("png", "jpg", "jpeg", "webp", "gif", "avif", "bmp", "tif", "tiff", "heic", "heif")
_MOST_TYPED = 3_000

View = dict[str, Any]


def edit_view() -> View:
    """What to change in the picture of a message."""
    typed = {
        "type": "plain_text_input",
        "multiline": True,
        "max_length": _MOST_TYPED,
        "placeholder": plain("make the mug navy, keep the rest", 150),
    }
    return _view(EDIT, "Edit with Easel", "Edit", [_input(WORDS, "What shall I change?", typed)])


def enlarge_view(cards: Sequence[ModelCard], *, files: bool, scale: str = "2x") -> View:
    """How much larger and by which model; `files`: the pictures are given in the dialog."""
    scales, models = scale_options(), model_options(upscalers(cards))
    first = next(each for each in scales if each["value"] == scale)
    blocks = [
        *([_files()] if files else []),
        _input(SCALE, "How much larger?", _select(scales, first)),
        _input(MODEL, "By which model?", _select(models, models[0])),
    ]
    return _view(ENLARGE, "Upscale", "Upscale", blocks)


def cut_out_view() -> View:
    """Pictures whose background is made transparent."""
    return _view(CUT_OUT, "Cut out background", "Cut out", [_files()])


def elsewhere_view(name: str) -> View:
    """In which channel a version shall be shown."""
    chosen = {
        "type": "conversations_select",
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    blocks = [
        _input(CHANNEL, f"Where shall I show {name}?", chosen),
        said_block("It opens a thread of its own there, in which you can go on with it."),
    ]
    return _view(ELSEWHERE, "Show elsewhere", "Show", blocks)


def delete_view(name: str) -> View:
    """Whether a message shall really go."""
    words = f"Delete the message with {name}? The version itself stays in the session."
    return _view(DELETE, "Delete", "Delete", [said_block(words)])


def said(title: str, *paragraphs: str) -> View:
    """A dialog that only says something, in plain words."""
    view = _view("easel:said", title, "", [said_block(words) for words in paragraphs if words])
    return view | {"close": plain("Close", 24)}


def said_block(words: str) -> dict[str, Any]:
    return {"type": "section", "text": mrkdwn(escaped(words, 2_900))}


def chosen(body: Body, name: str) -> Any:
    """What was filled in: files, a text, or the value of a choice. None: nothing."""
    told: Any = body
    for part in ("view", "state", "values", name, name):
        told = told.get(part) if isinstance(told, Mapping) else None
    if not isinstance(told, Mapping):
        return None
    option = told.get("selected_option")
    if isinstance(option, Mapping):
        return option.get("value")
    return told.get("files") or told.get("value") or told.get("selected_conversation")


def _files() -> dict[str, Any]:
    given = {"type": "file_input", "filetypes": list(_TYPES), "max_files": MOST_FILES}
    return _input(FILES, "Pictures", given)


def _input(name: str, label: str, element: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "input",
        "block_id": name,
        "label": plain(label, 2_000),
        "element": {**element, "action_id": name},
    }


def _select(options: list[dict[str, Any]], first: dict[str, Any]) -> dict[str, Any]:
    return {"type": "static_select", "options": options, "initial_option": first}


def _view(callback: str, title: str, submit: str, blocks: list[dict[str, Any]]) -> View:
    view: View = {
        "type": "modal",
        "callback_id": callback,
        "title": plain(title, 24),
        "close": plain("Cancel", 24),
        "blocks": blocks,
    }
    return view | ({"submit": plain(submit, 24)} if submit else {})

"""Rows of buttons under our messages, within Slack's limits.

An action's name stands once in a message, so several versions share one menu instead of having a
row each.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from adapters.chat.values import More, Scale, TurnRef, with_choice
from adapters.slack import buttons
from adapters.slack.escaping import plain
from core.session.models import Turn, Version

Element = dict[str, Any]
_LABEL = 75
_MOST_INSTEAD = 10

_SCALES: dict[Scale, str] = {
    "2x": "2× larger",
    "4x": "4× larger",
    "4k": "To 4K",
    "model": "With a model…",
}
_MORE: dict[More, str] = {
    "edit_from": "Edit from here",
    "transparent": "Transparent",
    "vary": "Variations",
    "details": "Details",
    "show": "Show elsewhere",
    "workspace": "Open in the workspace",
    "delete": "Delete",
}
_BESIDE: tuple[More, ...] = ("transparent", "vary")
"""These have buttons of their own where a message shows one version."""


def actions(elements: Sequence[Element], name: str = "") -> dict[str, Any]:
    """A row. `name` tells it from others of the message."""
    block: dict[str, Any] = {"type": "actions", "elements": list(elements)}
    return block | ({"block_id": name} if name else {})


def versions_row(
    turn: Turn, versions: Sequence[Version], *, workspace: bool
) -> list[dict[str, Any]]:
    """What can be done with the versions that a message shows.

    Links to pages are not put in here: they are made for one person and end, so that they are made
    when somebody asks.
    """
    if not versions:
        return []
    if len(versions) > 1:
        return [actions(_of_several(versions, workspace), "versions")]
    version = versions[0]
    row = [
        *([] if version.asset.alpha else [_button(buttons.TRANSPARENT, "Transparent", version.id)]),
        _select(
            buttons.UPSCALE,
            "Upscale",
            [_option(words, with_choice(name, version.id)) for name, words in _SCALES.items()],
        ),
        _button(buttons.VARIATIONS, "Variations", version.id),
        _button(buttons.UNDO, "Undo", version.id),
        {
            "type": "overflow",
            "action_id": buttons.MORE,
            "options": _more(version, _offered(workspace, _BESIDE), lambda words: words),
        },
    ]
    return [actions(row, "version")]


def cancel(turn: Turn) -> Element:
    return _button(buttons.CANCEL, "Cancel", _ref(turn))


def again(turn: Turn, words: str) -> Element:
    """Ask for the same once more."""
    return _button(buttons.AGAIN, words, _ref(turn))


def offer(turn: Turn, model: str) -> Element:
    """Agree to the model that a failed turn offers."""
    return _button(buttons.OFFER, f"Use {model}", _ref(turn)) | {"style": "primary"}


def instead(turn: Turn, versions: Sequence[Version]) -> Element:
    """Let a turn that waits act on another version, the newest first."""
    newest = sorted(versions, key=lambda version: version.number, reverse=True)
    options = [
        _option(_named(version), with_choice(_ref(turn), version.id))
        for version in newest[:_MOST_INSTEAD]
    ]
    return _select(buttons.INSTEAD, "Edit another", options)


def _of_several(versions: Sequence[Version], workspace: bool) -> list[Element]:
    """A menu to choose one, one to enlarge one, and the way back from all."""

    def of(version: Version) -> Callable[[str], str]:
        return lambda words: f"{version.name}: {words[0].lower()}{words[1:]}"

    larger = [
        _option(of(version)(words), with_choice(name, version.id))
        for version in versions
        for name, words in _SCALES.items()
    ]
    chosen = [
        option
        for each in versions
        for option in _more(
            each, _offered(workspace, ("transparent",) if each.asset.alpha else ()), of(each)
        )
    ]
    return [
        _select(buttons.MORE, "Choose one", chosen),
        _select(buttons.UPSCALE, "Upscale", larger),
        _button(buttons.UNDO, "Undo", versions[-1].id),
    ]


def _offered(workspace: bool, without: Sequence[More]) -> list[More]:
    return [name for name in _MORE if name not in without and (workspace or name != "workspace")]


def _more(version: Version, names: Sequence[More], said: Callable[[str], str]) -> list[Element]:
    return [_option(said(_MORE[name]), with_choice(name, version.id)) for name in names]


def _button(action: str, words: str, value: str) -> Element:
    return {
        "type": "button",
        "action_id": action,
        "text": plain(words, _LABEL),
        "value": value,
    }


def _select(action: str, words: str, options: Sequence[Element]) -> Element:
    return {
        "type": "static_select",
        "action_id": action,
        "placeholder": plain(words, 150),
        "options": list(options),
    }


def _option(words: str, value: str) -> Element:
    return {"text": plain(words, _LABEL), "value": value}


def _named(version: Version) -> str:
    words = version.recipe.words or version.operation
    return f"{version.name}: {words}"


def _ref(turn: Turn) -> str:
    return str(TurnRef(turn.session_id, turn.id))

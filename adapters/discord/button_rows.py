"""Rows of buttons and menus under our messages, within Discord's limits.

A row holds five buttons or one menu, and a menu 25 choices. So what can be done with several
versions is spread over menus, by deeds, and what does not fit is left out from the end.

The name of a menu names the turn: by that, recovery finds a message of ours.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import discord
from discord import ui

from adapters.chat.values import More, Scale, TurnRef, with_choice
from adapters.chat.words import one_line
from adapters.discord import buttons
from adapters.discord.layout import Item
from core.session.models import Turn, Version

_CHOICES = 25
_LABEL, _BUTTON_LABEL = 100, 80
_Option = discord.SelectOption
_Style = discord.ButtonStyle

_SCALES: dict[Scale, str] = {
    "2x": "2× larger",
    "4x": "4× larger",
    "4k": "To 4K",
    "model": "With a model…",
}
_DEEDS: dict[More, str] = {
    "edit": "Edit…",
    "edit_from": "Edit from here",
    "transparent": "Transparent",
    "vary": "Variations",
    "details": "Details",
    "show": "Show elsewhere…",
    "full": "Original file",
}
_ALONE: tuple[More, ...] = ("edit_from", "details", "show")
"""What stands in the menu of a message with one version; the rest are buttons there."""
_OF_ALL: dict[More, str] = {
    "workspace": "Open in the workspace",
    "report": "Report…",
    "delete": "Delete",
}
"""What is about the message, however many versions it shows."""


@dataclass(frozen=True)
class Offers:
    """What there is beside the usual: pages to open, moderators to report to, other channels.

    `partial` are ids of versions whose file here is not the picture as it was made.
    """

    workspace: bool = False
    report: bool = False
    elsewhere: bool = True
    partial: frozenset[str] = frozenset()

    def has(self, deed: More) -> bool:
        """Whether a deed that is not always there is."""
        possible: dict[More, bool] = {
            "workspace": self.workspace,
            "report": self.report,
            "show": self.elsewhere,
        }
        return possible.get(deed, True)

    def full(self, version: Version) -> bool:
        """Whether the whole is somewhere else, and can be had there."""
        return self.workspace and version.id in self.partial


def versions_rows(turn: Turn, versions: Sequence[Version], offers: Offers) -> list[Item]:
    """What can be done with the versions that a message shows.

    Links to pages are not put in here: they are made for one person and end, so that they are made
    when somebody asks.
    """
    if not versions:
        return []
    if len(versions) > 1:
        return _of_several(turn, versions, offers)
    [version] = versions
    row = [
        _button(buttons.EDIT, "Edit", version.id, _Style.primary),
        *([] if version.asset.alpha else [_button(buttons.TRANSPARENT, "Transparent", version.id)]),
        _button(buttons.VARIATIONS, "Variations", version.id),
        _button(buttons.UNDO, "Undo", version.id),
        *([_button(buttons.FULL, "Original file", version.id)] if offers.full(version) else []),
    ]
    more = [_option(_DEEDS[deed], deed, version) for deed in _ALONE if offers.has(deed)]
    more += _about_all(version, offers)
    return [
        ui.ActionRow(*row),
        _menu(buttons.UPSCALE, "Upscale", _ref(turn), _scales([version])),
        _menu(buttons.MORE, "More", _ref(turn), more),
    ]


def working_rows(turn: Turn, others: Sequence[Version]) -> list[Item]:
    """Cancel, and which of `others` to act on instead, the newest first."""
    rows: list[Item] = [ui.ActionRow(_button(buttons.CANCEL, "Cancel", _ref(turn)))]
    newest = sorted(others, key=lambda version: version.number, reverse=True)
    if options := [_Option(label=_named(each), value=each.id) for each in newest[:_CHOICES]]:
        rows.append(_menu(buttons.INSTEAD, "Edit another", _ref(turn), options))
    return rows


def again_row(turn: Turn, words: str, offered: str | None = None) -> list[Item]:
    """Ask for the same once more, or agree to the model that a failed turn offers."""
    agree = [_button(buttons.OFFER, f"Use {offered}", _ref(turn), _Style.success)]
    return [ui.ActionRow(*(agree if offered else []), _button(buttons.AGAIN, words, _ref(turn)))]


def _of_several(turn: Turn, versions: Sequence[Version], offers: Offers) -> list[Item]:
    """Menus to choose one and what to do with it, one to enlarge one, and the way back from all."""
    per_menu = _CHOICES // len(versions)
    deeds = [deed for deed in _DEEDS if offers.has(deed)]
    menus = [
        _chosen(versions, deeds[first : first + per_menu], offers)
        for first in range(0, len(deeds), per_menu)
    ]
    about_all = _about_all(versions[-1], offers)
    if len(menus[-1]) + len(about_all) > _CHOICES:
        menus.append([])
    menus[-1] += about_all
    scales = _scales(versions)[: per_menu * len(versions)]
    return [
        *(
            _menu(buttons.MORE, _MENUS[number], _numbered(turn, number), options)
            for number, options in enumerate(menus[: len(_MENUS)])
            if options
        ),
        _menu(buttons.UPSCALE, "Upscale one", _ref(turn), scales),
        ui.ActionRow(_button(buttons.UNDO, "Undo", versions[-1].id)),
    ]


_MENUS = ("Choose one", "Do more with one", "Look at one", "More")


def _chosen(versions: Sequence[Version], deeds: Sequence[More], offers: Offers) -> list[_Option]:
    return [
        _option(_of(version, _DEEDS[deed]), deed, version)
        for deed in deeds
        for version in versions
        if not (deed == "transparent" and version.asset.alpha)
        and not (deed == "full" and not offers.full(version))
    ]


def _scales(versions: Sequence[Version]) -> list[_Option]:
    """By how much first, so that of many versions each has the usual ones."""
    said: Callable[[Version, str], str] = _of if len(versions) > 1 else lambda _, words: words
    return [
        _Option(label=said(version, words), value=with_choice(name, version.id))
        for name, words in _SCALES.items()
        for version in versions
    ]


def _about_all(version: Version, offers: Offers) -> list[_Option]:
    return [_option(words, deed, version) for deed, words in _OF_ALL.items() if offers.has(deed)]


def _option(words: str, deed: More, version: Version) -> _Option:
    return _Option(label=one_line(words, _LABEL), value=with_choice(deed, version.id))


def _of(version: Version, words: str) -> str:
    return f"{version.name}: {words[0].lower()}{words[1:]}"


def _button(
    action: str, words: str, ref: str, style: discord.ButtonStyle = _Style.secondary
) -> ui.Button[Any]:
    return ui.Button(
        label=one_line(words, _BUTTON_LABEL), custom_id=buttons.custom_id(action, ref), style=style
    )


def _menu(action: str, words: str, ref: str, options: Sequence[_Option]) -> Item:
    menu: ui.Select[Any] = ui.Select(
        custom_id=buttons.custom_id(action, ref), placeholder=words, options=list(options)
    )
    return ui.ActionRow(menu)


def _named(version: Version) -> str:
    words = version.recipe.words or version.operation
    return one_line(f"{version.name}: {words}", _LABEL)


def _numbered(turn: Turn, number: int) -> str:
    """Each menu of a message has a name of its own."""
    return with_choice(_ref(turn), str(number + 1)) if number else _ref(turn)


def _ref(turn: Turn) -> str:
    return str(TurnRef(turn.session_id, turn.id))

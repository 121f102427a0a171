"""The parts that our messages are built of, within Discord's limits.

A message has at most 40 components and 4,000 characters of text in all. So text is added while
there is room for it, the most important first, and what has none is left out whole: half a line of
markdown could mean something else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import discord
from discord import ui
from discord.ui.view import BaseView

from adapters.chat.words import clipped, one_line
from adapters.discord.escaping import escaped

Item = ui.Item[Any]

BUSY, READY, FAILED, QUIET = 0x4F7DF0, 0x3BA55D, 0xD83C3E, 0x80848E
"""Colours beside a message: it is at work, it is done, it failed, there is nothing to do."""

_TEXT = 3_900
_ALT = 1_024
_SMALL_LETTERS = 400
_MOST_PICTURES = 10


@dataclass(frozen=True)
class Picture:
    """A file of the message, shown in it. `alt` is for those who do not see it."""

    name: str
    alt: str


class Text:
    """The words of one message, in as many blocks as it likes."""

    def __init__(self) -> None:
        self._room = _TEXT
        self._lines: list[str] = []

    def say(self, markdown: str) -> None:
        """A line; it is left out where there is no room for it."""
        if markdown and len(markdown) < self._room:
            self._lines.append(markdown)
            self._room -= len(markdown) + 1

    def small(self, words: str) -> None:
        """Somebody's words as a line of small print."""
        if told := escaped(one_line(words, _SMALL_LETTERS), _SMALL_LETTERS * 2):
            self.say(f"-# {told}")

    def block(self) -> list[Item]:
        """What was said since the last block; none when nothing was."""
        lines, self._lines = self._lines, []
        return [ui.TextDisplay("\n".join(lines))] if lines else []


def gallery(pictures: Sequence[Picture]) -> list[Item]:
    """The pictures, side by side."""
    if not pictures:
        return []
    shown = [
        discord.MediaGalleryItem(_uri(each.name), description=clipped(each.alt, _ALT) or None)
        for each in pictures[:_MOST_PICTURES]
    ]
    return [ui.MediaGallery(*shown)]


def beside(blocks: Sequence[Item], picture: Picture | None) -> list[Item]:
    """Text with a small picture at its side."""
    if picture is None or not blocks:
        return list(blocks)
    small: ui.Thumbnail[Any] = ui.Thumbnail(
        _uri(picture.name), description=clipped(picture.alt, _ALT) or None
    )
    return [ui.Section(*blocks, accessory=small)]


def card(colour: int, *parts: Sequence[Item]) -> ui.LayoutView:
    """A whole message. Buttons in it are handled by their names; nothing of it is kept here."""
    view = ui.LayoutView(timeout=None)
    items = [item for part in parts for item in part]
    view.add_item(ui.Container(*items, accent_colour=colour))
    return view


def components(view: BaseView) -> list[dict[str, Any]]:
    """What Discord is sent."""
    return view.to_components()


def _uri(name: str) -> str:
    return f"attachment://{name}"

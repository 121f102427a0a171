"""Settings as a message that only one person sees: menus that save at once, or lines to be read.

It is drawn anew from what is decided whenever something in it is used.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import discord
from discord import ui

from adapters.discord import settings_choices as choices
from adapters.discord.escaping import escaped
from adapters.discord.layout import QUIET, Item, Text, card
from adapters.discord.settings_menus import Known, menu
from adapters.discord.settings_spots import PAGES, PAGES_OF, Scope, Spot, inputs_of

_SWITCH: Mapping[Scope, str] = {
    "c": "This channel's settings…",
    "g": "The server's settings…",
    "m": "My settings…",
}
_ABOUT: Mapping[Scope, str] = {
    "c": "What is chosen holds here and in the threads of this channel, from the next message "
    "on. What is left to the server is as it decides.",
    "g": "What is chosen holds in all channels that have not decided otherwise, from the next "
    "message on.",
    "m": "These hold in direct messages with me, and wherever you use me by yourself.",
}


def panel(spot: Spot, known: Known) -> ui.LayoutView:
    """A page of menus."""
    parts: list[Item] = [*_head(spot.scope, known)]
    for name in inputs_of(spot.scope, spot.page):
        parts += menu(spot, known, name)
    return card(QUIET, parts, _navigation(spot, known))


def read_only(spot: Spot, known: Known, *, back: Scope | None) -> ui.LayoutView:
    """What holds, for who may not decide. `back`: whose settings they may decide instead."""
    text = Text()
    text.say(_title(spot.scope, known))
    for line in choices.settings_lines(known.holding, known.catalog):
        text.say(line)
    who = "Those who manage this server"
    who += " or this channel can" if spot.scope == "c" else " can"
    text.say(f"-# {who} change this, in this same place.")
    row = [_button(_SWITCH[back], Spot(back).id())] if back else []
    return card(QUIET, text.block(), [ui.ActionRow(*row)] if row else [])


def _head(scope: Scope, known: Known) -> list[Item]:
    text = Text()
    text.say(f"{_title(scope, known)}\n{_ABOUT[scope]}")
    if known.notice:
        text.say(f"**{escaped(known.notice, 900)}**")
    return text.block()


def _title(scope: Scope, known: Known) -> str:
    if scope == "c":
        return f"### Settings of <#{known.channel}>"
    return "### Settings of this server" if scope == "g" else "### Your settings"


def _navigation(spot: Spot, known: Known) -> list[Item]:
    pages = PAGES_OF[spot.scope]
    row = [
        _button(PAGES[page], Spot(spot.scope, page).id(), chosen=page == spot.page)
        for page in pages
        if len(pages) > 1
    ]
    if spot.scope != "m":
        other: Scope = "g" if spot.scope == "c" else "c"
        row.append(_button(_SWITCH[other], Spot(other, spot.page).id()))
    models = choices.pages_of(choices.eligible(known.catalog))
    if spot.page == "pictures" and models > 1:
        following = Spot(spot.scope, spot.page, spot.number % models + 1)
        row.append(_button("Other models…", following.id()))
    return [ui.ActionRow(*row)] if row else []


def _button(label: str, name: str, *, chosen: bool = False) -> ui.Button[Any]:
    style = discord.ButtonStyle.primary if chosen else discord.ButtonStyle.secondary
    return ui.Button(label=label, custom_id=name, style=style, disabled=chosen)

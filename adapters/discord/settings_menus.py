"""The menus of settings: each shows what is decided, and what deciding nothing would mean."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import discord
from discord import ui

from adapters.chat.settings import LEFT, LISTEN
from adapters.chat.words import one_line
from adapters.discord import settings_choices as choices
from adapters.discord.escaping import escaped
from adapters.discord.layout import Item
from adapters.discord.settings_choices import (
    BLOCKED,
    GATE,
    MODELS,
    NO_QUOTA,
    QUESTIONS,
    QUOTA,
    QUOTAS,
    REPORTS,
    ROLES,
    UNQUOTA,
)
from adapters.discord.settings_spots import Spot
from core.engines.catalog import Catalog
from core.engines.port import ModelCard
from core.engines.wording import price_words
from core.policy.blocks import Block
from core.policy.rules import EVERYBODY, Rules

_MOST_OPTIONS = 25
_OPTION = 100
_BLOCKS_TOLD = 10
_NAME, _REASON = 60, 120


@dataclass(frozen=True, kw_only=True)
class Known:
    """What a panel shows.

    `rules` are decided here, `below` is what holds where nothing is. `channel` is its id.
    `roles` are the names of the server's roles by id. `role`: for which one a quota is asked.
    `notice` are plain words about what was just done.
    """

    rules: Rules
    below: Rules
    catalog: Catalog
    channel: str = ""
    roles: Mapping[str, str] = field(default_factory=dict)
    channels: Collection[str] = ()
    blocked: Sequence[Block] = ()
    hears: bool = True
    looks: bool = True
    role: str = ""
    notice: str = ""

    @property
    def holding(self) -> Rules:
        return self.below.under(self.rules)


def menu(spot: Spot, known: Known, name: str) -> list[Item]:
    """One menu with its question; nothing where there is nothing to choose from."""
    match name:
        case "model":
            return _asked(name, _one(spot, known, name, _model_options(spot, known)))
        case "models":
            return _models(spot, known)
        case "roles":
            return _asked(name, _roles(spot, known))
        case "quotas":
            return _quotas(spot, known)
        case "quotarole":
            menu: ui.RoleSelect[Any] = ui.RoleSelect(
                custom_id=spot.id(name), placeholder="A role that has another number…"
            )
            return [ui.ActionRow(menu)]
        case "quota":
            return _quota(spot, known)
        case "unquota":
            return _unquota(spot, known)
        case "reports":
            return _asked(name, _reports(spot, known), *_left_as(spot, known, REPORTS))
        case "blocked":
            return _blocked(spot, known)
    options = _options(known.rules, name)
    return _asked(name, _one(spot, known, name, options), *_warnings(known, name))


def _asked(name: str, menu: ui.Item[Any], *more: str) -> list[Item]:
    words = "\n".join([f"**{QUESTIONS[name]}**", *more])
    return [ui.TextDisplay(words), ui.ActionRow(menu)]


def _one(
    spot: Spot, known: Known, name: str, options: Sequence[tuple[str, str, str]]
) -> ui.Select[Any]:
    """A menu of which one is chosen; the first choice is to decide nothing here."""
    now = choices.decided(known.rules, name) or LEFT
    left = (_left(spot, known, name), LEFT, "")
    return _select(spot.id(name), [left, *options], [now])


def _select(
    name: str,
    options: Sequence[tuple[str, str, str]],
    chosen: Collection[str],
    *,
    placeholder: str = "",
    several: bool = False,
) -> ui.Select[Any]:
    """`options` are words, value, and words of less weight."""
    shown = [
        discord.SelectOption(
            label=one_line(words, _OPTION) or value,
            value=value,
            description=one_line(less, _OPTION) or None,
            default=value in chosen,
        )
        for words, value, less in options[:_MOST_OPTIONS]
    ]
    return ui.Select(
        custom_id=name,
        options=shown,
        placeholder=placeholder or None,
        min_values=0 if several else 1,
        max_values=len(shown) if several else 1,
    )


def _left(spot: Spot, known: Known, name: str) -> str:
    """What deciding nothing means here, as plain words."""
    whose = "As the server" if spot.scope == "c" else "As usual"
    return f"{whose}: {choices.in_words(known.below, name, known.catalog)}"


def _left_as(spot: Spot, known: Known, name: str) -> list[str]:
    """The same as a line of small markdown, for menus that have no such choice."""
    if spot.scope != "c":
        return []
    told = choices.in_markdown(known.below, name, known.catalog)
    return [f"-# Where nothing is chosen, as the server: {told}"]


def _options(rules: Rules, name: str) -> list[tuple[str, str, str]]:
    """The choices of an input, and what is chosen where that is none of them."""
    offered = choices.CHOICES[name]
    now = choices.decided(rules, name)
    own = [] if now is None or now in offered else [(f"{now} seconds", now, "")]
    return [*((words, value, "") for value, words in offered.items()), *own]


def _model_options(spot: Spot, known: Known) -> list[tuple[str, str, str]]:
    able = choices.eligible(known.catalog.within(known.holding.models or ()))
    options = [_of(each) for each in choices.models_on(spot.number, able)]
    now = known.rules.options.model
    if now is None or any(value == now for _, value, _ in options):
        return options
    there = next((_of(each) for each in able if each.id == now), None)
    return [there or (f"{now} (can't be had just now)", now, ""), *options]


def _of(each: ModelCard) -> tuple[str, str, str]:
    return (each.title, each.id, price_words(each))


def _models(spot: Spot, known: Known) -> list[Item]:
    shown = choices.models_on(spot.number, choices.eligible(known.catalog))
    if not shown:
        return [ui.TextDisplay("No model that draws is set up yet.")]
    menu = _select(
        spot.id(MODELS),
        [_of(each) for each in shown],
        known.rules.models or (),
        placeholder="All of them",
        several=True,
    )
    return _asked(MODELS, menu, *_left_as(spot, known, MODELS))


def _roles(spot: Spot, known: Known) -> ui.RoleSelect[Any]:
    there = [role for role in known.rules.roles or () if role in known.roles]
    return ui.RoleSelect(
        custom_id=spot.id(ROLES),
        placeholder="Choose roles…",
        max_values=_MOST_OPTIONS,
        default_values=[discord.Object(int(role), type=discord.Role) for role in there],
    )


def _quotas(spot: Spot, known: Known) -> list[Item]:
    now = choices.quota_choice(known.rules) or LEFT
    options = [
        (_left(spot, known, QUOTAS), LEFT, ""),
        ("As many as they like", NO_QUOTA, ""),
        *_numbers(now),
    ]
    lines = choices.quota_lines(known.rules)
    told = ["-# Who has several roles has the largest number of them.", *lines] if lines else []
    return _asked(QUOTAS, _select(spot.id(QUOTAS), options, [now]), *told)


def _numbers(now: str = "") -> Iterator[tuple[str, str, str]]:
    for number in sorted({*choices.NUMBERS, *([int(now)] if now.isdecimal() else [])}):
        yield choices.quota_words(number), str(number), ""


def _quota(spot: Spot, known: Known) -> list[Item]:
    """How many turns the role has that was just chosen."""
    if not known.role:
        return []
    now = str((known.rules.quotas or {}).get(known.role, ""))
    asked = f"How many for {known.roles.get(known.role, 'this role')}?"
    menu = _select(
        spot.id(QUOTA, known.role),
        list(_numbers(now)),
        [now],
        placeholder=one_line(asked, _OPTION),
    )
    return [ui.ActionRow(menu)]


def _unquota(spot: Spot, known: Known) -> list[Item]:
    """The roles that have a number of their own, to take it from them."""
    own = [role for role in known.rules.quotas or {} if role != EVERYBODY]
    if not own:
        return []
    options = [(known.roles.get(role, "A role that is gone"), role, "") for role in own]
    menu = _select(spot.id(UNQUOTA), options, [], placeholder="Take its number from a role…")
    return [ui.ActionRow(menu)]


def _reports(spot: Spot, known: Known) -> ui.ChannelSelect[Any]:
    now = choices.reports_channel(known.rules)
    there = [discord.Object(int(now), type=discord.TextChannel)] if now in known.channels else []
    return ui.ChannelSelect(
        custom_id=spot.id(REPORTS),
        channel_types=[discord.ChannelType.text],
        placeholder="Choose a channel…",
        min_values=0,
        default_values=there,
    )


def _blocked(spot: Spot, known: Known) -> list[Item]:
    """Who is shut out, the latest first, to let them in again."""
    if not known.blocked:
        return [ui.TextDisplay("Nobody is blocked.")]
    lines = [_line(block) for block in known.blocked[:_BLOCKS_TOLD]]
    if len(known.blocked) > _BLOCKS_TOLD:
        lines.append(f"…and {len(known.blocked) - _BLOCKS_TOLD} more.")
    options = [
        (block.name or _user(block), _user(block), block.reason)
        for block in known.blocked[:_MOST_OPTIONS]
    ]
    menu = _select(spot.id(BLOCKED), options, [], placeholder="Let somebody use me again…")
    return _asked(BLOCKED, menu, *lines)


def _line(block: Block) -> str:
    name = escaped(one_line(block.name, _NAME), 2 * _NAME) or _user(block)
    why = escaped(one_line(block.reason, _REASON), _REASON)
    told = f"- {name}, <t:{int(block.at.timestamp())}:R>"
    return f"{told}: {why}" if why else told


def _user(block: Block) -> str:
    return block.actor.rpartition(":")[2]


def _warnings(known: Known, name: str) -> list[str]:
    """What stands in the way of a choice, as markdown."""
    if name == LISTEN and not known.hears:
        return ["-# I can't read replies that do not mention me: that takes the content intent."]
    if name == GATE and not known.looks:
        return ["-# Pictures can't be looked at here: the extra “safety” is not installed."]
    return []

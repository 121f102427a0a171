"""What was chosen in a menu of settings, looked at again and saved: a client may send anything.

Two who decide at the same time must not undo each other's choice, so that what is decided is read
and written by one at a time. A server's interactions all come to one process, the one that holds
its shard.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakValueDictionary

import discord

from adapters.chat.filled_in import InInput
from adapters.chat.settings import (
    LEFT,
    MODEL,
    QUALITY,
    WHO,
    check_quality,
    knows_quality,
    model_title,
)
from adapters.discord import settings_choices as choices
from adapters.discord.front import Front
from adapters.discord.places import Place
from adapters.discord.seeing import permissions
from adapters.discord.settings_choices import (
    BLOCKED,
    MODELS,
    NO_QUOTA,
    QUOTA,
    QUOTA_ROLE,
    QUOTAS,
    REPORTS,
    ROLES,
    UNQUOTA,
)
from adapters.discord.settings_spots import Spot
from core.engines.catalog import Catalog
from core.errors import EaselError
from core.policy.quotas import MOST_COUNTED
from core.policy.rules import EVERYBODY, Rules

Interaction = discord.Interaction[Any]

_MOST_VALUES = 25
_DIGITS = 4
_ONE_OF_THE_LIST = "Choose one of the list."
_SAVED = "Saved. It holds from the next message on."

_SAVING: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
"""By workspace; gone when nobody saves."""


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """What somebody chose, and what it is decided upon."""

    interaction: Interaction
    spot: Spot
    values: Sequence[str]
    catalog: Catalog
    rules: Rules
    below: Rules

    @property
    def one(self) -> str:
        """The only choice. Raises InInput."""
        if len(self.values) != 1:
            raise InInput(self.spot.what, _ONE_OF_THE_LIST)
        return self.values[0]

    @property
    def holding(self) -> Rules:
        return self.below.under(self.rules)


def chosen_values(interaction: Interaction) -> tuple[str, ...]:
    """What a client says was chosen."""
    told: Any = interaction.data or {}
    values = told.get("values")
    found = values if isinstance(values, list) else []
    return tuple(each for each in found[: _MOST_VALUES + 1] if isinstance(each, str))


def channel_of(place: Place, spot: Spot) -> str:
    """Which channel's rules a panel is about; empty for all of a server's, or of a person's."""
    return place.payer_channel if spot.scope == "c" else ""


async def below(front: Front, place: Place, spot: Spot) -> Rules:
    """What holds where a panel decides nothing."""
    return await front.rules.decided(place.workspace) if spot.scope == "c" else Rules()


async def save(front: Front, place: Place, interaction: Interaction, spot: Spot) -> str:
    """Decide what was chosen; gives plain words about it. Raises InInput, Unavailable."""
    values = chosen_values(interaction)
    if spot.what == BLOCKED:
        return await _let_in(front, place, values)
    channel = channel_of(place, spot)
    async with _SAVING.setdefault(place.workspace, asyncio.Lock()):
        chosen = Chosen(
            interaction=interaction,
            spot=spot,
            values=values,
            catalog=front.catalog,
            rules=await front.rules.decided(place.workspace, channel),
            below=await below(front, place, spot),
        )
        after, left_out = _without_contradictions(_READ.get(spot.what, _listed)(chosen), chosen)
        if after != chosen.rules:
            await front.rules.decide(place.workspace, channel, after)
    return " ".join([_SAVED, *left_out])


def role_chosen(interaction: Interaction) -> str:
    """The role for which a number is asked next. Raises InInput."""
    values = chosen_values(interaction)
    if len(values) != 1:
        raise InInput(QUOTA_ROLE, _ONE_OF_THE_LIST)
    if values[0] == str(interaction.guild_id):
        raise InInput(QUOTA_ROLE, "Everybody has that role.", "Use the menu above for everybody.")
    return _role(interaction, QUOTA_ROLE, values[0])


def _listed(chosen: Chosen) -> Rules:
    """An input of which one of a few is chosen."""
    name, value = chosen.spot.what, chosen.one
    if value == LEFT:
        return choices.decision(chosen.rules, name, None)
    if value == choices.decided(chosen.rules, name):
        return chosen.rules
    if value not in choices.CHOICES[name]:
        raise InInput(name, _ONE_OF_THE_LIST)
    if name == QUALITY:
        check_quality(chosen.catalog, chosen.holding.options.model, value)
    if (name, value) == (WHO, "roles") and not chosen.holding.roles:
        raise InInput(name, "Nobody could ask me then.", "Choose the roles, in the menu below.")
    return choices.decision(chosen.rules, name, value)


def _model(chosen: Chosen) -> Rules:
    value = chosen.one
    if value == LEFT:
        return choices.decision(chosen.rules, MODEL, None)
    if value == chosen.rules.options.model:
        return chosen.rules
    if value not in {card.id for card in choices.eligible(chosen.catalog)}:
        raise InInput(MODEL, "That model can't be had just now.", "Choose another.")
    if not chosen.catalog.within(chosen.holding.models or ()).allows(value):
        raise InInput(MODEL, "That model may not be used here.", "Allow it first, below.")
    return choices.decision(chosen.rules, MODEL, value)


def _models(chosen: Chosen) -> Rules:
    """The models of one page; what was chosen on others stays."""
    able = choices.eligible(chosen.catalog)
    before = chosen.rules.models or ()
    if not set(chosen.values) <= {*before, *(card.id for card in able)}:
        raise InInput(MODELS, "One of these models can't be had just now.", "Choose others.")
    shown = {card.id for card in choices.models_on(chosen.spot.number, able)}
    kept = [model for model in before if model not in shown]
    return chosen.rules.changed(models=tuple(dict.fromkeys([*kept, *chosen.values])))


def _roles(chosen: Chosen) -> Rules:
    """Who has one of these roles may ask; to choose them is to decide that."""
    values = tuple(dict.fromkeys(chosen.values))
    if not 1 <= len(values) <= _MOST_VALUES:
        raise InInput(ROLES, "Choose up to 25 roles.", "To let everyone ask, say so above.")
    if str(chosen.interaction.guild_id) in values:
        raise InInput(ROLES, "Everybody has one of these roles.", "To let everyone ask, say so.")
    roles = tuple(_role(chosen.interaction, ROLES, value) for value in values)
    return chosen.rules.changed(who="roles", roles=roles)


def _quotas(chosen: Chosen) -> Rules:
    """The number for everybody; to leave it to the server takes those of roles with it."""
    value = chosen.one
    if value == LEFT:
        return chosen.rules.changed(quotas=None)
    roles = {role: most for role, most in _numbers(chosen).items() if role != EVERYBODY}
    if value == NO_QUOTA:
        return chosen.rules.changed(quotas=roles)
    return chosen.rules.changed(quotas={EVERYBODY: _number(QUOTAS, value), **roles})


def _quota(chosen: Chosen) -> Rules:
    role, quotas = _role(chosen.interaction, QUOTA, chosen.spot.about), _numbers(chosen)
    if role not in quotas and len(quotas) >= choices.MOST_QUOTAS:
        raise InInput(QUOTA, "These are too many numbers.", "Take it from another role first.")
    return chosen.rules.changed(quotas=quotas | {role: _number(QUOTA, chosen.one)})


def _unquota(chosen: Chosen) -> Rules:
    if chosen.one not in (chosen.rules.quotas or {}):
        return chosen.rules
    left = {role: most for role, most in _numbers(chosen).items() if role != chosen.one}
    return chosen.rules.changed(quotas=left)


def _reports(chosen: Chosen) -> Rules:
    if not chosen.values:
        return chosen.rules.changed(reports=None)
    guild, named, member = chosen.interaction.guild, chosen.one, chosen.interaction.user
    channel = guild.get_channel(int(named)) if guild and named.isdecimal() else None
    if guild is None or not isinstance(channel, discord.TextChannel):
        raise InInput(REPORTS, "That is no channel of this server.", "Choose another.")
    if not (isinstance(member, discord.Member) and permissions(channel, member).view_channel):
        raise InInput(REPORTS, "You can't see that channel yourself.", "Choose another.")
    may = permissions(channel, guild.me)
    if not (may.view_channel and may.send_messages):
        hint = "Let me see it and send messages there, or choose another."
        raise InInput(REPORTS, "I can't write into that channel.", hint)
    return chosen.rules.changed(reports=f"discord:{channel.id}")


_READ: Mapping[str, Callable[[Chosen], Rules]] = {
    MODEL: _model,
    MODELS: _models,
    ROLES: _roles,
    QUOTAS: _quotas,
    QUOTA: _quota,
    UNQUOTA: _unquota,
    REPORTS: _reports,
}


def _without_contradictions(rules: Rules, chosen: Chosen) -> tuple[Rules, list[str]]:
    """Rules without a model that they forbid and a quality that their model does not know; and
    what is said of that."""
    told = []
    holding = chosen.below.under(rules)
    model = rules.options.model
    if model is not None and not chosen.catalog.within(holding.models or ()).allows(model):
        rules = choices.decision(rules, MODEL, None)
        title = model_title(chosen.catalog, model)
        told.append(f"{title} may not be used any more, so the model is not decided now.")
    decided = rules.options.quality is not None
    if decided and not _fits(chosen.catalog, chosen.below.under(rules)):
        rules = choices.decision(rules, QUALITY, None)
        told.append("The model does not know the quality, so that is not decided now.")
    return rules, told


def _fits(catalog: Catalog, holding: Rules) -> bool:
    if holding.options.model is None:
        return True
    try:
        return knows_quality(catalog.find(holding.options.model), holding.options.quality)
    except EaselError:
        return True


def _numbers(chosen: Chosen) -> dict[str, int]:
    """The numbers that hold: where the first is decided here, the server's are taken along."""
    return dict(chosen.holding.quotas or {})


def _number(name: str, value: str) -> int:
    if not (value.isdecimal() and len(value) <= _DIGITS and int(value) <= MOST_COUNTED):
        raise InInput(name, _ONE_OF_THE_LIST)
    return int(value)


def _role(interaction: Interaction, name: str, value: str) -> str:
    """The id of a role of the server. Raises InInput."""
    guild = interaction.guild
    if guild is None or not value.isdecimal() or guild.get_role(int(value)) is None:
        raise InInput(name, "That is no role of this server.", "Choose another.")
    return value


async def _let_in(front: Front, place: Place, values: Sequence[str]) -> str:
    """Let somebody use Easel again; who is let in already stays so. Raises InInput."""
    if len(values) != 1 or not values[0].isdecimal():
        raise InInput(BLOCKED, _ONE_OF_THE_LIST)
    await front.blocks.unblock(place.workspace, f"discord:{values[0]}")
    return "They can use me again."

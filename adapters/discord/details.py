"""The recipe of a version, as people read it: how the picture came to be."""

from __future__ import annotations

from collections.abc import Sequence

from discord import ui

from adapters.chat.details import facts_of, report_of
from adapters.discord.escaping import escaped
from adapters.discord.layout import QUIET, Text, card
from core.session.models import Version

_WORDS, _FACT, _REPORT = 2_000, 200, 600


def details_card(version: Version, parents: Sequence[str]) -> ui.LayoutView:
    """`parents`: the names of the versions that it was made from."""
    text = Text()
    text.say(f"**Details of {escaped(version.name, 20)}**")
    for name, value in facts_of(version, parents).items():
        text.say(f"**{name}:** {escaped(value, _FACT)}")
    text.small(f"Version {version.id}")
    words = escaped(version.recipe.words, _WORDS).strip()
    text.say(f"**Words**\n{words}" if words else "")
    text.say(escaped(report_of(version), _REPORT))
    return card(QUIET, text.block())

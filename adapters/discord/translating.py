"""The words of our commands in other languages, from the tables in `locales`.

A table is named after one of Discord's locales and leads from the English words to those of its
language. Names that are typed ("/imagine", "prompt") stay English, so that people can tell each
other what to type; what a table lacks stays English too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources

import discord
from discord import app_commands
from discord.app_commands import TranslationContextLocation as Location

_TYPED = (Location.group_name, Location.parameter_name)


class Tables(app_commands.Translator):
    """discord.py's port for translations."""

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        return None if is_typed(context) else tables().get(locale.value, {}).get(string.message)


def is_typed(context: app_commands.TranslationContextTypes) -> bool:
    """Whether people type these words. Names of context menus are read, not typed."""
    if context.location is Location.command_name:
        return isinstance(context.data, app_commands.Command)
    return context.location in _TYPED


@cache
def tables() -> Mapping[str, Mapping[str, str]]:
    """All tables by the name of their locale."""
    folder = resources.files("adapters.discord").joinpath("locales")
    return {
        file.name.removesuffix(".json"): json.loads(file.read_text(encoding="utf-8"))
        for file in folder.iterdir()
        if file.name.endswith(".json")
    }

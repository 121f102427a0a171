"""Every word of the commands that is read has its German, within Discord's limits."""

from __future__ import annotations

from typing import Any

import discord
import pytest
from discord import app_commands

from adapters.discord.app import offered
from adapters.discord.syncing import described, fingerprint
from adapters.discord.translating import Tables, tables

CHAT = 1
_NAME, _DESCRIPTION = 32, 100


async def payload() -> list[dict[str, Any]]:
    return await described(offered())


def parts(command: dict[str, Any]) -> list[dict[str, Any]]:
    """A command, its subcommands, options and choices."""
    inner = [*command.get("options", ()), *command.get("choices", ())]
    return [command, *(part for each in inner for part in parts(each))]


async def everything() -> list[dict[str, Any]]:
    return [part for command in await payload() for part in parts(command)]


async def test_what_is_read_has_its_german() -> None:
    missing = [
        part["description"]
        for part in await everything()
        if "description" in part and "de" not in part["description_localizations"]
    ]
    menus = [each for each in await payload() if each["type"] != CHAT]
    missing += [each["name"] for each in menus if "de" not in each["name_localizations"]]
    choices = [part for part in await everything() if "value" in part]
    missing += [each["name"] for each in choices if "de" not in each["name_localizations"]]
    assert missing == []
    assert menus, "there are context menus"


async def test_what_is_typed_stays_as_it_is_written_in_the_documents() -> None:
    typed = [part for part in await everything() if "description" in part]
    assert [part["name"] for part in typed if part.get("name_localizations")] == []


async def test_no_table_has_words_that_nothing_says() -> None:
    said = {part.get("description") for part in await everything()}
    said |= {part["name"] for part in await everything()}
    for locale, table in tables().items():
        assert set(table) <= said, f"{locale} has words too many"


async def test_translations_keep_discord_s_limits() -> None:
    for part in await everything():
        names = [part["name"], *(part.get("name_localizations") or {}).values()]
        assert max(map(len, names)) <= (_DESCRIPTION if "value" in part else _NAME)
        told = [
            part.get("description") or "",
            *(part.get("description_localizations") or {}).values(),
        ]
        assert max(map(len, told)) <= _DESCRIPTION


def test_every_table_is_one_of_discord_s_locales() -> None:
    assert {"de"} <= set(tables()) <= {locale.value for locale in discord.Locale}


async def test_what_a_table_lacks_stays_english() -> None:
    context: Any = app_commands.TranslationContext(
        app_commands.TranslationContextLocation.other, "nothing"
    )
    said = app_commands.locale_str("words that no table has")
    assert await Tables().translate(said, discord.Locale.german, context) is None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ([{"name": "a"}, {"name": "b"}], [{"name": "b"}, {"name": "a"}], True),
        ([{"name": "a", "type": 1}], [{"type": 1, "name": "a"}], True),
        ([{"name": "a"}], [{"name": "b"}], False),
        ([{"name": "a", "name_localizations": {"de": "x"}}], [{"name": "a"}], False),
    ],
    ids=["order of commands", "order of fields", "another name", "another language"],
)
def test_a_fingerprint_is_of_what_is_said(
    one: list[dict[str, Any]], other: list[dict[str, Any]], same: bool
) -> None:
    assert (fingerprint(one) == fingerprint(other)) is same

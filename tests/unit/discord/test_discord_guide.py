"""The guide to Discord names what is offered, asked for and said; the map names what is there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import discord
import pytest
from discord import AppCommandType

from adapters.discord import app
from adapters.discord.checkup import PERMISSIONS

ROOT = Path(__file__).parents[3]
GUIDE = (ROOT / "docs" / "DISCORD.md").read_text(encoding="utf-8")
SOURCES = ("adapters/discord", "adapters/chat", "core/policy")


def section(page: str, title: str) -> str:
    return page.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def offered(kind: AppCommandType) -> set[str]:
    return {each.name for each in app.offered().get_commands(type=kind)}


def texts() -> Iterator[str]:
    """Everything between quotation marks in the code, pieces of f-strings one by one."""
    for room in SOURCES:
        for path in (ROOT / room).glob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield node.value


def test_the_tables_are_the_commands_and_menus_that_are_offered() -> None:
    told = section(GUIDE, "Commands and menus")
    assert set(re.findall(r"^\| `/(\w+)` \|", told, re.MULTILINE)) == offered(
        AppCommandType.chat_input
    )
    assert set(re.findall(r"^\| \*(.+?)\* \|", told, re.MULTILINE)) == (
        offered(AppCommandType.message) | offered(AppCommandType.user)
    )


def test_every_permission_is_told_with_its_reason() -> None:
    told = section(GUIDE, "What each permission is for")
    rows = re.findall(r"^\| ([A-Z].+?) \| .+? \|$", told, re.MULTILINE)
    assert rows == sorted(rows)
    names = {row.lower().replace(" ", "_") for row in rows}
    assert discord.Permissions(**dict.fromkeys(map(_as_flag, names), True)) == PERMISSIONS


def _as_flag(name: str) -> str:
    return {"view_channels": "view_channel"}.get(name, name)


def test_what_people_read_is_what_easel_says() -> None:
    said = set(texts())
    quotes = re.findall(r'^\| "(.+?)" \|', section(GUIDE, "When something does not work"), re.M)
    assert len(quotes) > 10
    unsaid = [
        quote
        for quote in quotes
        for piece in filter(None, map(str.strip, quote.split("…")))
        if not any(piece in text for text in said)
    ]
    assert unsaid == []


def test_lines_of_the_log_are_written_somewhere() -> None:
    said = set(texts())
    table = section(GUIDE, "When something does not work").partition("in the log:")[2]
    lines = [name for row in re.findall(r"^\| (`.+?) \|", table, re.M) for name in row.split(", ")]
    assert lines
    assert [name for name in lines if name.strip("`") not in said] == []


@pytest.mark.parametrize("name", ["shards_taken", "commands_synchronised"])
def test_the_first_lines_of_a_good_start_are_written(name: str) -> None:
    assert f"`{name}`" in GUIDE
    assert name in set(texts())


def test_the_map_names_modules_that_are_there() -> None:
    page = (ROOT / "docs" / "ARCHITECTURE.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`.+?`) \|", section(page, "Discord"), re.MULTILINE)
    named = [name for row in rows for name in re.findall(r"`(\w+)`", row)]
    there = {path.stem for path in Path(app.__file__).parent.glob("*.py")} - {"__init__"}
    assert sorted(named) == sorted(there)

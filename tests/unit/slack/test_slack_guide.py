"""The guide to Slack names what the manifest asks for, the map of its modules what is there."""

from __future__ import annotations

import re
from pathlib import Path

from adapters.slack import manifest

DOCS = Path(__file__).parents[3] / "docs"
GUIDE = (DOCS / "SLACK.md").read_text(encoding="utf-8")


def test_every_scope_is_told_with_its_reason() -> None:
    table = GUIDE.partition("## What each scope is for")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(.+?)` \| (.+?) \|$", table, re.MULTILINE)
    assert rows == sorted(manifest.SCOPES.items())


def test_every_command_and_shortcut_is_told() -> None:
    for command in manifest.COMMANDS:
        assert f"`{command}" in GUIDE
    for name, _ in manifest.SHORTCUTS.values():
        assert f"*{name}*" in GUIDE


def test_addresses_are_those_that_the_manifest_gives_slack() -> None:
    for path in (manifest.EVENTS_PATH, manifest.INSTALL_PATH):
        assert f"https://easel.example.com{path}" in GUIDE


def test_the_map_names_modules_that_are_there() -> None:
    page = (DOCS / "ARCHITECTURE.md").read_text(encoding="utf-8")
    table = page.partition("\n## Slack\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`.+?`) \|", table, re.MULTILINE)
    named = [name for row in rows for name in re.findall(r"`(\w+)`", row)]
    there = {path.stem for path in Path(manifest.__file__).parent.glob("*.py")} - {"__init__"}
    assert sorted(named) == sorted(there)

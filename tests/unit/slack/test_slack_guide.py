"""docs/SLACK.md names what the app manifest asks for, and every picture and page it shows is there."""

from __future__ import annotations

import re
from pathlib import Path

from adapters.slack import manifest

DOCS = Path(__file__).parents[3] / "docs"
GUIDE = (DOCS / "SLACK.md").read_text(encoding="utf-8")


def test_every_scope_is_told_with_its_reason() -> None:
    rows = dict(re.findall(r"^\| `([\w:.]+)` \| (.+?) \|$", GUIDE, re.MULTILINE))
    assert {scope: rows.get(scope) for scope in manifest.SCOPES} == dict(manifest.SCOPES)
    assert {name for name in rows if ":" in name} == set(manifest.SCOPES)


def test_every_command_and_shortcut_is_told() -> None:
    for command in manifest.COMMANDS:
        assert f"`{command}" in GUIDE
    for name, _ in manifest.SHORTCUTS.values():
        assert f"*{name}*" in GUIDE


def test_addresses_are_those_that_the_manifest_gives_slack() -> None:
    for path in (manifest.EVENTS_PATH, manifest.INSTALL_PATH):
        assert f"https://easel.example.com{path}" in GUIDE


def test_pages_and_pictures_are_there() -> None:
    for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", GUIDE):
        assert (DOCS / target).is_file(), target

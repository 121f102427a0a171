"""What people read leads to pages, headings and pictures that are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted(page for room in (".", "docs", "deploy") for page in (ROOT / room).glob("*.md"))
_TARGET = re.compile(r"\]\((?!https?:)([^)\s]+)\)|\bsrc=\"([^\"]+)\"")


def _anchors(page: Path) -> set[str]:
    """Of the headings of a page, as they are named where it is shown."""
    heads = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def _broken(page: Path) -> list[str]:
    found = [link or source for link, source in _TARGET.findall(page.read_text("utf-8"))]
    return [target for target in found if not _leads(page, target)]


def _leads(page: Path, target: str) -> bool:
    path, _, anchor = target.partition("#")
    there = (page.parent / path).resolve() if path else page
    return there.exists() and (not anchor or anchor in _anchors(there))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    assert _broken(page) == []


def test_a_link_to_nowhere_is_known(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        '# A b, c\n[1](#a-b-c) [2](#d) [3](page.md#a-b-c) [4](no.md) <img src="no.png">'
    )
    assert _broken(page) == ["#d", "no.md", "no.png"]

"""Every row of the published table holds, and stands in the documentation."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import BadInput
from core.instruction.context import Context
from core.instruction.document import document
from core.instruction.grammar import understand
from core.instruction.plan import Cutout, Generate, TurnOptions
from core.instruction.table import SECTIONS, Row
from core.instruction.table.rows import CONTEXTS

ROWS = [
    pytest.param(row, id=f"{section.title}: {row.text[:50]!r} ({row.given})")
    for section in SECTIONS
    for row in section.rows
]
DOCS = Path(__file__).parents[3] / "docs" / "INSTRUCTIONS.md"


@pytest.mark.parametrize("row", ROWS)
def test_a_phrasing_means_what_the_table_says(row: Row) -> None:
    if row.outcome == "refused":
        with pytest.raises(BadInput) as refusal:
            understand(row.text, CONTEXTS[row.given])
        assert refusal.value.message and refusal.value.hint
        return
    plan = understand(row.text, CONTEXTS[row.given])
    assert (plan.question is not None) == (row.outcome == "question")
    assert plan.steps == row.steps
    assert plan.options == row.options
    assert plan.acts_on == row.acts_on


def _rows(title: str) -> list[Row]:
    return [row for section in SECTIONS if section.title == title for row in section.rows]


WISHES = [
    row
    for row in _rows("Transparent background")
    if row.options.transparent or any(isinstance(step, Cutout) for step in row.steps)
]


@pytest.mark.parametrize("text", [row.text for row in WISHES])
def test_a_cutout_wish_is_never_drawn_as_words(text: str) -> None:
    """With no picture it is refused, or it is a setting of the picture that is asked for."""
    try:
        plan = understand(text, Context())
    except BadInput as refusal:
        assert refusal.code == "no_picture"
        return
    assert plan.options.transparent


NEAR_MISSES = [
    row.text for title in ("Near misses", "Words that are no model") for row in _rows(title)
]


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_a_near_miss_is_drawn_whole_when_there_is_no_picture(text: str) -> None:
    try:
        plan = understand(text, Context())
    except BadInput as refusal:
        assert refusal.code == "no_picture"
        return
    assert plan.steps == (Generate(prompt=text),)
    assert plan.options == TurnOptions()


def test_the_table_is_as_large_as_it_claims() -> None:
    count = {section.title: len(section.rows) for section in SECTIONS}
    assert sum(count.values()) >= 600
    assert count["Near misses"] >= 100


def test_no_phrasing_stands_in_the_table_twice() -> None:
    rows = [(row.text, row.given) for section in SECTIONS for row in section.rows]
    assert len(rows) == len(set(rows))


def test_the_documentation_is_current() -> None:
    assert DOCS.read_text(encoding="utf-8") == document(), (
        "run: python -m core.instruction.document > docs/INSTRUCTIONS.md"
    )

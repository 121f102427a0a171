"""Writes docs/INSTRUCTIONS.md from the table: `python -m core.instruction.document`."""

from __future__ import annotations

import sys

from core.errors import BadInput
from core.instruction.context import Context
from core.instruction.describe import describe
from core.instruction.grammar import understand
from core.instruction.plan import TurnOptions
from core.instruction.table import SECTIONS, Row, Section
from core.instruction.table.pictures import CASES
from core.instruction.table.rows import CONTEXTS

INTRODUCTION = """\
# What you can say

Easel reads an instruction with a small grammar, without a model, so the same words always mean the
same. **A clause that is wholly a known command is done exactly and costs nothing. Everything else
goes to the image model in your own words**, quotation marks and line breaks included. When in
doubt it goes to the model.

Politeness, capitals, punctuation, curly quotes and emoji make no difference to a command. What
stands in quotation marks is never read as one.

## Which picture a turn acts on

1. A version that the words name (“edit v2: …”, “crop v2 to 4:5”), else the one you replied to or
   chose.
2. An attached picture: the one that the words want changed (“put the logo from 2 on the mug of
   1”), else the first; the others are references.
3. The newest version of the thread. It also comes before attachments that the words only borrow
   from (“use this as a style reference”, “put this logo on the mug”).

Easel says which one it is (“editing v3”) before anything is spent.

{pictures}

The tables below are the grammar's own tests. Unless a row says otherwise, the thread has a
picture.
"""


def document() -> str:
    """The whole page as Markdown."""
    parts = [INTRODUCTION.format(pictures=_pictures())]
    parts.extend(_section(section) for section in SECTIONS)
    return "\n".join(parts)


def _pictures() -> str:
    rows = "\n".join(
        f"| {_cell(case.text or '(nothing)')} | {_version(case.head)} | {_version(case.chosen)} | "
        f"{case.attached or ''} | “{case.echo}” |"
        for case in CASES
    )
    head = "| you say | newest | you chose | pictures attached | Easel says |"
    return f"{head}\n|---|---|---|---|---|\n{rows}"


def _version(number: int | None) -> str:
    return f"v{number}" if number else ""


def _section(section: Section) -> str:
    rows = "\n".join(f"| {_cell(_words(row))} | {_cell(_meaning(row))} |" for row in section.rows)
    return f"## {section.title}\n\n{section.about}\n\n| you say | Easel does |\n|---|---|\n{rows}\n"


def _words(row: Row) -> str:
    words = row.text.strip() or "(nothing)"
    return words if row.given == "a picture" else f"{words} *({_given(row)})*"


def _given(row: Row) -> str:
    return "no picture" if row.given == "nothing" else f"with {row.given}"


def _meaning(row: Row) -> str:
    if row.outcome == "question":
        return f"asks: {understand(row.text, CONTEXTS[row.given]).question}"
    if row.outcome == "refused":
        return f"says: {_refusal(row.text, CONTEXTS[row.given])}"
    steps = " → ".join(describe(step) for step in row.steps)
    version = f" (on v{row.acts_on})" if row.acts_on else ""
    return f"{steps}{version}{_options(row.options)}"


def _refusal(text: str, context: Context) -> str:
    try:
        understand(text, context)
    except BadInput as refusal:
        return f"{refusal.message} {refusal.hint}"
    raise AssertionError(f"not refused: {text!r}")


def _options(options: TurnOptions) -> str:
    wishes = options.model_dump(exclude_none=True)
    return "".join(f"; {name}: {_value(value)}" for name, value in wishes.items())


def _value(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _cell(words: str) -> str:
    """Text that a Markdown table shows as it is."""
    for sign in "\\|<>`_":
        words = words.replace(sign, "\\" + sign)
    return words.replace("\n", "<br>")


if __name__ == "__main__":
    sys.stdout.write(document())

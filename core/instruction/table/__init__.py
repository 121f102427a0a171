"""The grammar as people read it: phrasings and what each means.

`docs/INSTRUCTIONS.md` is written from these rows, and the tests hold every row to the grammar.
"""

from core.instruction.table.rows import Row, Section
from core.instruction.table.sections import SECTIONS

__all__ = ["SECTIONS", "Row", "Section"]

"""The order of the table."""

from __future__ import annotations

from core.instruction.table.drawing import ASKED, EDITS, FLAGS, NEW
from core.instruction.table.exact import BEHIND, CUTOUT, ENLARGE, LETTERING, LIGHT, SHAPE
from core.instruction.table.rows import Section
from core.instruction.table.thread import JOINED, NEAR_MISSES, TREE

SECTIONS: tuple[Section, ...] = (
    NEW, EDITS, CUTOUT, ENLARGE, SHAPE, LIGHT, BEHIND, LETTERING, TREE, JOINED, FLAGS, ASKED,
    NEAR_MISSES,
)  # fmt: skip

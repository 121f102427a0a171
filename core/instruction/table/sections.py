"""The order of the table."""

from __future__ import annotations

from core.instruction.table.drawing import ASKED, EDITS, FLAGS, NEW
from core.instruction.table.exact import BEHIND, CUTOUT, ENLARGE, LETTERING, LIGHT, SHAPE
from core.instruction.table.models import BY_NAME, NO_NAMES, WHICH
from core.instruction.table.rows import Section
from core.instruction.table.thread import JOINED, LOOKING, NEAR_MISSES, TREE

SECTIONS: tuple[Section, ...] = (
    NEW, EDITS, CUTOUT, ENLARGE, SHAPE, LIGHT, BEHIND, LETTERING, TREE, LOOKING, JOINED, FLAGS,
    BY_NAME, WHICH, ASKED, NEAR_MISSES, NO_NAMES,
)  # fmt: skip

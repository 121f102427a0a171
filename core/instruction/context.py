"""What the grammar may know about the thread: facts, no pictures and no store."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.instruction.plan import TurnOptions


@dataclass(frozen=True, slots=True)
class Context:
    """The situation in which words were said.

    `has_head`: the session has a picture. `attachments`: pictures on this message. `chosen`: the
    person replied to, or picked, a version. `version_count`: versions are v1 to that number.
    `has_mask`: an area was painted. `options`: wishes made beside the words.
    """

    has_head: bool = False
    attachments: int = 0
    chosen: bool = False
    version_count: int = 0
    has_mask: bool = False
    options: TurnOptions = field(default_factory=TurnOptions)

    @property
    def has_picture(self) -> bool:
        """Whether there is any picture to act on."""
        return self.has_head or self.chosen or self.attachments > 0

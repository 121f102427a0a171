"""What the values behind buttons mean, on every platform.

A value names things that stand in the store (a version, a turn), never what they were at the time,
so a button on an old message does what it says. Values come back from clients and are hostile:
whoever handles one checks that the thing belongs to the thread in which it was pressed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Scale = Literal["2x", "4x", "4k", "model"]
"""What Upscale offers: twice, four times, 3840 pixels on the long side, a dialog with models."""

More = Literal[
    "edit",
    "edit_from",
    "transparent",
    "vary",
    "details",
    "show",
    "full",
    "workspace",
    "report",
    "delete",
]
"""What stands behind More, as far as a platform has it; what has a button of its own is there where
a message shows several."""


@dataclass(frozen=True, slots=True)
class TurnRef:
    """A turn as a value."""

    session: str
    turn: str

    def __str__(self) -> str:
        return f"{self.session}/{self.turn}"

    @classmethod
    def read(cls, value: str) -> TurnRef | None:
        """None when the value names no turn."""
        session, slash, turn = value.partition("/")
        plain = session.isalnum() and turn.isalnum() and len(value) < 80
        return cls(session, turn) if slash and plain else None


def with_choice(choice: str, ref: str) -> str:
    """The value of one option of a menu."""
    return f"{choice}|{ref}"


def read_choice(value: str) -> tuple[str, str]:
    """The choice and what it is about; both empty when the value is none of ours."""
    choice, bar, ref = value.partition("|")
    return (choice, ref) if bar and len(value) < 160 else ("", "")

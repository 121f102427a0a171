"""Moves of the head: undo, redo, jump, and the result of a turn.

Within a turn the head may be a picture that has no number yet, so it goes by its reference (see the
gallery); the moves are put into version ids when the turn is finished.

Undo and redo are stacks of heads, as in an editor: a new result (or a jump) can be undone, and
empties what could be redone. The moves are worked out here, and carried out by the script that
finishes the turn.
"""

from __future__ import annotations

from collections.abc import Mapping

from core.errors import Conflict
from core.instruction.plan import Plan, Redo, Undo
from core.session import keys
from core.session.models import Session
from core.session.store import SessionStore

_FIRST = "There is nothing to undo: this is the first picture of the thread."
_DEEPEST = 1_000


class HeadWalk:
    """Where the head goes during one turn."""

    def __init__(self, head: str | None, undo: list[str], redo: list[str]) -> None:
        self.head = head
        self.moves: list[str] = []
        self._undo = undo
        self._redo = redo

    @classmethod
    async def of(cls, session: Session, plan: Plan, store: SessionStore) -> HeadWalk:
        """The walk of a plan; as much of the past is fetched as the plan goes back."""
        depth = sum(step.steps for step in plan.steps if isinstance(step, Undo | Redo))
        depth = min(depth, _DEEPEST)
        if not depth:
            return cls(session.head, [], [])
        undo = await store.undo_stack(session.id, depth)
        return cls(session.head, undo, await store.redo_stack(session.id, depth))

    def set(self, head: str) -> None:
        """Move to a version; undo leads back."""
        if head != self.head:
            if self.head is not None:
                self._undo.append(self.head)
            self._redo.clear()
            self.head = head
            self.moves.append(f"S {head}")

    def undo(self, steps: int) -> str:
        """Go back; gives what to tell. Raises Conflict when there is nothing to undo."""
        if not self._undo:
            raise Conflict(
                "There is nothing to undo here." if self.head is None else _FIRST,
                hint="Say “v2” to go to a version, or “show versions” to see them all.",
                code="nothing_to_undo",
            )
        done = self._turn_back(self._undo, self._redo, "U", steps)
        return self._told("Back at", done, steps)

    def redo(self, steps: int) -> str:
        """Go forth again. Raises Conflict when nothing was undone."""
        if not self._redo:
            raise Conflict(
                "There is nothing to redo: nothing was undone just before.",
                hint="Say “v2” to go to a version, or “show versions” to see them all.",
                code="nothing_to_redo",
            )
        done = self._turn_back(self._redo, self._undo, "R", steps)
        return self._told("Forth to", done, steps)

    def _turn_back(self, source: list[str], target: list[str], move: str, steps: int) -> int:
        done = min(steps, len(source))
        for _ in range(done):
            if self.head is not None:
                target.append(self.head)
            self.head = source.pop()
            self.moves.append(move)
        return done

    def carried_out(self, names: Mapping[str, str]) -> list[str]:
        """The moves for the script that finishes the turn; `names`: references to version ids."""
        return [
            f"S {names.get(move[2:], move[2:])}" if move.startswith("S ") else move
            for move in self.moves
        ]

    def _told(self, where: str, done: int, wanted: int) -> str:
        number = keys.version_number(self.head or "")
        name = f"v{number}" if number else "the picture before"
        short = f" (only {done} of {wanted} steps were there)" if done < wanted else ""
        return f"{where} {name}{short}."

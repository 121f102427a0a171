"""What buttons do that is no turn of its own, or only under conditions."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.chat.front import ChatFront
from core.errors import Conflict, NotFound
from core.instruction.plan import TurnOptions
from core.session.models import Session, Turn, TurnState, Version


def unknown_choice() -> NotFound:
    """The words for a choice that no menu of ours has."""
    return NotFound("I don't know that choice.", hint="Choose from the newest picture's menu.")


async def asked_already(front: ChatFront, sid: str, keys: Sequence[str]) -> bool:
    """Whether a turn was accepted for the same press, or for the other half of a double click."""
    for key in keys:
        if await front.desk.claimed(sid, key) is not None:
            return True
    return False


async def cancel_turn(front: ChatFront, turn: Turn) -> None:
    """Stop a turn; one that was stopped already is no news. Raises Conflict for one that ended."""
    if turn.state is TurnState.CANCELLED:
        return
    try:
        await front.desk.cancel(turn.session_id, turn.id)
    except Conflict:
        now = await front.desk.turn(turn.session_id, turn.id)
        if now.state is not TurnState.CANCELLED:
            raise Conflict(
                "That had ended already, so there is nothing to cancel.",
                hint="Undo takes you back to the picture before it.",
            ) from None


async def check_stands(front: ChatFront, version: Version, session: Session) -> None:
    """Raises Conflict when the thread has gone on from the version, or is about to."""
    head = await front.desk.version(session.head) if session.head else None
    if head is None or head.turn_id != version.turn_id:
        raise Conflict(
            f"The thread stands at {head.name if head else 'no picture'}, not at {version.name}.",
            hint=f"Choose “Edit from here” at a picture to go back to it, or say “use "
            f"{version.name}”.",
        )
    turns = await front.desk.turns(session.id)
    if any(not turn.state.ended for turn in turns):
        raise Conflict(
            "Something is still at work in this thread.",
            hint="Cancel it or wait for it, then press Undo again.",
        )


def agreement(turn: Turn) -> TurnOptions:
    """The wish that agrees to what a failed turn offers. Raises NotFound where nothing is."""
    if turn.error is None or turn.error.offer is None:
        raise NotFound("Nothing is offered there.", hint="Say what I shall do instead.")
    return TurnOptions(substitute=True)


async def turned_to(
    front: ChatFront, turn: Turn, version: Version, event_keys: Sequence[str]
) -> bool:
    """Let a turn act on another version. Gives whether that is done: one that had begun was
    stopped, and has to be asked for anew. Raises Conflict for one that has ended."""

    def on_that(waiting: Turn) -> Turn:
        return waiting.model_copy(update={"acts_on": version.id})

    if await front.desk.amend(turn.session_id, turn.id, on_that) is not None:
        return True
    if await asked_already(front, turn.session_id, event_keys):
        return True
    try:
        await front.desk.cancel(turn.session_id, turn.id)
    except Conflict:
        raise Conflict(
            "That had ended already.", hint=f"Reply with your words and “use {version.name}”."
        ) from None
    return False

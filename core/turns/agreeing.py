"""“Yes”: the turn before failed and named a model that could do it; now it shall.

What is carried out then is the turn before, its pictures included, with that model.
"""

from __future__ import annotations

from core.instruction.agreement import agrees
from core.session.models import Turn
from core.session.store import SessionStore


async def agreed(turn: Turn, store: SessionStore) -> Turn:
    """The turn with what it takes over from the one before; itself unless it agrees to an offer."""
    if turn.inputs or not turn.text:
        return turn
    before = await store.turn_before(turn.session_id, turn.number)
    offer = before.error.offer if before is not None and before.error is not None else None
    if before is None or offer is None or not agrees(turn.text, offer):
        return turn
    return turn.model_copy(
        update={
            "means": before.means or before.text,
            "agreed_to": offer,
            "options": before.options.under(turn.options),
            "inputs": before.inputs,
            "names": before.names,
            "mask": before.mask,
            "acts_on": turn.acts_on or before.acts_on,
        }
    )

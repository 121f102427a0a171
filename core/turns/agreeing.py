"""“Yes”: the turn before failed and named a model that could do it; now it shall.

What is carried out then is the turn before, its pictures included, with that model.
"""

from __future__ import annotations

from core.instruction.agreement import agrees
from core.session.models import Turn
from core.session.store import SessionStore


async def agreed(turn: Turn, store: SessionStore) -> Turn:
    """The turn with what it takes over from the one before; itself unless it agrees to an offer."""
    if turn.inputs or not agrees(turn.text):
        return turn
    before = await store.turn_before(turn.session_id, turn.number)
    if before is None or before.error is None or before.error.offer is None:
        return turn
    return turn.model_copy(
        update={
            "means": before.means or before.text,
            "agreed_to": before.error.offer,
            "options": before.options.under(turn.options),
            "inputs": before.inputs,
            "names": before.names,
            "mask": before.mask,
            "acts_on": turn.acts_on or before.acts_on,
        }
    )

"""The same turn once more, in Slack."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.chat.repeating import once_more
from adapters.slack.accepting import accept
from adapters.slack.front import Front
from adapters.slack.places import Place
from core.instruction.plan import TurnOptions
from core.session.models import Session, Turn


async def repeat(
    front: Front,
    place: Place,
    turn: Turn,
    session: Session,
    event_keys: Sequence[str],
    *,
    words: str | None = None,
    acts_on: str | None = None,
    options: TurnOptions | None = None,
) -> Turn:
    """Accept a turn like `turn`, except for what is given. Raises what accepting raises."""
    same = await once_more(front, turn, words=words, acts_on=acts_on, options=options)
    return await accept(
        front,
        place,
        thread=session.thread,
        event_keys=event_keys,
        **same,
    )

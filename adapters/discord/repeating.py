"""The same turn once more, in Discord."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.chat.repeating import once_more
from adapters.discord.accepting import accept
from adapters.discord.front import Front
from adapters.discord.places import Asker
from core.instruction.plan import TurnOptions
from core.session.models import Session, Turn


async def repeat(
    front: Front,
    asker: Asker,
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
        asker,
        thread=session.thread,
        event_keys=event_keys,
        **same,
    )

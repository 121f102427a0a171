"""Of which session the turn of a message is: kept for a day, as long as its event is.

Where a direct conversation or a reply leads may change; the same message must lead where it led
before. When it is edited or deleted, Discord tells little more than its id.
"""

from __future__ import annotations

from adapters.discord.front import Front
from adapters.discord.heard import message_key
from adapters.discord.places import Place
from core.session import keys
from core.session.models import Turn

_SECONDS = 24 * 3600.0


async def remember(front: Front, place: Place, thread: str) -> str:
    """Keep the thread key of the session of a message; gives the one that was kept first."""
    name = _name(place.channel, place.message)
    if await front.kept.set(name, thread, seconds=_SECONDS, fresh=True):
        return thread
    return await front.kept.get(name) or thread


async def remembered(front: Front, channel: int, message: int) -> str | None:
    """The thread key that is kept for a person's message; None where there is none, or no more."""
    return await front.kept.get(_name(str(channel), str(message)))


async def turn_of(front: Front, channel: int, message: int) -> Turn | None:
    """The turn of a person's message; None where it is none, or long ago."""
    thread = await remembered(front, channel, message)
    if thread is None:
        return None
    return await front.desk.claimed(keys.session_id(thread), message_key(channel, message))


def _name(channel: str, message: str) -> str:
    return f"discord:heard:{channel}:{message}"

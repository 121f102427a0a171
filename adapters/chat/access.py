"""Whether what a button names belongs to where it was pressed.

Names come back from clients, and the ids in them can be guessed. So each is held against what the
store says of the message that it was pressed under, or of its thread.
"""

from __future__ import annotations

import asyncio

from core.session import keys
from core.session.links import LinkStore


def session_of_version(vid: str) -> str:
    """The session that a version's id names; empty when it is no such id."""
    return vid.rpartition(".v")[0] if keys.version_number(vid) else ""


async def belongs(links: LinkStore, sid: str, *, message: str, thread: str) -> bool:
    """Whether a session is that of a message of ours, or of its thread, by their keys."""
    link, known = await asyncio.gather(links.linked(message), links.known(thread))
    if link is not None and link.session == sid:
        return True
    return known is not None and keys.session_id(known) == sid

"""Who approved the pictures of a session, by name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from core.session.links import LinkStore, MessageLink
from core.turns.service import Desk

NAMELESS = "somebody here"


async def approvers(
    desk: Desk,
    links: LinkStore,
    link: MessageLink,
    asked: Callable[[str], Awaitable[str]] | None = None,
) -> dict[str, list[str]]:
    """Names of people by the id of the version that they approved.

    `asked` gives the name of somebody (by the actor's id) who has given no instruction there.
    """
    approvals = await links.approvals(link.session)
    names = {
        each.actor.id: each.actor.name for each in await desk.turns(link.session) if each.actor.name
    }
    for vid in link.versions if asked is not None else ():
        for actor in approvals.get(vid, ()):
            if actor not in names and asked is not None:
                names[actor] = await asked(actor)
    return {
        vid: [names.get(actor, NAMELESS) for actor in actors] for vid, actors in approvals.items()
    }

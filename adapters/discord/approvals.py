"""A result says who approved its pictures, for as long as they do.

The approvals stand in the store; the message shows them. It is only a sign of them, so that one
that Discord does not take is left out until the next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from discord.ui import LayoutView

from adapters.chat.approving import approvers
from adapters.chat.made import made
from adapters.discord import cards
from adapters.discord.front import Front
from adapters.discord.layout import Picture
from adapters.discord.places import Place
from adapters.discord.presenter import RESULT, answered_at, offered
from adapters.discord.rest import Outgoing
from core.session.ledger import Entry
from core.session.links import MessageLink
from core.turns.presenting import Scene

_LOCK_SECONDS, _PATIENCE_SECONDS = 20.0, 10.0


async def show_approvals(front: Front, place: Place, link: MessageLink) -> None:
    """Let the message behind a link, at that place, say how its pictures stand now.

    Raises as calls do.
    """
    lock = front.kept.locked(
        f"discord:approvals:{link.turn}", seconds=_LOCK_SECONDS, patience=_PATIENCE_SECONDS
    )
    async with lock:  # two people at once: the last word is the newest
        approved = await approvers(front.desk, front.links, link)
        card = await _restated(front, link, approved)
        if card is not None:
            message = Outgoing(card, None)  # its files stay
            await front.rest.edit(place.channel, place.message, message)


async def _restated(
    front: Front, link: MessageLink, approved: Mapping[str, Sequence[str]]
) -> LayoutView | None:
    """What the message says now; nothing for one that only excuses."""
    turn = await front.desk.turn(link.session, link.turn)
    session = await front.desk.session(link.session)
    versions = [await front.desk.version(vid) for vid in (*turn.versions, *turn.shows)]
    scene = Scene(turn, session, tuple(versions))
    asked, shown = answered_at(scene), made(scene)
    entry = await front.ledger(link.session, link.turn).get(RESULT)
    pages = front.link_to(turn.session_id, turn.actor) is not None
    if shown and entry is not None:
        partial = frozenset(map(str, entry.facts.get("partial", ())))
        return cards.result_card(
            turn,
            shown,
            asked,
            pictures=_pictures(entry),
            offers=offered(asked, workspace=pages, partial=partial),
            said=[str(line) for line in entry.facts.get("said", ())],
            approved=approved,
        )
    if shown or not link.versions:
        return None
    version = await front.desk.version(link.versions[-1])
    offers = offered(asked, workspace=pages)
    return cards.answer_card(turn, asked, version, offers=offers, approved=approved)


def _pictures(entry: Entry) -> list[Picture]:
    return [Picture(str(name), str(alt)) for name, alt in entry.facts.get("pictures", ())]

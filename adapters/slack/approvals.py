"""A result says who approved its pictures, for as long as they do.

The approvals stand in the store; the message shows them. It is only a sign of them, so that one
that Slack does not take is left out until the next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adapters.chat.approving import NAMELESS, approvers
from adapters.chat.made import made
from adapters.slack import cards
from adapters.slack.cards import Card
from adapters.slack.front import Front
from adapters.slack.people import name_of
from adapters.slack.places import Place
from adapters.slack.refusals import SlackLater, SlackRefusal
from core.session.ledger import Entry
from core.session.links import MessageLink
from core.session.models import Turn
from core.turns.presenting import Scene

_LOCK_SECONDS, _PATIENCE_SECONDS = 20.0, 10.0


async def show_approvals(front: Front, place: Place, link: MessageLink) -> None:
    """Let the message behind a link say how its pictures stand now. Raises as calls do."""
    turn = await front.desk.turn(link.session, link.turn)
    entries = await front.ledger(link.session, link.turn).entries()
    lock = front.kept.locked(
        f"slack:approvals:{turn.id}", seconds=_LOCK_SECONDS, patience=_PATIENCE_SECONDS
    )
    async with lock:  # two people at once: the last word is the newest
        approved = await approvers(
            front.desk, front.links, link, lambda actor: _asked(front, place, actor)
        )
        ts, card = await _restated(front, place, link, turn, entries, approved)
        if ts and card is not None:
            api = await front.apis.of(place.team, place.enterprise)
            await api.call(
                "chat.update", channel=place.channel, ts=ts, text=card.text, blocks=card.blocks
            )


async def _restated(
    front: Front,
    place: Place,
    link: MessageLink,
    turn: Turn,
    entries: Mapping[str, Entry],
    approved: Mapping[str, Sequence[str]],
) -> tuple[str, Card | None]:
    """Which message has the facts, and what it says now; no card for one that only excuses."""
    versions = [await front.desk.version(vid) for vid in (*turn.versions, *turn.shows)]
    session = await front.desk.session(turn.session_id)
    shown = made(Scene(turn, session, tuple(versions)))
    pages = front.link_to(turn.session_id, turn.actor) is not None
    result = entries.get("result")
    if shown and result is not None:
        card = cards.result_card(turn, shown, approved=approved, workspace=pages)
        card = cards.with_words_unheard(card, turn, session)
        return (_spoken(entries) if result.facts.get("plain") else result.id), card
    if shown:
        return "", None
    version = await front.desk.version(link.versions[-1])
    card = cards.answer_card(turn, version, approved=approved, workspace=pages)
    return place.message, cards.with_words_unheard(card, turn, session)


def _spoken(entries: Mapping[str, Entry]) -> str:
    """The message that says what stands beside the files."""
    entry = entries.get("answer") or entries.get("placeholder")
    return entry.id if entry else ""


async def _asked(front: Front, place: Place, actor: str) -> str:
    """What Slack calls somebody who is not known yet."""
    api = await front.apis.of(place.team, place.enterprise)
    try:
        answer = await api.call("users.info", user=actor.rpartition(":")[2], spare=True)
    except (SlackRefusal, SlackLater):
        return NAMELESS
    return name_of(answer.get("user")) or NAMELESS

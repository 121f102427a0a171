"""Which pictures the message of a turn is about, beside those that the turn made."""

from __future__ import annotations

import structlog

from core.errors import NotFound
from core.session.models import TurnState, Version
from core.turns.presenting import Scene
from core.turns.service import Desk

log = structlog.get_logger(__name__)


async def others(desk: Desk, scene: Scene) -> list[Version]:
    """Versions that a turn could act on instead of what it will, or does."""
    turn = scene.turn
    if turn.brings or not scene.session.version_count:
        return []
    meant = scene.subject.id if scene.subject else turn.acts_on
    if turn.state is TurnState.QUEUED:
        meant = meant or scene.session.head
    return [each for each in await desk.versions(turn.session_id) if each.id != meant]


async def left_at(desk: Desk, scene: Scene) -> Version | None:
    """The version at which a turn without new pictures has left its session."""
    turn = scene.turn
    head = turn.versions[0] if turn.versions else scene.session.head
    if not head or turn.state is not TurnState.DONE:
        return None
    try:
        return await desk.version(head)
    except NotFound:
        log.warning("head_is_gone", session=turn.session_id)
        return None

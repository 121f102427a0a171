"""Threads of sessions: opened from a message, where that is allowed, and once.

A thread that is opened from a message has that message's id, and there is one for a message. So
doing it again finds it, at whatever line a process has ended.
"""

from __future__ import annotations

import structlog

from adapters.discord.places import Place
from adapters.discord.posting import Spot
from adapters.discord.refusals import THREAD_EXISTS, DiscordRefusal, known
from adapters.discord.rest import Rest
from core.session.ledger import Ledger
from core.session.links import LinkStore
from core.session.models import Session

PART = "thread"
_NOWHERE = "none"
_NAME = 100
_ARCHIVED_AFTER_MINUTES = 10_080
"""A week without a word, the longest there is; whoever writes then opens it again."""

log = structlog.get_logger(__name__)


class Threads:
    """Opens threads. Every call raises DiscordLater."""

    def __init__(self, rest: Rest, links: LinkStore) -> None:
        self._rest = rest
        self._links = links

    async def opened(self, place: Place, session: Session, start: Spot, ledger: Ledger) -> str:
        """The thread of a session, opened from a message; empty where none may be opened.

        From then on the thread leads to the session, and what comes from elsewhere is shown there.
        """
        entry = await ledger.get(PART)
        if entry and entry.sent:
            return "" if entry.id == _NOWHERE else entry.id
        thread = await self._open(start, place.opens)
        if thread:
            await self._add(thread, place.user)
            there = place.model_copy(update={"channel": thread})
            await self._links.alias(there.thread_key(), session.thread)
        await self._links.settle(session.id, place.settled(thread or start.channel).texts())
        await ledger.sent(PART, thread or _NOWHERE)
        return thread

    async def known(self, ledger: Ledger) -> str:
        """The thread that was opened for a turn; empty where there is none."""
        entry = await ledger.get(PART)
        return entry.id if entry and entry.sent and entry.id != _NOWHERE else ""

    async def _open(self, start: Spot, name: str) -> str:
        try:
            told = await self._rest.call(
                "POST",
                "/channels/{channel_id}/messages/{message}/threads",
                json={"name": name[:_NAME], "auto_archive_duration": _ARCHIVED_AFTER_MINUTES},
                channel_id=start.channel,
                message=start.id,
            )
        except DiscordRefusal as refused:
            if known(refused, THREAD_EXISTS):
                return start.id
            log.info("no_thread", detail=refused.admin)
            return ""
        return str(told["id"])

    async def _add(self, thread: str, user: str) -> None:
        """Let the thread stand in the person's list."""
        try:
            await self._rest.call(
                "PUT",
                "/channels/{channel_id}/thread-members/{user}",
                channel_id=thread,
                user=user,
            )
        except DiscordRefusal as refused:
            log.info("not_added_to_thread", detail=refused.admin)

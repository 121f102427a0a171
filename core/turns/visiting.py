"""Turns that somebody makes on the page of a chat's session: they are of that chat.

They are answered there as well, drawn by what may draw there, and whoever may not ask there, or not
yet, may not do so on the page either.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from core.errors import EaselError, NotFound
from core.policy.blocks import Blocks
from core.policy.quotas import Quotas
from core.policy.rules import Rules, RuleStore
from core.session.models import Actor, Session, Turn
from core.session.store import SessionStore
from core.turns.request import TurnRequest


class Visits:
    """What a chat has decided, for turns that come from elsewhere."""

    def __init__(
        self, store: SessionStore, rules: RuleStore, quotas: Quotas, blocks: Blocks
    ) -> None:
        self._store = store
        self._rules = rules
        self._quotas = quotas
        self._blocks = blocks

    @contextlib.asynccontextmanager
    async def at_home(self, sid: str, request: TurnRequest) -> AsyncIterator[TurnRequest]:
        """The request as one of its session's chat, where it comes from elsewhere; counted there,
        unless what is done within fails.

        Bounds are those that hold now, for the roles that the person had when they last asked
        there. So are models and the gate, where they are decided; else they are those of when
        somebody last wrote there. Raises NotAllowed, Unavailable.
        """
        home = None
        if not request.place and not request.thread.startswith("web:"):
            home = await self._home(sid)
        if home is None:
            yield request
            return
        session, last = home
        await self._admit(request, last)
        rules = await self._rules.rules(session.owner.workspace, last.channel)
        models = last.models if rules.models is None else rules.models
        decided = {"channel": last.channel, "models": models, "gate": rules.gate or last.gate}
        try:
            yield request.model_copy(update={"place": session.place, **decided})
        except EaselError:
            who = request.actor
            await self._quotas.give_back(who.workspace, who.id, request.event_keys[0])
            raise

    async def _home(self, sid: str) -> tuple[Session, Turn] | None:
        """The session and its newest turn, if it has any."""
        with contextlib.suppress(NotFound):
            session = await self._store.session(sid)
            last = await self._store.turn_before(sid, session.turn_count + 1)
            return (session, last) if last is not None else None
        return None

    async def _admit(self, request: TurnRequest, last: Turn) -> None:
        """By what the person's own workspace decided; that of an operator has decided nothing."""
        who = request.actor
        await self._blocks.check(who.workspace, who.id)
        rules = await self._rules.rules(who.workspace, last.channel)
        most, cooldown = await self._most(who, rules), rules.cooldown
        if most is not None or cooldown:
            key = request.event_keys[0]
            await self._quotas.take(who.workspace, who.id, key, most=most, cooldown=cooldown)

    async def _most(self, who: Actor, rules: Rules) -> int | None:
        """Where it is not known which roles somebody has, it is the least that one may give."""
        if not rules.asks_for_roles:
            return rules.quota_of(())
        roles = await self._quotas.roles(who.workspace, who.id)
        return min((rules.quotas or {}).values()) if roles is None else rules.quota_of(roles)

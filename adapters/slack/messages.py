"""Messages become turns: which of them are for Easel, in which session, with which files."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

from slack_bolt.app.async_app import AsyncApp

from adapters.slack.accepting import accept, rules_of
from adapters.slack.escaping import escaped
from adapters.slack.front import Front
from adapters.slack.heard import Heard, heard
from adapters.slack.identity import Identity
from adapters.slack.people import People
from adapters.slack.recent import Recent
from adapters.slack.references import root_ref
from adapters.slack.show_here import show_wish, version_wished
from adapters.slack.telling import tell_soon
from adapters.slack.welcome import HOW_TO_BEGIN
from core.policy.rules import Rules
from core.session import keys
from core.session.models import FileRef, Turn, TurnState

_HOLD_SECONDS = 2.0
"""How long a mention without files waits for the other event of its message, which may have some.
"""
_ALIAS_PAUSES = (0.1, 0.2, 0.3, 0.4, 0.5)
"""Between looks for the session of a thread that we opened ourselves a moment ago."""
_MOMENT_SECONDS = 10.0
_NAMED = 5


def install(app: AsyncApp, front: Front, people: People) -> None:
    """Listen to messages and mentions: two events of the same message, if it mentions us."""

    recent = Recent()

    async def on_message(body: dict[str, Any], event: dict[str, Any], identity: Identity) -> None:
        said = heard(event, identity)
        if said is None:
            return
        if (known := recent.of(said)) is not None:
            if known.waits and known.kind != said.kind:
                await front.desk.release(known.session, known.turn)
                recent.released(said)
            front.doubled()
            return
        hearing = Hearing(front, people, identity, said)
        turn = await hearing.take(event_id=str(body.get("event_id") or ""))
        if turn is not None:
            recent.add(said, turn)

    app.event("message")(on_message)
    app.event("app_mention")(on_message)


class Hearing:
    """One message on its way to a turn."""

    def __init__(self, front: Front, people: People, identity: Identity, said: Heard) -> None:
        self._front = front
        self._people = people
        self._identity = identity
        self._said = said

    async def take(self, *, event_id: str) -> Turn | None:
        """Accept a turn where the message asks for one. Raises what the desk raises."""
        if not self._may_be_ours():
            return None
        known, rules = await self._looked_up()
        if not self._is_ours(known, rules):
            return None
        words = self._said.words(self._identity, self._people)
        if words or self._said.files:
            turn = await self._accepted(words, known, rules, event_id)
            turn = await self._without_needless(await self._released(turn))
            self._tell_of_others()
            return turn
        if self._said.kind == "message":
            self._tell_of_nothing()
        return None

    async def _released(self, turn: Turn) -> Turn:
        """Both kinds of events have told of the message: it need not wait for more."""
        first = turn.place.get("event", self._said.kind)
        if turn.held_until is None or first == self._said.kind:
            return turn
        await self._front.desk.release(turn.session_id, turn.id)
        return turn.model_copy(update={"held_until": None})

    def _may_be_ours(self) -> bool:
        """What can be told without asking the store: most of a channel's talk ends here."""
        said = self._said
        if said.direct or said.mentioned:
            return True
        return said.is_reply and not said.addressed

    async def _looked_up(self) -> tuple[str | None, Rules]:
        """The session's thread key if there is a session, and the rules of the channel."""
        if not self._said.is_reply:
            return None, await rules_of(self._front, self._said.place)
        known, rules = await asyncio.gather(
            self._front.links.known(self._said.place.thread_key()),
            rules_of(self._front, self._said.place),
        )
        if known is None and self._said.under_ours and self._said.after_root < _MOMENT_SECONDS:
            known = await self._known_a_moment_later()
        return known, rules

    async def _known_a_moment_later(self) -> str | None:
        for pause in _ALIAS_PAUSES:
            await asyncio.sleep(pause)
            known = await self._front.links.known(self._said.place.thread_key())
            if known is not None:
                return known
        return None

    def _is_ours(self, known: str | None, rules: Rules) -> bool:
        if self._said.direct or self._said.mentioned:
            return True
        return known is not None and rules.listen != "mention"

    async def _accepted(self, words: str, known: str | None, rules: Rules, event_id: str) -> Turn:
        said = self._said
        name = self._people.name(self._identity, said.place.user)
        place = said.place.model_copy(update={"user_name": name, "event": said.kind})
        accepted = partial(
            accept,
            self._front,
            place,
            thread=known or place.thread_key(),
            event_keys=[self._said.key, *([f"slack:event:{event_id}"] if event_id else [])],
            hold_seconds=0.0 if said.files or not said.told_twice else _HOLD_SECONDS,
            rules=rules,
        )
        wish = None if said.pictures else show_wish(words, said.linked)
        if wish is None or not wish.leads_elsewhere:
            return await accepted(text=words, pending=self._pending(known))
        version = await version_wished(self._front, place, wish)
        own = version.session_id == keys.session_id(known or place.thread_key())
        return await accepted(
            text=f"show {version.name}{'' if own else ' here'}", brings=None if own else version.id
        )

    def _pending(self, known: str | None) -> tuple[FileRef, ...]:
        """Its own pictures; without any, in somebody's thread that is new to us, those above."""
        said = self._said
        if said.files or known is not None or not said.is_reply or said.under_ours:
            return tuple({ref.id: ref for ref in said.files}.values())
        return (root_ref(said.place.channel, said.place.thread),)

    async def _without_needless(self, turn: Turn) -> Turn:
        """One event of the message told of no pictures, so that those of the thread's beginning
        were taken instead; the other event has brought its own."""
        if turn.state is not TurnState.QUEUED or not _mixed(turn):
            return turn

        def cleared(waiting: Turn) -> Turn:
            own = tuple(ref for ref in waiting.pending if not ref.optional)
            return waiting.model_copy(update={"pending": own})

        return await self._front.desk.amend(turn.session_id, turn.id, cleared) or turn

    def _tell_of_others(self) -> None:
        if self._said.others:
            names = escaped(", ".join(self._said.others[:_NAMED]), 600)
            tell_soon(
                self._front,
                self._said.place,
                f"I left out what is no picture: {names}",
                once=f"{self._said.key}:others",
            )

    def _tell_of_nothing(self) -> None:
        """Neither words nor pictures."""
        markup = HOW_TO_BEGIN
        if self._said.others:
            names = escaped(", ".join(self._said.others[:_NAMED]), 600)
            markup = f"That is no picture: {names}. Send PNG, JPEG or WebP."
        tell_soon(self._front, self._said.place, markup, once=f"{self._said.key}:nothing")


def _mixed(turn: Turn) -> bool:
    return len({ref.optional for ref in turn.pending}) == 2

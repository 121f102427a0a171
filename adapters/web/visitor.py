"""Who a request comes from, and which sessions are theirs to see."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.errors import NotAllowed
from core.session.models import Actor, Session


@dataclass(frozen=True)
class Visitor:
    """Somebody who was let in.

    `actor` is None for holders of links alone, who act as the person their link was made for.
    `linked` are the sessions that they hold links to, `everything` opens all sessions.
    """

    actor: Actor | None = None
    linked: dict[str, Actor] = field(default_factory=dict)
    everything: bool = False

    @property
    def workspace(self) -> str:
        """The workspace whose catalog this visitor sees."""
        people = [self.actor, *self.linked.values()]
        return next((person.workspace for person in people if person), Actor(id="").workspace)

    def may_open(self, session: Session) -> bool:
        if self.everything or session.id in self.linked:
            return True
        return self.actor is not None and session.owner.id == self.actor.id

    def acting_in(self, sid: str) -> Actor:
        """As whom this visitor acts in a session that they may open."""
        return self.linked.get(sid) or self.known()

    def known(self) -> Actor:
        """As whom this visitor acts in sessions of their own. Raises NotAllowed."""
        if self.actor is None:
            raise NotAllowed(
                "A link opens one session and no others.",
                hint="Go on in the session that your link opens.",
                code="link_only",
            )
        return self.actor

"""Messages that this process has just had accepted, so that their doubles cost next to nothing.

Slack tells of one message in several events, and of each again when an answer was late. The store
knows them all; but what was written there through this very process need not be asked for again.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace

from adapters.slack.heard import Heard
from core.session.models import Turn

_MOST = 20_000


@dataclass(frozen=True)
class Taken:
    """A message that became a turn.

    `waits`: the turn is held back until the other kind of event has told of the message, too.
    """

    session: str
    turn: str
    kind: str
    files: frozenset[str]
    waits: bool


class Recent:
    """The newest messages, by their key."""

    def __init__(self) -> None:
        self._taken: OrderedDict[str, Taken] = OrderedDict()

    def of(self, said: Heard) -> Taken | None:
        """What became of the message, if this event tells no more of it than is known."""
        taken = self._taken.get(said.key)
        return taken if taken is not None and _files(said) <= taken.files else None

    def add(self, said: Heard, turn: Turn) -> None:
        """A message was accepted as it was told by this event."""
        before = self._taken.pop(said.key, None)
        self._taken[said.key] = Taken(
            session=turn.session_id,
            turn=turn.id,
            kind=before.kind if before else said.kind,
            files=_files(said) | (before.files if before else frozenset()),
            waits=turn.held_until is not None,
        )
        if len(self._taken) > _MOST:
            self._taken.popitem(last=False)

    def released(self, said: Heard) -> None:
        """Its turn is held back no more."""
        self._taken[said.key] = replace(self._taken[said.key], waits=False)


def _files(said: Heard) -> frozenset[str]:
    return frozenset(ref.id for ref in said.files)

"""Messages that this process has just had accepted, so that their doubles cost nothing.

Slack tells of one message in several events, and of each again when an answer was late. The store
knows them all; but what was written there through this very process need not be asked for again.
"""

from __future__ import annotations

from collections import OrderedDict

from adapters.slack.heard import Heard

_MOST = 20_000


class Recent:
    """The newest messages, by their key: which files they brought."""

    def __init__(self) -> None:
        self._taken: OrderedDict[str, frozenset[str]] = OrderedDict()

    def has(self, said: Heard) -> bool:
        """Whether the whole message was accepted, with every file that this event brings."""
        taken = self._taken.get(said.key)
        return taken is not None and _files(said) <= taken

    def add(self, said: Heard) -> None:
        """A whole message was accepted."""
        self._taken[said.key] = self._taken.pop(said.key, frozenset()) | _files(said)
        if len(self._taken) > _MOST:
            self._taken.popitem(last=False)


def _files(said: Heard) -> frozenset[str]:
    return frozenset(ref.id for ref in said.files)

"""Slack's rate tiers, kept from our side: what would be refused is not sent.

Each method may be called so often a minute in each workspace, and a channel takes about one message
a second. Counted within this process; what several processes send together Slack counts, and each
of its refusals pauses that method until the moment that it names.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from time import monotonic

from adapters.slack.refusals import SlackLater

_MINUTE = 60.0
_MOST_WINDOWS = 2_000
_SPARED = 1 / 3

TIER_3, TIER_4 = 50, 100
_POSTED_A_MINUTE = 300
_POSTED_AT_ONCE, _POSTED_SECONDS = 4, 4.0

TIERS: Mapping[str, int] = {
    "assistant.threads.setStatus": TIER_4,
    "auth.test": 300,
    "chat.getPermalink": 300,
    "chat.postEphemeral": TIER_4,
    "chat.postMessage": _POSTED_A_MINUTE,
    "conversations.members": TIER_4,
    "files.completeUploadExternal": TIER_4,
    "files.getUploadURLExternal": TIER_4,
    "files.info": TIER_4,
    "users.info": TIER_4,
    "views.open": TIER_4,
    "views.publish": TIER_4,
    "views.push": TIER_4,
    "views.update": TIER_4,
}
"""Calls a minute, from Slack's reference; a method that is not named here is of tier 3."""


@dataclass
class _Window:
    """The calls of the last `seconds`, of which there may be `most`; those to come count too."""

    most: int
    seconds: float
    sent: deque[float] = field(default_factory=deque)
    paused_until: float = 0.0

    def wait(self, now: float, kept_back: int) -> float:
        """How long until one more fits and `kept_back` others still would."""
        while self.sent and self.sent[0] <= now - self.seconds:
            self.sent.popleft()
        over = len(self.sent) - (self.most - kept_back)
        free = self.sent[over] + self.seconds - now if over >= 0 else 0.0
        return max(free, self.paused_until - now, 0.0)

    def idle(self, now: float) -> bool:
        return self.paused_until <= now and (not self.sent or self.sent[-1] <= now - self.seconds)


class Tiers:
    """What may be sent when. `patience`: seconds for which a call may be held back here."""

    def __init__(self, patience: float = 3.0, clock: Callable[[], float] = monotonic) -> None:
        self._patience = patience
        self._clock = clock
        self._windows: dict[tuple[str, str, str], _Window] = {}

    def take(self, home: str, method: str, channel: str = "", *, spare: bool = False) -> float:
        """Take the next place; gives the seconds to wait for it.

        `spare`: of what may be left out; the last third is kept for what may not.

        Raises:
            SlackLater: the next place is too far away (for what is spare: not right now).
        """
        now = self._clock()
        windows = self._of(home, method, channel, now)
        wait = max(each.wait(now, _kept_back(each) if spare else 0) for each in windows)
        if wait > (0.0 if spare else self._patience):
            raise SlackLater(wait, method=method, admin=f"{method}: its tier is used up")
        for each in windows:
            each.sent.append(now + wait)
        return wait

    def pause(self, home: str, method: str, channel: str, seconds: float) -> None:
        """Slack refused a call for so long."""
        now = self._clock()
        last = self._of(home, method, channel, now)[-1]
        last.paused_until = max(last.paused_until, now + seconds)

    def _of(self, home: str, method: str, channel: str, now: float) -> list[_Window]:
        """All that a call counts in, the narrowest last."""
        if len(self._windows) > _MOST_WINDOWS:
            self._windows = {k: w for k, w in self._windows.items() if not w.idle(now)}
        whole = _Window(TIERS.get(method, TIER_3), _MINUTE)
        found = [self._windows.setdefault((home, method, ""), whole)]
        if method == "chat.postMessage" and channel:
            one = _Window(_POSTED_AT_ONCE, _POSTED_SECONDS)
            found.append(self._windows.setdefault((home, method, channel), one))
        return found


def _kept_back(window: _Window) -> int:
    return max(1, round(window.most * _SPARED))

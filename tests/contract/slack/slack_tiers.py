"""How often a method may be called: tiers per method and workspace, one message a second a channel.

Tiers as documented (calls a minute); `FREE` stands for "hundreds a minute".
"""

from __future__ import annotations

import math
from collections import defaultdict, deque

ONE, TWO, THREE, FOUR, FREE = 1, 20, 50, 100, 600
BURST = 5
"""Messages that one channel takes at once before it wants a second for each."""

_MINUTE = 60.0


class Tiers:
    """`on`: whether anything is limited."""

    def __init__(self) -> None:
        self.on = True
        self._calls: dict[tuple[str, str], deque[float]] = defaultdict(deque)
        self._channels: dict[str, tuple[float, float]] = {}

    def wait(self, method: str, team: str, tier: int, channel: str, now: float) -> int:
        """Seconds for Retry-After; 0 when the call may be made (and is counted)."""
        if not self.on:
            return 0
        calls = self._calls[method, team]
        while calls and calls[0] <= now - _MINUTE:
            calls.popleft()
        if len(calls) >= tier:
            return math.ceil(calls[0] + _MINUTE - now)
        if method == "chat.postMessage" and (seconds := self._in_channel(channel, now)):
            return seconds
        calls.append(now)
        return 0

    def _in_channel(self, channel: str, now: float) -> int:
        left, then = self._channels.get(channel, (float(BURST), now))
        left = min(float(BURST), left + now - then)
        if left < 1:
            return math.ceil(1 - left)
        self._channels[channel] = (left - 1, now)
        return 0

"""How often the app may call: buckets of routes, 50 calls a second in all, invalid requests."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

_MAJOR = re.compile(r"/(channels|guilds|webhooks)/(\d+)(/(?!messages)[^/]{30,})?")
_GENEROUS = (10_000, 1.0)
_STRICT: dict[str, tuple[int, float]] = {
    "POST /channels/{channel}/messages": (5, 5.0),
    "PATCH /channels/{channel}/messages/{message}": (5, 5.0),
    "PATCH /webhooks/{app}/{token}/messages/@original": (5, 5.0),
    "POST /webhooks/{app}/{token}": (5, 5.0),
    "POST /channels/{channel}/messages/{message}/threads": (50, 300.0),
    "PUT /channels/{channel}/messages/{message}/reactions/{emoji}/@me": (1, 0.25),
}
_USUAL = (10, 1.0)
GLOBAL = 50


@dataclass
class Window:
    """Calls of one bucket since it began."""

    ends: float
    used: int = 0


@dataclass(frozen=True)
class Verdict:
    """Whether a call may be made, and what Discord tells of its bucket."""

    headers: dict[str, str]
    wait: float = 0.0
    everywhere: bool = False


class Limits:
    """`strict`: as Discord has them (numbers of its buckets are not documented; these are seen in
    practice). `invalid`: calls that were answered 401, 403 or 429."""

    def __init__(self) -> None:
        self.strict = False
        self.invalid = 0
        self.limited = 0
        self._windows: dict[str, Window] = {}

    def judge(self, route: str, path: str, now: float, *, app_wide: bool) -> Verdict:
        """Count a call. `app_wide`: it counts for the limit of the whole app, too."""
        if self.strict and app_wide and (wait := self._take("global", GLOBAL, 1.0, now)):
            return Verdict({"X-RateLimit-Global": "true"}, wait, everywhere=True)
        most, seconds = _STRICT.get(route, _USUAL) if self.strict else _GENEROUS
        bucket = hashlib.md5(route.encode(), usedforsecurity=False).hexdigest()
        major = _MAJOR.match(path)
        key = f"{bucket}:{major[0] if major else ''}"
        wait = self._take(key, most, seconds, now)
        window = self._windows[key]
        headers = {
            "X-RateLimit-Limit": str(most),
            "X-RateLimit-Remaining": str(max(0, most - window.used)),
            "X-RateLimit-Reset": f"{window.ends:.3f}",
            "X-RateLimit-Reset-After": f"{max(0.0, window.ends - now):.3f}",
            "X-RateLimit-Bucket": bucket,
        }
        return Verdict(headers, wait)

    def _take(self, key: str, most: int, seconds: float, now: float) -> float:
        window = self._windows.get(key)
        if window is None or window.ends <= now:
            window = self._windows[key] = Window(now + seconds)
        if window.used >= most:
            return window.ends - now
        window.used += 1
        return 0.0

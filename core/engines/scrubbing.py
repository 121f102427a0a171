"""What providers say, made fit for logs: short, and without anything that opens doors."""

from __future__ import annotations

import re
from collections.abc import Sequence

_MOST = 600
_KEYS = re.compile(
    r"\b(?:sk|r8|xapp|xox[a-z](?:\.xox[a-z])?)[-_][\w*.-]{4,}|Bearer\s+\S+", re.IGNORECASE
)


def scrubbed(text: str, secrets: Sequence[str]) -> str:
    """Text without `secrets`, without what looks like a key, and no longer than is read."""
    clean = _KEYS.sub("[secret]", text)
    for secret in secrets:
        if secret:
            clean = clean.replace(secret, "[secret]")
    return clean[:_MOST]

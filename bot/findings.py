"""What a check of `easel doctor` finds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """`BAD` keeps Easel from its main work; `WARN` costs something or is likely a mistake."""

    OK = "ok"
    NOTE = "note"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True)
class Finding:
    """One line of the report: what was looked at, how it is, in words, and what to do about it."""

    part: str
    level: Level
    words: str
    remedy: str = ""


def ok(part: str, words: str) -> Finding:
    return Finding(part, Level.OK, words)


def note(part: str, words: str, remedy: str = "") -> Finding:
    return Finding(part, Level.NOTE, words, remedy)


def warn(part: str, words: str, remedy: str) -> Finding:
    return Finding(part, Level.WARN, words, remedy)


def bad(part: str, words: str, remedy: str) -> Finding:
    return Finding(part, Level.BAD, words, remedy)

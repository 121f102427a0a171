"""Pages of docs/ that are made from the code: written, or checked to be current."""

from __future__ import annotations

from pathlib import Path


def write_or_check(place: Path, page: str, arguments: list[str]) -> int:
    """Write the page, or with "--check" only compare it. Gives the exit code.

    Anything else that is asked is not understood, and writes nothing.
    """
    if arguments == ["--check"]:
        return 0 if place.exists() and place.read_text(encoding="utf-8") == page else 1
    if arguments:
        print("Without a word this writes the page; --check tells whether it is current.")
        return 2
    place.write_text(page, encoding="utf-8")
    return 0

"""“show v3 of LINK here”: which version of another thread is meant, in what words.

A link leads to a message of ours or to any message of the thread; without a number the picture of
that message is meant, or the one where the thread stands.
"""

from __future__ import annotations

import re

from adapters.chat.front import ChatFront
from core.errors import NotFound
from core.session import keys
from core.session.models import Version

_VERSION = re.compile(r"\bs[0-9a-f]{20}\.v\d{1,9}\b")
_SHOW = re.compile(
    r"show(?:\s+me)?(?:\s+v(?P<number>\d{1,6}))?(?:\s+(?:of|from|in))?"
    r"(?:\s+<?https?://\S+)?(?:\s+here)?\s*[.!]?",
    re.IGNORECASE,
)


def none_there() -> NotFound:
    """The words for a link that leads to no picture of ours."""
    return NotFound(
        "I see no picture of mine there.",
        hint="Give a link to one of my messages: its menu has “Copy link”.",
    )


def shown_number(words: str) -> tuple[bool, int | None]:
    """Whether words (without their links and ids) ask to show something, and which number."""
    said = _SHOW.fullmatch(words.strip())
    return said is not None, int(said["number"]) if said and said["number"] else None


def version_id_in(text: str) -> tuple[str | None, str]:
    """The id of a version in a text, and the text without it."""
    found = _VERSION.search(text)
    if found is None:
        return None, text
    return found[0], f"{text[: found.start()]} {text[found.end() :]}".strip()


async def version_numbered(front: ChatFront, sid: str, number: int | None) -> Version:
    """A version of a session; without a number, the one where it stands. Raises NotFound."""
    head = (await front.desk.session(sid)).head
    vid = keys.version_id(sid, number) if number else head
    if vid is None:
        raise none_there()
    try:
        return await front.desk.version(vid)
    except NotFound:
        raise NotFound(
            f"There is no v{number} in that thread.", hint="Say “show versions” there to see them."
        ) from None
